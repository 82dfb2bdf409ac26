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

/// An array in one piece, with texts attached to it.
public struct HDF5PlacedArray: Hashable, Sendable {
    /// Shape and type.
    public let info: HDF5DatasetInfo
    /// Where in the file its values lie; empty for an array without values.
    public let place: Range<Int>
    /// The attributes asked for, in the order of the question; `nil` where there is none, or one that is no single text of
    /// fixed length.
    public let texts: [String?]
}

extension HDF5Reader {
    /// What an array in one piece is, where its values lie, and what some of its attributes say, in one look at the file.
    ///
    /// - Complexity: A quarter of the time of separate questions.
    /// - Parameters:
    ///   - path: The path of an array.
    ///   - names: The names of attributes that are single texts.
    /// - Returns: The description.
    /// - Throws: ``HDF5Error`` as ``place(of:)``, and when an attribute is damaged, too large or not UTF-8.
    public func placedArray(
        _ path: String, texts names: [String]
    ) throws(HDF5Error) -> HDF5PlacedArray {
        let dataset = try dataset(path)
        let place = try place(of: dataset)
        var texts: [String?] = []
        for name in names {
            texts.append(
                try HDF5Library.locked { () throws(HDF5Error) in
                    try fixedText(name, of: dataset.id, "\(dataset.key)@\(name)")
                })
        }
        return HDF5PlacedArray(info: dataset.info, place: place, texts: texts)
    }

    /// An attribute that is one string of fixed length; call under the lock.
    private func fixedText(
        _ name: String, of object: hid_t, _ key: String
    ) throws(HDF5Error) -> String? {
        let operation = "read an attribute"
        let exists = name.utf8.contains(0) ? 0 : H5Aexists(object, name)
        if exists == 0 { return nil }
        guard exists > 0, let attribute = Handle(H5Aopen(object, name, 0)),
            let type = Handle(H5Aget_type(attribute.id)),
            let space = Handle(H5Aget_space(attribute.id))
        else { throw failure(.damaged, key, operation) }
        guard H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0,
            try extents(of: space.id, key, operation) == []
        else { return nil }
        let size = H5Tget_size(type.id)
        guard size > 0, size <= limits.attributeBytes else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: operation, found: "\(size) bytes",
                expected: "at most \(limits.attributeBytes) bytes; raise the limit")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        guard H5Aread(attribute.id, type.id, &bytes) >= 0 else {
            throw failure(.damaged, key, operation)
        }
        return try strings(bytes, size: size, type: type.id, key, operation).first
    }
}
