import SegmentationMetrics
import Testing

@Suite("correlations and small paired tests")
struct StatisticsCorrelationTests {
    /// Written out: the compiler (6.3.1) does not survive a list of the methods themselves, whose errors are typed.
    private static let functions: [@Sendable ([Double], [Double]) throws -> Correlation] = [
        { try Correlation.pearson($0, $1) },
        { try Correlation.spearman($0, $1) },
        { try Correlation.kendall($0, $1) },
    ]

    private static func agree(_ found: Correlation, _ coefficient: Double, _ p: Double) -> Bool {
        MetricOracle.agree(found.coefficient, coefficient, relative: 1e-13)
            && abs(found.p - p) <= 1e-10 * p + 1e-60
    }

    @Test("t-test, sign test and correlations are SciPy's")
    func oracle() throws {
        let cases = try StatisticsOracle.cases(of: "statistics")
        var checked = 0
        for one in cases {
            let a = try one("a").numbers
            let b = try one("b").numbers
            let differences = zip(a, b).map { $0 - $1 }
            let t = try one("ttest_rel").numbers
            let test = try PairedTTest(differences: differences)
            #expect(MetricOracle.agree(test.t, t[0], relative: 1e-12), "\(one.id)")
            #expect(MetricOracle.agree(test.p, t[1], relative: 1e-10), "\(one.id)")
            #expect(test.degreesOfFreedom == a.count - 1)
            let sign = try one("sign_test").number
            #expect(
                MetricOracle.agree(try SignTest(differences: differences).p, sign, relative: 1e-12))
            checked += 3
            for (key, found) in [
                ("spearman", try Correlation.spearman(a, b)),
                ("kendall_b", try Correlation.kendall(a, b)),
                ("pearson", try Correlation.pearson(a, b)),
            ] {
                let expected = try one(key).numbers
                #expect(Self.agree(found, expected[0], expected[1]), "\(one.id) \(key) \(found)")
                checked += 2
            }
        }
        print("oracle statistics, small tests and correlations: \(checked) values")
        #expect(checked == 8 * 9)
    }

    /// SciPy 1.17, computed once.
    @Test("more pairs, and pairs with many ties, are SciPy's too")
    func larger() throws {
        let x = [
            0.001, 0.299, -0.274, -0.891, -0.455, -0.992, 0.06, 1.34, -0.492, -0.62, 0.49, 0.357,
            0.105, -0.93, -0.029, 0.695, -1.344, -0.458, -1.901, -1.29, -1.842, -0.235, -1.267,
            0.271,
            0.157, -0.187, -2.517, -0.539, -0.049, 0.113, -1.53, -0.478, -0.979, -0.809, 1.061,
            -0.808,
            -0.033, 0.884, -0.584, -0.112,
        ]
        let y = [
            0.111, 0.183, -1.335, -0.28, 1.177, -1.944, 0.883, 0.655, -0.838, 1.752, 0.958, -1.056,
            0.117, 0.205, -0.2, 0.961, -0.604, 0.484, 0.678, -1.192, -0.534, -0.557, -0.38, -1.079,
            -0.517, -0.271, -0.108, 0.93, -1.343, -0.749, 0.035, -2.184, -0.855, -0.421, 1.681,
            0.366,
            -0.34, -0.015, -0.484, 1.479,
        ]
        #expect(Self.agree(try .kendall(x, y), 0.1564102564102564, 0.15519288945826587))
        #expect(Self.agree(try .spearman(x, y), 0.22213883677298316, 0.16830755482496262))
        #expect(Self.agree(try .pearson(x, y), 0.22552937672805284, 0.16173948083139927))
        let u: [Double] = [
            4, 5, 1, 3, 0, 1, 2, 5, 5, 3, 3, 3, 0, 2, 5, 2, 1, 1, 4, 0, 5, 5, 3, 2, 4, 3, 2, 1, 2,
            4,
        ]
        let v: [Double] = [
            0, 0, 3, 1, 4, 0, 4, 0, 2, 4, 0, 3, 3, 2, 0, 2, 2, 4, 3, 1, 0, 2, 1, 3, 4, 1, 4, 2, 2,
            3,
        ]
        #expect(Self.agree(try .kendall(u, v), -0.3104969801312453, 0.03544465399993563))
        #expect(Self.agree(try .spearman(u, v), -0.3823838807826332, 0.03703236002822343))
        #expect(Self.agree(try .pearson(u, v), -0.38751367983316687, 0.03436382000581791))
        let s = (0..<50).map(Double.init)
        var swapped = s
        swapped.swapAt(3, 4)
        // These p-values are far below the absolute tolerance of the others.
        let near = try Correlation.kendall(s, swapped)
        #expect(MetricOracle.agree(near.coefficient, 0.9983673469387755))
        #expect(MetricOracle.agree(near.p * 1e63, 3.287949416633158))
        #expect(MetricOracle.agree(try Correlation.kendall(s, s).p * 1e65, 6.575898833266317))
        #expect(try Correlation.kendall(s, s.reversed()).coefficient == -1)
    }

    @Test("Kendall's exact p-value is that of all orders")
    func kendallExact() throws {
        // All orders of six, each against the first: the share at least as far from 0.
        let base = (0..<6).map(Double.init)
        var orders: [[Double]] = [[]]
        for value in base {
            orders = orders.flatMap { order in
                (0...order.count).map { place in
                    var next = order
                    next.insert(value, at: place)
                    return next
                }
            }
        }
        #expect(orders.count == 720)
        let found = try orders.map { try Correlation.kendall(base, $0) }
        for one in found {
            let share =
                Double(
                    found.count { abs($0.coefficient) >= abs(one.coefficient) - 1e-12 }) / 720
            #expect(MetricOracle.agree(one.p, share, relative: 1e-12))
        }
    }

    @Test("a constant list has no correlation, two pairs lie on a line")
    func degenerate() throws {
        for function in Self.functions {
            let constant = try function([0.1, 0.1, 0.1], [1, 2, 3])
            #expect(constant.coefficient.isNaN && constant.p.isNaN)
            let line = try function([1, 2], [5, 3])
            #expect(abs(line.coefficient + 1) < 1e-15 && line.p == 1)
            #expect(throws: MetricError.self) { try function([1], [1]) }
            #expect(throws: MetricError.self) { try function([1, 2], [1, .nan]) }
            #expect(throws: MetricError.self) { try function([1, 2], [1, 2, 3]) }
        }
    }

    @Test("swapping the lists keeps a correlation, turning one turns it")
    func symmetry() throws {
        for n in [3, 10, 40] {
            let x = StatisticsWorlds.tied(n, seed: UInt64(n))
            let y = StatisticsWorlds.uniform(n, seed: UInt64(n) + 1)
            for function in Self.functions {
                let (a, b, c) = try (function(x, y), function(y, x), function(x, y.map { -$0 }))
                #expect(MetricOracle.agree(a.coefficient, b.coefficient))
                #expect(MetricOracle.agree(a.coefficient, -c.coefficient))
                #expect(MetricOracle.agree(a.p, b.p) && MetricOracle.agree(a.p, c.p))
            }
        }
    }

    @Test("equal differences make the t-test infinite, zeros make it undefined")
    func constantDifferences() throws {
        let same = try PairedTTest(differences: [0.3, 0.3, 0.3])
        #expect(same.t == .infinity && same.p == 0)
        let zero = try PairedTTest(differences: [0, 0, 0])
        #expect(zero.t.isNaN && zero.p.isNaN)
        #expect(throws: MetricError.self) { try PairedTTest(differences: [1]) }
        #expect(try SignTest(differences: [0, 0]).p == 1)
        #expect(try SignTest(differences: []).p == 1)
        #expect(try SignTest(differences: [1, 1, -1, 0]).p == 1)
        #expect(MetricOracle.agree(try SignTest(differences: [1, 1, 1]).p, 0.25))
    }
}
