internal import CHDF5

extension HDF5Reader {
    /// Finds the form of stored values among those this module reads; call under the lock.
    ///
    /// The type is compared as a whole, so that numbers with unused bits or odd exponents are not taken for plain ones.
    func storedType(
        _ type: hid_t, _ key: String, _ operation: String
    ) throws(HDF5Error) -> HDF5DatasetInfo.StoredType {
        let size = H5Tget_size(type)
        switch H5Tget_class(type) {
        case H5T_INTEGER:
            if let number = Self.number(equalTo: type, where: \.isInteger) { return number }
            throw unsupported(key, operation, "\(size)-byte integers with unused bits")
        case H5T_FLOAT:
            if let number = Self.number(equalTo: type, where: { !$0.isInteger }) { return number }
            for bigEndian in [false, true] where size == 2 {
                guard let half = Handle(samdata_h5t_float16_copy(bigEndian ? 1 : 0)) else {
                    throw failure(.damaged, key, operation)
                }
                if H5Tequal(type, half.id) > 0 { return .float16(bigEndian: bigEndian) }
            }
            throw unsupported(key, operation, "\(size)-byte floating point outside IEEE 754")
        case H5T_ENUM:
            // h5py stores booleans as an enumeration over a signed byte.
            guard let base = Handle(H5Tget_super(type)) else {
                throw failure(.damaged, key, operation)
            }
            if let number = Self.number(equalTo: base.id, where: \.isInteger) { return number }
            throw unsupported(key, operation, "an enumeration over \(size)-byte numbers")
        case H5T_STRING:
            if H5Tis_variable_str(type) == 0, size > 0 { return .fixedString(byteCount: size) }
            throw unsupported(key, operation, "strings of variable length")
        case H5T_COMPOUND: throw unsupported(key, operation, "a compound type")
        case H5T_REFERENCE: throw unsupported(key, operation, "references")
        case H5T_VLEN: throw unsupported(key, operation, "lists of variable length")
        case H5T_ARRAY: throw unsupported(key, operation, "an array type")
        case H5T_OPAQUE: throw unsupported(key, operation, "opaque bytes")
        case H5T_BITFIELD: throw unsupported(key, operation, "bit fields")
        case H5T_TIME: throw unsupported(key, operation, "a time type")
        default: throw failure(.damaged, key, operation)
        }
    }

    func unsupported(_ key: String, _ operation: String, _ found: String) -> HDF5Error {
        HDF5Error(
            .unsupported, file: path, key: key, operation: operation, found: found,
            expected: "integers of 1 to 8 bytes, IEEE floating point or strings of fixed length;"
                + " convert the values")
    }

    private static func number(
        equalTo type: hid_t, where isCandidate: (HDF5ElementType) -> Bool
    ) -> HDF5DatasetInfo.StoredType? {
        let size = H5Tget_size(type)
        for candidate in HDF5ElementType.allCases
        where candidate.byteCount == size && isCandidate(candidate) {
            for bigEndian in [false, true]
            where H5Tequal(type, candidate.fileType(bigEndian: bigEndian)) > 0 {
                // One byte has no order; the library keeps one in the file all the same.
                return .number(candidate, bigEndian: bigEndian && size > 1)
            }
        }
        return nil
    }
}
