import DeflateCompression
import Testing

@testable import ZipContainers

/// Hostile bytes in every field of a directory are tried in the tests of the arrays and tensors that lie in archives.
@Suite("The directory of a zip archive")
struct ZipDirectoryTests {
    static let texts = ["a.txt": "hello", "folder/b.txt": "", "ü": "more"]

    static func archive(wideFrom: Int = .max, comment: [UInt8] = []) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
            let data = Array(text.utf8)
            let member = ZipMember(
                name: name, method: 0, checksum: data.withUnsafeBytes { CRC32.checksum(of: $0) },
                compressedSize: data.count, size: data.count, offset: file.count)
            file += member.localHeader(wideFrom: wideFrom) + data
            directory += member.directoryEntry(wideFrom: wideFrom)
        }
        let end = ZipEnd(members: texts.count, offset: file.count, size: directory.count)
        var last = end.records(wideFrom: wideFrom)
        last[last.count - 2] = UInt8(comment.count & 255)
        last[last.count - 1] = UInt8(comment.count >> 8)
        return file + directory + last + comment
    }

    @Test("an archive fetched in pieces is the one in memory, with and without zip64 and comment")
    func pieces() throws {
        for wideFrom in [0, Int.max] {
            for comment in [[], [UInt8](repeating: 7, count: 65_535)] {
                let file = Self.archive(wideFrom: wideFrom, comment: comment)
                let whole = try ZipDirectory(file, named: "z.zip")
                var fetched = 0
                let directory = try ZipDirectory(byteCount: file.count, named: "z.zip") { range in
                    fetched += 1
                    return Array(file[range])
                }
                #expect(directory.members == whole.members && directory.ranges == whole.ranges)
                #expect(fetched == 2 + 3 + (wideFrom == 0 ? 1 : 0))
                for (index, member) in directory.members.enumerated() {
                    let data = try directory.contents(
                        of: index, packed: file[directory.ranges[index]])
                    #expect(Self.texts[member.name] == String(decoding: data, as: UTF8.self))
                }
            }
        }
    }

    @Test("what the fetch throws comes out as it is")
    func failure() {
        let error = ZipError.unreadable(file: "z.zip", reason: "no disk")
        #expect(throws: error) {
            try ZipDirectory(byteCount: 1000, named: "z.zip") { _ throws(ZipError) in throw error }
        }
        #expect(error.description == "z.zip: no disk")
    }

    @Test("deflated members are inflated and checked")
    func deflated() throws {
        let text = Array(String(repeating: "abc", count: 1000).utf8)
        // Of Python's zlib at level 9, without header.
        let packed: [UInt8] = [
            237, 194, 65, 17, 0, 0, 12, 2, 160, 172, 106, 255, 14, 171, 177, 7, 28, 233, 162, 170,
            170, 254, 126,
        ]
        let member = ZipMember(
            name: "t", method: 8, checksum: text.withUnsafeBytes { CRC32.checksum(of: $0) },
            compressedSize: packed.count, size: text.count, offset: 0)
        func file(_ data: [UInt8], _ member: ZipMember) -> [UInt8] {
            let local = member.localHeader(wideFrom: .max) + data
            let entry = member.directoryEntry(wideFrom: .max)
            return local + entry
                + ZipEnd(members: 1, offset: local.count, size: entry.count).records(wideFrom: .max)
        }
        let good = file(packed, member)
        let directory = try ZipDirectory(good, named: "z.zip")
        #expect(Array(try directory.contents(of: 0, packed: good[directory.ranges[0]])) == text)
        var damaged = packed
        damaged[3] ^= 1
        #expect(throws: ZipError.self) {
            try directory.contents(of: 0, packed: damaged[...])
        }
        #expect(throws: ZipError.self) { try directory.contents(of: 0, packed: packed[1...]) }
    }

    @Test("more members or directory than the limits are refused")
    func limits() throws {
        let file = Self.archive()
        #expect(throws: ZipError.tooLarge(file: "z.zip", found: "3 members", limit: "2")) {
            try ZipDirectory(file, named: "z.zip", limits: ZipLimits(members: 2))
        }
        #expect(throws: ZipError.self) {
            try ZipDirectory(file, named: "z.zip", limits: ZipLimits(directoryBytes: 10))
        }
        #expect(throws: ZipError.self) { try ZipDirectory([], named: "z.zip") }
        #expect(throws: ZipError.self) {
            try ZipDirectory([UInt8](repeating: 0x50, count: 100), named: "z.zip")
        }
    }
}
