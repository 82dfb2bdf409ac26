/// Covers the pixels of a ring by the rule of OpenCV's `fillPoly`.
struct FixedPointFill {
    let crossings: RowCrossings

    /// Sets the ring's pixels in the mask of the frame.
    func fill(with value: UInt8, scratch: inout OutlineScratch) {
        let frame = crossings.frame
        let rows = frame.y..<(frame.y + frame.height)
        var inside: [(row: Int, x: Int)] = []
        let mask = scratch.mask.memory
        crossings.forEachEdge { edge in
            let x0 = Int(frame.column(edge.x0).rounded(.toNearestOrEven))
            let y0 = Int(frame.row(edge.y0).rounded(.toNearestOrEven))
            let x1 = Int(frame.column(edge.x1).rounded(.toNearestOrEven))
            let y1 = Int(frame.row(edge.y1).rounded(.toNearestOrEven))
            draw((x0, y0), (x1, y1), value, mask)
            guard y0 != y1 else { return }
            let (top, bottom) = y0 < y1 ? ((x0, y0), (x1, y1)) : ((x1, y1), (x0, y0))
            // Sixteen binary places; the slope is rounded to the left, and a place exactly between two pixels goes to the
            // left one: found by comparison with OpenCV 5.0.
            let slope = -ceilDivide(Self.fixed(top.0 - bottom.0), by: bottom.1 - top.1)
            var row = max(top.1, rows.lowerBound)
            while row < min(bottom.1, rows.upperBound) {
                inside.append((row, Self.fixed(top.0) &+ 32_767 &+ (row - top.1) &* slope))
                row += 1
            }
        }
        inside.sort { ($0.row, $0.x) < ($1.row, $1.x) }
        for n in stride(from: 0, to: inside.count - 1, by: 2) {
            let row = inside[n].row
            let first = max(inside[n].x >> 16, frame.x)
            let last = min(inside[n + 1].x >> 16, frame.x + frame.width - 1)
            guard first <= last else { continue }
            let start = (row - frame.y) * frame.width + first - frame.x
            (mask + start).update(repeating: value, count: last - first + 1)
        }
    }

    private static func fixed(_ value: Int) -> Int { value &* 65_536 }

    /// Draws a line from the left to the right; a pixel exactly between two rows goes to the one nearer to the start.
    private func draw(
        _ a: (Int, Int), _ b: (Int, Int), _ value: UInt8, _ mask: UnsafeMutablePointer<UInt8>
    ) {
        let frame = crossings.frame
        let (from, to) = a.0 <= b.0 ? (a, b) : (b, a)
        let dx = to.0 - from.0
        let dy = abs(to.1 - from.1)
        let down = to.1 >= from.1 ? 1 : -1
        func set(_ x: Int, _ y: Int) {
            let (column, row) = (x - frame.x, y - frame.y)
            guard column >= 0, column < frame.width, row >= 0, row < frame.height else { return }
            mask[row * frame.width + column] = value
        }
        func aside(_ steps: Int, _ minor: Int, _ major: Int) -> Int {
            if major == 0 { return 0 }
            if major < 1 << 30 { return (2 &* minor &* steps &+ major &- 1) / (2 &* major) }
            return Int(
                (2 * Int128(minor) * Int128(steps) + Int128(major) - 1) / (2 * Int128(major)))
        }
        if dy <= dx {
            var x = max(from.0, frame.x)
            while x <= min(to.0, frame.x + frame.width - 1) {
                set(x, from.1 + down * aside(x - from.0, dy, dx))
                x += 1
            }
        } else {
            let (top, bottom) = down > 0 ? (from.1, to.1) : (to.1, from.1)
            var y = max(top, frame.y)
            while y <= min(bottom, frame.y + frame.height - 1) {
                set(from.0 + aside(abs(y - from.1), dx, dy), y)
                y += 1
            }
        }
    }
}
