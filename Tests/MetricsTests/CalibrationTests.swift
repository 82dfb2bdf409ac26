import Foundation
import SegmentationMetrics
import Testing

@Suite("Calibration")
struct CalibrationTests {
    private func table(
        _ oracle: MetricOracle, _ id: String, _ bins: Int,
        _ rule: CalibrationRule = .upperInclusive
    ) throws -> Calibration {
        var table = try Calibration(binCount: bins, rule: rule)
        try table.add(
            scores: oracle.array("score", of: id), reference: oracle.array("label", of: id))
        return table
    }

    @Test("every calibration record of scikit-learn and torchmetrics is reproduced")
    func records() throws {
        let oracle = try MetricOracle("probability")
        let metrics = ["calibration_error", "brier", "log_loss"]
        var (checked, errors) = (0, 0)
        for one in oracle.cases {
            for record in one.records where metrics.contains(record.metric) {
                let bins = record.args["n_bins"] as? Int ?? 15
                let rule: CalibrationRule =
                    record.lib == "torchmetrics" ? .lowerInclusiveSingle : .upperInclusive
                checked += 1
                if record.isError {
                    // Logits are no probabilities.
                    #expect(throws: MetricError.self) { try table(oracle, one.id, bins, rule) }
                    errors += 1
                    continue
                }
                let found = try table(oracle, one.id, bins, rule)
                let value: Double? =
                    switch (record.metric, record.args["norm"] as? String) {
                    case ("calibration_error", "l1"): found.expectedError
                    case ("calibration_error", "l2"): found.rootMeanSquareError
                    case ("calibration_error", "max"): found.maximumError
                    case ("brier", nil): found.brier
                    case ("log_loss", nil): found.logLoss
                    default: nil
                    }
                let expected = try #require(record.number)
                // Single precision, scikit-learn on these single-precision scores included; torchmetrics also sums
                // in it.
                let relative = record.lib == "torchmetrics" ? 5e-5 : 1e-6
                #expect(
                    MetricOracle.agree(
                        try #require(value), expected, relative: relative, absolute: 1e-7),
                    "\(one.id) \(record.fn) \(record.args): \(value ?? .nan), not \(expected)")
            }
        }
        print("calibration: \(checked) records")
        #expect(checked == 170)
        #expect(errors == 2)
    }

    @Test("ECE, MCE, ACE, Brier score and the filling of the bins are those of the definition")
    func definition() throws {
        let oracle = try MetricOracle("probability")
        var checked = 0
        for one in oracle.cases {
            let definition = try #require(one.json["definition"] as? [String: Any])
            for bins in [10, 15] {
                guard let expected = definition["calibration_\(bins)"] as? [String: Any] else {
                    #expect(one.id == "pr_019")
                    continue
                }
                let found = try table(oracle, one.id, bins)
                for (name, value) in [
                    ("ece", found.expectedError), ("mce", found.maximumError),
                    ("ace", found.averageError), ("brier", found.brier),
                ] {
                    let number = try #require(MetricOracle.number(expected[name]))
                    #expect(MetricOracle.agree(value, number), "\(one.id) \(bins) \(name)")
                    checked += 1
                }
                #expect(found.bins.map { Double($0.count) } == numbers(expected["bin_count"]))
                checked += 1
            }
        }
        #expect(checked == 21 * 2 * 5)
    }

    @Test("scores on an edge go to the bin of their rule")
    func edges() throws {
        var upper = try Calibration(binCount: 4)
        var lower = try Calibration(binCount: 4, rule: .lowerInclusiveSingle)
        let scores: [Float] = [
            0, 0.25, 0.5, 0.75, 1, 0.1, Float(0.25).nextUp, Float(0.25).nextDown,
        ]
        let labels: [UInt8] = [0, 0, 1, 1, 200, 0, 1, 0]
        try upper.add(scores: scores, reference: labels)
        try lower.add(scores: scores, reference: labels)
        #expect(upper.bins.map(\.count) == [4, 2, 1, 1])
        #expect(lower.bins.map(\.count) == [3, 2, 1, 1, 1])
        #expect(upper.bins.map(\.positives) == [0, 2, 1, 1])
        #expect(lower.bins.map(\.positives) == [0, 1, 1, 1, 1])
        #expect(lower.bins.map(\.lower) == [0, 0.25, 0.5, 0.75, 1])
        #expect(lower.bins.map(\.upper) == [0.25, 0.5, 0.75, 1, 1])
        #expect(upper.bins[2].meanScore == 0.75 && upper.bins[2].positiveShare == 1)
        #expect(upper.bins[2].gap == 0.25 && upper.maximumError == upper.bins.map(\.gap).max())
        // Edges that single precision cannot hold: every bin holds what the slow search finds.
        for bins in [1, 3, 10, 15, 100, 1000] {
            let edges = (0...bins).map { edge in
                edge < (bins + 1) / 2
                    ? Float(edge) * (1 / Float(bins)) : 1 - Float(bins - edge) * (1 / Float(bins))
            }
            let tries = edges.flatMap { [$0, min(1, $0.nextUp), max(0, $0.nextDown)] }
            var table = try Calibration(binCount: bins, rule: .lowerInclusiveSingle)
            try table.add(scores: tries, reference: tries.map { _ in 0 })
            var expected = [UInt64](repeating: 0, count: bins + 1)
            for score in tries {
                expected[(edges.lastIndex { $0 <= score }) ?? 0] += 1
            }
            #expect(table.bins.map(\.count) == expected, "\(bins) bins")
        }
    }

