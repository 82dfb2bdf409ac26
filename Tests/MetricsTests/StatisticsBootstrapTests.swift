import Testing

@testable import SegmentationMetrics

@Suite("bootstrap")
struct StatisticsBootstrapTests {
    @Test("draws, means and intervals are those of the oracle")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "statistics")
        var checked = 0
        for one in cases {
            let a = try one("a").numbers
            let b = try one("b").numbers
            let expected = try one("bootstrap")
            let seed = UInt64(try expected("seed").number)
            var random = SplitMix64(seed: seed)
            for row in try expected("first_rows").elements {
                let drawn = a.map { _ in Double(random.index(below: a.count)) }
                #expect(try drawn == row.numbers, "\(one.id)")
                checked += 1
            }
            let bootstrap = Bootstrap(
                resamples: Int(try expected("resamples").number), seed: seed)
            let drawn = try bootstrap.meanDistribution(of: zip(a, b).map { $0 - $1 })
            // To the bit: the sums are taken in NumPy's order.
            let head = try expected("distribution_head").numbers
            #expect(Array(drawn.values.prefix(head.count)) == head, "\(one.id)")
            checked += head.count
            let sum = try expected("distribution_sum").number
            #expect(MetricOracle.agree(drawn.values.reduce(0, +), sum, relative: 1e-13))
            checked += 1
            let intervals = try expected("ci95")
            for method in Bootstrap.Method.allCases {
                let ends = try intervals(method.rawValue).numbers
                let found = try #require(drawn.interval(method))
                #expect(MetricOracle.agree(found.low, ends[0]), "\(one.id) \(method) \(found)")
                #expect(MetricOracle.agree(found.high, ends[1]), "\(one.id) \(method) \(found)")
                checked += 2
            }
        }
        print("oracle statistics, bootstrap: \(checked) values")
        #expect(checked == 8 * (2 + 8 + 1 + 6))
    }

    /// NumPy 2.2 and SciPy 1.17 on the same draws, computed once.
    @Test("a larger sample gives NumPy's means and SciPy's BCa interval")
    func larger() throws {
        let values = StatisticsWorlds.uniform(300, seed: 5).map { $0 * $0 }
        let drawn = try Bootstrap(resamples: 500, seed: 77).meanDistribution(of: values)
        #expect(drawn.estimate == 0.35718861730205026)
        #expect(
            drawn.values.prefix(3) == [
                0.35742531817799006, 0.3320578327332768, 0.35753882905073625,
            ])
        let plain = try #require(drawn.interval(.percentile))
        #expect(MetricOracle.agree(plain.low, 0.3237440824620231, relative: 1e-14))
        #expect(MetricOracle.agree(plain.high, 0.39394722585137204, relative: 1e-14))
        let corrected = try #require(drawn.interval(.bca))
        #expect(MetricOracle.agree(corrected.low, 0.32458511480546426, relative: 1e-12))
        #expect(MetricOracle.agree(corrected.high, 0.39470055952187943, relative: 1e-12))
    }

    @Test("clusters are drawn whole, and the mean is over all rows drawn")
    func clustered() throws {
        let values = StatisticsWorlds.uniform(300, seed: 5).map { $0 * $0 }
        let clusters = values.indices.map { $0 * $0 % 37 }
        let drawn = try Bootstrap(resamples: 400, seed: 9)
            .meanDistribution(of: values, clusters: clusters)
        #expect(MetricOracle.agree(drawn.values[0], 0.33954109970551005, relative: 1e-14))
        #expect(MetricOracle.agree(drawn.values[1], 0.3543628106645255, relative: 1e-14))
        #expect(MetricOracle.agree(drawn.values.reduce(0, +), 143.26842075502745, relative: 1e-13))
        let found = try #require(
            try Bootstrap(resamples: 400, seed: 9).mean(of: values, clusters: clusters))
        #expect(MetricOracle.agree(found.low, 0.32319650789490423, relative: 1e-13))
        #expect(MetricOracle.agree(found.high, 0.4002389495641389, relative: 1e-13))
        // The slow twin: the statistic of the rows themselves.
        for method in Bootstrap.Method.allCases {
            let bootstrap = Bootstrap(resamples: 400, seed: 9, method: method)
            let fast = try #require(try bootstrap.mean(of: values, clusters: clusters))
            let slow = try #require(
                bootstrap.interval(clusters: clusters) { rows in
                    rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
                })
            #expect(MetricOracle.agree(fast.low, slow.low), "\(method)")
            #expect(MetricOracle.agree(fast.high, slow.high), "\(method)")
        }
    }

    @Test("clusters of one row give the plain bootstrap, to the bit")
    func singletons() throws {
        for n in [10, 37, 128, 500] {
            let values = StatisticsWorlds.uniform(n, seed: UInt64(n))
            for method in Bootstrap.Method.allCases {
                let bootstrap = Bootstrap(resamples: 200, seed: 3, method: method)
                let names = values.indices.map { "patient \($0)" }
                #expect(
                    try bootstrap.meanDistribution(of: values)
                        == bootstrap.meanDistribution(of: values, clusters: names))
                let plain = try #require(try bootstrap.mean(of: values))
                #expect(try bootstrap.mean(of: values, clusters: names) == plain)
            }
        }
    }

    @Test("equal values give that value at both ends, to the bit")
    func constant() throws {
        for value in [0.1, 0.7, -3.3] {
            for method in Bootstrap.Method.allCases {
                let values = [Double](repeating: value, count: 23)
                let bootstrap = Bootstrap(resamples: 100, method: method)
                let plain = try #require(try bootstrap.mean(of: values))
                #expect(plain.low == value && plain.high == value, "\(method)")
                let clusters = values.indices.map { $0 / 2 }
                let clustered = try #require(try bootstrap.mean(of: values, clusters: clusters))
                #expect(clustered.low == value && clustered.high == value, "\(method)")
            }
        }
    }

    @Test("fewer than ten clusters give no interval, ten do")
    func small() throws {
        #expect(Bootstrap.smallestSample == 10)
        let values = StatisticsWorlds.uniform(40, seed: 2)
        let bootstrap = Bootstrap(resamples: 50)
        #expect(try bootstrap.mean(of: Array(values.prefix(9))) == nil)
        #expect(try bootstrap.mean(of: Array(values.prefix(10))) != nil)
        #expect(try bootstrap.mean(of: values, clusters: values.indices.map { $0 % 9 }) == nil)
        #expect(try bootstrap.mean(of: values, clusters: values.indices.map { $0 % 10 }) != nil)
        #expect(bootstrap.interval(rows: 9) { Double($0.count) } == nil)
        #expect(bootstrap.interval(rows: 10) { Double($0.count) }?.low == 10)
        #expect(try bootstrap.mean(of: []) == nil)
        #expect(try Bootstrap(resamples: 0).mean(of: values) == nil)
        #expect(try bootstrap.meanDistribution(of: []).values.isEmpty)
    }

    @Test("a statistic without a number has no interval")
    func undefined() throws {
        let bootstrap = Bootstrap(resamples: 50)
        #expect(bootstrap.interval(rows: 12) { _ in .nan } == nil)
        // All resamples above the statistic of the sample: the correction for bias is infinite.
        let whole = Array(0..<12)
        let corrected = Bootstrap(resamples: 50, method: .bca)
        #expect(corrected.interval(rows: 12) { $0 == whole ? 0 : 1 } == nil)
        #expect(throws: MetricError.invalidScore(what: "values", index: 1, found: "inf")) {
            try bootstrap.mean(of: [1, .infinity])
        }
        #expect(throws: MetricError.sizeMismatch(what: "clusters", found: 1, expected: 2)) {
            try bootstrap.mean(of: [1, 2], clusters: ["a"])
        }
    }

    @Test("the mean over labels draws the clusters once for all labels")
    func labels() throws {
        let values = StatisticsWorlds.uniform(90, seed: 8)
        let patients = values.indices.map { "patient \($0 % 15)" }
        let rows = zip(values, patients).map { (value: $0, cluster: $1) }
        let table = [Array(rows[..<30]), Array(rows[30..<50]), Array(rows[50...]), []]
        for method in Bootstrap.Method.allCases {
            let bootstrap = Bootstrap(resamples: 300, seed: 4, method: method)
            let found = try #require(try bootstrap.meanOfMeans(of: table))
            let owners = [(0, 0..<30), (1, 30..<50), (2, 50..<90)]
            let slow = try #require(
                bootstrap.interval(clusters: patients) { drawn in
                    let means = owners.compactMap { _, range -> Double? in
                        let own = drawn.filter(range.contains)
                        if own.isEmpty { return nil }
                        return own.reduce(0) { $0 + values[$1] } / Double(own.count)
                    }
                    return means.reduce(0, +) / Double(means.count)
                })
            #expect(MetricOracle.agree(found.low, slow.low), "\(method)")
            #expect(MetricOracle.agree(found.high, slow.high), "\(method)")
            // One label alone is the clustered mean.
            let single = try #require(try bootstrap.meanOfMeans(of: [rows]))
            let mean = try #require(try bootstrap.mean(of: values, clusters: patients))
            #expect(MetricOracle.agree(single.low, mean.low), "\(method)")
            #expect(MetricOracle.agree(single.high, mean.high), "\(method)")
        }
        let few = rows.map { (value: $0.value, cluster: $0.cluster.count) }
        #expect(try Bootstrap().meanOfMeans(of: [few]) == nil)
    }

    @Test("intervals of a known mean hold it about as often as they say")
    func coverage() throws {
        var held = 0
        for seed in 0..<200 {
            let values = StatisticsWorlds.uniform(60, seed: UInt64(seed) &* 7919 &+ 11)
            let found = try Bootstrap(resamples: 400, seed: UInt64(seed)).mean(of: values)
            if try #require(found).contains(0.5) { held += 1 }
        }
        #expect((180...198).contains(held), "\(held) of 200")
    }

    @Test("ten thousand resamples of a thousand values take a moment")
    func speed() throws {
        let values = StatisticsWorlds.uniform(1000, seed: 6)
        let clock = ContinuousClock()
        var found: ConfidenceInterval?
        let time = try clock.measure { found = try Bootstrap().mean(of: values) }
        print("bootstrap, 10 000 x 1 000: \(time)")
        #expect(try #require(found).contains(SampleSummary(values).mean))
        #expect(time < .seconds(2))
    }
}
