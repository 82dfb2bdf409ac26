import MedicalImaging
import SegmentationMetrics
import Testing

@Suite("Metrics of surface distances")
struct SurfaceMetricsTests {
    static let plain = SurfaceDistances(
        fromPrediction: [3, 1, 2, 0], fromReference: [0.5, 4, 1, 1, 10, 0])

    @Test("sums, means and shares of a small example are those worked out by hand")
    func byHand() {
        let d = Self.plain
        #expect(d.hausdorff == 10)
        #expect((d.maximumFromPrediction, d.maximumFromReference) == (3, 10))
        #expect(d.meanFromPrediction == 1.5)
        #expect(d.meanFromReference == 2.75)
        #expect(d.assd == 2.25)
        #expect(d.masd == 2.125)
        #expect(d.balancedAverage == 22.5 / 12)
        // A distance equal to the tolerance is within: 1 and 0, and 0.5, 1, 1 and 0.
        #expect(d.nsd(toleranceInMillimetres: 1) == 0.6)
        #expect(d.overlapOfPrediction(toleranceInMillimetres: 1) == 0.5)
        #expect(d.overlapOfReference(toleranceInMillimetres: 1) == 4.0 / 6)
        #expect(d.nsdMeanOfDirected(toleranceInMillimetres: 1) == 0.5 * (0.5 + 4.0 / 6))
        // Sorted: 0 1 2 3 and 0 .5 1 1 4 10; the middle of each, and of all ten.
        #expect(d.hausdorff(percentile: 50, rule: .maxDirected) == 1.5)
        #expect(d.hausdorff(percentile: 50, rule: .meanDirected) == 1.25)
        #expect(d.hausdorff(percentile: 50, rule: .pooled) == 1)
        // Half of the elements are reached at 1 of 0 1 2 3, and at 1 of 0 .5 1 1 4 10.
        #expect(d.hausdorff(percentile: 50, rule: .weighted) == 1)
        #expect(d.hausdorff(percentile: 51, rule: .weighted) == 2)
        for rule in PercentileRule.allCases {
            let expected = rule == .meanDirected ? 6.5 : 10
            #expect(d.hausdorff(percentile: 100, rule: rule) == expected)
            #expect(d.hausdorff(percentile: 0, rule: rule) == 0)
            #expect(d.hausdorff(percentile: 300, rule: rule) == expected)
        }
    }

    @Test("weights move means, shares and the weighted percentile, not the interpolated ones")
    func weights() {
        let d = SurfaceDistances(
            fromPrediction: [3, 1, 2, 0], fromReference: [0, 8],
            predictionWeights: [1, 2, 3, 4], referenceWeights: [99, 1])
        #expect(d.meanFromPrediction == 1.1)
        #expect(d.meanFromReference == 0.08)
        #expect(d.assd == 19.0 / 110)
        #expect(d.masd == 0.5 * (1.1 + 0.08))
        #expect(d.balancedAverage == 19.0 / 200)
        #expect(d.nsd(toleranceInMillimetres: 1) == 105.0 / 110)
        #expect((d.predictionWeight, d.referenceWeight) == (10, 100))
        // Cumulative weights 4 6 9 10 of 0 1 2 3, and 99 100 of 0 8.
        #expect(d.hausdorff(percentile: 60, rule: .weighted) == 1)
        #expect(d.hausdorff(percentile: 61, rule: .weighted) == 2)
        #expect(d.hausdorff(percentile: 99.5, rule: .weighted) == 8)
        #expect(d.hausdorff(percentile: 50, rule: .pooled) == 1.5)
    }

