/// Fixed-offset fields of a header, in either byte order.
///
/// The caller has checked the length of the bytes.
struct HeaderFields {
    let bytes: [UInt8]
    let isBigEndian: Bool

    private func integer<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Value {
        let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
        return isBigEndian ? Value(bigEndian: raw) : Value(littleEndian: raw)
    }

    func int16(_ offset: Int) -> Int { Int(integer(offset, Int16.self)) }
    func int32(_ offset: Int) -> Int { Int(integer(offset, Int32.self)) }
    func int64(_ offset: Int) -> Int { Int(integer(offset, Int64.self)) }
    func float32(_ offset: Int) -> Double {
        Double(Float(bitPattern: integer(offset, UInt32.self)))
    }
    func float64(_ offset: Int) -> Double { Double(bitPattern: integer(offset, UInt64.self)) }
}
