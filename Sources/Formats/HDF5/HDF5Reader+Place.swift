internal import CHDF5

extension HDF5Reader {
    /// Where in the file the values of an array lie, when they lie there in one piece and uncompressed.
    ///
    /// With the place, a program reads the values with the calls of the operating system: straight into its memory, piece by
    /// piece, and without waiting for other threads that use the library.
    ///
    /// - Parameter path: The path of an array.
    /// - Returns: The bytes of all values in row-major order; an empty range for an array without values.
    /// - Throws: ``HDF5Error`` when the array is missing, refused or damaged, of kind `unsupported` when it is in chunks, in its
    ///   header or was never written.
    public func place(of path: String) throws(HDF5Error) -> Range<Int> {
        try place(of: try dataset(path))
    }

    /// Where the values of an open array lie.
    func place(of dataset: borrowing OpenDataset) throws(HDF5Error) -> Range<Int> {
        let operation = "find the place of an array"
        let info = dataset.info
        guard let bytes = HDF5Limits.byteCount(of: info.shape, elementBytes: info.elementBytes)
        else {
            throw mismatch(
                dataset.key, "shape \(info.shape)", "sizes that can be counted",
                operation: operation)
        }
        if bytes == 0 { return 0..<0 }
        let offset = HDF5Library.locked { H5Dget_offset(dataset.id) }
        guard info.chunk == nil, info.filters.isEmpty, info.storedBytes == bytes,
            offset != haddr_t.max
        else {
            _ = HDF5Library.locked { ErrorStack.take() }
            throw HDF5Error(
                .unsupported, file: self.path, key: dataset.key, operation: operation,
                found: info.chunk == nil ? "values outside a place of their own" : "chunks",
                expected: "values in one piece; rewrite with h5repack -l CONTI")
        }
        guard let start = Int(exactly: offset), start <= fileBytes, bytes <= fileBytes - start
        else {
            throw HDF5Error(
                .damaged, file: self.path, key: dataset.key, operation: operation,
                found: "\(bytes) bytes at \(offset)",
                expected: "a place within the \(fileBytes) bytes of the file; fetch it again")
        }
        return start..<(start + bytes)
    }
}
