/// Covers the pixels of a ring by the rule of MATLAB's `poly2mask`.
struct FifthsFill {
    let crossings: RowCrossings

    /// Sets the ring's pixels in the mask of the frame.
    func fill(with value: UInt8, scratch: inout OutlineScratch) {
        let frame = crossings.frame
        let (width, height) = (frame.width, frame.height)
        scratch.parity.reset(count: width * height, to: 0)
        let parity = scratch.parity.memory
        // A pixel counts the edges above it, however far.
        crossings.forEachEdge(fromTop: true) { edge in
            // Grid lines count from 1, pixel p (from 0) has the lines 5p + 1 ... 5p + 6, its middle part starts at 5p + 3.
            let x0 = Self.line(frame.column(edge.x0))
            let y0 = Self.line(frame.row(edge.y0))
            let x1 = Self.line(frame.column(edge.x1))
            let y1 = Self.line(frame.row(edge.y1))
            let from = max(frame.x, ceilDivide(min(x0, x1) - 3, by: 5))
            let to = min(frame.x + width, ceilDivide(max(x0, x1) - 3, by: 5))
            var column = from
            while column < to {
                let line = Self.step(over: 5 * column + 3, (x0, y0), (x1, y1))
                let row = max(0, ceilDivide(line + 2, by: 5) - 1 - frame.y)
                if row < height { parity[row * width + column - frame.x] ^= 1 }
                column += 1
            }
        }
        let mask = scratch.mask.memory
        for row in 0..<height {
            let here = row * width
            if row > 0 {
                for n in here..<(here + width) { parity[n] ^= parity[n &- width] }
            }
            if value != 0 {
                for n in here..<(here + width) { mask[n] |= parity[n] }
            } else {
                for n in here..<(here + width) { mask[n] &= parity[n] ^ 1 }
            }
        }
    }

    /// The grid line nearest to a coordinate.
    private static func line(_ coordinate: Double) -> Int {
        Int((5 * (coordinate - 0.5) + 1).rounded(.toNearestOrAwayFromZero))
    }

    /// The height at which a path along the grid goes from one vertical line to the next; of a diagonal step the smaller.
    private static func step(over line: Int, _ a: (Int, Int), _ b: (Int, Int)) -> Int {
        func round(_ value: Double) -> Int { Int(value.rounded(.toNearestOrAwayFromZero)) }
        if abs(b.0 - a.0) >= abs(b.1 - a.1) {
            let (left, right) = a.0 <= b.0 ? (a, b) : (b, a)
            let slope = Double(right.1 - left.1) / Double(right.0 - left.0)
            let before = round(Double(left.1) + slope * Double(line - left.0))
            let after = round(Double(left.1) + slope * Double(line + 1 - left.0))
            return min(before, after)
        }
        let (top, bottom) = a.1 <= b.1 ? (a, b) : (b, a)
        let height = bottom.1 - top.1
        let slope = Double(bottom.0 - top.0) / Double(height)
        func column(_ t: Int) -> Int { round(Double(top.0) + slope * Double(t)) }
        func isBefore(_ t: Int) -> Bool {
            bottom.0 > top.0 ? column(t) <= line : column(t) > line
        }
        // The last step before the line is crossed.
        var t = Int((Double(line) + 0.5 - Double(top.0)) / slope)
        t = min(max(t, 0), height)
        while t > 0, !isBefore(t) { t -= 1 }
        while t < height, isBefore(t + 1) { t += 1 }
        return top.1 + t
    }
}

/// The quotient rounded up; for divisors above 0.
@inline(__always)
func ceilDivide(_ value: Int, by divisor: Int) -> Int {
    let quotient = value / divisor
    return quotient * divisor < value ? quotient + 1 : quotient
}
