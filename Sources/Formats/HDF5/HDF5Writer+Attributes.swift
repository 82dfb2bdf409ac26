internal import CHDF5

extension HDF5Writer {
    /// Attaches a value to a group or an array.
    ///
    /// - Parameters:
    ///   - name: The name; one object cannot have two attributes of the same name.
    ///   - value: The value.
    ///   - path: The path of a group or array made before; the root always exists.
    ///   - variableLength: Whether strings are stored with a variable length, as h5py does; no effect on numbers.
    ///     ``HDF5Reader`` reads them when ``HDF5Limits/allowsVariableStrings`` is set.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the object is missing, the name is taken, a string holds a zero
    ///   character, or the values of a matrix do not fill its shape.
    public func setAttribute(
        _ name: String, _ value: HDF5Attribute, at path: String = "/", variableLength: Bool = false
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            let operation = "set the attribute '\(name)'"
            let object = try openObject(path, operation)
            let key = object.key
            guard !name.isEmpty, !name.utf8.contains(0) else {
                throw misuse(key, operation, "a name that is empty or holds a zero", "a plain name")
            }
            guard H5Aexists(object.id, name) == 0 else {
                throw misuse(key, operation, "an attribute of that name", "a new name")
            }
            let integer = HDF5ElementType.int64
            let double = HDF5ElementType.float64
            switch value {
            case .string(let string) where variableLength:
                try writeVariable(object.id, name, key, [string], shape: [])
            case .strings(let strings) where variableLength:
                try writeVariable(object.id, name, key, strings, shape: [strings.count])
            case .string(let string):
                try write(object.id, name, key, [string], shape: [])
            case .strings(let strings):
                try write(object.id, name, key, strings, shape: [strings.count])
            case .integer(let value):
                try write(object.id, name, key, [value], as: integer, shape: [])
            case .integers(let values):
                try write(object.id, name, key, values, as: integer, shape: [values.count])
            case .double(let value):
                try write(object.id, name, key, [value], as: double, shape: [])
            case .doubles(let values):
                try write(object.id, name, key, values, as: double, shape: [values.count])
            case .matrix(let values, let shape):
                guard HDF5Limits.byteCount(of: shape, elementBytes: 1) == values.count,
                    shape.count >= 2, shape.count <= Int(H5S_MAX_RANK)
                else {
                    throw misuse(
                        key, operation, "\(values.count) values for shape \(shape)",
                        "at least two extents, whose product is the number of values")
                }
                try write(object.id, name, key, values, as: double, shape: shape)
            }
        }
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
