import SegmentationMetrics

/// SplitMix64: the same worlds on every machine, and in the scripts the numbers of the lesion tests come from.
struct InstanceRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ n: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(n)).high) }
}

/// Small instance maps, and the slow, obvious way to score them.
enum InstanceWorlds {
    /// Two maps of rectangles that overlap one another, with ids as given.
    static func rectangles(
        seed: UInt64, width: Int = 24, height: Int = 18, count: Int = 9, ids: [Int32]? = nil
    ) -> (prediction: [Int32], reference: [Int32]) {
        var random = InstanceRandom(seed: seed)
        var maps = [[Int32]](repeating: [Int32](repeating: 0, count: width * height), count: 2)
        for map in 0..<2 {
            for n in 0..<random.below(count + 1) {
                let (x, y) = (random.below(width), random.below(height))
                let (w, h) = (1 + random.below(8), 1 + random.below(8))
                let id = ids.map { $0[n % $0.count] } ?? Int32(n + 1)
                for j in y..<min(height, y + h) {
                    for i in x..<min(width, x + w) { maps[map][j * width + i] = id }
                }
            }
        }
        return (maps[0], maps[1])
    }

    /// The greatest sum of weights of a one-to-one assignment, by trying all.
    static func greatestSum(_ weights: [[Double]], row: Int = 0, taken: Set<Int> = []) -> Double {
        guard row < weights.count else { return 0 }
        var best = greatestSum(weights, row: row + 1, taken: taken)
        for column in weights[row].indices
        where !taken.contains(column) && weights[row][column] > 0 {
            let rest = greatestSum(weights, row: row + 1, taken: taken.union([column]))
            best = max(best, weights[row][column] + rest)
        }
        return best
    }
}
