import MedicalImaging

/// One nucleus: a perturbed ellipse, and how it takes the stain.
struct Nucleus: Sendable {
    /// Centre in pixels of the picture, radii along and across its long axis, and that axis.
    var center: SIMD2<Float>, radii: SIMD2<Float>, axis: SIMD2<Float>
    /// Amplitudes of the waves around the outline: twofold, threefold (two phases), fourfold.
    var wobble: SIMD4<Float>
    /// Haematoxylin and eosin inside.
    var stain: Float, eosin: Float
    /// How much of the stain is in clumps, 0...1, and how much of it at the membrane.
    var clumps: Float, membrane: Float
    /// Half the width of the edge in pixels: large when the nucleus is out of focus.
    var blur: Float
    /// Dark nucleoli: place inside the unit circle and radius in pixels; radius 0 is none.
    var nucleoli: [SIMD3<Float>]

    /// The largest distance of a painted pixel from the centre.
    var reach: Float { max(radii.x, radii.y) * 1.45 + blur + 1 }

    /// The distance of the outline from the centre in a direction, in units of the ellipse.
    @inline(__always)
    func outlineRadius(_ c: Float, _ s: Float) -> Float {
        let s2 = 2 * s * c
        let c3 = c * (4 * c * c - 3)
        let s3 = s * (3 - 4 * s * s)
        let c4 = 1 - 2 * s2 * s2
        return 1 + wobble.x * s2 + wobble.y * c3 + wobble.z * s3 + wobble.w * c4
    }

    /// The outline as a ring.
    ///
    /// - Parameter directions: Where the vertices lie as seen from the centre.
    /// - Returns: As many positions, in the picture.
    func outline(_ directions: [SIMD2<Float>]) -> [SIMD2<Float>] {
        directions.map { d in
            let r = outlineRadius(d.x, d.y)
            let (u, v) = (d.x * r * radii.x, d.y * r * radii.y)
            return center + SIMD2(u * axis.x - v * axis.y, u * axis.y + v * axis.x)
        }
    }

    /// Paints the nucleus over what is there.
    ///
    /// - Parameters:
    ///   - canvas: The window; only the part of the nucleus inside is painted.
    ///   - chromatin: A texture whose wavelength is that of chromatin.
    func paint(on canvas: inout StainCanvas, chromatin: PlaneNoise) {
        let reach = reach
        func low(_ value: Float, _ start: Int) -> Int { max(Int(value - reach) - start - 1, 0) }
        let (left, top) = (low(center.x, canvas.x), low(center.y, canvas.y))
        let right = min(Int(center.x + reach) - canvas.x + 2, canvas.width)
        let bottom = min(Int(center.y + reach) - canvas.y + 2, canvas.height)
        guard left < right, top < bottom else { return }
        let (x, y, width) = (canvas.x, canvas.y, canvas.width)
        let size = min(radii.x, radii.y)
        let edge = blur / size
        let inverse = 1 / radii
        canvas.densities.withUnsafeMutableBufferPointer { densities in
            for j in top..<bottom {
                let dy = Float(y + j) + 0.5 - center.y
                for i in left..<right {
                    let dx = Float(x + i) + 0.5 - center.x
                    let u = (dx * axis.x + dy * axis.y) * inverse.x
                    let v = (dy * axis.x - dx * axis.y) * inverse.y
                    let distance = (u * u + v * v).squareRoot()
                    if distance > 1.5 + edge { continue }
                    let away = 1 / max(distance, 1e-4)
                    let r = distance / outlineRadius(u * away, v * away)
                    if r >= 1.08 + edge { continue }
                    // The texture turns with the nucleus, in two sizes at an angle, so that no lattice shows.
                    let (a, b) = (u * radii.x, v * radii.y)
                    let small = chromatin(center.x + a, center.y + b)
                    let large = chromatin(
                        0.33 * (a - 0.75 * b) - center.y, 0.33 * (b + 0.75 * a) + center.x)
                    let n = j * width + i
                    densities[n] = blend(
                        densities[n], r + 0.07 * large.z, edge, u, v,
                        0.45 * small + 0.75 * large)
                }
            }
        }
    }

    @inline(__always)
    private func blend(
        _ below: SIMD4<Float>, _ r: Float, _ edge: Float, _ u: Float, _ v: Float,
        _ texture: SIMD4<Float>
    ) -> SIMD4<Float> {
        let cover = 1 - HistologyMath.step(1 - edge, 1 + edge, r)
        let clump = HistologyMath.step(-0.45, 0.65, texture.x)
        let rim = HistologyMath.step(0.62, 0.9, r)
        var density = stain * (1 - clumps + 1.7 * clumps * clump) + stain * membrane * rim
        for spot in nucleoli where spot.z > 0 {
            let (a, b) = ((u - spot.x) * radii.x, (v - spot.y) * radii.y)
            let d = (a * a + b * b).squareRoot()
            density += 0.9 * (1 - HistologyMath.step(spot.z - 0.8, spot.z + 0.8, d))
        }
        var result = below
        // Light passes both of two overlapping nuclei, but the section is thin.
        result.x = below.x * (1 - 0.72 * cover) + density * cover
        result.y = below.y * (1 - 0.8 * cover) + (eosin + 0.1 * texture.z) * cover
        result.z = below.z * (1 - cover)
        return result
    }
}
