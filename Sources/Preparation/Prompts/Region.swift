/// One region of a label slice that gets prompts: an organ, a connected component of one, or an object of an instance map.
///
/// The region is kept as its own small mask with a ring of background around it, so that nothing below looks at the
/// whole slice again.
struct Region {
    /// The label id.
    let label: UInt8
    /// 0 for the whole organ; components count from 1, in the order of their first pixels; for objects, their number.
    let component: Int
    /// First and last column and row, inclusive.
    let x0: Int
    let y0: Int
    let x1: Int
    let y1: Int
    /// Number of pixels.
    let area: Int
    /// `(height + 2) * (width + 2)` values 0 or 1.
    let padded: [UInt8]

    var width: Int { x1 - x0 + 1 }
    var height: Int { y1 - y0 + 1 }
    var paddedWidth: Int { width + 2 }

    /// The pixel with a number, counted row by row.
    func pixel(number: Int) -> (x: Int, y: Int) {
        var left = number
        for row in 0..<height {
            let start = (row + 1) * paddedWidth + 1
            for column in 0..<width where padded[start + column] != 0 {
                if left == 0 { return (x0 + column, y0 + row) }
                left -= 1
            }
        }
        preconditionFailure("a region has fewer pixels than its area")
    }

    /// Whether a pixel of the slice belongs to the region.
    func contains(x: Int, y: Int) -> Bool {
        guard x >= x0, x <= x1, y >= y0, y <= y1 else { return false }
        return padded[(y - y0 + 1) * paddedWidth + x - x0 + 1] != 0
    }
}
