internal import CDeflate

/// Compresses buffers whole with libdeflate; one per thread, reused for many buffers.
///
/// The same input and level give the same bytes on every machine that runs the same libdeflate version.
public struct Deflater: ~Copyable {
    private let compressor: OpaquePointer

    /// Makes a compressor.
    ///
    /// - Parameter level: 1 (fast) to 12 (small).
    public init(level: Int) {
        guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
            preconditionFailure("deflate level \(level) is outside 1...12, or memory ran out")
        }
        self.compressor = compressor
    }

    deinit { libdeflate_free_compressor(compressor) }

    /// The most bytes the zlib form of a buffer can take.
    ///
    /// - Parameter count: Bytes of input.
    /// - Returns: An upper bound in bytes.
    public func zlibBound(of count: Int) -> Int {
        libdeflate_zlib_compress_bound(compressor, count)
    }

    /// Compresses into zlib form (RFC 1950), the form HDF5's deflate filter stores.
    ///
    /// - Parameters:
    ///   - input: The bytes.
    ///   - output: Memory of at least ``zlibBound(of:)`` bytes.
    /// - Returns: How many bytes of `output` were written.
    public func zlib(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let count = libdeflate_zlib_compress(
            compressor, input.baseAddress, input.count, output.baseAddress, output.count)
        precondition(count > 0, "output is smaller than zlibBound")
        return count
    }

    /// Compresses into one gzip member without name or time, so that equal input gives equal bytes.
    ///
    /// - Parameter input: The bytes.
    /// - Returns: The gzip file.
    public func gzip(_ input: UnsafeRawBufferPointer) -> [UInt8] {
        let bound = libdeflate_gzip_compress_bound(compressor, input.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = libdeflate_gzip_compress(
                compressor, input.baseAddress, input.count, buffer.baseAddress, bound)
            precondition(count > 0, "gzip bound was too small")
        }
    }
}
