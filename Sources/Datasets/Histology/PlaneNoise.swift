import MedicalImaging

/// A smooth random field in the plane: four independent values in -1...1 at any position.
///
/// The sister of ``ValueNoise`` for pictures: a lattice of 64 x 64 points in place of 16 x 16 x 16, so that the repetition of
/// fine textures cannot be seen. Only + - * and integer arithmetic, so that every machine gets the same bits.
///
/// - Source: value noise: random lattice values joined by the smoothstep polynomial.
struct PlaneNoise: Sendable {
    private static let side = 64
    private let lattice: [SIMD4<Float>]
    private let scale: Float

    /// Makes a field.
    ///
    /// - Parameters:
    ///   - wavelength: Distance of the lattice points in pixels.
    ///   - random: Where the lattice values come from.
    init(wavelength: Float, random: RandomSource) {
        var random = random
        scale = 1 / wavelength
        lattice = (0..<Self.side * Self.side).map { _ in
            var values = SIMD4<Float>()
            for n in 0..<4 { values[n] = Float(random.next() >> 8) * 0x1p-23 - 1 }
            return values
        }
    }

    /// The four values at a position.
    ///
    /// - Parameters:
    ///   - x: To the right, within 4,000 wavelengths of 0.
    ///   - y: Down, within 4,000 wavelengths of 0.
    /// - Returns: Four independent values in -1...1.
    @inline(__always)
    func callAsFunction(_ x: Float, _ y: Float) -> SIMD4<Float> {
        let (x0, x1, tx) = Self.cell(x * scale)
        let (y0, y1, ty) = Self.cell(y * scale)
        return lattice.withUnsafeBufferPointer { lattice in
            let (above, below) = (y0 * Self.side, y1 * Self.side)
            let a = lattice[above + x0]
            let b = lattice[below + x0]
            let near = a + (lattice[above + x1] - a) * tx
            let far = b + (lattice[below + x1] - b) * tx
            return near + (far - near) * ty
        }
    }

    /// The two lattice points around a coordinate, and the smooth weight of the second.
    @inline(__always)
    private static func cell(_ x: Float) -> (Int, Int, Float) {
        // Shifted to positive numbers, so that the conversion, which cuts, is a floor.
        let shifted = x + 4096
        let whole = Int(shifted)
        let t = shifted - Float(whole)
        return (whole & (side - 1), (whole + 1) & (side - 1), t * t * (3 - 2 * t))
    }
}
