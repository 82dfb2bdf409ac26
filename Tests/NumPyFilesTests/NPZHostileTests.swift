import Testing
import ZipContainers

@testable import NumPyFiles

@Suite("Hostile archives")
struct NPZHostileTests {
    static func originals(of file: [UInt8]) throws -> [String: NPYArray] {
        let reader = try NPZReader(file)
        return Dictionary(uniqueKeysWithValues: try reader.names.map { ($0, try reader.array($0)) })
    }

    static func wide() throws -> [UInt8] {
        var file: [UInt8] = []
        var writer = NPZWriter(wideFrom: 0) { file += $0 }
        for (name, array) in try NPZTests.arrays() { try writer.add(name, array) }
        try writer.finish()
        return file
    }

    static func files() throws -> [[UInt8]] {
        [NumPyFixtures.compressedArchive, NumPyFixtures.storedArchive, try wide()]
    }

    @Test("an archive cut anywhere is refused")
    func truncated() throws {
        for file in try Self.files() {
            for length in 0..<file.count {
                #expect(throws: NumPyError.self, "cut to \(length)") {
                    try NPZReader(Array(file.prefix(length)))
                }
            }
        }
    }

    @Test("with any byte changed an array is refused or right, and nothing traps")
    func changed() throws {
        for file in try Self.files() {
            let originals = try Self.originals(of: file)
            var refused = 0
            for index in file.indices {
                for value: UInt8 in [0, 1, 0x7f, 0x80, 0xff, file[index] ^ 4]
                where value != file[index] {
                    var changed = file
                    changed[index] = value
                    guard let reader = try? NPZReader(changed) else {
                        refused += 1
                        continue
                    }
                    for name in reader.names {
                        guard let array = try? reader.array(name) else {
                            refused += 1
                            continue
                        }
                        if let original = originals[name] {
                            #expect(array == original, "byte \(index) to \(value)")
                        }
                    }
                }
            }
            #expect(refused > file.count)
        }
    }

    @Test("several random changes at once never trap")
    func shaken() throws {
        var state: UInt64 = 11
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let files = try Self.files()
        var opened = 0
        for _ in 0..<20_000 {
            var file = files[next(files.count)]
            // Mostly in the directory at the end, where the numbers are.
            for _ in 0...next(4) {
                file[file.count - 1 - next(min(file.count, 300))] = UInt8(next(256))
            }
            guard let reader = try? NPZReader(file, limits: NumPyLimits(arrayBytes: 1 << 20)) else {
                continue
            }
            opened += 1
            for name in reader.names { _ = try? reader.array(name) }
        }
        #expect(opened > 0)
    }

    /// An archive of given members and data, with directory numbers as given.
    static func archive(_ parts: [(member: ZipMember, data: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = []
        for part in parts { file += part.member.localHeader(wideFrom: .max) + part.data }
        let directory = parts.flatMap { $0.member.directoryEntry(wideFrom: .max) }
        return file + directory
            + ZipEnd(members: parts.count, offset: file.count, size: directory.count)
            .records(wideFrom: .max)
    }

    static func member(
        _ name: String, method: Int = 0, size: Int = 0, compressed: Int = 0, offset: Int = 0
    ) -> ZipMember {
        ZipMember(
            name: name, method: method, checksum: 0, compressedSize: compressed, size: size,
            offset: offset)
    }

    @Test("names that leave the archive are refused")
    func names() throws {
        for name in ["../a.npy", "/a.npy", "a\\b.npy", "a\0.npy", "", "a//b.npy", "./a.npy"] {
            #expect(throws: NumPyError.self, "\(name)") {
                try NPZReader(Self.archive([(Self.member(name), [])]))
            }
        }
        #expect(try NPZReader(Self.archive([(Self.member("a.npy"), [])])).names == ["a"])
        #expect(try NPZReader(Self.archive([(Self.member("readme.txt"), [])])).names.isEmpty)
    }

    @Test("two members of one name are refused")
    func twice() {
        let first = Self.member("a.npy")
        var second = first
        second.offset = first.localHeader(wideFrom: .max).count
        #expect(throws: NumPyError.self) {
            try NPZReader(Self.archive([(first, []), (second, [])]))
        }
    }

    @Test("a member inside another is refused")
    func overlapping() {
        let header = Self.member("b.npy").localHeader(wideFrom: .max)
        let outer = Self.member("a.npy", size: header.count, compressed: header.count)
        let inner = Self.member("b.npy", offset: outer.localHeader(wideFrom: .max).count)
        let local = outer.localHeader(wideFrom: .max) + header
        let directory = [outer, inner].flatMap { $0.directoryEntry(wideFrom: .max) }
        let file =
            local + directory
            + ZipEnd(members: 2, offset: local.count, size: directory.count).records(wideFrom: .max)
        #expect(
            throws: NumPyError.damaged(
                file: "z.npz", offset: inner.offset, found: "b.npy inside a.npy",
                expected: "members that do not overlap")
        ) {
            try NPZReader(file, named: "z.npz")
        }
    }

    @Test("sizes that cannot be are refused before memory is asked for")
    func sizes() throws {
        let bomb = Self.archive([
            (Self.member("a.npy", method: 8, size: 3_000_000_000, compressed: 4), [1, 2, 3, 4])
        ])
        #expect(
            throws: NumPyError.damaged(
                file: "z.npz/a.npy", offset: 35, found: "4 compressed bytes",
                expected: "enough for 3000000000")
        ) {
            try NPZReader(bomb, named: "z.npz").array("a")
        }
        #expect(
            throws: NumPyError.tooLarge(
                file: "z.npz/a.npy", found: "3000000000 bytes", limit: "1000 bytes")
        ) {
            try NPZReader(bomb, named: "z.npz", limits: NumPyLimits(arrayBytes: 1000)).array("a")
        }
        let beyond = Self.archive([(Self.member("a.npy", size: 9, compressed: 9), [1, 2, 3, 4])])
        #expect(throws: NumPyError.self) { try NPZReader(beyond) }
        let unequal = Self.archive([(Self.member("a.npy", size: 9, compressed: 4), [1, 2, 3, 4])])
        #expect(throws: NumPyError.self) { try NPZReader(unequal).array("a") }
        #expect(throws: NumPyError.tooLarge(file: "z.npz", found: "2 members", limit: "1")) {
            try NPZReader(
                NumPyFixtures.compressedArchive, named: "z.npz", limits: NumPyLimits(members: 1))
        }
    }

    @Test("other compression and encryption are refused by name")
    func methods() throws {
        let file = Self.archive([
            (Self.member("a.npy", method: 12, size: 4, compressed: 4), [1, 2, 3, 4])
        ])
        #expect(
            throws: NumPyError.unsupported(
                file: "z.npz/a.npy", found: "compression method 12",
                next: "save it with numpy.savez or numpy.savez_compressed")
        ) {
            try NPZReader(file, named: "z.npz").array("a")
        }
        var locked = Self.archive([(Self.member("a.npy"), [])])
        let directory = 30 + 5
        locked[directory + 8] |= 1
        #expect(throws: NumPyError.self) { try NPZReader(locked) }
    }
}
