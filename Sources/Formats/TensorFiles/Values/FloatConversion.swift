/// Brings elements of any type to float32.
///
/// Exact for half, bfloat16 and integers up to 2^24; double and wider integers are rounded to nearest even.
package enum FloatConversion {
    /// Converts elements that lie one behind the other.
    ///
    /// - Parameters:
    ///   - bytes: Little-endian elements, as many as `output` has room for.
    ///   - type: Their type.
    ///   - output: Memory to fill.
    package static func convert(
        _ bytes: UnsafeRawBufferPointer, of type: TensorElementType,
        into output: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(bytes.count == output.count * type.byteCount)
        switch type {
        case .float32:
            UnsafeMutableRawBufferPointer(output).copyMemory(from: bytes)
        case .float64: map(bytes, output, UInt64.self) { Float(Double(bitPattern: $0)) }
        case .float16: map(bytes, output, UInt16.self, half)
        case .bfloat16: map(bytes, output, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .int64: map(bytes, output, Int64.self) { Float($0) }
        case .int32: map(bytes, output, Int32.self) { Float($0) }
        case .int16: map(bytes, output, Int16.self) { Float($0) }
        case .int8: map(bytes, output, Int8.self) { Float($0) }
        case .uint8: map(bytes, output, UInt8.self) { Float($0) }
        case .bool: map(bytes, output, UInt8.self) { $0 == 0 ? 0 : 1 }
        }
    }

    /// The value of a half; written out because the base instruction set has no conversion, so that `Float16` would call
    /// a function for each element.
    @inlinable @inline(__always)
    package static func half(_ bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7fff)
        // Shifted into place the exponent is 112 too small; the product corrects it and normalises subnormals.
        let finite = (Float(bitPattern: magnitude << 13) * 0x1p112).bitPattern
        let special = 0x7f80_0000 | (magnitude << 13)
        let value = magnitude >= 0x7c00 ? special : finite
        return Float(bitPattern: value | UInt32(bits & 0x8000) << 16)
    }

    @inline(__always)
    private static func map<Element: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ output: UnsafeMutableBufferPointer<Float>,
        _ type: Element.Type, _ convert: (Element) -> Float
    ) {
        let size = MemoryLayout<Element>.size
        for index in 0..<output.count {
            let bits = bytes.loadUnaligned(fromByteOffset: index * size, as: Element.self)
            output[index] = convert(Element(littleEndian: bits))
        }
    }
}
