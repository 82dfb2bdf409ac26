import MedicalImaging
import SegmentationMetrics
import Testing

/// The overlap family against hand-computed numbers and against its own laws.
struct OverlapFormulaTests {
    private let counts = OverlapCounts(
        truePositives: 6, falsePositives: 2, falseNegatives: 3, trueNegatives: 9)

    @Test func `every formula gives the number worked out by hand`() throws {
        let grid = try MaskGrid(shape: GridShape(20, 1, 1), spacing: Spacing(1, 2, 5))
        let expected: [(String, Double, Double)] = [
            ("dice", counts.dice, 12.0 / 17), ("iou", counts.iou, 6.0 / 11),
            ("precision", counts.precision, 0.75), ("recall", counts.recall, 6.0 / 9),
            ("specificity", counts.specificity, 9.0 / 11),
            ("npv", counts.negativePredictiveValue, 0.75),
            ("fpr", counts.falsePositiveRate, 2.0 / 11), ("fnr", counts.falseNegativeRate, 3.0 / 9),
            ("fdr", counts.falseDiscoveryRate, 0.25), ("accuracy", counts.accuracy, 0.75),
            ("balanced accuracy", counts.balancedAccuracy, (6.0 / 9 + 9.0 / 11) / 2),
            ("youden", counts.youden, 6.0 / 9 + 9.0 / 11 - 1),
            ("f2", counts.fBeta(2), 30.0 / 44), ("f0.5", counts.fBeta(0.5), 7.5 / 10.25),
            ("mcc", counts.mcc, 48 / (8.0 * 9 * 11 * 12).squareRoot()),
            ("kappa", counts.kappa, 96.0 / (8 * 11 + 9 * 12)),
            ("vs", counts.volumeSimilarity, 16.0 / 17),
            ("vs:signed", counts.signedVolumeSimilarity, -2.0 / 17),
            ("rvd", counts.relativeVolumeDifference, -1.0 / 9),
            ("avdr", counts.absoluteRelativeVolumeDifference, 1.0 / 9),
            ("avd", counts.absoluteVolumeDifference(on: grid), 0.01),
            ("smoothed dice", counts.dice(smoothing: 1e-5), 12.00001 / 17.00001),
            ("smoothed iou", counts.iou(smoothing: 1e-3), 6.001 / 11.001),
        ]
        for (name, found, number) in expected {
            #expect(
                MetricOracle.agree(found, number, relative: 1e-15), "\(name) \(found) \(number)")
        }
        #expect(expected.count == 23)
    }

    @Test func `dice is symmetric, intersection over union is D over two minus D, F1 is dice`() {
        for counts in worlds(300) {
            let swapped = OverlapCounts(
                truePositives: counts.truePositives, falsePositives: counts.falseNegatives,
                falseNegatives: counts.falsePositives, trueNegatives: counts.trueNegatives)
            let dice = counts.dice
            #expect(dice.bitPattern == swapped.dice.bitPattern)
            #expect(MetricOracle.agree(counts.iou, dice / (2 - dice), relative: 1e-14))
            #expect(MetricOracle.agree(counts.fBeta(1), dice, relative: 1e-14))
            #expect(counts.precision.bitPattern == swapped.recall.bitPattern)
            #expect(MetricOracle.agree(counts.mcc, swapped.mcc, relative: 1e-14))
            #expect(
                MetricOracle.agree(
                    counts.signedVolumeSimilarity, -swapped.signedVolumeSimilarity,
                    relative: 1e-15))
        }
    }

    @Test func `a formula that divides by zero is NaN, never infinite`() {
        let empty = OverlapCounts(
            truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0)
        for number in [
            empty.dice, empty.iou, empty.precision, empty.recall, empty.specificity,
            empty.negativePredictiveValue, empty.accuracy, empty.balancedAccuracy, empty.mcc,
            empty.kappa, empty.volumeSimilarity, empty.relativeVolumeDifference, empty.fBeta(2),
            empty.iou(smoothing: 0),
        ] { #expect(number.isNaN) }
        #expect(empty.dice(smoothing: 1e-5) == 1)
        let ghost = OverlapCounts(
            truePositives: 0, falsePositives: 5, falseNegatives: 0, trueNegatives: 7)
        #expect(ghost.relativeVolumeDifference.isNaN && ghost.recall.isNaN && ghost.mcc.isNaN)
        #expect(ghost.kappa == 0 && ghost.dice == 0 && ghost.precision == 0)
    }

    @Test func `large counts do not overflow and do not cancel`() {
        // Products of these counts need 80 bits and differ in the last of them.
        let n: UInt64 = 1 << 40
        let counts = OverlapCounts(
            truePositives: n + 1, falsePositives: n, falseNegatives: n, trueNegatives: n)
        // (n+1)n - n·n = n; the denominators are 2n+1 and 2n.
        let sides = (2 * Double(n) + 1) * (2 * Double(n))
        #expect(MetricOracle.agree(counts.mcc, Double(n) / sides, relative: 1e-12))
        #expect(MetricOracle.agree(counts.kappa, Double(n) / sides, relative: 1e-12))
        let mirrored = OverlapCounts(
            truePositives: n, falsePositives: n + 1, falseNegatives: n, trueNegatives: n)
        // n·n - (n+1)n = -n.
        let chance = (2 * Double(n) + 1) * (2 * Double(n) + 1) + 4 * Double(n) * Double(n)
        #expect(MetricOracle.agree(mirrored.kappa, -2 * Double(n) / chance, relative: 1e-12))
        #expect(mirrored.volumeDifference == 1)
    }

    @Test func `generalised dice weighs labels as its definition says`() {
        let small = OverlapCounts(
            truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 97)
        let large = OverlapCounts(
            truePositives: 45, falsePositives: 5, falseNegatives: 5, trueNegatives: 45)
        let ghost = OverlapCounts(
            truePositives: 0, falsePositives: 4, falseNegatives: 0, trueNegatives: 96)
        let both = [small, large]
        // References of 2 and 50 voxels: weights 1/4 and 1/2500, sums 4 and 100.
        let square: Double = (2 * (0.25 + 45.0 / 2500)) / (1 + 100.0 / 2500)
        #expect(MetricOracle.agree(GeneralisedDice().value(both), square))
        let simple: Double = (2 * (0.5 + 0.9)) / (2.0 + 2.0)
        #expect(MetricOracle.agree(GeneralisedDice(weight: .simple).value(both), simple))
        #expect(MetricOracle.agree(GeneralisedDice(weight: .uniform).value(both), 92.0 / 104))
        #expect(GeneralisedDice(weight: .uniform).value(both) == (small + large).dice)
        // A hallucinated label takes the weight of the smallest one, or no part.
        let punished: Double = (2 * (0.25 + 45.0 / 2500)) / (1 + 100.0 / 2500 + 1)
        #expect(MetricOracle.agree(GeneralisedDice().value(both + [ghost]), punished))
        #expect(
            GeneralisedDice(absentLabel: .leftOut).value(both + [ghost])
                == GeneralisedDice().value(both))
        #expect(GeneralisedDice().value([ghost]).isNaN && GeneralisedDice().value([]).isNaN)
        #expect(GeneralisedDice.monai([ghost]) == 0 && GeneralisedDice.monai([]) == 1)
    }

    /// Counts of both masks present, drawn from a fixed stream.
    private func worlds(_ count: Int) -> [OverlapCounts] {
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 40
        }
        return (0..<count).map { _ in
            OverlapCounts(
                truePositives: next() + 1, falsePositives: next(), falseNegatives: next(),
                trueNegatives: next())
        }
    }
}
