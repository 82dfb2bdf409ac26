import DeflateCompression
import Testing

@Suite struct InflaterTests {
    private let text = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 3 ^ $0 / 70) }

    private func packed(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { Deflater(level: 6).gzip($0) }
    }

    /// Inflates into memory of `count` bytes, of which `expected` must come.
    private func inflated(
        _ input: [UInt8], count: Int, expecting expected: Int? = nil
    ) throws -> (bytes: [UInt8], outcome: GzipOutcome) {
        var memory = [UInt8](repeating: 0xee, count: count)
        let outcome = try memory.withUnsafeMutableBytes { output in
            try input.withUnsafeBytes {
                try Inflater().gzip($0, into: output, expecting: expected ?? count)
            }
        }
        return (Array(memory.prefix(outcome.byteCount)), outcome)
    }

    @Test func `several members, empty ones and zero padding are one stream`() throws {
        let input =
            packed(Array(text[..<1000])) + packed([]) + packed(Array(text[1000...])) + packed([])
            + [UInt8](repeating: 0, count: 100)
        let result = try inflated(input, count: 5000)
        #expect(result.bytes == text)
        #expect(result.outcome.trailingBytes == 0)
    }

    @Test func `bytes after the last member are counted`() throws {
        let result = try inflated(packed(text) + [0, 0, 7, 8, 9], count: 5000)
        #expect(result.bytes == text)
        #expect(result.outcome.trailingBytes == 3)
    }

    @Test func `a surplus is put up with where there is room for it`() throws {
        let result = try inflated(packed(text), count: 6000, expecting: 4000)
        #expect(result.bytes == text)
        #expect(throws: DeflateError.tooLong(allowed: 4999)) {
            try inflated(packed(text), count: 4999)
        }
        #expect(throws: DeflateError.truncated(expected: 5001, found: 5000)) {
            try inflated(packed(text), count: 5001)
        }
    }

    @Test func `a stream cut anywhere is truncated, and says how much came out`() {
        let input = packed(text)
        for length in stride(from: 2, to: input.count, by: 5) {
            let error = #expect(throws: DeflateError.self) {
                try inflated(Array(input.prefix(length)), count: 5000)
            }
            guard case .truncated(5000, let found) = error else {
                Issue.record("cut at \(length): \(String(describing: error))")
                continue
            }
            #expect(found <= 5000)
        }
    }

    @Test func `a member cut after a whole one is truncated`() {
        let input = packed(Array(text[..<1000])) + packed(Array(text[1000...])).dropLast(3)
        let error = #expect(throws: DeflateError.self) { try inflated(input, count: 5000) }
        #expect(error == .truncated(expected: 5000, found: 5000))
    }

    @Test func `a flipped byte is damage or a wrong checksum, never other data`() {
        let input = packed(text)
        for position in 10..<input.count {
            var broken = input
            broken[position] ^= 0x10
            let error = #expect(throws: DeflateError.self) { try inflated(broken, count: 5000) }
            #expect(error != nil, "byte \(position)")
        }
    }

    @Test func `what is not gzip is said to be none`() {
        #expect(throws: DeflateError.notCompressed(format: "gzip")) {
            try inflated(Array("hello".utf8), count: 5)
        }
        #expect(throws: DeflateError.notCompressed(format: "gzip")) { try inflated([], count: 0) }
    }

    @Test func `the start of a stream is read across members`() throws {
        let input = packed(Array(text[..<100])) + packed([]) + packed(Array(text[100...]))
        for count in [1, 99, 100, 101, 2000, 5000, 9000] {
            let start = try input.withUnsafeBytes { try Inflater.gzipPrefix($0, count: count) }
            #expect(start == Array(text.prefix(count)))
        }
        let short = Array(input.prefix(120))
        let start = try short.withUnsafeBytes { try Inflater.gzipPrefix($0, count: 5000) }
        #expect(start == Array(text.prefix(start.count)))
    }

    @Test func `zlib streams have exactly the expected length`() throws {
        let deflater = Deflater(level: 6)
        var stream = [UInt8](repeating: 0, count: deflater.zlibBound(of: text.count))
        let length = text.withUnsafeBytes { input in
            stream.withUnsafeMutableBytes { deflater.zlib(input, into: $0) }
        }
        stream.removeLast(stream.count - length)
        func inflate(_ count: Int) throws -> [UInt8] {
            var output = [UInt8](repeating: 0, count: count)
            try output.withUnsafeMutableBytes { output in
                try stream.withUnsafeBytes { try Inflater().zlib($0, into: output) }
            }
            return output
        }
        #expect(try inflate(5000) == text)
        #expect(throws: DeflateError.tooLong(allowed: 4999)) { try inflate(4999) }
        #expect(throws: DeflateError.truncated(expected: 5001, found: 5000)) { try inflate(5001) }
    }

    @Test func `the checksum is the one of RFC 1952`() {
        // The check value of the CRC-32 catalogue for the digits 1 to 9.
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { CRC32.checksum(of: $0) } == 0xcbf4_3926)
        let first = digits[..<4].withUnsafeBytes { CRC32.checksum(of: $0) }
        let both = digits[4...].withUnsafeBytes { CRC32.checksum(of: $0, continuing: first) }
        #expect(both == 0xcbf4_3926)
    }
}
