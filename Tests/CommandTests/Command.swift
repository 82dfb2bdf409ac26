import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The built binary, run as a user runs it: in an empty folder of its own, with nothing inherited but the search path.
enum Command {
    /// What a run left behind.
    struct Outcome {
        var code: Int32
        /// The signal that ended it; 0 when it ended by itself.
        var signal: Int32
        var output: String
        var errors: String

        /// The lines of stderr that are not empty.
        var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    /// The binary lies beside the test bundle, in the folder of build products.
    static let path: String = {
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let candidates = [
            bundle?.deletingLastPathComponent(),
            URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
            URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
                .deletingLastPathComponent(),
        ].compactMap { $0?.appendingPathComponent("samdata").path }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:))
        else {
            fatalError("the binary samdata lies in none of \(candidates)")
        }
        return found
    }()

    /// Starts the binary.
    static func start(
        _ arguments: [String], in folder: String, environment: [String: String] = [:],
        output: Any? = nil, errors: Any? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var variables = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        let own = ProcessInfo.processInfo.environment
        for name in ["LD_LIBRARY_PATH", "TMPDIR", "HOME"] { variables[name] = own[name] }
        variables.merge(environment) { $1 }
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = errors ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs the binary to its end.
    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:]
    ) throws -> Outcome {
        // Files, not pipes: a pipe that nobody empties would stop the process.
        let names = ["out", "err"].map { folder + "/.\($0)-\(UUID().uuidString)" }
        for name in names { try Data().write(to: URL(fileURLWithPath: name)) }
        defer { for name in names { try? FileManager.default.removeItem(atPath: name) } }
        let handles = try names.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
        let process = try start(
            arguments, in: folder, environment: environment, output: handles[0], errors: handles[1])
        process.waitUntilExit()
        for handle in handles { try handle.close() }
        let texts = try names.map {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self)
        }
        let byItself = process.terminationReason == .exit
        return Outcome(
            code: byItself ? process.terminationStatus : -1,
            signal: byItself ? 0 : process.terminationStatus, output: texts[0], errors: texts[1])
    }
}

/// An empty folder that is removed when the last reference to it goes away.
final class EmptyFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Runs the command here.
    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Command.Outcome
    {
        try Command.run(arguments, in: path, environment: environment)
    }

    /// Runs the command here; anything but success is an issue.
    @discardableResult
    func succeed(
        _ arguments: String..., at location: SourceLocation = #_sourceLocation
    ) throws -> Command.Outcome {
        let outcome = try Command.run(arguments, in: path)
        #expect(
            outcome.code == 0, "\(arguments.joined(separator: " ")): \(outcome.errors)",
            sourceLocation: location)
        return outcome
    }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func write(_ name: String, _ data: Data) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + name)
    }

    /// Names below a folder, sorted; none when it is not there.
    func names(_ name: String = "") -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: path + "/" + name)) ?? []).sorted()
    }

    /// The files below a folder with their bytes.
    func contents(_ name: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for file in names(name) {
            var isFolder: ObjCBool = false
            let full = "\(path)/\(name)/\(file)"
            if FileManager.default.fileExists(atPath: full, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                result[file] = try Data(contentsOf: URL(fileURLWithPath: full))
            }
        }
        return result
    }
}

/// Small NIfTI files, made byte by byte so that these tests depend on nothing but the format's specification.
enum TinyNIfTI {
    /// A 16-bit volume of `size` voxels along each axis (1 mm, RAS), uncompressed.
    static func volume(
        size: (Int, Int, Int), label: Bool, seed: Int = 0,
        change: (inout [UInt8]) -> Void = { _ in }
    ) -> Data {
        var bytes = [UInt8](repeating: 0, count: 352)
        func put<T: FixedWidthInteger>(_ value: T, _ offset: Int) {
            withUnsafeBytes(of: value.littleEndian) { raw in
                for (n, byte) in raw.enumerated() { bytes[offset + n] = byte }
            }
        }
        func real(_ value: Float, _ offset: Int) { put(value.bitPattern, offset) }
        put(Int32(348), 0)
        for (n, length) in [3, size.0, size.1, size.2, 1, 1, 1, 1].enumerated() {
            put(Int16(length), 40 + 2 * n)
        }
        put(Int16(4), 70)
        put(Int16(16), 72)
        for n in 0..<8 { real(1, 76 + 4 * n) }
        real(352, 108)
        put(UInt8(2), 123)
        put(Int16(1), 254)
        for row in 0..<3 { real(1, 280 + 16 * row + 4 * row) }
        for (n, byte) in [0x6e, 0x2b, 0x31, 0].enumerated() { put(UInt8(byte), 344 + n) }
        bytes.reserveCapacity(352 + 2 * size.0 * size.1 * size.2)
        var state = UInt32(truncatingIfNeeded: seed &+ 1)
        for k in 0..<size.2 {
            for j in 0..<size.1 {
                for i in 0..<size.0 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    let inside =
                        i > size.0 / 4 && i < size.0 / 2 && j > 2 && j < size.1 - 3 && k > 0
                    let value =
                        label ? Int16(inside ? 1 : 0) : Int16(truncatingIfNeeded: Int(state >> 22))
                    bytes.append(UInt8(truncatingIfNeeded: value))
                    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
                }
            }
        }
        change(&bytes)
        return Data(bytes)
    }

    static let card = """
        {
          "schema": "samdata.dataset/1", "name": "tiny", "title": "Tiny", "modality": "CT", "units": "HU",
          "licence": { "name": "none", "redistribution": true },
          "layouts": [ { "name": "flat", "image": "img{case}.nii[.gz]", "label": "label{case}.nii[.gz]" } ],
          "labels": [ { "id": 1, "name": "bar", "color": "#FF0000", "values": [1] } ]
        }
        """

    /// Cases and a card in a folder: `card.json` and `in/imgNN.nii`, `in/labelNN.nii`.
    static func write(
        _ count: Int, size: (Int, Int, Int) = (24, 20, 6), to folder: EmptyFolder
    ) throws {
        try folder.write("card.json", card)
        for n in 1...count {
            try folder.write("in/img0\(n).nii", volume(size: size, label: false, seed: n))
            try folder.write("in/label0\(n).nii", volume(size: size, label: true))
        }
    }
}
