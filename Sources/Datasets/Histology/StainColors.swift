/// How much light haematoxylin, eosin, blood and ink take away, by colour: the Beer-Lambert law.
///
/// A pixel has four densities: haematoxylin, eosin, red blood cells, ink. Their weighted sum is the optical density (natural
/// logarithm) of red, green and blue.
///
/// - Source: Ruifrok and Johnston, "Quantification of histochemical staining by color deconvolution", 2001.
struct StainColors: Sendable {
    /// The colours of the four densities.
    var haematoxylin = SIMD4<Float>(0.60, 0.72, 0.33, 0)
    var eosin = SIMD4<Float>(0.18, 0.86, 0.44, 0)
    var blood = SIMD4<Float>(0.12, 0.74, 0.66, 0)
    var ink = SIMD4<Float>(1.9, 0.75, 0.95, 0)
    /// The empty glass in front of the lamp, 0...255.
    var glass = SIMD4<Float>(243, 242, 244, 0)
    /// Deviation of the camera in grey values.
    var noise: Float = 1.6

    /// The colour of one pixel.
    ///
    /// - Parameters:
    ///   - densities: Haematoxylin, eosin, blood, ink; 0 or more.
    ///   - word: A random word of this pixel, for the camera.
    /// - Returns: Red, green and blue in the first three places, then 255.
    @inline(__always)
    func color(_ densities: SIMD4<Float>, word: UInt32) -> SIMD4<UInt8> {
        var density = haematoxylin * densities.x + eosin * densities.y
        density += blood * densities.z + ink * densities.w
        // e^-x as the 64th power of 1 - x / 64.
        var light = 1 - density * (1 / 64)
        light.replace(with: 0, where: light .< 0)
        for _ in 0..<6 { light *= light }
        let grain = Float((word & 0xff) + (word >> 8 & 0xff) + (word >> 16 & 0xff)) - 382.5
        var value = light * glass + (grain * (1 / 127) * noise + 0.5)
        value.replace(with: 0, where: value .< 0)
        value.replace(with: 255, where: value .> 255)
        return SIMD4(
            UInt8(truncatingIfNeeded: Int32(value.x)), UInt8(truncatingIfNeeded: Int32(value.y)),
            UInt8(truncatingIfNeeded: Int32(value.z)), 255)
    }

    /// Random bits that belong to a pixel, whichever window shows it.
    @inline(__always)
    static func word(x: Int, y: Int, seed: UInt32) -> UInt32 {
        var n = UInt32(truncatingIfNeeded: x) &* 0x9e37_79b1
        n ^= UInt32(truncatingIfNeeded: y) &* 0x85eb_ca77 &+ seed
        n = (n ^ n >> 15) &* 0x2c1b_3c6d
        n = (n ^ n >> 12) &* 0x297a_2d39
        return n ^ n >> 15
    }
}
