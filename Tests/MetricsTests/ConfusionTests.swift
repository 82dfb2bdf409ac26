import MedicalImaging
import SegmentationMetrics
import Testing

@Suite("Label confusion")
struct ConfusionTests {
    /// The overlap of some labels, voxel by voxel.
    private func slow(_ pair: LabelPair, _ labels: Set<UInt8>) -> OverlapCounts {
        var counts = OverlapCounts(
            truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0)
        for (p, r) in zip(pair.prediction, pair.reference) {
            switch (labels.contains(p), labels.contains(r)) {
            case (true, true): counts.truePositives += 1
            case (true, false): counts.falsePositives += 1
            case (false, true): counts.falseNegatives += 1
            case (false, false): counts.trueNegatives += 1
            }
        }
        return counts
    }

    @Test("the counts of the 80 binary cases are reproduced")
    func binary() throws {
        let oracle = try MetricOracle("binary")
        var count = 0
        for one in oracle.cases {
            let expected = try #require(one.json["counts"] as? [String: Int])
            let pair = try oracle.pair(of: one)
            let found = LabelConfusion(pair).counts(of: 1)
            #expect(Self.dictionary(found) == expected, "\(one.id)")
            count += 1
        }
        #expect(count == 80)
    }

    @Test("the counts of all labels of the 12 label maps are reproduced")
    func multilabel() throws {
        let oracle = try MetricOracle("multilabel")
        var count = 0
        for one in oracle.cases {
            let expected = try #require(one.json["counts"] as? [String: [String: Int]])
            let confusion = LabelConfusion(try oracle.pair(of: one))
            for (label, counts) in expected {
                let label = try #require(UInt8(label))
                #expect(
                    Self.dictionary(confusion.counts(of: label)) == counts, "\(one.id) \(label)")
                count += 1
            }
        }
        #expect(oracle.cases.count == 12)
        #expect(count == 100)
    }

    private static func dictionary(_ counts: OverlapCounts) -> [String: Int] {
        [
            "tp": Int(counts.truePositives), "fp": Int(counts.falsePositives),
            "fn": Int(counts.falseNegatives), "tn": Int(counts.trueNegatives),
        ]
    }

    @Test("random maps of few and of all labels are counted as voxel by voxel")
    func randomWorlds() throws {
        var worlds = SurfaceWorlds(state: 10)
        for round in 0..<120 {
            let labels = [2, 9, 17, 64, 65, 256][round % 6]
            let shape = GridShape(
                Int.random(in: 1...70, using: &worlds), Int.random(in: 1...5, using: &worlds), 3)
            let pair = try LabelPair(
                prediction: worlds.map(shape, labels: labels),
                reference: worlds.map(shape, labels: labels), grid: MaskGrid(shape: shape))
            let confusion = LabelConfusion(pair)
            #expect(confusion.total == UInt64(shape.count))
            for label in 0..<256 {
                let label = UInt8(label)
                #expect(confusion.counts(of: label) == slow(pair, [label]))
            }
            let group = Set((0..<4).map { _ in UInt8(Int.random(in: 0..<labels, using: &worlds)) })
            #expect(confusion.counts(of: group) == slow(pair, group))
            #expect(confusion.counts(of: []) == slow(pair, []))
            #expect(confusion.labelsInPrediction == Set(pair.prediction).sorted())
            #expect(confusion.labelsInReference == Set(pair.reference).sorted())
            let (p, r) = (pair.prediction[0], pair.reference[0])
            let both = zip(pair.prediction, pair.reference).filter { $0 == (p, r) }.count
            #expect(confusion[prediction: p, reference: r] == UInt64(both))
        }
    }

    @Test("counting in pieces of any length, or merging them, is counting at once")
    func pieces() throws {
        var worlds = SurfaceWorlds(state: 11)
        for round in 0..<60 {
            let shape = GridShape(61, 7, 1)
            let labels = [3, 30, 200][round % 3]
            let pair = try LabelPair(
                prediction: worlds.map(shape, labels: labels),
                reference: worlds.map(shape, labels: labels), grid: MaskGrid(shape: shape))
            var (streamed, merged) = (LabelConfusion(), LabelConfusion())
            var first = 0
            while first < shape.count {
                let end = min(shape.count, first + Int.random(in: 0...99, using: &worlds))
                pair.prediction.withUnsafeBufferPointer { p in
                    pair.reference.withUnsafeBufferPointer { r in
                        let (p, r) = (
                            UnsafeBufferPointer(rebasing: p[first..<end]),
                            UnsafeBufferPointer(rebasing: r[first..<end])
                        )
                        streamed.add(prediction: p, reference: r)
                        var piece = LabelConfusion()
                        piece.add(prediction: p, reference: r)
                        merged.merge(piece)
                    }
                }
                first = end
            }
            #expect(streamed == LabelConfusion(pair))
            #expect(merged == streamed)
            #expect(streamed.total == 427)
        }
        let one = try LabelPair(
            prediction: [0], reference: [0], grid: MaskGrid(shape: GridShape(1, 1, 1)))
        #expect(LabelConfusion() != LabelConfusion(one))
        #expect(LabelConfusion().labelsInPrediction.isEmpty)
    }
}
