/// Brings slices to the size in which a tile shows them.
enum DisplayScaling {
    /// Resamples grey values by area: every target pixel is the mean of what it covers, rounded to nearest.
    ///
    /// For whole factors upwards this repeats pixels, downwards it averages blocks; nothing is skipped.
    /// Exact in whole numbers: target pixel `i` covers `i * source ..< (i + 1) * source` in units in which
    /// source pixel `j` covers `j * target ..< (j + 1) * target`.
    static func byArea(
        _ grey: [UInt8], width: Int, height: Int, toWidth: Int, toHeight: Int
    ) -> [UInt8] {
        if width == toWidth, height == toHeight { return grey }
        let columns = spans(width, toWidth)
        let rows = spans(height, toHeight)
        // Sums of whole rows first: at most 255 * width, times height in the second pass.
        var wide = [Int](repeating: 0, count: toWidth * height)
        for y in 0..<height {
            for (x, span) in columns.enumerated() {
                wide[y * toWidth + x] = span.reduce(0) {
                    $0 + $1.weight * Int(grey[y * width + $1.index])
                }
            }
        }
        let total = width * height
        var result = [UInt8](repeating: 0, count: toWidth * toHeight)
        for (y, span) in rows.enumerated() {
            for x in 0..<toWidth {
                let sum = span.reduce(0) { $0 + $1.weight * wide[$1.index * toWidth + x] }
                result[y * toWidth + x] = UInt8((sum + total / 2) / total)
            }
        }
        return result
    }

    /// Resamples labels by the pixel under each target pixel's centre; labels are never mixed.
    static func nearest<Value>(
        _ labels: [Value], width: Int, height: Int, toWidth: Int, toHeight: Int
    ) -> [Value] {
        if width == toWidth, height == toHeight { return labels }
        let columns = (0..<toWidth).map { (2 * $0 + 1) * width / (2 * toWidth) }
        return (0..<toHeight).flatMap { y in
            let start = (2 * y + 1) * height / (2 * toHeight) * width
            return columns.map { labels[start + $0] }
        }
    }

    private static func spans(_ source: Int, _ target: Int) -> [[(index: Int, weight: Int)]] {
        (0..<target).map { i in
            let (low, high) = (i * source, (i + 1) * source)
            return (low / target...(high - 1) / target).map { j in
                (j, min(high, (j + 1) * target) - max(low, j * target))
            }
        }
    }
}
