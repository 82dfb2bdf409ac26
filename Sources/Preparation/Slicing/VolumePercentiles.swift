import MedicalImaging

/// Percentiles of the values of a volume, as NumPy's `percentile` with linear interpolation.
enum VolumePercentiles {
    /// Two percentiles, within 0...100, as limits; values that are not finite are left out.
    ///
    /// - Returns: `0...0` for a volume without a qualifying voxel.
    static func limits(
        of volume: ImageVolume, lower: Double, upper: Double, nonZeroOnly: Bool
    ) -> ClosedRange<Double> {
        let low: Double
        let high: Double
        switch volume {
        case .int16(let volume):
            var histogram = [Int](repeating: 0, count: 65_536)
            for value in volume.samples { histogram[Int(value) + 32_768] += 1 }
            if nonZeroOnly { histogram[32_768] = 0 }
            let total = histogram.reduce(0, +)
            low = fromHistogram(histogram, total: total, percent: lower)
            high = fromHistogram(histogram, total: total, percent: upper)
        case .int32(let volume):
            let sorted = volume.samples.filter { !nonZeroOnly || $0 != 0 }.sorted()
            low = interpolate(sorted.count, lower) { Double(sorted[$0]) }
            high = interpolate(sorted.count, upper) { Double(sorted[$0]) }
        case .float32(let volume):
            let sorted = volume.samples.filter { $0.isFinite && (!nonZeroOnly || $0 != 0) }.sorted()
            low = interpolate(sorted.count, lower) { Double(sorted[$0]) }
            high = interpolate(sorted.count, upper) { Double(sorted[$0]) }
        }
        return low...max(low, high)
    }

    private static func fromHistogram(_ histogram: [Int], total: Int, percent: Double) -> Double {
        interpolate(total, percent) { rank in
            var seen = 0
            for (bin, count) in histogram.enumerated() {
                seen += count
                if seen > rank { return Double(bin - 32_768) }
            }
            return 0
        }
    }

    /// The value at a fractional rank; from the half on counted from above, as NumPy does to the last bit.
    private static func interpolate(
        _ count: Int, _ percent: Double, _ value: (Int) -> Double
    ) -> Double {
        guard count > 0 else { return 0 }
        let position = percent / 100 * Double(count - 1)
        let below = Int(position.rounded(.down))
        let above = min(below + 1, count - 1)
        let fraction = position - Double(below)
        let (a, b) = (value(below), value(above))
        return fraction < 0.5 ? a + (b - a) * fraction : b - (b - a) * (1 - fraction)
    }
}
