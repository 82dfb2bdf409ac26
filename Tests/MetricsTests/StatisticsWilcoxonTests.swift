import SegmentationMetrics
import Testing

@Suite("Wilcoxon signed-rank")
struct StatisticsWilcoxonTests {
    @Test("every mode gives SciPy's statistic and p-value")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "statistics")
        var checked = 0
        for one in cases {
            let a = try one("a").numbers
            let b = try one("b").numbers
            let records = try one("wilcoxon").entries
            for (mode, value) in records {
                // For example pratt/approx/less/cc.
                let words = mode.split(separator: "/").map(String.init)
                let expected = try value.numbers
                let method: WilcoxonSignedRank.Method = words[1] == "exact" ? .exact : .normal
                #expect(["exact", "approx"].contains(words[1]))
                let test = try WilcoxonSignedRank(
                    a, b, zeroMethod: try #require(.init(rawValue: words[0])), method: method,
                    alternative: try #require(.init(rawValue: words[2])),
                    continuityCorrection: words[3] == "cc")
                #expect(test.statistic == expected[0], "\(one.id) \(mode)")
                #expect(
                    MetricOracle.agree(test.p, expected[1], relative: 1e-11), "\(one.id) \(mode)")
                checked += 1
            }
        }
        print("oracle statistics, Wilcoxon: \(checked) records")
        #expect(checked == 8 * 27)
    }

    /// All signs of the ranks, one after the other.
    private static func enumerated(
        _ differences: [Double], _ zeroMethod: WilcoxonSignedRank.ZeroMethod
    ) -> (below: Double, above: Double) {
        let ranked = zeroMethod == .wilcox ? differences.filter { $0 != 0 } : differences
        let ranks = ranked.map { one in
            let less = ranked.count { abs($0) < abs(one) }
            return 2 * less + ranked.count { abs($0) == abs(one) } + 1
        }
        let used = zip(ranked, ranks).filter { $0.0 != 0 }
        let found = used.reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        var (below, above) = (0, 0)
        for signs in 0..<(1 << used.count) {
            var sum = 0
            for (bit, one) in used.enumerated() where signs >> bit & 1 == 1 { sum += one.1 }
            if sum <= found { below += 1 }
            if sum >= found { above += 1 }
        }
        let all = Double(1 << used.count)
        return (Double(below) / all, Double(above) / all)
    }

    @Test("the permutation distribution is that of all signs, with ties and zeros")
    func permutation() throws {
        var checked = 0
        for n in 1...10 {
            for seed in 0..<6 {
                let differences = StatisticsWorlds.tied(n, seed: UInt64(100 * n + seed))
                for zeroMethod in WilcoxonSignedRank.ZeroMethod.allCases {
                    let (below, above) = Self.enumerated(differences, zeroMethod)
                    let expected: [(WilcoxonSignedRank.Alternative, Double)] = [
                        (.less, below), (.greater, above),
                        (.twoSided, min(1, 2 * min(below, above))),
                    ]
                    for (alternative, p) in expected {
                        let test = try WilcoxonSignedRank(
                            differences: differences, zeroMethod: zeroMethod, method: .permutation,
                            alternative: alternative)
                        // Sums of powers of two are exact.
                        #expect(test.p == p, "\(differences) \(zeroMethod) \(alternative)")
                        #expect(test.isExact)
                        checked += 1
                    }
                }
            }
        }
        #expect(checked == 10 * 6 * 3 * 3)
    }

    @Test("without zeros and ties the permutation distribution is the exact one")
    func noTies() throws {
        for n in [1, 5, 20, 50, 60] {
            let differences = StatisticsWorlds.uniform(n, seed: UInt64(n)).map { $0 - 0.4 }
            for alternative in WilcoxonSignedRank.Alternative.allCases {
                let exact = try WilcoxonSignedRank(
                    differences: differences, method: .exact, alternative: alternative)
                let permutation = try WilcoxonSignedRank(
                    differences: differences, method: .permutation, alternative: alternative)
                #expect(MetricOracle.agree(exact.p, permutation.p, relative: 1e-13))
                #expect(exact.isExact)
            }
        }
    }

    @Test(
        "turning all signs turns the sums, the effect and the one-sided p, and keeps the two-sided p"
    )
    func symmetry() throws {
        for n in [3, 12, 40, 80] {
            for differences in [
                StatisticsWorlds.tied(n, seed: UInt64(n)),
                StatisticsWorlds.uniform(n, seed: UInt64(n)).map { $0 - 0.45 },
            ] {
                let turned = differences.map { -$0 }
                for zeroMethod in WilcoxonSignedRank.ZeroMethod.allCases {
                    for method in WilcoxonSignedRank.Method.allCases {
                        // SciPy's table for n ranks knows nothing of those that Pratt drops: it leans to one side.
                        if method == .exact, zeroMethod == .pratt, differences.contains(0) {
                            continue
                        }
                        for correction in [false, true] {
                            func test(
                                _ values: [Double], _ alternative: WilcoxonSignedRank.Alternative
                            ) throws -> WilcoxonSignedRank {
                                try WilcoxonSignedRank(
                                    differences: values, zeroMethod: zeroMethod, method: method,
                                    alternative: alternative, continuityCorrection: correction)
                            }
                            let (a, b) = try (
                                test(differences, .twoSided), test(turned, .twoSided)
                            )
                            #expect(MetricOracle.agree(a.p, b.p, relative: 1e-13))
                            #expect(a.positiveRankSum == b.negativeRankSum)
                            #expect(a.statistic == b.statistic)
                            #expect(a.effect == -b.effect)
                            let (less, greater) = try (
                                test(differences, .less), test(turned, .greater)
                            )
                            #expect(MetricOracle.agree(less.p, greater.p, relative: 1e-13))
                        }
                    }
                }
            }
        }
    }

    @Test("the sums of ranks add up to all ranks")
    func sums() throws {
        for n in [1, 2, 13, 77] {
            let differences = StatisticsWorlds.tied(n, seed: UInt64(n))
            let rest = differences.count { $0 != 0 }
            let wilcox = try WilcoxonSignedRank(differences: differences, method: .normal)
            #expect(
                wilcox.positiveRankSum + wilcox.negativeRankSum == Double(rest * (rest + 1)) / 2)
            let split = try WilcoxonSignedRank(
                differences: differences, zeroMethod: .zsplit, method: .normal)
            #expect(split.positiveRankSum + split.negativeRankSum == Double(n * (n + 1)) / 2)
            #expect(abs(wilcox.effect) <= 1)
        }
    }

    @Test("the automatic rule is exact for at most 50 differences without zeros and ties")
    func automatic() throws {
        let differences = StatisticsWorlds.uniform(51, seed: 3).map { $0 - 0.5 }
        let fifty = Array(differences.prefix(50))
        #expect(try WilcoxonSignedRank(differences: fifty).method == .exact)
        #expect(try WilcoxonSignedRank(differences: differences).method == .normal)
        #expect(try WilcoxonSignedRank(differences: fifty.dropLast() + [0]).method == .normal)
        #expect(
            try WilcoxonSignedRank(differences: fifty.dropLast() + [-fifty[0]]).method == .normal)
        #expect(try WilcoxonSignedRank(differences: differences).z != nil)
        #expect(try WilcoxonSignedRank(differences: fifty).z == nil)
    }

    @Test("differences that are all zero, or none at all, say nothing: p is 1")
    func zeros() throws {
        for differences in [[], [0.0], [0, 0, -0.0]] {
            for zeroMethod in WilcoxonSignedRank.ZeroMethod.allCases {
                for method in WilcoxonSignedRank.Method.allCases {
                    let test = try WilcoxonSignedRank(
                        differences: differences, zeroMethod: zeroMethod, method: method)
                    #expect(test.p == 1, "\(differences) \(zeroMethod) \(method)")
                    #expect(test.effect == 0)
                    #expect(test.zeros == differences.count)
                }
            }
        }
    }

    @Test("what is not finite, of different lengths or too many is an error")
    func errors() {
        #expect(throws: MetricError.invalidScore(what: "differences", index: 1, found: "nan")) {
            try WilcoxonSignedRank(differences: [1, .nan])
        }
        #expect(throws: MetricError.sizeMismatch(what: "second values", found: 1, expected: 2)) {
            try WilcoxonSignedRank([1, 2], [1])
        }
        #expect(throws: MetricError.self) {
            try WilcoxonSignedRank(
                differences: (1...1001).map(Double.init), method: .permutation)
        }
    }

    @Test("the Hodges-Lehmann shift is the median of all Walsh averages")
    func hodgesLehmann() throws {
        var checked = 0
        for n in 1...40 {
            for differences in [
                StatisticsWorlds.tied(n, seed: UInt64(n)),
                StatisticsWorlds.uniform(n, seed: UInt64(n)).map { $0 - 0.5 },
                StatisticsWorlds.uniform(n, seed: UInt64(n)).map { ($0 - 0.3) * 1.7e308 },
            ] {
                var averages: [Double] = []
                for i in 0..<n {
                    for j in i..<n { averages.append(differences[i] / 2 + differences[j] / 2) }
                }
                averages.sort()
                let m = averages.count
                let median = averages[(m - 1) / 2] / 2 + averages[m / 2] / 2
                #expect(try HodgesLehmann.shift(of: differences) == median, "\(differences)")
                checked += 1
            }
        }
        #expect(checked == 120)
        #expect(try HodgesLehmann.shift(of: []).isNaN)
        #expect(throws: MetricError.self) { try HodgesLehmann.shift(of: [.infinity]) }
    }

    @Test("the shift of many differences does not list their averages")
    func hodgesLehmannLarge() throws {
        let values = StatisticsWorlds.uniform(200_000, seed: 1)
        let clock = ContinuousClock()
        var shift = 0.0
        let time = try clock.measure { shift = try HodgesLehmann.shift(of: values) }
        print("Hodges-Lehmann, 200 000: \(time)")
        #expect(abs(shift - 0.5) < 0.003)
        #expect(time < .seconds(4))
        // Mirrored values have the mirrored shift.
        #expect(try HodgesLehmann.shift(of: values.map { -$0 }) == -shift)
    }
}
