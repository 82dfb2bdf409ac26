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
            try write(
                name, value, to: object.id, key: object.key, variableLength: variableLength)
        }
    }
}
