import MedicalImaging

/// Small functions shared by the histology phantoms: + - * / and square root only, so that every machine agrees.
enum HistologyMath {
    /// 0 below the first bound, 1 above the second, smooth between.
    ///
    /// - Parameters:
    ///   - low: Where it leaves 0.
    ///   - high: Where it reaches 1; more than `low`.
    ///   - x: The position.
    /// - Returns: A number in 0...1.
    @inline(__always)
    static func step(_ low: Float, _ high: Float, _ x: Float) -> Float {
        let t = min(max((x - low) / (high - low), 0), 1)
        return t * t * (3 - 2 * t)
    }

    /// Mixes two numbers: `a` at 0, `b` at 1.
    @inline(__always)
    static func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

    /// The length of a vector.
    @inline(__always)
    static func length(_ v: SIMD2<Float>) -> Float { (v.x * v.x + v.y * v.y).squareRoot() }

    /// A vector of length 1 in the same direction; to the right for no direction.
    static func unit(_ v: SIMD2<Float>) -> SIMD2<Float> {
        let size = length(v)
        return size > 1e-6 ? v / size : SIMD2(1, 0)
    }

    /// Directions once around the circle, nearly evenly spaced, by the rational parametrisation.
    ///
    /// - Parameter count: How many; a multiple of 4.
    /// - Returns: Vectors of length 1, from the right by way of down (y runs down).
    static func directions(_ count: Int) -> [SIMD2<Float>] {
        let quarter = count / 4
        return (0..<quarter * 4).map { n in
            let t = Float(n % quarter) / Float(quarter)
            let (c, s) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
            switch n / quarter {
            case 0: return SIMD2(c, s)
            case 1: return SIMD2(-s, c)
            case 2: return SIMD2(-c, -s)
            default: return SIMD2(s, -c)
            }
        }
    }

    /// A position cut to hundredths of a pixel, as outlining programs write them.
    static func vertex(_ p: SIMD2<Float>) -> PlanePoint {
        func cut(_ value: Float) -> Double { (Double(value) * 100).rounded() / 100 }
        return PlanePoint(x: cut(p.x), y: cut(p.y))
    }
}

extension RandomSource {
    /// A uniform number between two bounds.
    mutating func uniform(_ low: Float, _ high: Float) -> Float {
        low + (high - low) * (Float(next() >> 8) * 0x1p-24)
    }

    /// A random direction: a point of the disc, drawn by rejection, on the circle.
    mutating func direction() -> SIMD2<Float> {
        while true {
            let v = SIMD2(uniform(-1, 1), uniform(-1, 1))
            let size = HistologyMath.length(v)
            if size > 0.1 && size <= 1 { return v / size }
        }
    }
}
