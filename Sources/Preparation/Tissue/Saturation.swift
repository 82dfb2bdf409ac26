/// Saturation of the HSV colour model in 8 bits, with OpenCV's rounding.
///
/// S = 255 (max - min) / max, computed as OpenCV does: the reciprocal in 12-bit fixed point, rounded once.
enum Saturation {
    /// round(255 * 4096 / value); 0 for 0.
    static let reciprocals: [UInt32] = (0...255).map {
        $0 == 0 ? 0 : UInt32((1_044_480.0 / Double($0)).rounded(.toNearestOrEven))
    }

    /// Writes the saturation of interleaved 8-bit RGB pixels; the order of the three channels does not matter.
    ///
    /// - Complexity: One table look-up per pixel.
    static func write(
        of rgb: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(rgb.count == target.count * 3, "three samples per pixel")
        reciprocals.withUnsafeBufferPointer { table in
            var place = 0
            for n in 0..<target.count {
                let (r, g, b) = (rgb[place], rgb[place + 1], rgb[place + 2])
                place += 3
                let high = max(r, max(g, b))
                let low = min(r, min(g, b))
                let scaled = UInt32(high - low) &* table[Int(high)] &+ 2048
                target[n] = UInt8(truncatingIfNeeded: scaled >> 12)
            }
        }
    }
}
