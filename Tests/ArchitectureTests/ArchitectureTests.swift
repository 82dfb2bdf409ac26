import Foundation
import Testing

/// The house stands as `Package.swift` draws it.
@Suite("Architecture")
struct ArchitectureTests {
    private let map: PackageMap
    /// Modules of the system and the compiler.
    private let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch",
        "Synchronization",
        "Testing", "RegexBuilder",
    ]

    init() throws { map = try PackageMap() }

    @Test("the package file is understood: floors, rooms, tests and products")
    func reading() throws {
        let names = map.targets.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(map.targets.count { $0.kind == "systemLibrary" } >= 5)
        #expect(map.targets.count { $0.kind == "executableTarget" } == 1)
        #expect(map.products.contains("NIfTI") && map.products.contains("samdata"))
        for product in map.products { #expect(names.contains(product), "\(product)") }
        for target in map.targets {
            #expect(
                FileManager.default.fileExists(atPath: map.root + "/" + target.path),
                "\(target.name)")
        }
    }

    @Test("every import is a declared dependency, and every declared dependency is imported")
    func imports() throws {
        for target in map.targets where target.kind != "systemLibrary" {
            let files = try map.files(of: target)
            if files.isEmpty { continue }
            var used: Set<String> = []
            for (name, text) in files {
                for (_, module) in PackageMap.imports(in: text) where !system.contains(module) {
                    used.insert(module)
                    #expect(
                        (target.dependencies + target.products).contains(module),
                        "\(target.path)/\(name) imports \(module), which Package.swift does not give to \(target.name)"
                    )
                }
            }
            // tests may name a target only to have it built before they run
            if target.kind == "testTarget" { continue }
            let declared = Set(target.dependencies + target.products)
            #expect(
                declared.subtracting(used).isEmpty,
                "\(target.name) declares but never imports \(declared.subtracting(used).sorted())")
        }
    }

    @Test("whoever imports the metrics alone links no system library, and no codec")
    func metricsAlone() throws {
        var reached: Set<String> = []
        var open = ["SegmentationMetrics"]
        while let name = open.popLast() {
            guard reached.insert(name).inserted else { continue }
            open += try #require(map.targets.first { $0.name == name }).dependencies
        }
        #expect(reached == ["SegmentationMetrics", "MedicalImaging"])
        #expect(map.products.contains("SegmentationMetrics"))
    }

    @Test("imports point down: a room stands below those that use it")
    func floors() throws {
        var below: Set<String> = []
        for target in map.targets {
            for dependency in target.dependencies {
                #expect(
                    below.contains(dependency),
                    "\(target.name) uses \(dependency), which stands above it")
            }
            below.insert(target.name)
        }
    }

    @Test("each C library has one room, and no C type leaves it")
    func cLibraries() throws {
        let libraries = try map.targets.filter { target in
            try target.kind == "systemLibrary"
                || (target.kind == "target" && map.files(of: target).isEmpty)
        }
        #expect(libraries.count >= 7)
        for library in libraries {
            let users = map.targets.filter {
                $0.dependencies.contains(library.name) && $0.kind != "testTarget"
            }
            #expect(users.count == 1, "\(library.name) is used by \(users.map(\.name))")
            for target in map.targets {
                for (name, text) in try map.files(of: target) {
                    for (words, module) in PackageMap.imports(in: text) where module == library.name
                    {
                        #expect(
                            words == "internal", "\(target.path)/\(name): \(words) import \(module)"
                        )
                    }
                }
            }
        }
    }

    @Test("the sources take the small Foundation where it is enough")
    func foundation() throws {
        for target in map.targets where target.kind == "target" || target.kind == "executableTarget"
        {
            for (name, text) in try map.files(of: target)
            where PackageMap.imports(in: text).contains(where: { $0.module == "Foundation" }) {
                #expect(
                    text.contains("#if canImport(FoundationEssentials)"), "\(target.path)/\(name)")
            }
        }
    }

    @Test("every subcommand has an abstract and is in the top help's groups")
    func commands() throws {
        let folder = map.root + "/Sources/samdata"
        let top = try String(contentsOfFile: folder + "/Samdata.swift", encoding: .utf8)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/Commands")
            .filter { $0.hasSuffix(".swift") }
        #expect(files.count >= 12)
        for file in files {
            let text = try String(contentsOfFile: folder + "/Commands/" + file, encoding: .utf8)
            guard let name = text.firstMatch(of: /struct (\w+): ParsableCommand/)?.1 else {
                continue
            }
            #expect(text.contains("abstract: \""), "\(file)")
            #expect(top.contains("\(name).self"), "\(name) is not in the help")
            // every option, flag and argument says what it is for
            for match in text.matches(of: /@(?:Option|Flag|Argument)(?:\(|\b)/) {
                let end = text[match.range.upperBound...].firstRange(of: "var ")?.lowerBound
                let declaration = text[match.range.lowerBound..<(end ?? text.endIndex)]
                #expect(
                    declaration.contains("help:") || declaration.contains("ArgumentHelp("),
                    "\(file): \(declaration)")
            }
        }
    }

    @Test("no file of the repository names a machine's own paths")
    func paths() throws {
        let words = ["/" + "work/", "/" + "root/", "/home/" + "runner"]
        for target in map.targets {
            for (name, text) in try map.files(of: target) {
                for word in words {
                    #expect(!text.contains(word), "\(target.path)/\(name) names \(word)")
                }
            }
        }
    }
}
