internal import CHDF5

extension HDF5Reader {
    /// Reads an array of strings of fixed length.
    ///
    /// - Parameter path: The path of the array.
    /// - Returns: The strings in row-major order without their padding; empty for an empty array.
    /// - Throws: ``HDF5Error`` when the array is missing, refused or damaged, holds numbers, or is not UTF-8.
    public func readStrings(_ path: String) throws(HDF5Error) -> [String] {
        let operation = "read strings"
        let dataset = try dataset(path)
        let (info, key) = (dataset.info, dataset.key)
        guard case .fixedString(let size) = info.type else {
            throw mismatch(key, "numbers", "strings; read them as numbers", operation: operation)
        }
        try checkSize(of: info.shape, elementBytes: size, info: info, key)
        guard info.count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: info.count * size)
        try checkWritten(dataset.id, info, key)
        let isFiltered = !info.filters.isEmpty
        if let chunk = info.chunk, isFiltered {
            var outcome: Result<Void, HDF5Error> = .success(())
            bytes.withUnsafeMutableBytes { buffer in
                do throws(HDF5Error) {
                    try readChunks(
                        of: dataset.id, info, chunk: chunk, offset: info.shape.map { _ in 0 },
                        extents: info.shape, key, into: buffer)
                } catch { outcome = .failure(error) }
            }
            try outcome.get()
        }
        return try HDF5Library.locked { () throws(HDF5Error) in
            guard let type = Handle(H5Dget_type(dataset.id)),
                isFiltered || info.storedBytes == 0
                    || H5Dread(dataset.id, type.id, 0, 0, 0, &bytes) >= 0
            else { throw failure(.damaged, key, operation) }
            return try strings(bytes, size: size, type: type.id, key, operation)
        }
    }

    /// Cuts strings of fixed length apart and takes their padding off; call under the lock.
    func strings(
        _ bytes: [UInt8], size: Int, type: hid_t, _ key: String, _ operation: String
    ) throws(HDF5Error) -> [String] {
        let padding = H5Tget_strpad(type)
        var strings: [String] = []
        strings.reserveCapacity(bytes.count / size)
        for start in stride(from: 0, to: bytes.count, by: size) {
            var slot = bytes[start..<start + size]
            switch padding {
            case H5T_STR_SPACEPAD: while slot.last == 0x20 { slot.removeLast() }
            case H5T_STR_NULLTERM: slot = slot.prefix { $0 != 0 }
            default: while slot.last == 0 { slot.removeLast() }
            }
            strings.append(try text(slot, key, operation))
        }
        return strings
    }

    /// Bytes as text.
    func text(
        _ bytes: some Sequence<UInt8>, _ key: String, _ operation: String
    ) throws(HDF5Error) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HDF5Error(
                .unsupported, file: path, key: key, operation: operation,
                found: "text that is not UTF-8", expected: "UTF-8; rewrite the text")
        }
        return text
    }
}