    @Test("logarithms taken together equal one by one, and images add up")
    func streaming() throws {
        var state: UInt64 = 9
        var scores: [Float] = []
        var labels: [UInt8] = []
        for place in 0..<1000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            scores.append(place % 9 == 0 ? Float(place % 2) : Float(state >> 40) / Float(1 << 24))
            labels.append(UInt8(state >> 33 & 1))
        }
        let margin = Double(Calibration.logLossMargin)
        let loss = zip(scores, labels).reduce(0.0) { sum, pair in
            let score = min(max(Double(pair.0), margin), 1 - margin)
            return sum - log(pair.1 == 1 ? score : 1 - score)
        }
        for rule in CalibrationRule.allCases {
            var whole = try Calibration(binCount: 12, rule: rule)
            try whole.add(scores: scores, reference: labels)
            #expect(MetricOracle.agree(whole.logLoss, loss / 1000, relative: 1e-12))
            var parts = try Calibration(binCount: 12, rule: rule)
            for start in [0, 333, 777] {
                let end = [0: 333, 333: 777, 777: 1000][start] ?? 0
                var part = try Calibration(binCount: 12, rule: rule)
                try part.add(
                    scores: Array(scores[start..<end]), reference: Array(labels[start..<end]))
                parts.merge(part)
            }
            #expect(parts.count == 1000)
            #expect(parts.bins.map(\.count) == whole.bins.map(\.count))
            #expect(parts.bins.map(\.positives) == whole.bins.map(\.positives))
            #expect(MetricOracle.agree(parts.expectedError, whole.expectedError))
            #expect(MetricOracle.agree(parts.brier, whole.brier))
            #expect(MetricOracle.agree(parts.logLoss, whole.logLoss))
        }
    }

    @Test("no pixels have no calibration")
    func empty() throws {
        let table = Calibration()
        #expect(table.binCount == 15 && table.rule == .upperInclusive && table.count == 0)
        for value in [
            table.expectedError, table.maximumError, table.averageError,
            table.rootMeanSquareError, table.brier, table.logLoss, table.bins[3].meanScore,
            table.bins[3].positiveShare, table.bins[3].gap,
        ] { #expect(value.isNaN) }
        #expect(throws: MetricError.self) { try Calibration(binCount: 0) }
        #expect(throws: MetricError.self) { try Calibration(binCount: 1 << 17) }
    }

    @Test("a score outside of 0...1 is named, and nothing is added")
    func invalidScores() throws {
        for (value, text) in [
            (Float(1.5), "m, value 2: found 1.5, expected a probability in 0...1"),
            (-0.25, "m, value 2: found -0.25, expected a probability in 0...1"),
            (.nan, "m, value 2: found nan, expected a finite number"),
            (.infinity, "m, value 2: found inf, expected a finite number"),
        ] {
            var table = Calibration()
            let error = #expect(throws: MetricError.self) {
                try table.add(scores: [0, 1, value, 1], reference: [0, 0, 0, 0], what: "m")
            }
            #expect(error?.description == text)
            #expect(table.count == 0 && table.brier.isNaN)
        }
        var table = Calibration()
        #expect(throws: MetricError.sizeMismatch(what: "m, reference", found: 1, expected: 2)) {
            try table.add(scores: [0, 1], reference: [0], what: "m")
        }
        try table.add(scores: [-0.0], reference: [0])
        #expect(table.bins[0].count == 1)
    }
}
