import HDF5
import Testing

@Suite struct ForeignFileTests {
    private let reader: HDF5Reader

    init() throws { reader = try HDF5Reader(path: HDF5TestFiles.fixture("foreign")) }

    @Test("half precision is read in both byte orders")
    func half() throws {
        #expect(try reader.info("/half").type == .float16(bigEndian: false))
        #expect(try reader.readArray("/half", as: Float.self) == [0, 1, -2, 0.5, 65504, .infinity])
        #expect(try reader.info("/half_big").type == .float16(bigEndian: true))
        #expect(try reader.readArray("/half_big", as: Double.self) == [0, 1, -2, 0.5])
    }

    @Test(
        "big-endian numbers are read",
        arguments: [
            ("/big_i2", HDF5ElementType.int16), ("/big_u4", .uint32), ("/big_i8", .int64),
            ("/big_f4", .float32), ("/big_f8", .float64),
        ])
    func bigEndian(_ path: String, _ type: HDF5ElementType) throws {
        #expect(try reader.info(path).type == .number(type, bigEndian: true))
        #expect(try reader.readArray(path, as: Int32.self) == [1, 2, 300])
        #expect(try reader.readArray(path, as: Double.self) == [1, 2, 300])
    }

    @Test("booleans of h5py are bytes of 0 and 1")
    func booleans() throws {
        #expect(try reader.info("/mask").elementType == .int8)
        #expect(try reader.readArray("/mask", as: UInt8.self) == [1, 0, 1])
    }

    @Test("strings are read in one piece and in shuffled chunks")
    func strings() throws {
        #expect(try reader.readStrings("/names") == ["liver", "spleen", ""])
        #expect(try reader.readStrings("/words") == ["ab", "c", "def"])
    }

    @Test("checksums are compared after and before compression")
    func checksums() throws {
        #expect(try reader.info("/checked").filters == [.shuffle, .deflate(level: 4), .fletcher32])
        #expect(try reader.readArray("/checked", as: Int16.self) == (0..<12).map { Int16($0) })
        #expect(try reader.info("/checksum_first").filters == [.fletcher32, .deflate(level: 4)])
        #expect(
            try reader.readArray("/checksum_first", as: UInt8.self) == (0..<33).map { UInt8($0) })
    }

    @Test("chunks never written are zeros")
    func sparse() throws {
        #expect(try reader.readArray("/sparse", as: Int16.self) == [0, 0, 0, 0, 5, 6, 0, 0])
        let claim = try HDF5Reader(path: HDF5TestFiles.fixture("huge_claim"))
        let zeros = try claim.readSlab(
            "/terabyte", offset: [70, 70], count: [2, 2], as: UInt8.self)
        #expect(zeros == [0, 0, 0, 0])
    }

    @Test("existence is told for groups, arrays and neither")
    func exists() throws {
        #expect(try reader.exists("/"))
        #expect(try reader.exists("cube"))
        #expect(try !reader.exists("/absent"))
        #expect(try !reader.exists("/cube/absent"))
    }

    @Test("the library says which version it is")
    func library() {
        let parts = HDF5Library.version.split(separator: ".").compactMap { Int($0) }
        #expect(parts.count == 3 && parts[0] >= 1)
        // The packaged build is thread-safe; asking twice gives the same answer either way.
        #expect(HDF5Library.isThreadSafe == HDF5Library.isThreadSafe)
    }
}
