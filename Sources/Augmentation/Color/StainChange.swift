/// What scaling and shifting two stains does to optical densities: one matrix and one vector.
struct StainChange {
    /// New densities of red, green and blue from the old ones.
    let matrix: [SIMD3<Double>]
    /// What is added to the densities, natural logarithm.
    let offset: SIMD3<Double>

    /// Optical densities of haematoxylin and eosin in red, green and blue, after Ruifrok and Johnston, not yet of unit length.
    static let haematoxylin = SIMD3(0.65, 0.70, 0.29)
    static let eosin = SIMD3(0.07, 0.99, 0.11)

    /// Combines the change of both stains, first haematoxylin, then eosin.
    init(scale: (Double, Double), shift: (Double, Double)) {
        let stains = [Self.unit(Self.haematoxylin), Self.unit(Self.eosin)]
        let normal = Self.cross(stains[0], stains[1])
        let rest = Self.unit(normal)
        // the columns of the inverse of (haematoxylin, eosin, rest): what each stain is measured by
        let volume = (normal * rest).sum()
        let probes = [
            Self.cross(stains[1], rest) / volume, Self.cross(rest, stains[0]) / volume,
        ]
        let scales = [scale.0, scale.1]
        matrix = (0..<3).map { row in
            var weights = SIMD3<Double>()
            weights[row] = 1
            for (k, stain) in stains.enumerated() {
                weights += (scales[k] - 1) * stain[row] * probes[k]
            }
            return weights
        }
        offset = shift.0 * stains[0] + shift.1 * stains[1]
    }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }

    private static func unit(_ vector: SIMD3<Double>) -> SIMD3<Double> {
        vector / (vector * vector).sum().squareRoot()
    }

    /// Changes every pixel; computed in powers of two, which stand for the natural ones up to a factor.
    func apply(to picture: ColorPlanes) {
        let (low, high) = (picture.range.lowerBound, picture.range.upperBound)
        let width = high - low
        let (a, b, c) = (matrix[0], matrix[1], matrix[2])
        // log2(e), so that the offset counts in powers of two as well
        let added = offset * 1.4426950408889634
        picture.forEachPixel { red, green, blue in
            func power(_ value: Float) -> Double {
                ExactMath.log2(Double(ColorPlanes.clip((value - low) / width, 1e-6, 1)))
            }
            let (r, g, blueward) = (power(red), power(green), power(blue))
            func color(_ weights: SIMD3<Double>, _ added: Double) -> Float {
                let sum = weights.x * r + weights.y * g + weights.z * blueward - added
                let part = Float(ExactMath.exp2(sum))
                return ColorPlanes.clip(low + width * part, low, high)
            }
            return (color(a, added.x), color(b, added.y), color(c, added.z))
        }
    }
}
