internal import CHDF5

extension HDF5Reader {
    /// Reads an array of strings of fixed length.
    ///
    /// - Parameter path: The path of the array.
    /// - Returns: The strings in row-major order without their padding; empty for an empty array.
    /// - Throws: ``HDF5Error`` when the array is missing, refused or damaged, holds numbers, or is not UTF-8.
    public func readStrings(_ path: String) throws(HDF5Error) -> [String] {
        try HDF5Library.locked { () throws(HDF5Error) in
            let dataset = try dataset(path)
            let (info, key) = (dataset.info, dataset.key)
            guard case .fixedString(let size) = info.type else {
                throw mismatch(key, "numbers", "strings; read them as numbers")
            }
            try checkSize(of: info.shape, elementBytes: size, info: info, key)
            guard info.count > 0 else { return [] }
            try checkChunks(
                of: dataset.id, info, offset: info.shape.map { _ in 0 }, extents: info.shape, key)
            guard let type = Handle(H5Dget_type(dataset.id)) else {
                throw failure(.damaged, key, "read strings")
            }
            var result: herr_t = -1
            let bytes = [UInt8](unsafeUninitializedCapacity: info.count * size) { buffer, count in
                result = H5Dread(dataset.id, type.id, 0, 0, 0, buffer.baseAddress)
                count = result >= 0 ? info.count * size : 0
            }
            guard result >= 0 else { throw failure(.damaged, key, "read strings") }
            return try strings(bytes, size: size, type: type.id, key, "read strings")
        }
    }

    /// Cuts strings of fixed length apart and takes their padding off.
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
