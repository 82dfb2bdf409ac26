import TensorFiles

/// Brings float32 to the narrower types of a checkpoint, rounding to nearest, halves to even.
enum ElementConversion {
    /// The half nearest to a value; beyond 65519.996 an infinity.
    ///
    /// Written out because the base instruction set has no conversion and `Float16` is not on every platform.
    @inline(__always)
    static func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
        let magnitude = bits & 0x7fff_ffff
        if magnitude > 0x7f80_0000 {
            // A NaN stays one: its upper bits, made quiet.
            return sign | 0x7e00 | UInt16(truncatingIfNeeded: (magnitude >> 13) & 0x03ff)
        }
        // 65520 lies halfway between the largest half and what would be the next, and goes up.
        if magnitude >= 0x477f_f000 { return sign | 0x7c00 }
        if magnitude < 0x3880_0000 {
            // Subnormal: adding 0.5 leaves multiples of 2^-24 in the lowest bits, rounded by the addition itself.
            let sum = Float(bitPattern: magnitude) + 0.5
            return sign | UInt16(truncatingIfNeeded: sum.bitPattern &- 0x3f00_0000)
        }
        let odd = (magnitude >> 13) & 1
        let rounded = magnitude &- 0x3800_0000 &+ 0x0fff &+ odd
        return sign | UInt16(truncatingIfNeeded: rounded >> 13)
    }

    /// The bfloat16 nearest to a value; the largest float32 values become an infinity.
    @inline(__always)
    static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if bits & 0x7fff_ffff > 0x7f80_0000 {
            return UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
        }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
    }

    /// Narrows float32 to a precision and adds what that changed to an account.
    ///
    /// - Parameters:
    ///   - values: The values.
    ///   - precision: The type of the result.
    ///   - account: Sums of squares and the largest difference.
    /// - Returns: The bytes, little-endian; `nil` when a finite value would become infinite.
    static func narrow(
        _ values: UnsafeBufferPointer<Float>, to precision: CheckpointPrecision,
        account: inout RoundingAccount
    ) -> [UInt8]? {
        let size = precision.elementType.byteCount
        var overflows = false
        let bytes = [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, made in
            let output = UnsafeMutableRawBufferPointer(buffer)
            for (index, value) in values.enumerated() {
                let stored: Float
                switch precision {
                case .float32:
                    output.storeBytes(
                        of: value.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
                    stored = value
                case .float16:
                    let bits = half(value)
                    output.storeBytes(
                        of: bits.littleEndian, toByteOffset: index * 2, as: UInt16.self)
                    stored = FloatConversion.half(bits)
                case .bfloat16:
                    let bits = bfloat16(value)
                    output.storeBytes(
                        of: bits.littleEndian, toByteOffset: index * 2, as: UInt16.self)
                    stored = Float(bitPattern: UInt32(bits) << 16)
                }
                guard value.isFinite else { continue }
                if !stored.isFinite { overflows = true }
                account.add(value, stored)
            }
            made = values.count * size
        }
        return overflows ? nil : bytes
    }
}

/// Adds up how far stored values are from those of the source, always in the same order.
struct RoundingAccount {
    private var squares = 0.0
    private var differences = 0.0
    private var largest = 0.0

    @inline(__always)
    mutating func add(_ value: Float, _ stored: Float) {
        let difference = Double(stored) - Double(value)
        squares += Double(value) * Double(value)
        differences += difference * difference
        largest = max(largest, abs(difference))
    }

    /// The statement; `nil` when nothing was changed.
    var rounding: CheckpointHeader.Rounding? {
        guard largest > 0, squares > 0 else { return nil }
        return CheckpointHeader.Rounding(
            relativeL2: (differences / squares).squareRoot(), largest: largest)
    }
}
