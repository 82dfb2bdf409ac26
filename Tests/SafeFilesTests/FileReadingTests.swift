import Foundation
import SafeFiles
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Reading files")
struct FileReadingTests {
    private func failure(_ body: () throws -> Void) -> FileError? {
        do { try body() } catch { return error as? FileError }
        return nil
    }

    @Test("positioned reads deliver every byte")
    func reading() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a"
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        try AtomicFile.write(bytes, to: path)
        let file = try ReadableFile(path: path)
        #expect(file.size == bytes.count)
        #expect(try file.bytes(count: 10, at: 2_999_990) == Array(bytes.suffix(10)))
        #expect(try file.bytes(count: 0, at: 5_000_000) == [])
        #expect(try FileReading.contents(of: path) == bytes)
        // the digest crosses the border of two pieces of 1 MiB
        #expect(try FileReading.sha256(of: path) == ContentDigest.sha256(of: bytes))
    }

    @Test("what cannot be read says why, and what kind of failure it is")
    func refusals() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a"
        try AtomicFile.write([1, 2, 3], to: path)
        try folder.link("loop", to: "loop")
        mkfifo(folder.path + "/pipe", 0o600)
        let table: [(String, FileError.Kind, String)] = [
            (
                folder.path + "/none", .missing,
                "open for reading: No such file or directory; check the path"
            ),
            (path + "/none", .missing, "Not a directory"),
            (folder.path, .missing, "found a folder or a device, expected a regular file"),
            (folder.path + "/pipe", .missing, "expected a regular file"),
            (folder.path + "/loop", .missing, "symbolic links"),
            ("/dev/zero", .missing, "expected a regular file"),
            (path + "\0.txt", .unsafePath, "NUL"),
            (folder.path + "/" + String(repeating: "x", count: 300), .missing, "name too long"),
            ("", .missing, "No such file"),
        ]
        for (path, kind, words) in table {
            let error = failure { _ = try FileReading.contents(of: path) }
            #expect(error?.kind == kind, "\(path): \(String(describing: error))")
            #expect(error?.message.contains(words) == true, "\(String(describing: error))")
            #expect(failure { _ = try FileReading.sha256(of: path) }?.kind == kind)
        }
        let short = failure { _ = try ReadableFile(path: path).bytes(count: 5, at: 1) }
        #expect(short?.kind == .contents)
        #expect(
            short?.message
                == "file ends at byte 3, expected at least 6 bytes; the file is truncated, fetch it again"
        )
        let large = failure { _ = try FileReading.contents(of: path, limit: 2) }
        #expect(large?.description == path + ": found 3 bytes, expected at most 2")
    }

    @Test("a file that shrinks while it is open is an error, not a crash")
    func shrinking() throws {
        let folder = try SafeFilesFolder()
        let path = folder.path + "/a"
        try AtomicFile.write([UInt8](repeating: 5, count: 100_000), to: path)
        let file = try ReadableFile(path: path)
        truncate(path, 50_000)
        var found: FileError?
        do { _ = try file.bytes(count: 100_000) } catch { found = error }
        #expect(found?.kind == .contents)
        #expect(found?.message.hasPrefix("file ends at byte 50000") == true)
    }

    @Test(
        "SHA-256 of the vectors of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digests(text: String, digest: String) {
        #expect(ContentDigest.sha256(ofText: text) == digest)
        #expect(ContentDigest.sha256(of: Array(text.utf8)) == digest)
        var stream = SHA256Stream()
        for byte in Array(text.utf8) { withUnsafeBytes(of: byte) { stream.update($0) } }
        #expect(stream.finish() == digest)
    }

    @Test("SHA-256 of a million times the letter a, in uneven pieces")
    func longDigest() {
        var stream = SHA256Stream()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        piece.withUnsafeBytes { raw in
            var at = 0
            for n in 0... {
                let count = min(1 + n * 13, raw.count - at)
                stream.update(UnsafeRawBufferPointer(rebasing: raw[at..<(at + count)]))
                at += count
                if at == raw.count { break }
            }
        }
        #expect(
            stream.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
}
