internal import CHDF5

extension HDF5Writer {
    /// Writes an array of numbers in one piece, uncompressed.
    ///
    /// - Parameters:
    ///   - path: The path of the new array.
    ///   - values: The values in row-major order; may be empty when an extent is 0.
    ///   - shape: Extents, slowest first; `[]` for a single value.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or count and shape differ.
    @inlinable
    public func writeArray<E: HDF5Element>(
        _ path: String, _ values: [E], shape: [Int]
    ) throws(HDF5Error) {
        try values.withUnsafeBufferPointer { buffer throws(HDF5Error) in
            try writeArray(path, buffer, shape: shape)
        }
    }

    /// Writes an array of numbers in one piece, uncompressed.
    ///
    /// - Parameters:
    ///   - path: The path of the new array.
    ///   - values: The values in row-major order; may be empty when an extent is 0.
    ///   - shape: Extents, slowest first; `[]` for a single value.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or count and shape differ.
    @inlinable
    public func writeArray<E: HDF5Element>(
        _ path: String, _ values: UnsafeBufferPointer<E>, shape: [Int]
    ) throws(HDF5Error) {
        try writeArray(path, UnsafeRawBufferPointer(values), type: E.hdf5Type, shape: shape)
    }

    /// Writes an array of numbers in one piece, uncompressed.
    ///
    /// - Parameters:
    ///   - path: The path of the new array.
    ///   - bytes: The values in row-major order in the byte order of this machine.
    ///   - type: The type of the values.
    ///   - shape: Extents, slowest first; `[]` for a single value.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or size and shape differ.
    public func writeArray(
        _ path: String, _ bytes: UnsafeRawBufferPointer, type: HDF5ElementType, shape: [Int]
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            guard HDF5Limits.byteCount(of: shape, elementBytes: type.byteCount) == bytes.count
            else {
                throw misuse(
                    path, "write an array", "\(bytes.count / type.byteCount) values",
                    "as many as shape \(shape) holds")
            }
            let dataset = try makeDataset(
                path, type: type.fileType(), shape: shape, elementBytes: type.byteCount)
            guard
                bytes.isEmpty
                    || H5Dwrite(dataset.id, type.memoryType, 0, 0, 0, bytes.baseAddress) >= 0
            else { throw failure(dataset.key, "write an array") }
        }
    }

    /// Writes a list of strings of fixed length: the longest one's, in UTF-8, padded with zeros.
    ///
    /// - Parameters:
    ///   - path: The path of the new array.
    ///   - strings: The strings, without zero characters; may be empty.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or a string holds a zero character.
    public func writeStrings(_ path: String, _ strings: [String]) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            let packed = try packedStrings(strings, path, "write strings")
            guard let type = Handle(packed.makeType()) else { throw failure(path, "write strings") }
            let dataset = try makeDataset(
                path, type: type.id, shape: [strings.count], elementBytes: packed.size)
            guard strings.isEmpty || H5Dwrite(dataset.id, type.id, 0, 0, 0, packed.bytes) >= 0
            else { throw failure(dataset.key, "write strings") }
        }
    }
}
