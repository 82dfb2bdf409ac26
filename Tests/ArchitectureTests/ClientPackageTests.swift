import Foundation
import Testing

/// A package of somebody else that depends on this one by URL and version, takes one library, and runs.
///
/// Takes about a minute; `SAMDATA_SKIP_CLIENT=1` leaves it out.
@Suite(
    "A client package",
    .enabled(
        if: ProcessInfo.processInfo.environment["SAMDATA_SKIP_CLIENT"] == nil,
        "SAMDATA_SKIP_CLIENT is set"))
struct ClientPackageTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("client-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Runs a program; its output, both streams together.
    private func run(_ arguments: [String], in place: URL) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = place
        // a test run sets variables that would lead the build inside it astray
        var variables = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("SWIFTPM") && !$0.key.hasPrefix("SWIFT_TESTING")
                && !$0.key.hasPrefix("XCT")
                && !$0.key.hasPrefix("GIT_")
        }
        variables["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = variables
        let log = folder.appendingPathComponent("log-\(UUID().uuidString)")
        try Data().write(to: log)
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try handle.close()
        return (process.terminationStatus, try String(contentsOf: log, encoding: .utf8))
    }

    private func succeed(_ arguments: String..., in place: URL) throws -> String {
        let (code, output) = try run(arguments, in: place)
        try #require(code == 0, "\(arguments.joined(separator: " ")):\n\(output.suffix(4000))")
        return output
    }

    private func write(_ text: String, to name: String) throws {
        let url = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    @Test("a package that names this one by URL and version imports a library and runs")
    func client() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // The files as they lie here, in a repository of their own with one tag: what is not committed yet is tested too.
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let origin = folder.appendingPathComponent("samdata")
        try FileManager.default.createDirectory(at: origin, withIntermediateDirectories: true)
        for name in ["Package.swift", "Sources", "Datasets", "Splits", "Tests"] {
            try FileManager.default.copyItem(
                at: root.appendingPathComponent(name).resolvingSymlinksInPath(),
                to: origin.appendingPathComponent(name))
        }
        _ = try succeed("git", "init", "-q", in: origin)
        _ = try succeed("git", "add", "-A", in: origin)
        _ = try succeed(
            "git", "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c",
            "commit.gpgsign=false", "commit", "-q", "-m", "All", in: origin)
        _ = try succeed("git", "tag", "0.1.0", in: origin)
        try write(
            """
            // swift-tools-version: 6.2
            import PackageDescription
            let package = Package(
                name: "client",
                dependencies: [.package(url: "\(origin.absoluteString)", from: "0.1.0")],
                targets: [
                    .executableTarget(
                        name: "client",
                        dependencies: [
                            .product(name: "NIfTI", package: "samdata"),
                            .product(name: "MedicalImaging", package: "samdata"),
                        ]),
                    .executableTarget(
                        name: "segment",
                        dependencies: [
                            .product(name: "MedicalImaging", package: "samdata"),
                            .product(name: "SegmentAnything", package: "samdata"),
                        ]),
                ]
            )
            """, to: "client/Package.swift")
        try write(
            """
            import MedicalImaging
            import NIfTI

            let grid = Grid(shape: GridShape(2, 3, 4), affine: .identity)
            let volume = Volume<Int16>(grid: grid, samples: (0..<24).map { Int16($0) })
            try NIfTIWriter.write(volume, to: "volume.nii.gz")
            let file = try NIfTIFile(path: "volume.nii.gz")
            print("read", file.header.dimensions, try file.grid().orientation)
            """, to: "client/Sources/client/main.swift")
        try write(
            """
            import MedicalImaging
            import SegmentAnything

            let sam = try SAM.random(.mobileSAM)
            let pixels = (0..<120 * 160 * 3).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let image = try sam.encode(InputImage(rows: 120, columns: 160, rgb: pixels))
            let box = BoxPrompt(x0: 40, y0: 30, x1: 120, y1: 90)
            for mask in try image.predict(.box(box)) {
                print("mask of", mask.mask.rows, "x", mask.mask.columns, "pixels")
            }
            """, to: "client/Sources/segment/main.swift")
        let client = folder.appendingPathComponent("client")
        let output = try succeed(
            "swift", "run", "--quiet", "--scratch-path",
            folder.appendingPathComponent("build").path,
            "client", in: client)
        #expect(output.contains("read [2, 3, 4] RAS"), "\(output)")
        let build = folder.appendingPathComponent("build").path
        let masks = try succeed(
            "swift", "run", "--quiet", "--scratch-path", build, "segment", in: client)
        #expect(masks.contains("mask of 120 x 160 pixels"), "\(masks)")
        // Who segments pictures links no reader of slides or volumes.
        let needed = try succeed("ldd", "\(build)/debug/segment", in: client)
        #expect(needed.contains("libopenblas"), "\(needed)")
        for library in ["libtiff", "libnifti", "libjpeg", "libpng"] {
            #expect(!needed.contains(library), "\(needed)")
        }
    }
}
