extension Region {
    /// The region eroded by a square of 10x10 pixels, or `nil` when nothing is left.
    ///
    /// The square reaches from 5 pixels before a pixel to 4 after it, the default anchor of OpenCV for an even size; pixels
    /// beyond the image do not erode.
    func eroded(rows: Int, columns: Int) -> Region? {
        let (before, after) = (5, 4)
        var left = padded
        // Along rows, then along columns: how many pixels of the square's line, cut to the image, belong to the region.
        erode(&left, lines: height, step: paddedWidth, along: 1) { column in
            (max(0, x0 + column - before) - x0, min(columns - 1, x0 + column + after) - x0)
        }
        erode(&left, lines: width, step: 1, along: paddedWidth) { row in
            (max(0, y0 + row - before) - y0, min(rows - 1, y0 + row + after) - y0)
        }
        let area = left.reduce(into: 0) { $0 += Int($1) }
        guard area > 0 else { return nil }
        return Region(
            label: label, component: component, x0: x0, y0: y0, x1: x1, y1: y1, area: area,
            padded: left)
    }

    /// Keeps pixels of which the whole reach along a line is set; what lies beyond the box is not.
    private func erode(
        _ mask: inout [UInt8], lines: Int, step: Int, along: Int,
        reach: (_ position: Int) -> (first: Int, last: Int)
    ) {
        let length = along == 1 ? width : height
        var sums = [Int](repeating: 0, count: length + 1)
        for line in 0..<lines {
            let start = paddedWidth + 1 + line * step
            for n in 0..<length { sums[n + 1] = sums[n] + Int(mask[start + n * along]) }
            for n in 0..<length {
                let (first, last) = reach(n)
                let isKept =
                    first >= 0 && last < length && sums[last + 1] - sums[first] == last - first + 1
                mask[start + n * along] = isKept ? 1 : 0
            }
        }
    }
}
