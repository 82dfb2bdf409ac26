import MedicalImaging

/// Smooth random fields on a periodic lattice: four independent values in -1...1 at any position.
///
/// Only + - * and integer arithmetic, so that every machine gets the same bits.
///
/// - Source: value noise, Perlin's predecessor: random lattice values joined by the smoothstep polynomial.
struct ValueNoise {
    private static let side = 16
    private let lattice: [SIMD4<Float>]
    private let scale: Float

    /// Makes a field.
    ///
    /// - Parameters:
    ///   - wavelength: Distance of the lattice points, in the unit of the positions.
    ///   - random: Where the lattice values come from.
    init(wavelength: Float, random: RandomSource) {
        var random = random
        scale = 1 / wavelength
        lattice = (0..<Self.side * Self.side * Self.side).map { _ in
            var values = SIMD4<Float>()
            for n in 0..<4 { values[n] = Float(random.next() >> 8) * 0x1p-23 - 1 }
            return values
        }
    }

    /// The four values at a position.
    ///
    /// - Parameter p: A position within a few thousand wavelengths of 0.
    /// - Returns: Four independent values in -1...1.
    func callAsFunction(_ p: SIMD3<Float>) -> SIMD4<Float> {
        let (x0, x1, tx) = Self.cell(p.x * scale)
        let (y0, y1, ty) = Self.cell(p.y * scale)
        let (z0, z1, tz) = Self.cell(p.z * scale)
        func row(_ y: Int, _ z: Int) -> SIMD4<Float> {
            let base = (z * Self.side + y) * Self.side
            let a = lattice[base + x0]
            return a + (lattice[base + x1] - a) * tx
        }
        let a = row(y0, z0)
        let b = row(y0, z1)
        let near = a + (row(y1, z0) - a) * ty
        let far = b + (row(y1, z1) - b) * ty
        return near + (far - near) * tz
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
