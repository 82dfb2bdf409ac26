import SegmentationMetrics
import Testing

/// A ranking by the definitions: sorted pairs, mid-ranks, a sum per distinct score.
private struct SlowRanking {
    var groups: [(score: Float, positives: Int, negatives: Int)] = []
    var positives = 0
    var negatives = 0

    init(_ scores: [Float], _ labels: [UInt8]) {
        // The standard sort; equal scores are one group whatever their bits.
        for place in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
            if groups.last?.score != scores[place] { groups.append((scores[place], 0, 0)) }
            if labels[place] != 0 {
                groups[groups.count - 1].positives += 1
                positives += 1
            } else {
                groups[groups.count - 1].negatives += 1
                negatives += 1
            }
        }
    }

    /// (Σ ranks of positives - n₊(n₊+1)/2) / (n₊ n₋) with mid-ranks.
    var auc: Double {
        var (rank, sum) = (0.0, 0.0)
        for group in groups.reversed() {
            let size = Double(group.positives + group.negatives)
            sum += Double(group.positives) * (rank + (size + 1) / 2)
            rank += size
        }
        let (p, n) = (Double(positives), Double(negatives))
        return (sum - p * (p + 1) / 2) / (p * n)
    }

    /// Hits and false alarms at each distinct score.
    var points: [(threshold: Float, hits: Int, ghosts: Int)] {
        var (hits, ghosts) = (0, 0)
        return groups.map { group in
            hits += group.positives
            ghosts += group.negatives
            return (group.score, hits, ghosts)
        }
    }

    var averagePrecision: Double {
        var (sum, recall) = (0.0, 0.0)
        for point in points {
            let next = Double(point.hits) / Double(positives)
            sum += (next - recall) * Double(point.hits) / Double(point.hits + point.ghosts)
            recall = next
        }
        return positives == 0 ? .nan : sum
    }

    var best: (f1: Double, threshold: Float)? {
        var best: (f1: Double, threshold: Float)?
        for point in points where positives > 0 {
            let f1 = Double(2 * point.hits) / Double(point.hits + point.ghosts + positives)
            if f1 >= best?.f1 ?? 0 { best = (f1, point.threshold) }
        }
        return best
    }
}

/// Small maps of many kinds: few and many ties, one class, negative scores, both zeros, all sizes of numbers.
private struct ScoreWorld {
    let name: String
    var scores: [Float] = []
    var labels: [UInt8] = []

    static func all() -> [ScoreWorld] {
        var found: [ScoreWorld] = []
        for (name, make) in makers {
            for count in [1, 2, 3, 40, 700, 3000, 20_000] {
                var random = SplitMix(seed: UInt64(count) &* 31 &+ UInt64(found.count))
                var world = ScoreWorld(name: "\(name), \(count)")
                let share = [0.0, 1, 0.5, 0.2, 0.02][found.count % 5]
                for _ in 0..<count {
                    let isPositive = random.unit() < share
                    let score = make(&random)
                    world.labels.append(isPositive ? UInt8(1 + random.next() % 255) : 0)
                    world.scores.append(isPositive ? max(score, make(&random)) : score)
                }
                found.append(world)
            }
        }
        return found
    }

    private static let makers: [(String, @Sendable (inout SplitMix) -> Float)] = [
        ("smooth", { Float($0.unit()) }),
        ("hard", { Float($0.next() % 2) }),
        ("bytes", { Float($0.next() % 256) / 255 }),
        ("words", { Float($0.next() % 4096) / 4095 }),
        ("one value", { _ in 0.25 }),
        (
            "mostly zero",
            { $0.next() % 10 == 0 ? Float($0.unit()) : ($0.next() % 2 == 0 ? 0 : -0.0) }
        ),
        ("logits", { Float($0.unit() - 0.5) * 20 }),
        ("close together", { Float(0.99 + $0.unit() / 500) }),
        ("one bit apart", { Float(bitPattern: 0x3f00_0000 + UInt32($0.next() % 2000)) }),
        ("mirrored", { Float(bitPattern: UInt32($0.next() % 3000) | UInt32($0.next() % 2) << 31) }),
        (
            "all finite numbers",
            { random in
                while true {
                    let score = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
                    if score.isFinite { return score }
                }
            }
        ),
    ]
}

private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

@Suite("Score maps")
struct ScoreMapTests {
    private func same(_ a: Double, _ b: Double, _ tolerance: Double = 1e-11) -> Bool {
        a.isNaN || b.isNaN ? a.isNaN && b.isNaN : abs(a - b) <= tolerance
    }

