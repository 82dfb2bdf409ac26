import SegmentationMetrics
import Testing

@Suite("paired comparison")
struct StatisticsComparisonTests {
    @Test("a comparison is made of the parts tested elsewhere")
    func parts() throws {
        let cases = try StatisticsOracle.cases(of: "statistics")
        var checked = 0
        for one in cases {
            let a = try one("a").numbers
            let b = try one("b").numbers
            let seed = UInt64(try one("bootstrap")("seed").number)
            let differences = zip(a, b).map { $0 - $1 }
            let found = try PairedComparison(a, b, resamples: 400, seed: seed)
            #expect(found.n == a.count)
            #expect(found.meanDifference == SampleSummary(differences).mean)
            #expect(found.medianDifference == SampleSummary(differences).median)
            #expect(found.wilcoxon == (try WilcoxonSignedRank(a, b)))
            #expect(found.effect == found.wilcoxon?.effect)
            #expect(found.hodgesLehmann == (try HodgesLehmann.shift(of: differences)))
            #expect(found.greater + found.equal + found.less == found.n)
            #expect(found.greater == differences.count { $0 > 0 })
            #expect(found.equal == differences.count { $0 == 0 })
            let ends = try one("bootstrap")("ci95")("percentile").numbers
            if a.count < Bootstrap.smallestSample {
                #expect(found.interval == nil && found.medianInterval == nil)
            } else {
                let interval = try #require(found.interval)
                #expect(MetricOracle.agree(interval.low, ends[0]))
                #expect(MetricOracle.agree(interval.high, ends[1]))
                #expect(found.medianInterval == MedianInterval(of: differences))
            }
            checked += 1
        }
        #expect(checked == 8)
    }

    @Test("swapping the models turns everything")
    func swapped() throws {
        let a = StatisticsWorlds.uniform(30, seed: 1)
        let b = StatisticsWorlds.uniform(30, seed: 2).map { $0 * 0.9 }
        let (ab, ba) = try (PairedComparison(a, b), PairedComparison(b, a))
        #expect(ab.meanDifference == -ba.meanDifference)
        #expect(ab.medianDifference == -ba.medianDifference)
        #expect(ab.hodgesLehmann == -ba.hodgesLehmann)
        #expect(ab.effect == -ba.effect)
        #expect(ab.wilcoxon?.p == ba.wilcoxon?.p)
        #expect((ab.greater, ab.equal, ab.less) == (ba.less, ba.equal, ba.greater))
        let (first, second) = try (#require(ab.interval), #require(ba.interval))
        #expect(MetricOracle.agree(first.low, -second.high))
        #expect(MetricOracle.agree(first.high, -second.low))
    }

    @Test("a model compared with itself differs by nothing")
    func same() throws {
        let a = StatisticsWorlds.uniform(12, seed: 3)
        let found = try PairedComparison(a, a)
        #expect(found.meanDifference == 0 && found.hodgesLehmann == 0 && found.effect == 0)
        #expect(found.interval == ConfidenceInterval(low: 0, high: 0, level: 0.95))
        #expect(found.wilcoxon?.p == 1)
        #expect((found.greater, found.equal, found.less) == (0, 12, 0))
    }

    @Test("cases of one patient are drawn together, and too few patients give no interval")
    func clusters() throws {
        let a = StatisticsWorlds.uniform(40, seed: 1)
        let b = StatisticsWorlds.uniform(40, seed: 2)
        let patients = a.indices.map { "patient \($0 / 4)" }
        let found = try PairedComparison(a, b, clusters: patients, resamples: 200, seed: 6)
        let differences = zip(a, b).map { $0 - $1 }
        #expect(
            found.interval
                == (try Bootstrap(resamples: 200, seed: 6).mean(of: differences, clusters: patients))
        )
        #expect(found.medianInterval == nil)
        let few = try PairedComparison(a, b, clusters: a.indices.map { $0 / 5 })
        #expect(few.interval == nil)
        #expect(try PairedComparison(a, b, resamples: 0).interval == nil)
    }

    @Test("no cases are no error, values that are not finite are")
    func errors() throws {
        let none = try PairedComparison([], [])
        #expect(none.n == 0 && none.meanDifference.isNaN && none.hodgesLehmann.isNaN)
        #expect(none.wilcoxon == nil && none.interval == nil && none.effect == 0)
        #expect(throws: MetricError.invalidScore(what: "second values", index: 1, found: "nan")) {
            try PairedComparison([1, 2], [1, .nan])
        }
        #expect(throws: MetricError.invalidScore(what: "first values", index: 0, found: "inf")) {
            try PairedComparison([.infinity, 2], [1, 1])
        }
        #expect(throws: MetricError.sizeMismatch(what: "second values", found: 1, expected: 2)) {
            try PairedComparison([1, 2], [1])
        }
        #expect(throws: MetricError.sizeMismatch(what: "clusters", found: 1, expected: 2)) {
            try PairedComparison([1, 2], [1, 2], clusters: ["a"])
        }
    }
}
