import Testing

@testable import SegmentationMetrics

@Suite("intervals of medians and proportions")
struct StatisticsIntervalTests {
    /// Ranks by SciPy's binomial distribution, computed once.
    @Test("the ranks of a median's interval are those of the binomial distribution")
    func ranks() {
        let ninetyFive = [
            1: nil, 4: nil, 5: nil, 6: 1, 7: 1, 8: 1, 9: 2, 10: 2, 11: 2, 12: 3, 15: 4, 20: 6,
            25: 8,
            50: 18, 70: 27, 100: 40, 1000: 469,
        ]
        let ninetyNine = [
            7: nil, 8: 1, 9: 1, 10: 1, 11: 1, 12: 2, 15: 3, 20: 4, 25: 6, 50: 16, 70: 24, 100: 37,
            1000: 459,
        ]
        let ninety = [4: nil, 5: 1, 6: 1, 8: 2, 10: 2, 11: 3, 25: 8, 50: 19, 100: 42, 1000: 474]
        for (level, table) in [(0.95, ninetyFive), (0.99, ninetyNine), (0.9, ninety)] {
            for (n, rank) in table {
                #expect(MedianInterval.rank(of: n, level: level) == rank, "\(n) at \(level)")
            }
        }
    }

    @Test("a median's interval is two of the values")
    func median() throws {
        let values = StatisticsWorlds.uniform(20, seed: 12)
        let sorted = values.sorted()
        let found = try #require(MedianInterval(of: values))
        #expect(found.rank == 6)
        #expect(found.low == sorted[5] && found.high == sorted[14])
        #expect(abs(found.coverage - 0.958610534668) < 1e-12)
        #expect(MedianInterval(of: Array(values.prefix(9))) == nil)
        #expect(MedianInterval(of: Array(values.prefix(10))) != nil)
        #expect(MedianInterval(of: values + [.nan]) == nil)
        #expect(MedianInterval(of: Array(values.prefix(10)), level: 0.999) == nil)
    }

    @Test("Wilson's interval is SciPy's")
    func wilson() {
        for (successes, trials, level, low, high) in [
            (0, 10, 0.95, 0.0, 0.27753279986288926), (10, 10, 0.95, 0.7224672001371109, 1.0),
            (1, 10, 0.95, 0.017876213095072896, 0.4041500267952385),
            (5, 10, 0.95, 0.236593090512564, 0.7634069094874361),
            (81, 263, 0.95, 0.2552885198782742, 0.36620957698280004),
            (15, 148, 0.99, 0.05364486961396485, 0.18326735011315254),
            (999, 1000, 0.9, 0.9955302770906311, 0.9997768761560879),
        ] {
            let found = WilsonInterval(successes: successes, of: trials, level: level)
            #expect(abs(found.low - low) < 1e-12, "\(successes) of \(trials)")
            #expect(abs(found.high - high) < 1e-12, "\(successes) of \(trials)")
            #expect(found.proportion == Double(successes) / Double(trials))
        }
        let none = WilsonInterval(successes: 0, of: 0)
        #expect(none.low == 0 && none.high == 1 && none.proportion.isNaN)
    }

    @Test("Wilson's interval of failures mirrors that of successes")
    func mirror() {
        for successes in 0...17 {
            let a = WilsonInterval(successes: successes, of: 17)
            let b = WilsonInterval(successes: 17 - successes, of: 17)
            #expect(abs(a.low - (1 - b.high)) < 1e-15)
            #expect(a.low <= a.proportion && a.proportion <= a.high)
        }
    }
}