    /// Compares everything with the slow twin.
    private func check(_ ranking: ScoreRanking, _ slow: SlowRanking, _ name: String) throws {
        #expect(ranking.positives == UInt64(slow.positives), "\(name)")
        #expect(ranking.negatives == UInt64(slow.negatives), "\(name)")
        #expect(same(ranking.auc, slow.auc), "\(name): \(ranking.auc), not \(slow.auc)")
        #expect(same(ranking.averagePrecision, slow.averagePrecision), "\(name)")
        #expect(ranking.bestF1?.threshold == slow.best?.threshold, "\(name)")
        #expect(same(ranking.bestF1?.f1 ?? .nan, slow.best?.f1 ?? .nan), "\(name)")
        let hasBoth = slow.positives > 0 && slow.negatives > 0
        let points = ranking.rocPoints()
        #expect(points.count == (hasBoth ? slow.groups.count + 1 : 0), "\(name)")
        for (point, expected) in zip(points.dropFirst(), slow.points) {
            let isSame =
                point.threshold == expected.threshold
                && point.x == Double(expected.ghosts) / Double(slow.negatives)
                && point.y == Double(expected.hits) / Double(slow.positives)
            #expect(isSame, "\(name) at \(expected.threshold)")
            if !isSame { break }
        }
        let last = try #require(slow.points.last)
        for place in [0, slow.groups.count / 3, slow.groups.count - 1] {
            let point = slow.points[place]
            let above = place == 0 ? (threshold: .nan, hits: 0, ghosts: 0) : slow.points[place - 1]
            for (threshold, found) in [
                (point.threshold, point), (point.threshold.nextUp, above),
            ] {
                let expected = OverlapCounts(
                    truePositives: UInt64(found.hits), falsePositives: UInt64(found.ghosts),
                    falseNegatives: UInt64(last.hits - found.hits),
                    trueNegatives: UInt64(last.ghosts - found.ghosts))
                #expect(ranking.counts(atOrAbove: threshold) == expected, "\(name) \(threshold)")
            }
        }
    }

    @Test(
        "ranks, areas, best F1, counts and the whole curve equal the slow definitions on random worlds"
    )
    func worlds() throws {
        let worlds = ScoreWorld.all()
        #expect(worlds.count == 77)
        for world in worlds {
            try check(
                try ScoreRanking(scores: world.scores, reference: world.labels),
                SlowRanking(world.scores, world.labels), world.name)
        }
    }

    @Test("merged rankings equal the ranking of all pixels, in any order and form")
    func merging() throws {
        let worlds = ScoreWorld.all()
        for (first, a) in worlds.enumerated() {
            let b = worlds[(first * 29 + 11) % worlds.count]
            let name = "\(a.name) and \(b.name)"
            let x = try ScoreRanking(scores: a.scores, reference: a.labels)
            let y = try ScoreRanking(scores: b.scores, reference: b.labels)
            let whole = try ScoreRanking(
                scores: a.scores + b.scores, reference: a.labels + b.labels)
            for merged in [x.merging(y), y.merging(x), .pooling([x, ScoreRanking(), y])] {
                #expect(merged.rocPoints() == whole.rocPoints(), "\(name)")
                #expect(merged.auc.bitPattern == whole.auc.bitPattern, "\(name)")
                #expect(same(merged.averagePrecision, whole.averagePrecision), "\(name)")
                #expect(merged.bestF1 == whole.bestF1, "\(name)")
            }
            try check(
                x.merging(y), SlowRanking(a.scores + b.scores, a.labels + b.labels), name)
        }
    }

    @Test("values do not drift and sums do not overflow when pixels outnumber 64-bit products")
    func manyPixels() throws {
        for world in ScoreWorld.all().filter({ $0.name.hasSuffix(" 700") }) {
            let once = try ScoreRanking(scores: world.scores, reference: world.labels)
            // 2^41 - 1 times the same map, so that no product ends in zeros.
            var many = once
            for _ in 0..<40 { many = many.merging(many).merging(once) }
            #expect(many.positives == once.positives * (1 << 41 - 1))
            #expect(same(many.auc, once.auc, 1e-14), "\(world.name)")
            #expect(same(many.averagePrecision, once.averagePrecision, 1e-12), "\(world.name)")
            #expect(many.bestF1?.threshold == once.bestF1?.threshold, "\(world.name)")
        }
    }

