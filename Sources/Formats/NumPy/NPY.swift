/// Reads and writes single NumPy arrays (`.npy`).
///
/// - Source: the NPY format, versions 1.0 to 3.0, as described in NumPy's `numpy.lib.format`.
public enum NPY {
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Writes an array as NumPy itself would, byte for byte.
    ///
    /// - Complexity: O(*n*); one copy of the bytes.
    ///
    /// - Parameters:
    ///   - shape: The length of each axis; empty for a single element.
    ///   - type: The type of the elements.
    ///   - bytes: The elements, little-endian in C order.
    /// - Returns: The file.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` when the bytes do not fit the shape.
    public static func encode(
        shape: [Int], type: NPYType, bytes: [UInt8]
    ) throws(NumPyError) -> [UInt8] {
        encode(try NPYArray(shape: shape, type: type, bytes: bytes))
    }

    /// Writes an array as NumPy itself would, byte for byte.
    ///
    /// - Parameter array: The array.
    /// - Returns: The file.
    public static func encode(_ array: NPYArray) -> [UInt8] {
        header(checkedShape: array.shape, type: array.type) + array.bytes
    }

    /// The bytes that stand before the elements: a multiple of 64, version 1.0.
    ///
    /// For writing an array whose elements follow in pieces.
    ///
    /// - Parameters:
    ///   - shape: The length of each axis; empty for a single element.
    ///   - type: The type of the elements.
    /// - Returns: The header.
    /// - Throws: ``NumPyError/unwritable(name:found:expected:)`` for a negative axis or too many of them.
    public static func header(shape: [Int], type: NPYType) throws(NumPyError) -> [UInt8] {
        guard shape.count <= NPYArray.maximumRank, shape.allSatisfy({ $0 >= 0 }) else {
            throw .unwritable(
                name: "NumPy array", found: "shape \(shape)",
                expected: "at most \(NPYArray.maximumRank) axes, none negative")
        }
        return header(checkedShape: shape, type: type)
    }

    static func header(checkedShape shape: [Int], type: NPYType) -> [UInt8] {
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type.descr)', 'fortran_order': False, 'shape': (\(axes)), }"
        // NumPy leaves room for the first axis to grow to 21 digits in place.
        if let first = shape.first {
            text += String(repeating: " ", count: max(0, 21 - String(first).count))
        }
        // Magic, version and length take 10 bytes, the newline 1. At most 32 axes keep this far below 65 536.
        // NumPy pads by 64 where nothing would be needed; so do we.
        let used = 10 + text.utf8.count + 1
        text += String(repeating: " ", count: 64 - used % 64) + "\n"
        let length = text.utf8.count
        return magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// Reads an array.
    ///
    /// Fortran order and big-endian elements are brought to C order and little-endian.
    /// The header is parsed, never evaluated; arrays of Python objects are refused.
    ///
    /// - Complexity: O(*n*); one copy of the bytes, two if they are rearranged.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What error messages call the file.
    ///   - limits: The largest array to accept.
    /// - Returns: The array.
    /// - Throws: ``NumPyError`` when the file is no array, damaged, or of an element type that is not read.
    public static func decode(
        _ bytes: [UInt8], named name: String = "NumPy data", limits: NumPyLimits = .standard
    ) throws(NumPyError) -> NPYArray {
        try decode(bytes[...], named: name, limits: limits)
    }

    static func decode(
        _ file: ArraySlice<UInt8>, named name: String, limits: NumPyLimits
    ) throws(NumPyError) -> NPYArray {
        let (header, data) = try NPYHeader.read(file, named: name)
        guard let expected = NPYArray.byteCount(shape: header.shape, type: header.type) else {
            throw .tooLarge(
                file: name, found: "shape \(header.shape)", limit: "\(limits.arrayBytes) bytes")
        }
        guard expected <= limits.arrayBytes else {
            throw .tooLarge(
                file: name, found: "\(expected) bytes", limit: "\(limits.arrayBytes) bytes")
        }
        guard data.count == expected else {
            throw .damaged(
                file: name, offset: data.startIndex - file.startIndex,
                found: "\(data.count) bytes of elements",
                expected: "\(expected) for shape \(header.shape) of \(header.type.rawValue)")
        }
        var elements = Array(data)
        if header.isFortranOrder {
            elements = NPYByteOrder.cOrder(
                fromFortran: elements, shape: header.shape, size: header.type.size)
        }
        if header.isBigEndian { NPYByteOrder.swap(&elements, size: header.type.size) }
        return NPYArray(checkedShape: header.shape, type: header.type, bytes: elements)
    }
}
