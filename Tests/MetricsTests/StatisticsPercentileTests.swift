import Testing

@testable import SegmentationMetrics

@Suite("percentiles")
struct StatisticsPercentileTests {
    @Test("every rule gives NumPy's value, and the weighted rule surface-distance's")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "percentile")
        var checked = 0
        for one in cases {
            let data = try one("data").numbers
            let weights = try one("weights").numbers
            let rules = try one("numpy_percentile").entries
            for (name, values) in rules {
                let method = try #require(Percentile.Method(rawValue: name))
                for (percent, value) in try values.entries {
                    let fraction = try #require(Double(percent)) / 100
                    let expected = try value.number
                    let place = "\(one.id) \(name) \(percent)"
                    // Without tolerance: the arithmetic is NumPy's.
                    #expect(
                        Percentile.value(of: data, fraction: fraction, method: method) == expected,
                        "\(place)")
                    #expect(
                        Percentile.value(
                            ofSorted: data.sorted(), fraction: fraction, method: method)
                            == expected, "\(place)")
                    checked += 1
                }
            }
            let rule = try one("weighted_surface_distance_rule").entries
            for (percent, value) in rule {
                let found = try Percentile.weighted(
                    of: data, weights: weights, fraction: try #require(Double(percent)) / 100)
                #expect(try found == value.number, "\(one.id) weighted \(percent)")
                checked += 1
            }
        }
        print("oracle percentile: \(checked) values")
        #expect(checked == 9 * (9 * 6 + 6))
    }

    /// Orders that are hard for a quickselect.
    private static func worlds(_ n: Int) -> [[Double]] {
        let random = StatisticsWorlds.uniform(n, seed: UInt64(n) + 3)
        let organ = (0..<n).map { Double(min($0, n - $0)) }
        let killer = (0..<n).map { Double($0 % 2 == 0 ? $0 / 2 : n / 2 + $0 / 2) }
        return [
            random, random.sorted(), random.sorted(by: >), organ, killer,
            [Double](repeating: 2.5, count: n), random.map { ($0 * 4).rounded() },
            random.map { $0 < 0.1 ? .infinity : $0 },
        ]
    }

    @Test("selection gives exactly the value of the sorted list, whatever the order")
    func selection() {
        var checked = 0
        for n in [1, 2, 3, 7, 8, 100, 1001] {
            for values in Self.worlds(n) {
                let sorted = values.sorted()
                for fraction in [0, 0.05, 1 / 3.0, 0.5, 0.95, 0.999, 1] {
                    let expected = Percentile.value(ofSorted: sorted, fraction: fraction)
                    var copy = values
                    #expect(Percentile.linear(of: &copy, fraction: fraction) == expected)
                    #expect(copy.sorted() == sorted, "an element was lost")
                    #expect(Percentile.value(of: values, fraction: fraction) == expected)
                    checked += 1
                }
            }
        }
        #expect(checked == 7 * 8 * 7)
    }

    @Test("what the pivot leaves after some rounds is sorted, wherever that happens")
    func bounded() {
        var checked = 0
        for values in Self.worlds(300) {
            let sorted = values.sorted()
            for rounds in [0, 1, 2, 3, 5, 8] {
                for place in [0, 1, 150, 298, 299] {
                    var copy = values
                    let found = copy.withUnsafeMutableBufferPointer {
                        Percentile.select(place, of: $0, rounds: rounds)
                    }
                    #expect(found == sorted[place])
                    #expect(copy[..<place].allSatisfy { $0 <= found })
                    #expect(copy[place...].allSatisfy { $0 >= found })
                    checked += 1
                }
            }
        }
        #expect(checked == 8 * 6 * 5)
    }

    @Test("a percentile of nothing or of NaN is NaN")
    func undefined() throws {
        for method in Percentile.Method.allCases {
            #expect(Percentile.value(of: [], fraction: 0.5, method: method).isNaN)
            #expect(Percentile.value(of: [1, .nan], fraction: 0.5, method: method).isNaN)
        }
        var none: [Double] = []
        #expect(Percentile.linear(of: &none, fraction: 0.5).isNaN)
        #expect(try Percentile.weighted(of: [], weights: [], fraction: 0.5).isNaN)
        #expect(try Percentile.weighted(of: [1], weights: [0], fraction: 0.5).isNaN)
    }

    @Test("infinities are elements like others")
    func infinities() {
        #expect(Percentile.value(of: [1, 2, .infinity], fraction: 0.5) == 2)
        #expect(Percentile.value(of: [1, 2, .infinity], fraction: 0.9) == .infinity)
        #expect(Percentile.value(of: [.infinity, .infinity], fraction: 0.5) == .infinity)
        #expect(Percentile.value(of: [-.infinity, 1], fraction: 0.4) == -.infinity)
    }

    @Test("equal weights give the inverted distribution function")
    func weighted() throws {
        for n in [1, 4, 10, 33] {
            let values = StatisticsWorlds.uniform(n, seed: UInt64(n))
            let ones = [Double](repeating: 1, count: n)
            for fraction in [0, 0.1, 0.25, 0.5, 0.95, 1] {
                #expect(
                    try Percentile.weighted(of: values, weights: ones, fraction: fraction)
                        == Percentile.value(of: values, fraction: fraction, method: .invertedCDF))
            }
        }
    }

    @Test("weights that are none are errors")
    func badWeights() {
        #expect(throws: MetricError.sizeMismatch(what: "weights", found: 1, expected: 2)) {
            try Percentile.weighted(of: [1, 2], weights: [1], fraction: 0.5)
        }
        #expect(throws: MetricError.invalidScore(what: "weights", index: 1, found: "-1.0")) {
            try Percentile.weighted(of: [1, 2], weights: [1, -1], fraction: 0.5)
        }
        #expect(throws: MetricError.invalidScore(what: "values", index: 0, found: "nan")) {
            try Percentile.weighted(of: [.nan, 2], weights: [1, 1], fraction: 0.5)
        }
    }
}
