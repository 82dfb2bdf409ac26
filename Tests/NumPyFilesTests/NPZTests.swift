import Testing

@testable import NumPyFiles

@Suite("Archives")
struct NPZTests {
    static func arrays() throws -> [(name: String, array: NPYArray)] {
        [
            ("label", try NPYArray(shape: [2, 3], values: [UInt8](0..<6))),
            ("image", try NPYArray(shape: [4], values: [Float(0), 0.5, -1, .infinity])),
            ("empty", try NPYArray(shape: [0, 3], values: [Double]())),
            ("größe/x", try NPYArray(shape: [], values: [Int64(-5)])),
        ]
    }

    @Test("NumPy's own archives are read, stored and deflated")
    func read() throws {
        let stored = try NPZReader(NumPyFixtures.storedArchive)
        #expect(stored.names == ["label"])
        #expect(try stored.array("label").values(as: UInt8.self) == [0, 1, 2, 3, 4, 5])
        let deflated = try NPZReader(NumPyFixtures.compressedArchive)
        #expect(deflated.names == ["image", "label"])
        let image = try deflated.array("image")
        #expect(image.shape == [8, 9])
        #expect(try image.values(as: Float.self) == (0..<72).map { Float($0 % 9) })
        #expect(try deflated.array("label").shape == [2, 3])
    }

    @Test(
        "what is written reads back equal and in order, with and without zip64",
        arguments: [0, 200, 0xffff_ffff])
    func roundTrip(wideFrom: Int) throws {
        var file: [UInt8] = []
        var writer = NPZWriter(wideFrom: wideFrom) { file += $0 }
        for (name, array) in try Self.arrays() { try writer.add(name, array) }
        try writer.finish()
        let reader = try NPZReader(file)
        #expect(reader.names == ["label", "image", "empty", "größe/x"])
        for (name, array) in try Self.arrays() { #expect(try reader.array(name) == array) }
    }

    @Test(
        "an archive is the same bytes each time, dated 1980-01-01, 64-bit records only where needed"
    )
    func bytes() throws {
        let file = try NPZ.encode([Self.arrays()[0]])
        #expect(try NPZ.encode([Self.arrays()[0]]) == file)
        // Local header: signature, version 20, no flags, stored, 00:00:00, 1980-01-01.
        #expect(file.prefix(14) == [0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0])
        // Python: zlib.crc32 of numpy.save's bytes for the same array.
        #expect(file[14..<18] == [0x7e, 0x9e, 0xd7, 0xcf])
        #expect(file[18..<30] == [134, 0, 0, 0, 134, 0, 0, 0, 9, 0, 0, 0])
        #expect(file.count == 30 + 9 + 134 + 46 + 9 + 22)
        var wide: [UInt8] = []
        var writer = NPZWriter(wideFrom: 0) { wide += $0 }
        try writer.add("label", Self.arrays()[0].array)
        try writer.finish()
        #expect(wide.count == file.count + 20 + 28 + 56 + 20)
    }

    @Test("no arrays give an empty archive")
    func none() throws {
        let file = try NPZ.encode([])
        #expect(file == [0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 18))
        #expect(try NPZReader(file).names.isEmpty)
    }

    @Test("large elements reach the sink without a copy")
    func streaming() throws {
        let pixels = [UInt8](repeating: 7, count: 1 << 20)
        try pixels.withUnsafeBytes { pixels in
            nonisolated(unsafe) var seen = false
            var writer = NPZWriter { piece in
                if piece.baseAddress == pixels.baseAddress, piece.count == pixels.count {
                    seen = true
                }
            }
            try writer.add("image", shape: [1024, 1024], type: .uint8, bytes: pixels)
            try writer.finish()
            #expect(seen)
        }
    }

    @Test("what the sink throws comes out unchanged")
    func sinkError() throws {
        struct Full: Error {}
        var writer = NPZWriter { _ in throw Full() }
        #expect(throws: Full.self) { try writer.add("image", Self.arrays()[0].array) }
    }

    @Test(
        "names that leave the archive or repeat are not written",
        arguments: ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "a\nb", "a\0"])
    func names(name: String) throws {
        let array = try NPYArray(shape: [1], values: [UInt8(1)])
        #expect(throws: NumPyError.self) { try NPZ.encode([(name, array)]) }
        #expect(throws: NumPyError.self) { try NPZ.encode([("a", array), ("a", array)]) }
        #expect(throws: Never.self) { try NPZ.encode([("a..b/c", array)]) }
    }

    @Test("an absent array is refused with the names there are")
    func absent() throws {
        let reader = try NPZReader(NumPyFixtures.compressedArchive, named: "c.npz")
        #expect(
            throws: NumPyError.noSuchArray(
                file: "c.npz", name: "mask", members: ["image", "label"])
        ) {
            try reader.array("mask")
        }
    }
}
