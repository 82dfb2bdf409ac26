import SegmentationMetrics
import Testing

@Suite("summaries of a sample")
struct StatisticsSummaryTests {
    @Test("mean, deviations, median and quartiles are NumPy's")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "statistics")
        var checked = 0
        for one in cases {
            let summary = SampleSummary(try one("a").numbers)
            let quartiles = try one("quartiles").numbers
            for (key, found) in [
                ("mean", summary.mean), ("std_ddof0", summary.populationStandardDeviation),
                ("std_ddof1", summary.standardDeviation), ("median", summary.median),
            ] {
                let expected = try one(key).number
                #expect(MetricOracle.agree(found, expected, relative: 1e-14), "\(one.id) \(key)")
                checked += 1
            }
            #expect(summary.lowerQuartile == quartiles[0], "\(one.id)")
            #expect(summary.upperQuartile == quartiles[1], "\(one.id)")
            checked += 2
        }
        print("oracle statistics, summaries: \(checked) values")
        #expect(checked == 8 * 6)
    }

    @Test("what is not finite is counted and left out")
    func notFinite() {
        let summary = SampleSummary([.nan, 1, .infinity, 3, -.infinity, .nan])
        #expect(summary.n == 2)
        #expect(summary.nanCount == 2)
        #expect(summary.infiniteCount == 2)
        #expect(summary.mean == 2)
        #expect(summary.standardDeviation == 2.0.squareRoot())
        #expect(summary.minimum == 1)
        #expect(summary.maximum == 3)
        #expect(summary.lowerQuartile == 1.5)
    }

    @Test("nothing has no mean, one value no deviation")
    func small() {
        let none = SampleSummary([])
        #expect(none.n == 0)
        #expect(none.mean.isNaN && none.median.isNaN && none.minimum.isNaN && none.maximum.isNaN)
        #expect(none.standardDeviation.isNaN && none.populationStandardDeviation.isNaN)
        let one = SampleSummary([0.7])
        #expect(one.mean == 0.7 && one.median == 0.7 && one.lowerQuartile == 0.7)
        #expect(one.standardDeviation.isNaN)
        #expect(one.populationStandardDeviation == 0)
    }

    @Test("equal values have that mean and no spread, to the bit", arguments: [0.1, 0.7, 1e300])
    func constant(_ value: Double) {
        for n in [2, 3, 10, 129, 1000] {
            let summary = SampleSummary([Double](repeating: value, count: n))
            #expect(summary.mean == value)
            #expect(summary.standardDeviation == 0)
        }
    }

    @Test("the worst come first, equal ones in order, NaN never")
    func worst() {
        let values = [0.5, .nan, 0.1, 0.9, 0.1, .infinity]
        #expect(SampleSummary.worst(3, of: values, higherIsBetter: true) == [2, 4, 0])
        #expect(SampleSummary.worst(2, of: values, higherIsBetter: false) == [5, 3])
        #expect(SampleSummary.worst(9, of: values, higherIsBetter: true).count == 5)
        #expect(SampleSummary.worst(0, of: values, higherIsBetter: true).isEmpty)
    }
}
