/// An oval with an uneven outline: a lumen, a piece of tissue, a tumor.
struct RoughOval: Sendable {
    /// Centre and half axes in pixels, and where the first axis points.
    var center: SIMD2<Float>, radii: SIMD2<Float>, axis = SIMD2<Float>(1, 0)
    /// How far the outline strays, in pixels.
    var roughness: Float

    /// About the distance to the outline in pixels, negative inside.
    ///
    /// - Parameters:
    ///   - p: A position.
    ///   - warp: Two values in -1...1 of a smooth field there.
    /// - Returns: The distance; exact on the outline only.
    @inline(__always)
    func distance(_ p: SIMD2<Float>, _ warp: SIMD2<Float>) -> Float {
        let q = p - center + warp * roughness
        let (a, b) = (q.x * axis.x + q.y * axis.y, q.y * axis.x - q.x * axis.y)
        let (u, v) = (a / radii.x, b / radii.y)
        let r = (u * u + v * v).squareRoot()
        guard r > 0.05 else { return -min(radii.x, radii.y) }
        return (1 - 1 / r) * HistologyMath.length(q)
    }

    /// Where the rays from the centre leave the oval.
    ///
    /// - Parameters:
    ///   - directions: The rays.
    ///   - distance: The signed distance that counts; negative at the centre.
    /// - Returns: One position per ray, found by halving to less than a hundredth of a pixel.
    func outline(
        _ directions: [SIMD2<Float>], distance: (SIMD2<Float>) -> Float
    ) -> [SIMD2<Float>] {
        directions.map { d in
            var (low, high) = (Float(0), max(radii.x, radii.y) + 2 * roughness)
            for _ in 0..<18 {
                let middle = (low + high) / 2
                if distance(center + d * middle) < 0 { low = middle } else { high = middle }
            }
            return center + d * low
        }
    }
}