    @Test("a coarse curve keeps its ends and at most as many points as asked for")
    func thinning() throws {
        for world in ScoreWorld.all() {
            let ranking = try ScoreRanking(scores: world.scores, reference: world.labels)
            for limit in [3, 10, 400] {
                for (all, few) in [
                    (ranking.rocPoints(), ranking.rocPoints(limit: limit)),
                    (ranking.precisionRecallPoints(), ranking.precisionRecallPoints(limit: limit)),
                ] {
                    #expect(few.count <= limit, "\(world.name)")
                    #expect(few.first == all.first && few.last == all.last, "\(world.name)")
                    #expect(Set(few).isSubset(of: Set(all)), "\(world.name)")
                    #expect(few.count == all.count || few.count >= 2, "\(world.name)")
                }
            }
        }
        // On a smooth curve most of the points that may be kept are kept.
        let scores = (0..<20_000).map { Float($0) / 20_000 }
        let labels = (0..<20_000).map { UInt8($0 * $0 % 7 < 3 ? 1 : 0) }
        let ranking = try ScoreRanking(scores: scores, reference: labels)
        #expect(ranking.rocPoints(limit: 400).count > 300)
        #expect(ranking.rocPoints(limit: 400).last?.x == 1)
    }

    @Test("a part of the ROC area grows into the whole, and chance is one half")
    func partialAreas() throws {
        let ranking = try ScoreRanking(
            scores: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], reference: [1, 0, 1, 0, 1, 0])
        #expect(try ranking.partialAUC(upToFalsePositiveRate: 1) == ranking.auc)
        // Area to 1/3: a column of height 1/3.
        let (rate, area) = (1.0 / 3, 1.0 / 9)
        let expected = (1 + (area - rate * rate / 2) / (rate - rate * rate / 2)) / 2
        #expect(same(try ranking.partialAUC(upToFalsePositiveRate: 1.0 / 3), expected))
        let constant = try ScoreRanking(scores: [1, 1, 1], reference: [0, 1, 0])
        #expect(same(try constant.partialAUC(upToFalsePositiveRate: 0.25), 0.5))
        for rate in [0, -1, 1.5, .nan] {
            #expect(throws: MetricError.self) {
                try ranking.partialAUC(upToFalsePositiveRate: rate)
            }
        }
        #expect(throws: MetricError.self) { try ranking.auc(thresholds: 1) }
    }

    @Test("an empty map, and one of a single class, have no number where none is defined")
    func oneClass() throws {
        for ranking in [ScoreRanking(), try ScoreRanking(scores: [], reference: [])] {
            #expect(ranking.positives == 0 && ranking.negatives == 0)
            #expect(ranking.auc.isNaN && ranking.averagePrecision.isNaN && ranking.bestF1 == nil)
            #expect(ranking.rocPoints().isEmpty && ranking.precisionRecallPoints().isEmpty)
            #expect(ranking.scores(at: 0.5).f1.isNaN)
            #expect(try ranking.partialAUC(upToFalsePositiveRate: 0.5).isNaN)
            #expect(try ranking.auc(thresholds: 10).isNaN)
        }
        #expect(ScoreRanking.pooling([]).positives == 0)
        let negative = try ScoreRanking(scores: [0.1, 0.7], reference: [0, 0])
        #expect(negative.auc.isNaN && negative.averagePrecision.isNaN && negative.bestF1 == nil)
        #expect(negative.scores(at: 0.5).f1 == 0 && negative.scores(at: 0.5).recall.isNaN)
        let positive = try ScoreRanking(scores: [0.1, 0.7], reference: [1, 9])
        #expect(positive.auc.isNaN && positive.averagePrecision == 1)
        #expect(positive.bestF1?.f1 == 1 && positive.bestF1?.threshold == 0.1)
    }

    @Test(
        "of thresholds with the highest F1 the lowest is taken, whether scores are counted or sorted"
    )
    func tiedF1() throws {
        for further in [0, 5000] {
            // 2·1 / (1 + 2) after the first score, 2·2 / (4 + 2) after the fourth.
            let rest = (0..<further).map { -Float($0) - 1 }
            let ranking = try ScoreRanking(
                scores: [0.9, 0.8, 0.7, 0.6] + rest, reference: [1, 0, 0, 1] + rest.map { _ in 0 })
            let best = try #require(ranking.bestF1)
            #expect(best.threshold == 0.6 && best.f1 == 2.0 / 3)
            #expect(best.precision == 0.5 && best.recall == 1 && best.counts.prediction == 4)
            #expect(best == ranking.scores(at: 0.6))
        }
    }

    @Test("scores above and below zero that end on the same bits stay apart")
    func signs() throws {
        for further in [0, 5000] {
            // The keys of the last score above and of the first one below differ in their highest bit only.
            let (above, below) = (
                Float(1), Float(bitPattern: 0x8000_0000 | (0x7fff_ffff ^ 0x3f80_0000))
            )
            let rest = (1...max(1, further)).map { Float($0) + 1 }
            let scores = rest + [above, above, below, below] + rest.map { below - $0 }
            for pattern in [[1, 0, 1, 0], [1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]] as [[UInt8]] {
                let ends = rest.indices.map { UInt8($0 % 2) }
                let labels = ends + pattern + ends.map { 1 - $0 }
                let ranking = try ScoreRanking(scores: scores, reference: labels)
                try check(ranking, SlowRanking(scores, labels), "\(pattern), \(further)")
                let pooled = ranking.merging(try ScoreRanking(scores: [above], reference: [0]))
                    .merging(try ScoreRanking(scores: [below], reference: [0]))
                try check(
                    pooled, SlowRanking(scores + [above, below], labels + [0, 0]), "\(pattern)")
                var (many, parts) = (pooled, 1)
                while parts < 16 { (many, parts) = (many.merging(many), 2 * parts) }
                #expect(same(many.auc, pooled.auc) && many.rocPoints() == pooled.rocPoints())
            }
        }
    }

    @Test("a bucket of scores that differ in their upper bits only is sorted")
    func sparseBits() throws {
        // Negatives between 0.5 and 0.515 in steps of 512 units of the last place, positives around them.
        var scores: [Float] = (0..<511).map {
            Float(bitPattern: 0x3f00_0000 + UInt32($0 * 37 % 511) * 512)
        }
        var labels = [UInt8](repeating: 0, count: scores.count)
        for place in 0..<2000 {
            scores.append(place % 3 == 0 ? 0.6 + Float(place) / 9000 : Float(place) / 9000)
            labels.append(1)
        }
        try check(
            try ScoreRanking(scores: scores, reference: labels), SlowRanking(scores, labels),
            "sparse bits")
    }

    @Test("minus zero is zero, and infinite or undefined thresholds find all or nothing")
    func specialNumbers() throws {
        let ranking = try ScoreRanking(scores: [0, -0.0, -1, 1], reference: [1, 0, 0, 1])
        #expect(ranking.rocPoints().map(\.threshold) == [.infinity, 1, 0, -1])
        #expect(ranking.auc == 0.875)
        #expect(ranking.counts(atOrAbove: -0.0) == ranking.counts(atOrAbove: 0))
        #expect(ranking.counts(atOrAbove: 0).prediction == 3)
        #expect(ranking.counts(atOrAbove: .infinity).prediction == 0)
        #expect(ranking.counts(atOrAbove: .nan).prediction == 0)
        #expect(ranking.counts(atOrAbove: -.infinity).prediction == 4)
        #expect(ranking.counts(atOrAbove: -.greatestFiniteMagnitude).prediction == 4)
        let least = Float.leastNonzeroMagnitude
        let small = try ScoreRanking(
            scores: [-least, 0, least, -1, 1], reference: [0, 1, 0, 1, 1])
        #expect(small.rocPoints().map(\.threshold) == [.infinity, 1, least, 0, -least, -1])
        #expect(small.counts(atOrAbove: -least).prediction == 4)
    }

    @Test("the first score that is no finite number is named, whether scores are counted or sorted")
    func invalidScores() throws {
        // `0x7f80_0001` signals, `0x8000_0000` is minus zero with a finite value.
        let invalid: [Float] = [
            .nan, -.nan, .infinity, -.infinity, Float(bitPattern: 0x7f80_0001),
            Float(bitPattern: 0xffff_ffff),
        ]
        for count in [1, 10, 5000] {
            for value in invalid {
                for index in Set([0, count / 2, count - 1]) {
                    var scores = (0..<count).map { Float($0) }
                    scores[index] = value
                    if index + 1 < count { scores[count - 1] = .nan }
                    let labels = [UInt8](repeating: 1, count: count)
                    let error = #expect(throws: MetricError.self) {
                        try ScoreRanking(scores: scores, reference: labels, what: "case 7")
                    }
                    guard case .invalidScore("case 7", index, _)? = error else {
                        Issue.record("\(value) at \(index): \(String(describing: error))")
                        continue
                    }
                }
            }
        }
        #expect(throws: MetricError.sizeMismatch(what: "a, reference", found: 2, expected: 3)) {
            try ScoreRanking(scores: [1, 2, 3], reference: [0, 1], what: "a")
        }
    }
}
