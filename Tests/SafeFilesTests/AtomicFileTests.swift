import Foundation
import SafeFiles
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Atomic files", .serialized)
struct AtomicFileTests {
    private func write(_ file: inout AtomicFile, _ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try file.write($0) }
    }

    @Test("a file appears whole under its name, and not before it is published")
    func publishing() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a.bin"
        var file = try AtomicFile(path: path)
        try write(&file, [1, 2, 3])
        try write(&file, [])
        #expect(!Folders.isFile(path))
        #expect(folder.names.count == 1)
        #expect(folder.names[0].hasPrefix("a.bin" + AtomicFile.temporaryMarker))
        try write(&file, [4])
        try file.publish()
        #expect(folder.names == ["a.bin"])
        #expect(try FileReading.contents(of: path) == [1, 2, 3, 4])
    }

    @Test("an existing file keeps its old contents until the new ones are whole")
    func replacing() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a"
        try AtomicFile.write([9, 9], to: path)
        var file = try AtomicFile(path: path)
        try write(&file, [1])
        #expect(try FileReading.contents(of: path) == [9, 9])
        try file.publish()
        #expect(try FileReading.contents(of: path) == [1])
        try AtomicFile.write([], to: path)
        #expect(try FileReading.contents(of: path) == [])
        #expect(folder.names == ["a"])
    }

    @Test("a file that is given up leaves nothing, and the old contents stay")
    func abandoning() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a"
        try AtomicFile.write([7], to: path)
        struct GivenUp: Error {}
        func attempt() throws {
            var file = try AtomicFile(path: path)
            try write(&file, [1, 2])
            throw GivenUp()
        }
        #expect(throws: GivenUp.self) { try attempt() }
        #expect(folder.names == ["a"])
        #expect(try FileReading.contents(of: path) == [7])
    }

    @Test("a target that cannot be replaced is an error, and the temporary file is removed")
    func targetIsFolder() throws {
        let folder = try SafeFilesFolder()
        try Folders.make(folder.path + "/a/b")
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write([1], to: folder.path + "/a")
        }
        #expect(error?.kind == .cannotCreate)
        #expect(folder.names == ["a", "a/b"])
    }

    @Test("a missing folder is an output that cannot be created")
    func missingFolder() throws {
        let folder = try SafeFilesFolder()
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write([1], to: folder.path + "/none/a")
        }
        #expect(error?.kind == .cannotCreate)
        #expect(
            error?.description == folder.path
                + "/none/a: create: No such file or directory; check the path")
    }

    // `RLIMIT_FSIZE` stands for every write that ends early; a full disk takes the same way through the code. The limit
    // belongs to the whole process, so this test has one of its own.
    @Test("a write that fails in the middle leaves the old contents and no temporary file")
    func writeFails() async {
        await #expect(processExitsWith: .success) {
            let folder = try SafeFilesFolder()
            let path = folder.path + "/a"
            try AtomicFile.write([7], to: path)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let large = [UInt8](repeating: 1, count: 100_001)
            let error = #expect(throws: FileError.self) { try AtomicFile.write(large, to: path) }
            #expect(error?.kind == .inputOutput)
            #expect(error?.description.contains("write: File too large; raise the limit") == true)
            #expect(folder.names == ["a"])
            #expect(try FileReading.contents(of: path) == [7])
            try AtomicFile.write(Array(large.dropLast()), to: path)
            #expect(Folders.size(of: path) == 100_000)
        }
    }

    @Test(
        "a full device is an error that may pass",
        .enabled(if: access("/dev/full", W_OK) == 0, "there is no /dev/full"))
    func fullDevice() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        defer { close(descriptor) }
        var byte: UInt8 = 0
        #expect(Glibc.write(descriptor, &byte, 1) == -1)
        let error = FileError.system(errno, "write", path: "a")
        #expect(error.kind == .transient)
        #expect(
            error.description
                == "a: write: No space left on device; free some space and run the same command again"
        )
    }

    @Test(
        "a full file system is an error that may pass, with nothing half-written",
        .enabled(if: FullDisk.canMount))
    func fullDisk() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/disk"
        try Folders.make(path)
        guard mount("none", path, "tmpfs", 0, "size=256k") == 0 else { return }
        defer { umount2(path, 2) }
        try AtomicFile.write([7], to: path + "/a")
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write([UInt8](repeating: 1, count: 1 << 20), to: path + "/a")
        }
        #expect(error?.kind == .transient)
        #expect(try Folders.names(in: path) == ["a"])
        #expect(try FileReading.contents(of: path + "/a") == [7])
    }

    private enum FullDisk {
        /// Whether this process may mount a small file system.
        static let canMount: Bool = {
            guard getuid() == 0, let folder = try? SafeFilesFolder() else { return false }
            guard mount("none", folder.path, "tmpfs", 0, "size=256k") == 0 else { return false }
            return umount2(folder.path, 2) == 0
        }()
    }

    // The list of temporary files belongs to the whole process, so this test has one of its own.
    @Test("removing all temporary files removes those that are being written, and only those")
    func removeAll() async {
        await #expect(processExitsWith: .exitCode(42)) {
            let folder = try SafeFilesFolder()
            try AtomicFile.write([1], to: folder.path + "/done")
            var file = try AtomicFile(path: folder.path + "/open")
            try [UInt8]([1]).withUnsafeBytes { try file.write($0) }
            #expect(folder.names.count == 2)
            TemporaryFiles.removeAll()
            #expect(folder.names == ["done"])
            var failure: FileError?
            do { try file.publish() } catch { failure = error as? FileError }
            #expect(failure?.message.contains("renaming") == true)
            #expect(folder.names == ["done"])
            let last = try AtomicFile(path: folder.path + "/last")
            #expect(folder.names.count == 2)
            TemporaryFiles.removeAll {
                #expect(folder.names == ["done"])
                try? FileManager.default.removeItem(atPath: folder.path)
                exit(42)
            }
            try last.publish()
        }
    }

    @Test("many writers of one name at once leave one whole file")
    func race() async throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 0..<16 {
                group.addTask {
                    try AtomicFile.write([UInt8](repeating: UInt8(n), count: 100_000), to: path)
                }
            }
            try await group.waitForAll()
        }
        let bytes = try FileReading.contents(of: path)
        #expect(bytes.count == 100_000)
        #expect(Set(bytes).count == 1)
        #expect(folder.names == ["a"])
    }
}
