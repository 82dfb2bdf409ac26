/// The most interior pixel of a region under OpenCV's 5x5 chamfer distance (steps 1, 1.4, 2.1969).
///
/// Kept for comparison with systems that use it: pixels beyond the image border are *not* outside, and a region that fills
/// the whole slice has its maximum at pixel (0, 0). Distances are 16.16 fixed-point numbers, compared as 32-bit floats,
/// as OpenCV returns them.
///
/// - Source: Borgefors, "Distance transformations in digital images", 1986, with OpenCV's constants.
enum ChamferPoint {
    private static let straight: Int32 = 65_536  // 1
    private static let diagonal: Int32 = 91_750  // 1.4
    private static let knight: Int32 = 143_976  // 2.1969
    private static let far: Int32 = .max >> 2

    static func centre(of region: Region, rows: Int, columns: Int) -> (x: Int, y: Int) {
        // Outside pixels more than two steps away from the region cannot be nearer than one on the ring around it.
        let left = max(0, region.x0 - 2)
        let top = max(0, region.y0 - 2)
        let right = min(columns - 1, region.x1 + 2)
        let bottom = min(rows - 1, region.y1 + 2)
        let (width, height) = (right - left + 1, bottom - top + 1)
        let stride = width + 4
        // Two columns and rows of "far" all around: the image border is not background.
        var d = [Int32](repeating: far, count: stride * (height + 4))
        for y in 0..<height {
            for x in 0..<width where !region.contains(x: left + x, y: top + y) {
                d[(y + 2) * stride + x + 2] = 0
            }
        }
        let before: [(Int, Int32)] = [
            (-2 * stride - 1, knight), (-2 * stride + 1, knight), (-stride - 2, knight),
            (-stride - 1, diagonal), (-stride, straight), (-stride + 1, diagonal),
            (-stride + 2, knight), (-1, straight),
        ]
        d.withUnsafeMutableBufferPointer { d in
            for y in 2..<(height + 2) {
                for n in (y * stride + 2)..<(y * stride + 2 + width) where d[n] != 0 {
                    var value = far
                    for (step, cost) in before { value = min(value, d[n + step] + cost) }
                    d[n] = value
                }
            }
            for y in Swift.stride(from: height + 1, through: 2, by: -1) {
                for n in Swift.stride(
                    from: y * stride + 1 + width, through: y * stride + 2, by: -1)
                where d[n] != 0 {
                    var value = d[n]
                    for (step, cost) in before { value = min(value, d[n - step] + cost) }
                    d[n] = value
                }
            }
        }
        var best = (x: 0, y: 0, distance: Float(-1))
        for y in 0..<height {
            for x in 0..<width {
                let distance = Float(d[(y + 2) * stride + x + 2]) * (1 / 65_536)
                if distance > best.distance { best = (left + x, top + y, distance) }
            }
        }
        return (best.x, best.y)
    }
}
