import DeflateCompression
import SampleStore
import Testing

@Suite("Chunks of pixels")
struct PlaneCodecTests {
    private func noise(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 28)
        }
    }

    @Test(
        "a chunk is the shuffled bytes deflated, whatever the width and count",
        arguments: [1, 2, 4])
    func shuffle(width: Int) throws {
        let codec = PlaneCodec()
        let inflater = Inflater()
        for count in [0, 1, 2, 3, 15, 16, 17, 1000, 512 * 3 + 1] {
            let plane = noise(count * width)
            // the definition of HDF5's filter: first bytes of all values, then second bytes, ...
            var naive: [UInt8] = []
            for byte in 0..<width { for n in 0..<count { naive.append(plane[n * width + byte]) } }
            let chunk = plane.withUnsafeBytes { codec.encode($0, width: width) }
            var inflated = [UInt8](repeating: 0, count: naive.count)
            try chunk.withUnsafeBytes { input in
                try inflated.withUnsafeMutableBytes { try inflater.zlib(input, into: $0) }
            }
            #expect(inflated == naive, "\(count) values of \(width) bytes")
            let back = try chunk.withUnsafeBytes {
                try codec.decode($0, width: width, count: plane.count)
            }
            #expect(back == plane)
            #expect(plane.withUnsafeBytes { codec.encode($0, width: width) } == chunk)
        }
    }

    @Test("damaged chunks and chunks of another size are errors")
    func damage() throws {
        let codec = PlaneCodec()
        let plane = noise(4000)
        let chunk = plane.withUnsafeBytes { codec.encode($0, width: 2) }
        func decode(_ bytes: [UInt8], _ count: Int) throws -> [UInt8] {
            try bytes.withUnsafeBytes { try codec.decode($0, width: 2, count: count) }
        }
        #expect(throws: DeflateError.self) { _ = try decode(chunk, 3998) }
        #expect(throws: DeflateError.self) { _ = try decode(chunk, 4002) }
        #expect(throws: DeflateError.self) { _ = try decode([], 4000) }
        #expect(throws: DeflateError.self) { _ = try decode(Array(chunk.dropLast(5)), 4000) }
        for n in stride(from: 0, to: chunk.count, by: 7) {
            var bent = chunk
            bent[n] ^= 0x40
            // Adler-32 covers every byte of the plane
            #expect(throws: DeflateError.self) { _ = try decode(bent, 4000) }
        }
    }
}
