/// How often each label of a prediction meets each label of a reference: the counts that all overlap metrics of all
/// labels follow from.
///
/// Voxels can be added in pieces, so a slide is counted tile by tile.
public struct LabelConfusion: Sendable, Equatable {
    /// How many voxels were added.
    public private(set) var total: UInt64 = 0
    /// Labels below this have room in the table; a power of 2.
    private var side = 16
    /// Counts by prediction, then reference.
    private var table = [UInt64](repeating: 0, count: 256)

    /// Makes an empty count.
    public init() {}

    /// Counts a pair of maps.
    ///
    /// - Parameter pair: The maps.
    /// - Complexity: O(*n*); one pass, eight voxels at a time where nothing changes.
    public init(_ pair: LabelPair) {
        pair.prediction.withUnsafeBufferPointer { prediction in
            pair.reference.withUnsafeBufferPointer { add(prediction: prediction, reference: $0) }
        }
    }

    /// Adds the voxels of a piece.
    ///
    /// - Parameters:
    ///   - prediction: The labels under test.
    ///   - reference: The labels taken as truth; as many.
    public mutating func add(
        prediction: UnsafeBufferPointer<UInt8>, reference: UnsafeBufferPointer<UInt8>
    ) {
        precondition(prediction.count == reference.count, "pieces differ in length")
        guard let a = prediction.baseAddress, let b = reference.baseAddress else { return }
        let count = prediction.count
        var place = 0
        while place < count {
            let needed = addWords(a, b, from: &place, to: count)
            if needed >= side { grow(to: needed) }
        }
        total += UInt64(count)
    }

    /// Counts from `place` until a label does not fit into the table.
    ///
    /// - Returns: The label that does not fit, 0 when everything was counted.
    private mutating func addWords(
        _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, from place: inout Int, to count: Int
    ) -> Int {
        let side = self.side
        let shift = side.trailingZeroBitCount
        let unfit = UInt64(truncatingIfNeeded: 256 - side) &* 0x0101_0101_0101_0101
        var at = place
        defer { place = at }
        return table.withUnsafeMutableBufferPointer { table in
            guard let table = table.baseAddress else { return 0 }
            var background: UInt64 = 0
            defer { table[0] += background }
            while at + 8 <= count {
                while at + 32 <= count {
                    var any = LabelWord.load(a, at) | LabelWord.load(b, at)
                    any |= LabelWord.load(a, at + 8) | LabelWord.load(b, at + 8)
                    any |= LabelWord.load(a, at + 16) | LabelWord.load(b, at + 16)
                    any |= LabelWord.load(a, at + 24) | LabelWord.load(b, at + 24)
                    if any != 0 { break }
                    background += 32
                    at += 32
                }
                if at + 8 > count { break }
                var (x, y) = (LabelWord.load(a, at), LabelWord.load(b, at))
                if (x | y) & unfit != 0 {
                    return (at..<at + 8).reduce(0) { max($0, Int(a[$1] | b[$1])) }
                }
                at += 8
                if x | y == 0 {
                    background += 8
                } else if LabelWord.isUniform(x) && LabelWord.isUniform(y) {
                    table[Int(x & 0xFF) << shift + Int(y & 0xFF)] += 8
                } else {
                    for _ in 0..<8 {
                        table[Int(x & 0xFF) << shift + Int(y & 0xFF)] += 1
                        x >>= 8
                        y >>= 8
                    }
                }
            }
            while at < count {
                let (x, y) = (Int(a[at]), Int(b[at]))
                if x | y >= side { return x | y }
                table[x << shift + y] += 1
                at += 1
            }
            return 0
        }
    }

    /// Makes room for a label.
    private mutating func grow(to label: Int) {
        var larger = side
        while larger <= label { larger *= 4 }
        larger = min(larger, 256)
        var new = [UInt64](repeating: 0, count: larger * larger)
        for p in 0..<side {
            for r in 0..<side { new[p * larger + r] = table[p * side + r] }
        }
        side = larger
        table = new
    }

    /// How many voxels have one label in the prediction and another one in the reference.
    ///
    /// - Parameters:
    ///   - prediction: The label in the prediction.
    ///   - reference: The label in the reference.
    public subscript(prediction prediction: UInt8, reference reference: UInt8) -> UInt64 {
        let (p, r) = (Int(prediction), Int(reference))
        return p < side && r < side ? table[p * side + r] : 0
    }

    /// The overlap of one label.
    ///
    /// - Parameter label: The label.
    /// - Returns: Its counts; all voxels are true negatives when it occurs nowhere.
    public func counts(of label: UInt8) -> OverlapCounts {
        counts { $0 == Int(label) }
    }

    /// The overlap of a group of labels taken as one mask: a voxel with any of them is inside.
    ///
    /// - Parameter labels: The labels of the group.
    /// - Returns: The counts of the group; not the sum of those of its labels.
    public func counts(of labels: Set<UInt8>) -> OverlapCounts {
        counts { labels.contains(UInt8(truncatingIfNeeded: $0)) }
    }

    private func counts(_ isInside: (Int) -> Bool) -> OverlapCounts {
        let inside = (0..<side).filter(isInside)
        var (both, prediction, reference): (UInt64, UInt64, UInt64) = (0, 0, 0)
        for label in inside {
            for other in 0..<side {
                prediction += table[label * side + other]
                reference += table[other * side + label]
            }
            for other in inside { both += table[label * side + other] }
        }
        return OverlapCounts(
            truePositives: both, falsePositives: prediction - both,
            falseNegatives: reference - both,
            trueNegatives: total - (prediction + reference - both))
    }

    /// The labels that occur in the prediction, background included, smallest first.
    public var labelsInPrediction: [UInt8] {
        (0..<side).filter { p in (0..<side).contains { table[p * side + $0] > 0 } }
            .map { UInt8(truncatingIfNeeded: $0) }
    }

    /// The labels that occur in the reference, background included, smallest first.
    public var labelsInReference: [UInt8] {
        (0..<side).filter { r in (0..<side).contains { table[$0 * side + r] > 0 } }
            .map { UInt8(truncatingIfNeeded: $0) }
    }

    /// Adds the counts of other voxels, for example of another tile.
    ///
    /// - Parameter other: The counts to add.
    public mutating func merge(_ other: LabelConfusion) {
        if other.side > side { grow(to: other.side - 1) }
        for p in 0..<other.side {
            for r in 0..<other.side { table[p * side + r] += other.table[p * other.side + r] }
        }
        total += other.total
    }

    /// Whether the counts are the same.
    public static func == (a: LabelConfusion, b: LabelConfusion) -> Bool {
        let side = max(a.side, b.side)
        return a.total == b.total
            && (0..<side * side).allSatisfy { place in
                let p = UInt8(truncatingIfNeeded: place / side)
                let r = UInt8(truncatingIfNeeded: place % side)
                return a[prediction: p, reference: r] == b[prediction: p, reference: r]
            }
    }
}
