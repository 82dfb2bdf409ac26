import HDF5
import Testing

@Suite struct ChunkTests {
    /// `zlib.compress(shuffled int16 0..<64, 9)`, printed by Python 3.11 with zlib 1.2.13.
    private static let deflatedRamp: [UInt8] = [
        0x78, 0xda, 0x63, 0x60, 0x64, 0x62, 0x66, 0x61, 0x65, 0x63, 0xe7, 0xe0, 0xe4, 0xe2, 0xe6,
        0xe1, 0xe5, 0xe3, 0x17, 0x10, 0x14, 0x12, 0x16, 0x11, 0x15, 0x13, 0x97, 0x90, 0x94, 0x92,
        0x96, 0x91, 0x95, 0x93, 0x57, 0x50, 0x54, 0x52, 0x56, 0x51, 0x55, 0x53, 0xd7, 0xd0, 0xd4,
        0xd2, 0xd6, 0xd1, 0xd5, 0xd3, 0x37, 0x30, 0x34, 0x32, 0x36, 0x31, 0x35, 0x33, 0xb7, 0xb0,
        0xb4, 0xb2, 0xb6, 0xb1, 0xb5, 0xb3, 0x67, 0xa0, 0x10, 0x00, 0x00, 0xa3, 0x3e, 0x07, 0xe1,
    ]

    private func write(_ writer: HDF5Writer, _ path: String, at offset: [Int], _ bytes: [UInt8])
        throws
    {
        try bytes.withUnsafeBytes { try writer.writeChunk(path, offset: offset, bytes: $0) }
    }

    @Test("chunks shuffled and deflated by the caller come back through the filters")
    func deflated() throws {
        let ramp = (0..<64).map { Int16($0) }
        let other = (0..<64).map { Int16(300 - 7 * $0) }
        try HDF5TestFiles.roundTrip { writer in
            try writer.createChunkedDataset(
                "/image", type: .int16, shape: [2, 8, 8], chunk: [1, 8, 8], shuffle: true,
                deflate: 4)
            let stored = HDF5TestFiles.zlibStored(HDF5TestFiles.shuffled(other))
            // Out of order on purpose.
            try write(writer, "/image", at: [1, 0, 0], stored)
            try write(writer, "/image", at: [0, 0, 0], Self.deflatedRamp)
        } _: { reader throws in
            let info = try reader.info("/image")
            #expect(info.chunk == [1, 8, 8])
            #expect(info.filters == [.shuffle, .deflate(level: 4)])
            #expect(try reader.readArray("/image", as: Int16.self) == ramp + other)
            #expect(
                try reader.readArray("/image", as: Double.self) == (ramp + other).map(Double.init))
            let row = try reader.readSlab(
                "/image", offset: [1, 7, 6], count: [1, 1, 2], as: Int16.self)
            #expect(row == [other[62], other[63]])
            let chunk = try reader.readChunkBytes("/image", offset: [0, 0, 0])
            #expect(chunk == HDF5StoredChunk(bytes: Self.deflatedRamp, filterMask: 0))
        }
    }

    @Test("chunks over the edge of the array count for their inner part only")
    func edges() throws {
        try HDF5TestFiles.roundTrip { writer in
            try writer.createChunkedDataset(
                "/a", type: .uint8, shape: [3, 5], chunk: [2, 3], shuffle: false, deflate: 0)
            for row in [0, 2] {
                for column in [0, 3] {
                    let chunk = (0..<6).map { UInt8(10 * (row + $0 / 3) + column + $0 % 3) }
                    try write(writer, "/a", at: [row, column], chunk)
                }
            }
        } _: { reader throws in
            let expected: [UInt8] = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24]
            #expect(try reader.readArray("/a", as: UInt8.self) == expected)
            let part = try reader.readSlab("/a", offset: [1, 2], count: [2, 2], as: UInt8.self)
            #expect(part == [12, 13, 22, 23])
            let corner = try reader.readChunkBytes("/a", offset: [2, 3])
            #expect(corner == HDF5StoredChunk(bytes: [23, 24, 0, 0, 0, 0], filterMask: 0))
        }
    }

    @Test("every slab of a chunked cube equals the same part of the cube")
    func slabs() throws {
        // /cube holds 0..<210 as 32-bit integers in chunks of 2 x 3 x 4, written and checked by h5py.
        let reader = try HDF5Reader(path: HDF5TestFiles.fixture("foreign"))
        let shape = [5, 7, 6]
        #expect(try reader.info("/cube").filters == [.shuffle, .deflate(level: 9), .fletcher32])
        for first in 0..<5 {
            for second in 0..<7 {
                for third in 0..<6 {
                    let offset = [first, second, third]
                    let count = zip(shape, offset).map { min($0 - $1, 1 + ($0 + $1) % 4) }
                    var expected: [Int32] = []
                    for i in first..<first + count[0] {
                        for j in second..<second + count[1] {
                            for k in third..<third + count[2] {
                                expected.append(Int32((i * 7 + j) * 6 + k))
                            }
                        }
                    }
                    let part = try reader.readSlab(
                        "/cube", offset: offset, count: count, as: Int32.self)
                    #expect(part == expected, "\(offset) \(count)")
                }
            }
        }
    }

    @Test("a chunked array without values is stored in one piece")
    func empty() throws {
        try HDF5TestFiles.roundTrip { writer in
            try writer.createChunkedDataset(
                "/image", type: .int16, shape: [0, 8, 8], chunk: [1, 8, 8], shuffle: true,
                deflate: 4)
        } _: { reader throws in
            #expect(try reader.info("/image").shape == [0, 8, 8])
            #expect(try reader.readArray("/image", as: Int16.self) == [])
        }
    }

    @Test("a chunk is asked for by its corner, and only when there is one")
    func corners() throws {
        let reader = try HDF5Reader(path: HDF5TestFiles.fixture("foreign"))
        #expect(try reader.readChunkBytes("/sparse", offset: [2, 0]).bytes.isEmpty == false)
        for (path, offset) in [
            ("/sparse", [1, 0]), ("/sparse", [1, 1]), ("/sparse", [4, 0]), ("/sparse", [-1, 0]),
            ("/sparse", [0]), ("/big_i2", [0]),
        ] {
            let error = #expect(throws: HDF5Error.self) {
                try reader.readChunkBytes(path, offset: offset)
            }
            #expect(error?.kind == .mismatch)
        }
    }
}