    @Test("empty masks give NaN, infinity or 0, as documented")
    func empties() throws {
        let grid = try MaskGrid(shape: GridShape(3, 3, 1), dimensions: 2)
        let none = [UInt8](repeating: 0, count: 9)
        let dot = (0..<9).map { UInt8($0 == 4 ? 1 : 0) }
        for definition in SurfaceDefinition.all {
            let both = try LabelPair(prediction: none, reference: none, grid: grid)
                .surfaceDistances(of: [1], by: definition)[0]
            #expect(both.isEmpty && both.farthest == nil)
            #expect(
                [
                    both.hausdorff, both.assd, both.masd, both.balancedAverage,
                    both.meanFromPrediction,
                ]
                .allSatisfy { $0.isNaN })
            #expect(both.nsd(toleranceInMillimetres: 1).isNaN)
            #expect(both.nsdMeanOfDirected(toleranceInMillimetres: 1).isNaN)
            let miss = try LabelPair(prediction: none, reference: dot, grid: grid)
                .surfaceDistances(of: [1], by: definition)[0]
            let ghost = try LabelPair(prediction: dot, reference: none, grid: grid)
                .surfaceDistances(of: [1], by: definition)[0]
            for one in [miss, ghost] {
                #expect(!one.isEmpty && one.farthest == nil)
                #expect(
                    [one.hausdorff, one.assd, one.masd, one.balancedAverage]
                        .allSatisfy { $0 == .infinity })
                #expect(one.nsd(toleranceInMillimetres: 1) == 0)
                #expect(one.nsdMeanOfDirected(toleranceInMillimetres: 1) == 0)
                for rule in PercentileRule.allCases {
                    #expect(one.hausdorff(percentile: 95, rule: rule) == .infinity)
                    #expect(both.hausdorff(percentile: 95, rule: rule).isNaN)
                }
            }
            #expect(miss.meanFromPrediction.isNaN && miss.meanFromReference == .infinity)
            #expect(ghost.meanFromPrediction == .infinity && ghost.meanFromReference.isNaN)
        }
    }

    @Test("percentiles without sorting equal those of sorted lists, with and without ties")
    func selection() {
        var worlds = SurfaceWorlds(state: 9)
        var count = 0
        for round in 0..<400 {
            let top = round % 2 == 0 ? 5 : 1_000_000
            func list() -> [Double] {
                (0..<Int.random(in: 1...60, using: &worlds)).map { _ in
                    Double(Int.random(in: 0...top, using: &worlds)) / 7
                }
            }
            let (p, r) = (list(), list())
            let d = SurfaceDistances(fromPrediction: p, fromReference: r)
            for percentile in [0, 5, 33.3, 50, 75, 95, 99, 100] {
                func linear(_ list: [Double]) -> Double {
                    let sorted = list.sorted()
                    let position = percentile / 100 * Double(list.count - 1)
                    let low = Int(position)
                    let high = min(low + 1, list.count - 1)
                    return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
                }
                func reached(_ list: [Double]) -> Double {
                    let sorted = list.sorted()
                    let place = sorted.indices.first {
                        Double($0 + 1) / Double(list.count) >= percentile / 100
                    }
                    return sorted[place ?? sorted.count - 1]
                }
                let expected = [
                    max(linear(p), linear(r)), linear(p + r), max(reached(p), reached(r)),
                    0.5 * (linear(p) + linear(r)),
                ]
                let found = d.hausdorff(
                    percentile: percentile,
                    rules: [.maxDirected, .pooled, .weighted, .meanDirected])
                for (a, b) in zip(found, expected) {
                    #expect(
                        MetricOracle.agree(a, b, relative: 1e-13), "\(percentile): \(a), not \(b)")
                    count += 1
                }
                let unit = SurfaceDistances(
                    fromPrediction: p, fromReference: r, predictionWeights: p.map { _ in 1 },
                    referenceWeights: r.map { _ in 1 })
                #expect(unit.hausdorff(percentile: percentile, rule: .weighted) == found[2])
            }
        }
        #expect(count == 400 * 8 * 4)
    }

    @Test("percentiles of long lists equal those of sorted lists")
    func longLists() {
        var worlds = SurfaceWorlds(state: 13)
        for top in [3, 1 << 40] {
            let p = (0..<70_000).map { _ in Double(Int.random(in: 0...top, using: &worlds)) / 7 }
            let r = (0..<66_000).map { _ in Double(Int.random(in: 0...top, using: &worlds)) / 3 }
            let d = SurfaceDistances(fromPrediction: p, fromReference: r)
            let (sortedP, sortedR, sorted) = (p.sorted(), r.sorted(), (p + r).sorted())
            // 69 999 / 100 * 10 and 65 999 / 100 * 10 lie between two elements.
            for percentile in [0.0, 10, 95, 100] {
                func linear(_ list: [Double]) -> Double {
                    let position = percentile / 100 * Double(list.count - 1)
                    let low = Int(position)
                    let high = min(low + 1, list.count - 1)
                    return list[low] + (list[high] - list[low]) * (position - Double(low))
                }
                let expected = [
                    max(linear(sortedP), linear(sortedR)), linear(sorted),
                    0.5 * (linear(sortedP) + linear(sortedR)),
                ]
                let found = d.hausdorff(
                    percentile: percentile, rules: [.maxDirected, .pooled, .meanDirected])
                for (a, b) in zip(found, expected) {
                    #expect(
                        MetricOracle.agree(a, b, relative: 1e-13), "\(percentile): \(a), not \(b)")
                }
            }
            let weighted = d.hausdorff(percentile: 95, rule: .weighted)
            #expect(weighted == max(sortedP[66_499], sortedR[62_699]))
        }
    }
}
