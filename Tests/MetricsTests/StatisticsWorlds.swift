import SegmentationMetrics

/// Lists of numbers for the tests of the statistics, the same on every machine.
enum StatisticsWorlds {
    /// Numbers in 0..<1 with 53 random bits.
    static func uniform(_ count: Int, seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Double(random.next() >> 11) * 0x1p-53 }
    }

    /// Small whole numbers around zero, with many ties and zeros.
    static func tied(_ count: Int, seed: UInt64, spread: Int = 4) -> [Double] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Double(random.index(below: 2 * spread + 1) - spread) }
    }
}
