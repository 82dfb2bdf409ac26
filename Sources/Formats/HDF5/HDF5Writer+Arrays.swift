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

    /// Strings side by side in slots of equal size.
    struct PackedStrings {
        let bytes: [UInt8]
        let size: Int

        /// Makes the library's type of one slot; the caller gives it back.
        func makeType() -> hid_t {
            let type = H5Tcopy(samdata_h5t_string())
            guard type >= 0, H5Tset_size(type, size) >= 0,
                H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0, H5Tset_cset(type, H5T_CSET_UTF8) >= 0
            else { return -1 }
            return type
        }
    }

    /// Pads strings with zeros to the longest one, at least one byte.
    func packedStrings(
        _ strings: [String], _ key: String, _ operation: String
    ) throws(HDF5Error) -> PackedStrings {
        let size = max(1, strings.lazy.map(\.utf8.count).max() ?? 0)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size * strings.count)
        for string in strings {
            guard !string.utf8.contains(0) else {
                throw misuse(key, operation, "a zero character in a string", "text without it")
            }
            bytes += string.utf8
            bytes += repeatElement(0, count: size - string.utf8.count)
        }
        return PackedStrings(bytes: bytes, size: size)
    }
}
