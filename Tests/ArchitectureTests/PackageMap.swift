import Foundation
import Testing

/// `Package.swift` as far as these tests need it, read as text: asking the package manager would wait for its own lock.
struct PackageMap {
    struct Target {
        var kind: String
        var name: String
        var path: String
        var dependencies: [String]
        var products: [String]
    }

    let root: String
    let targets: [Target]
    let products: [String]

    init() throws {
        root =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let lines = try String(contentsOfFile: root + "/Package.swift", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { line -> String in
            String(line.firstRange(of: "// ").map { line[..<$0.lowerBound] } ?? line)
        }.joined(separator: "\n")
        products = text.matches(of: /\.(?:library|executable)\(name: "(\w+)"/).map { String($0.1) }
        let list = text[try #require(text.range(of: "\n    targets: [")).upperBound...]
        var targets: [Target] = []
        for match in list.matches(of: /\.(systemLibrary|target|executableTarget|testTarget)\(/) {
            let body = Self.call(list[match.range.upperBound...])
            let name = try #require(body.firstMatch(of: /name: "(\w+)"/)?.1)
            let path = body.firstMatch(of: /path: "([^"]+)"/)?.1
            var dependencies = ""
            if let range = body.firstRange(of: "dependencies: [") {
                dependencies = String(body[range.upperBound...].prefix { $0 != "]" })
            }
            let foreign = dependencies.matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) }
            let own = dependencies.replacing(/\.product\([^)]*\)/, with: "")
                .matches(of: /"(\w+)"/).map { String($0.1) }
            let isTest = match.1 == "testTarget"
            targets.append(
                Target(
                    kind: String(match.1), name: String(name),
                    path: path.map(String.init) ?? (isTest ? "Tests/" : "Sources/") + name,
                    dependencies: own, products: foreign))
        }
        self.targets = targets
    }

    /// The text up to the parenthesis that closes a call.
    private static func call(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    /// The Swift files of a target with their text; none for a C target.
    func files(of target: Target) throws -> [(name: String, text: String)] {
        let folder = root + "/" + target.path
        return try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".swift") }
            .map { ($0, try String(contentsOfFile: folder + "/" + $0, encoding: .utf8)) }
    }

    /// The imports of a file: the words before `import`, and the module.
    ///
    /// Texts of several lines are left out.
    static func imports(in text: String) -> [(words: String, module: String)] {
        let levels: Set<Substring> = ["internal", "public", "private", "fileprivate", "package"]
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "var", "let"]
        var found: [(String, String)] = []
        var isInText = false
        for line in text.split(separator: "\n") {
            let wasInText = isInText
            if line.contains("\"\"\"") {
                if line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count % 2 == 0
                {
                    isInText.toggle()
                }
                continue
            }
            guard !wasInText, line.contains("import ") else { continue }
            let words = line.split(separator: " ")
            guard let at = words.firstIndex(of: "import"),
                words[..<at].allSatisfy({
                    levels.contains($0) || ($0.hasPrefix("@") && !$0.contains("\""))
                }),
                let module = words[(at + 1)...].first(where: { !kinds.contains($0) })
            else { continue }
            found.append((words[..<at].joined(separator: " "), String(module.prefix { $0 != "." })))
        }
        return found
    }
}
