import Foundation
import Testing

/// A next step that names an option which does not exist is worse than none.
@Suite("The command: options named in messages")
struct NamedOptionsTests {
    @Test("every option that a message or a help text names exists")
    func options() throws {
        let folder = try EmptyFolder()
        let help = try folder.succeed("--experimental-dump-help").output
        var known: Set<String> = ["experimental-dump-help", "generate-completion-script"]
        // h5repack's own option
        known.formUnion(["high"])
        for match in help.matches(of: /"kind" : "long",\s*"name" : "([^"]+)"/) {
            known.insert(String(match.1))
        }
        try #require(known.contains("allow-grid-mismatch"))
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
                "Sources")
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
        // The style sheet of the report names its colours as CSS wants them.
        for name in names where name.hasSuffix(".swift") && !name.hasSuffix("PageFrame.swift") {
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            for line in text.split(separator: "\n") where line.contains("--") {
                // comments may speak of anything
                if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
                for match in line.matches(of: /--([a-z][a-z-]*[a-z])/) {
                    #expect(known.contains(String(match.1)), "\(name) names --\(match.1): \(line)")
                }
            }
        }
    }
}
