/// Otsu's threshold of an 8-bit histogram, operation by operation as OpenCV computes it.
enum OtsuThreshold {
    /// The threshold; values above it are foreground.
    ///
    /// The split with the largest variance between the classes; the first such value wins. Splits that leave a class
    /// less than a share of 2⁻²³ are passed over.
    ///
    /// - Parameter histogram: 256 counts.
    /// - Returns: 0...255; 0 for an empty histogram and for one with a single value.
    static func value(of histogram: [Int]) -> Int {
        precondition(histogram.count == 256, "256 counts")
        let total = histogram.reduce(0, +)
        guard total > 0 else { return 0 }
        let scale = 1 / Double(total)
        let least = Double(Float.ulpOfOne)
        var mean = 0.0
        for n in 0..<256 { mean += Double(n) * Double(histogram[n]) }
        mean *= scale
        var (mean1, share1) = (0.0, 0.0)
        var (best, result) = (0.0, 0)
        for n in 0..<256 {
            let share = Double(histogram[n]) * scale
            mean1 *= share1
            share1 += share
            let share2 = 1 - share1
            if min(share1, share2) < least || max(share1, share2) > 1 - least { continue }
            mean1 = (mean1 + Double(n) * share) / share1
            let mean2 = (mean - share1 * mean1) / share2
            let variance = share1 * share2 * (mean1 - mean2) * (mean1 - mean2)
            if variance > best { (best, result) = (variance, n) }
        }
        return result
    }
}
