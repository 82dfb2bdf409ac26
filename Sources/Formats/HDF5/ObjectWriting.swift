internal import CHDF5

/// What the writers share: attributes, strings, and the words of their errors.
///
/// Every call is made under the lock.
protocol ObjectWriting: AnyObject {
    /// The name of the file in errors.
    var name: String { get }

    /// The error of a call that just failed.
    func failure(_ key: String, _ operation: String) -> HDF5Error
}

extension ObjectWriting {
    func misuse(
        _ key: String, _ operation: String, _ found: String, _ expected: String
    ) -> HDF5Error {
        HDF5Error(
            .misuse, file: name, key: key, operation: operation, found: found, expected: expected)
    }

    /// Attaches a value to an open object.
    func write(
        _ name: String, _ value: HDF5Attribute, to object: hid_t, key: String,
        variableLength: Bool = false
    ) throws(HDF5Error) {
        let operation = "set the attribute '\(name)'"
        guard !name.isEmpty, !name.utf8.contains(0) else {
            throw misuse(key, operation, "a name that is empty or holds a zero", "a plain name")
        }
        guard H5Aexists(object, name) == 0 else {
            throw misuse(key, operation, "an attribute of that name", "a new name")
        }
        let integer = HDF5ElementType.int64
        let double = HDF5ElementType.float64
        switch value {
        case .string(let string) where variableLength:
            try writeVariable(object, name, key, [string], shape: [])
        case .strings(let strings) where variableLength:
            try writeVariable(object, name, key, strings, shape: [strings.count])
        case .string(let string):
            try write(object, name, key, [string], shape: [])
        case .strings(let strings):
            try write(object, name, key, strings, shape: [strings.count])
        case .integer(let value):
            try write(object, name, key, [value], as: integer, shape: [])
        case .integers(let values):
            try write(object, name, key, values, as: integer, shape: [values.count])
        case .double(let value):
            try write(object, name, key, [value], as: double, shape: [])
        case .doubles(let values):
            try write(object, name, key, values, as: double, shape: [values.count])
        case .matrix(let values, let shape):
            guard HDF5Limits.byteCount(of: shape, elementBytes: 1) == values.count,
                shape.count >= 2, shape.count <= Int(H5S_MAX_RANK)
            else {
                throw misuse(
                    key, operation, "\(values.count) values for shape \(shape)",
                    "at least two extents, whose product is the number of values")
            }
            try write(object, name, key, values, as: double, shape: shape)
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

    private func write(
        _ object: hid_t, _ name: String, _ key: String, _ strings: [String], shape: [Int]
    ) throws(HDF5Error) {
        let packed = try packedStrings(strings, key, "set the attribute '\(name)'")
        guard let type = Handle(packed.makeType()) else { throw failure(key, "set an attribute") }
        try write(object, name, key, stored: type.id, memory: type.id, packed.bytes, shape: shape)
    }

    private func writeVariable(
        _ object: hid_t, _ name: String, _ key: String, _ strings: [String], shape: [Int]
    ) throws(HDF5Error) {
        // One run of bytes with a zero after every string, and where each begins.
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for string in strings {
            guard !string.utf8.contains(0) else {
                throw misuse(
                    key, "set the attribute '\(name)'", "a zero character in a string",
                    "text without it")
            }
            starts.append(bytes.count)
            bytes += string.utf8
            bytes.append(0)
        }
        guard let type = Handle(samdata_h5t_variable_string_copy()) else {
            throw failure(key, "set an attribute")
        }
        try bytes.withUnsafeBufferPointer { buffer throws(HDF5Error) in
            let pointers = starts.map { buffer.baseAddress?.advanced(by: $0) }
            try write(
                object, name, key, stored: type.id, memory: type.id, pointers, shape: shape)
        }
    }

    private func write<E: BitwiseCopyable>(
        _ object: hid_t, _ name: String, _ key: String, _ values: [E], as type: HDF5ElementType,
        shape: [Int]
    ) throws(HDF5Error) {
        try write(
            object, name, key, stored: type.fileType(), memory: type.memoryType, values,
            shape: shape)
    }

    private func write<E: BitwiseCopyable>(
        _ object: hid_t, _ name: String, _ key: String, stored: hid_t, memory: hid_t,
        _ values: [E], shape: [Int]
    ) throws(HDF5Error) {
        let space =
            shape.isEmpty
            ? H5Screate(H5S_SCALAR)
            : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
        guard let space = Handle(space),
            let attribute = Handle(H5Acreate2(object, name, stored, space.id, 0, 0)),
            values.isEmpty || H5Awrite(attribute.id, memory, values) >= 0
        else { throw failure(key, "set the attribute '\(name)'") }
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
