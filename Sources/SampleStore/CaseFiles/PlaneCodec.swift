import DeflateCompression

/// Turns planes of pixels into finished HDF5 chunks and back: byte shuffle, then deflate, as HDF5's own filters do.
///
/// One per thread. The chunks are ordinary: any HDF5 reader opens them without a plug-in.
public struct PlaneCodec: ~Copyable {
    /// The deflate level of stored pixels; see the decisions of this room.
    public static let level = 1

    private let deflater = Deflater(level: PlaneCodec.level)
    private let inflater = Inflater()

    /// Makes a codec.
    public init() {}

    /// Compresses one plane.
    ///
    /// - Parameters:
    ///   - plane: Pixels in little-endian byte order.
    ///   - width: Bytes per pixel; 1 is not shuffled.
    /// - Returns: The bytes of the chunk.
    public borrowing func encode(_ plane: UnsafeRawBufferPointer, width: Int) -> [UInt8] {
        if width == 1 { return Self.compress(plane, deflater) }
        return withUnsafeTemporaryAllocation(byteCount: plane.count, alignment: 16) { shuffled in
            Self.shuffle(plane, width: width, into: shuffled)
            return Self.compress(UnsafeRawBufferPointer(shuffled), deflater)
        }
    }

    private static func compress(
        _ bytes: UnsafeRawBufferPointer, _ deflater: borrowing Deflater
    ) -> [UInt8] {
        let bound = deflater.zlibBound(of: bytes.count)
        return withUnsafeTemporaryAllocation(byteCount: bound, alignment: 16) { output in
            let count = deflater.zlib(bytes, into: output)
            return [UInt8](UnsafeRawBufferPointer(rebasing: output[0..<count]))
        }
    }

    /// Restores one plane.
    ///
    /// - Parameters:
    ///   - chunk: The bytes of the chunk.
    ///   - width: Bytes per pixel; 1 was not shuffled.
    ///   - count: Bytes of the plane.
    /// - Returns: Pixels in little-endian byte order.
    /// - Throws: `DeflateError` when the chunk is damaged or has another size.
    public borrowing func decode(
        _ chunk: UnsafeRawBufferPointer, width: Int, count: Int
    ) throws(DeflateError) -> [UInt8] {
        var plane = [UInt8](repeating: 0, count: count)
        var failure: DeflateError?
        plane.withUnsafeMutableBytes { buffer in
            do throws(DeflateError) { try inflater.zlib(chunk, into: buffer) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if width == 1 { return plane }
        var result = [UInt8](repeating: 0, count: count)
        plane.withUnsafeBytes { source in
            result.withUnsafeMutableBytes { Self.unshuffle(source, width: width, into: $0) }
        }
        return result
    }

    private static func shuffle(
        _ input: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableRawBufferPointer
    ) {
        let count = input.count / width
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        if width == 2 {
            let words = source.assumingMemoryBound(to: UInt16.self)
            let low = target.assumingMemoryBound(to: UInt8.self)
            let high = low + count
            for n in 0..<count {
                low[n] = UInt8(truncatingIfNeeded: words[n])
                high[n] = UInt8(truncatingIfNeeded: words[n] >> 8)
            }
            return
        }
        for byte in 0..<width {
            let from = source.assumingMemoryBound(to: UInt8.self) + byte
            let to = target.assumingMemoryBound(to: UInt8.self) + byte * count
            for n in 0..<count { to[n] = from[n * width] }
        }
    }

    private static func unshuffle(
        _ input: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableRawBufferPointer
    ) {
        let count = input.count / width
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        for byte in 0..<width {
            let from = source.assumingMemoryBound(to: UInt8.self) + byte * count
            let to = target.assumingMemoryBound(to: UInt8.self) + byte
            for n in 0..<count { to[n * width] = from[n] }
        }
    }
}
