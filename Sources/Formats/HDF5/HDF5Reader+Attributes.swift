internal import CHDF5

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension HDF5Reader {
    /// The names of an object's attributes, sorted by their bytes.
    ///
    /// - Parameter path: The path of a group or an array.
    /// - Returns: The names; empty when there are none.
    /// - Throws: ``HDF5Error`` when the object is missing, refused or damaged.
    public func attributeNames(at path: String = "/") throws(HDF5Error) -> [String] {
        try HDF5Library.locked { () throws(HDF5Error) in
            let object = try open(path)
            let key = object.key
            // Looking for a name that is not there decodes every attribute. The listing below frees memory it never set
            // when one cannot be decoded.
            guard H5Aexists(object.id, "\u{1}") == 0 else {
                throw failure(.damaged, key, "list attributes")
            }
            return try NameList.collect(
                limit: limits.names, file: self.path, key: key, operation: "list attributes"
            ) { samdata_h5a_names(object.id, $0, $1) }
        }
    }

    /// Reads an attribute.
    ///
    /// - Parameters:
    ///   - name: The name of the attribute.
    ///   - path: The path of the group or array it belongs to.
    /// - Returns: The value, or `nil` when the object has no such attribute.
    /// - Throws: ``HDF5Error`` when the object is missing or the value is damaged, too large, or refused, as strings of
    ///   variable length are unless ``HDF5Limits/allowsVariableStrings`` is set.
    public func attribute(
        _ name: String, at path: String = "/"
    ) throws(HDF5Error) -> HDF5Attribute? {
        try HDF5Library.locked { () throws(HDF5Error) in
            let object = try open(path)
            let key = "\(object.key)@\(name)"
            let exists = name.utf8.contains(0) ? 0 : H5Aexists(object.id, name)
            if exists == 0 { return nil }
            guard exists > 0, let attribute = Handle(H5Aopen(object.id, name, 0)),
                let type = Handle(H5Aget_type(attribute.id)),
                let space = Handle(H5Aget_space(attribute.id))
            else { throw failure(.damaged, key, "read an attribute") }
            let shape = try extents(of: space.id, key, "read an attribute")
            let size = H5Tget_size(type.id)
            guard let bytes = HDF5Limits.byteCount(of: shape, elementBytes: max(size, 8)),
                bytes <= limits.attributeBytes
            else {
                throw HDF5Error(
                    .tooLarge, file: self.path, key: key, operation: "read an attribute",
                    found: "shape \(shape) with \(size) bytes per value",
                    expected: "at most \(limits.attributeBytes) bytes; raise the limit")
            }
            let count = shape.reduce(1, *)
            if H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) > 0 {
                let strings = try variableStrings(
                    attribute.id, type.id, space.id, count: count, key)
                return shape.isEmpty ? .string(strings[0]) : .strings(strings)
            }
            switch try storedType(type.id, key, "read an attribute") {
            case .fixedString(let size):
                let bytes = try values(
                    of: attribute.id, type.id, count: count * size, 0 as UInt8, key)
                let strings = try strings(
                    bytes, size: size, type: type.id, key, "read an attribute")
                return shape.isEmpty ? .string(strings[0]) : .strings(strings)
            case .number(.uint64, _):
                let wide = try values(
                    of: attribute.id, samdata_h5t_native_uint64(), count: count, 0 as UInt64, key)
                var integers: [Int64] = []
                for value in wide {
                    guard let integer = Int64(exactly: value) else {
                        throw mismatch(
                            key, "\(value)", "an integer below 2^63",
                            operation: "read an attribute")
                    }
                    integers.append(integer)
                }
                return try value(integers, shape: shape, key)
            case .number(let stored, _) where stored.isInteger:
                let integers = try values(
                    of: attribute.id, samdata_h5t_native_int64(), count: count, 0 as Int64, key)
                return try value(integers, shape: shape, key)
            case .number, .float16:
                let doubles = try values(
                    of: attribute.id, samdata_h5t_native_float64(), count: count, 0 as Double, key)
                switch shape.count {
                case 0: return .double(doubles[0])
                case 1: return .doubles(doubles)
                default: return .matrix(doubles, shape: shape)
                }
            }
        }
    }

    private static let mostVariableStrings = 4096

    private func value(
        _ integers: [Int64], shape: [Int], _ key: String
    ) throws(HDF5Error) -> HDF5Attribute {
        switch shape.count {
        case 0: return .integer(integers[0])
        case 1: return .integers(integers)
        default:
            let doubles = integers.compactMap { Double(exactly: $0) }
            guard doubles.count == integers.count else {
                throw mismatch(
                    key, "a table of integers beyond 2^53", "smaller values, or a list",
                    operation: "read an attribute")
            }
            return .matrix(doubles, shape: shape)
        }
    }

    /// Reads `count` values of a type in memory, which starts out as zeros.
    private func values<E: BitwiseCopyable>(
        of attribute: hid_t, _ type: hid_t, count: Int, _ zero: E, _ key: String
    ) throws(HDF5Error) -> [E] {
        var values = [E](repeating: zero, count: count)
        guard count == 0 || H5Aread(attribute, type, &values) >= 0 else {
            throw failure(.damaged, key, "read an attribute")
        }
        return values
    }

    private func variableStrings(
        _ attribute: hid_t, _ stored: hid_t, _ space: hid_t, count: Int, _ key: String
    ) throws(HDF5Error) -> [String] {
        guard limits.allowsVariableStrings else {
            throw HDF5Error(
                .refused, file: path, key: key, operation: "read an attribute",
                found: "strings of variable length",
                expected: "strings of fixed length; if the file is trusted, allow variable ones in"
                    + " HDF5Limits")
        }
        guard count > 0 else { return [] }
        // Every element may name the same piece of the file, however long.
        guard count <= Self.mostVariableStrings else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: "read an attribute",
                found: "\(count) strings of variable length",
                expected: "at most \(Self.mostVariableStrings); store them with a fixed length")
        }
        // The library converts between ASCII and UTF-8 in neither direction.
        guard let type = Handle(samdata_h5t_variable_string_copy()),
            H5Tset_cset(type.id, H5Tget_cset(stored)) >= 0
        else { throw failure(.damaged, key, "read an attribute") }
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        let result = H5Aread(attribute, type.id, &pointers)
        defer { _ = samdata_h5_reclaim(type.id, space, &pointers) }
        guard result >= 0 else { throw failure(.damaged, key, "read an attribute") }
        var strings: [String] = []
        for pointer in pointers {
            guard let pointer else {
                // A string of no bytes is stored as a null pointer.
                strings.append("")
                continue
            }
            let bytes = UnsafeBufferPointer(
                start: UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self),
                count: strlen(pointer))
            strings.append(try text(bytes, key, "read an attribute"))
        }
        return strings
    }
}
