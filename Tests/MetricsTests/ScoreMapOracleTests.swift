import Foundation
import SegmentationMetrics
import Testing

/// Every ranking record of other libraries for score maps; those of calibration are in `CalibrationTests`.
@Suite("Score maps equal other libraries")
struct ScoreMapOracleTests {
    /// Records that are not reproduced, and why.
    private static let exceptions: [String: String] = [
        "pr_013 roc_points": "no negatives: the library counts points whose rates are NaN",
        "pr_014 roc_points": "no positives: the library counts points whose rates are NaN",
        "pr_014 pr_curve": "no positives: the library takes a recall of 1 and a precision of 0",
    ]

    /// Kinds of records that other suites check.
    private static func owner(_ record: MetricOracle.Record) -> String? {
        switch record.metric {
        case "ari", "rand": "InstanceOracleTests"
        case "calibration_error", "brier", "log_loss": "CalibrationTests"
        default: nil
        }
    }

    /// One map of the files.
    private struct Map {
        let scores: [Float]
        let labels: [UInt8]
        let ranking: ScoreRanking

        init(_ oracle: MetricOracle, _ id: String) throws {
            scores = try oracle.array("score", of: id)
            labels = try oracle.array("label", of: id)
            ranking = try ScoreRanking(scores: scores, reference: labels, what: id)
        }

        var hasOneClass: Bool { ranking.positives == 0 || ranking.negatives == 0 }

        /// What torchmetrics makes of scores outside of 0...1.
        var sigmoid: ScoreRanking {
            get throws {
                let logits = scores.contains { $0 < 0 || $0 > 1 }
                return logits
                    ? try ScoreRanking(
                        scores: scores.map { Float(1 / (1 + exp(-Double($0)))) }, reference: labels)
                    : ranking
            }
        }

        func matrix(_ isPositive: (Float) -> Bool) throws -> ConfusionMatrix {
            var found = try ConfusionMatrix(classNames: ["background", "foreground"])
            for (score, label) in zip(scores, labels) {
                try found.add(prediction: isPositive(score) ? 1 : 0, reference: Int(label))
            }
            return found
        }
    }

    /// Undefined values, as scikit-learn writes them.
    private static func zero(_ number: Double) -> Double { number.isNaN ? 0 : number }

    /// The value by this library, in the words of the other.
    private static func value(_ record: MetricOracle.Record, _ map: Map) throws -> Double? {
        let ranking = map.ranking
        switch (record.lib, record.metric) {
        case ("scikit-learn", "auc"), ("monai", "auc"): return ranking.auc
        case ("torchmetrics", "auc"): return zero(ranking.auc)
        case ("torchmetrics", "auc_binned"):
            return zero(try map.sigmoid.auc(thresholds: record.args["thresholds"] as? Int ?? 0))
        case ("scikit-learn", "partial_auc_mcclish"):
            return try ranking.partialAUC(
                upToFalsePositiveRate: MetricOracle.number(record.args["max_fpr"]) ?? 0)
        case ("scikit-learn", "average_precision"), ("torchmetrics", "average_precision"):
            return zero(ranking.averagePrecision)
        case ("monai", "average_precision"):
            return map.hasOneClass ? .nan : ranking.averagePrecision
        case ("scikit-learn", "roc_points"): return Double(ranking.rocPoints().count)
        case ("scikit-learn", "f1_score"):
            let isStrict = record.args["threshold"] as? String == "> 0.5"
            return zero(ranking.scores(at: isStrict ? Float(0.5).nextUp : 0.5).f1)
        case ("scikit-learn", "precision_score"): return zero(ranking.scores(at: 0.5).precision)
        case ("scikit-learn", "recall_score"): return zero(ranking.scores(at: 0.5).recall)
        case ("scikit-learn", "jaccard_score"):
            let counts = ranking.counts(atOrAbove: 0.5)
            let union = counts.truePositives + counts.falsePositives + counts.falseNegatives
            return zero(Double(counts.truePositives) / Double(union))
        case ("scikit-learn", "accuracy_score"):
            let counts = ranking.counts(atOrAbove: 0.5)
            return Double(counts.truePositives + counts.trueNegatives) / Double(map.scores.count)
        // Counted pixel by pixel, not from the ranking.
        case ("scikit-learn", "matthews_corrcoef"):
            return zero(try map.matrix { $0 >= 0.5 }.mcc)
        case ("scikit-learn", "cohen_kappa_score"):
            return zero(try map.matrix { $0 >= 0.5 }.kappa())
        case ("scikit-learn", "balanced_accuracy_score"):
            return try map.matrix { $0 >= 0.5 }.balancedAccuracy.value
        default: return nil
        }
    }

    /// The precision-recall curve with its ends joined by straight lines, and what is at its top.
    private static func curve(_ ranking: ScoreRanking) throws -> [String: Double] {
        let points = ranking.precisionRecallPoints()
        let area = zip(points, points.dropFirst()).reduce(0.0) {
            $0 + ($1.1.x - $1.0.x) * ($1.0.y + $1.1.y) / 2
        }
        let best = try #require(ranking.bestF1)
        return [
            "auc_trapezoid": area, "n_thresholds": Double(points.count - 1), "best_f1": best.f1,
            "best_f1_threshold": Double(best.threshold),
        ]
    }

    @Test("every ranking record of scikit-learn, torchmetrics and MONAI is reproduced")
    func records() throws {
        let oracle = try MetricOracle("probability")
        var (checked, excepted, elsewhere) = (0, Set<String>(), 0)
        for one in oracle.cases {
            let map = try Map(oracle, one.id)
            for record in one.records {
                if Self.owner(record) != nil {
                    elsewhere += 1
                    continue
                }
                let key = "\(one.id) \(record.metric)"
                if Self.exceptions[key] != nil {
                    excepted.insert(key)
                    continue
                }
                if record.metric == "pr_curve" {
                    let found = try Self.curve(map.ranking)
                    let expected = try #require(record.value as? [String: Any])
                    #expect(expected.count == found.count)
                    for (name, value) in found {
                        let number = try #require(MetricOracle.number(expected[name]))
                        #expect(MetricOracle.agree(value, number), "\(key) \(name)")
                    }
                    checked += 1
                    continue
                }
                let found = try #require(try Self.value(record, map), "\(key): no rule")
                let expected = try #require(record.number)
                // MONAI computes on single-precision tensors too, without saying so in the files.
                let relative = record.isSingle || record.lib == "monai" ? 2e-6 : 1e-9
                #expect(
                    MetricOracle.agree(
                        found, expected, relative: relative, absolute: relative / 10),
                    "\(one.id) \(record.lib) \(record.fn) \(record.args): \(found), not \(expected)"
                )
                checked += 1
            }
        }
        print("score maps: \(checked) records, \(elsewhere) of other suites")
        #expect(checked == 415)
        #expect(elsewhere == 44 + 170)
        #expect(excepted == Set(Self.exceptions.keys))
    }

    @Test("best F1, its threshold, precision and recall are those of the definition")
    func definition() throws {
        let oracle = try MetricOracle("probability")
        var checked = 0
        for one in oracle.cases {
            let map = try Map(oracle, one.id)
            let definition = try #require(one.json["definition"] as? [String: Any])
            let entry = try #require(definition["best_f1,threshold,precision,recall"])
            if let expected = numbers(entry) {
                let best = try #require(map.ranking.bestF1)
                let found = [best.f1, Double(best.threshold), best.precision, best.recall]
                #expect(found.count == expected.count)
                for (a, b) in zip(found, expected) {
                    #expect(MetricOracle.agree(a, b, relative: 1e-12), "\(one.id): \(a), not \(b)")
                }
            } else {
                #expect(entry is NSNull && map.ranking.bestF1 == nil, "\(one.id)")
            }
            checked += 1
        }
        #expect(checked == 22)
    }
}
