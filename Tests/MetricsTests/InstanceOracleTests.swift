import Foundation
import SegmentationMetrics
import Testing

/// Every instance record of other libraries, and the adjusted Rand records of the other sets.
@Suite("Instance metrics equal other libraries")
struct InstanceOracleTests {
    /// The value of a record as this library computes it; nil when there is no rule for it.
    private static func values(
        _ record: MetricOracle.Record, _ overlap: InstanceOverlap
    ) -> [MetricValue]? {
        func quality(_ key: String, _ convention: InstanceConvention) -> PanopticQuality {
            overlap.panopticQuality(
                threshold: MetricOracle.number(record.args[key]) ?? 0.5, convention: convention)
        }
        func plain(_ numbers: Double...) -> [MetricValue] {
            numbers.map { MetricValue(.value, $0) }
        }
        switch (record.lib, record.metric) {
        case ("hover_net", "aji"): return [overlap.aji(convention: .hovernet)]
        case ("hover_net", "aji_plus"): return [overlap.ajiPlus(convention: .hovernet)]
        case ("hover_net", "dice_2"): return [overlap.dice2(convention: .hovernet)]
        case ("hover_net", "dice1"): return [overlap.foregroundDice]
        case ("hover_net", "dq,sq,pq"):
            let found = quality("match_iou", .hovernet)
            return [found.detectionQuality, found.segmentationQuality, found.quality]
        case ("monai", "pq"): return [quality("match_iou_threshold", .monai).quality]
        case ("monai", "sq"): return [quality("match_iou_threshold", .monai).segmentationQuality]
        case ("monai", "rq"): return [quality("match_iou_threshold", .monai).detectionQuality]
        case ("monai", "tp,fp,fn,iou_sum"):
            let found = quality("match_iou_threshold", .monai)
            return plain(
                Double(found.truePositives), Double(found.falsePositives),
                Double(found.falseNegatives), found.sumIoU)
        case ("cellpose", "aji_cellpose"): return [overlap.cellposeAJI()]
        case ("scikit-learn", "ari_instances"): return [overlap.adjustedRand(.instances)]
        case ("scikit-learn", "ari_instances_fg"):
            return [overlap.adjustedRand(.referenceForeground)]
        case ("scikit-learn", "ari_binary"): return [overlap.adjustedRand(.binary)]
        case ("scikit-learn", "nmi"):
            return plain(overlap.information.normalizedMutualInformation)
        case ("scikit-image", "are,precision,recall"):
            let found = overlap.adaptedRand
            return plain(found.error, found.precision, found.recall)
        case ("scikit-image", "split,merge"):
            return plain(overlap.information.split, overlap.information.merge)
        default: return nil
        }
    }

    /// The values of an object of a record, by key.
    private static func table(
        _ record: MetricOracle.Record, _ overlap: InstanceOverlap
    ) -> [String: MetricValue]? {
        func count(_ number: Int) -> MetricValue { MetricValue(.value, Double(number)) }
        switch record.lib {
        case "stardist":
            let found = overlap.panopticQuality(
                threshold: MetricOracle.number(record.args["thresh"]) ?? .nan,
                convention: .stardist)
            return [
                "tp": count(found.truePositives), "fp": count(found.falsePositives),
                "fn": count(found.falseNegatives), "precision": found.precision,
                "recall": found.recall, "accuracy": found.accuracy, "f1": found.f1,
                "n_true": count(overlap.references.count),
                "n_pred": count(overlap.predictions.count), "mean_true_score": found.meanTrueIoU,
                "mean_matched_score": found.segmentationQuality,
                "panoptic_quality": found.quality,
            ]
        case "panoptica":
            let found = overlap.panopticQuality(
                threshold: MetricOracle.number(record.args["matching_threshold"]) ?? .nan,
                convention: .panoptica)
            let quality = found.detectionQuality
            return [
                "tp": count(found.truePositives), "fp": count(found.falsePositives),
                "fn": count(found.falseNegatives), "prec": found.precision, "rec": found.recall,
                "rq": quality, "sq": found.segmentationQuality, "pq": found.quality,
                "sq_dsc": found.meanDice,
                "pq_dsc": MetricValue(quality.state, quality.number * found.meanDice.number),
                "global_bin_dsc": overlap.foregroundDice,
            ]
        default: return nil
        }
    }

    private static func overlap(
        _ oracle: MetricOracle, _ one: MetricOracle.Case
    ) throws -> InstanceOverlap {
        try InstanceOverlap(
            prediction: oracle.array("pred", of: one.id, as: Int32.self),
            reference: oracle.array("ref", of: one.id, as: Int32.self))
    }

    @Test("All 576 records of seven libraries are reproduced")
    func records() throws {
        let oracle = try MetricOracle("instances")
        var checked: [String: Int] = [:]
        var fields = 0
        for one in oracle.cases {
            let overlap = try Self.overlap(oracle, one)
            for record in one.records {
                let place = "\(one.id) \(record.lib) \(record.metric) \(record.args)"
                // stardist sums float32 scores although its record carries no such mark.
                let tolerance = record.isSingle || record.lib == "stardist" ? 1e-6 : 1e-9
                func check(_ found: MetricValue, _ expected: Double, _ what: String) {
                    fields += 1
                    #expect(
                        found.state != .error
                            && MetricOracle.agree(
                                found.number, expected, relative: tolerance, absolute: 1e-12),
                        "\(place) \(what): found \(found), expected \(expected)")
                }
                if let found = Self.values(record, overlap) {
                    let expected = record.number.map { [$0] } ?? record.list ?? []
                    if record.isError {
                        fields += 1
                        #expect(
                            found.allSatisfy { $0 == .error }, "\(place): expected an error")
                    } else {
                        #expect(found.count == expected.count, "\(place)")
                        for (a, b) in zip(found, expected) { check(a, b, "") }
                    }
                } else if let found = Self.table(record, overlap) {
                    let expected = try #require(record.value as? [String: Any])
                    for (key, value) in expected where found[key] != nil {
                        let mine = try #require(found[key])
                        if value is NSNull {
                            // panoptica's null: a rate over no instances.
                            fields += 1
                            #expect(["prec", "rec"].contains(key) && overlap.state != .value)
                        } else {
                            check(mine, MetricOracle.number(value) ?? 1e300, key)
                        }
                    }
                    #expect(
                        Set(expected.keys).subtracting(found.keys).isSubset(of: [
                            "criterion", "thresh", "num_ref_instances", "num_pred_instances",
                        ]))
                } else {
                    Issue.record("\(place): no rule")
                    continue
                }
                checked[record.lib, default: 0] += 1
            }
        }
        #expect(
            checked == [
                "hover_net": 168, "monai": 96, "stardist": 96, "cellpose": 24,
                "scikit-learn": 96, "scikit-image": 48, "panoptica": 48,
            ])
        #expect(checked.values.reduce(0, +) == 576)
        #expect(fields == InstanceOracleTests.expectedFields)
        print("instance oracle: 576 records, \(fields) numbers")
    }

    private static let expectedFields = 2382

    @Test("Every definition value of the 24 cases is reproduced")
    func definitions() throws {
        let oracle = try MetricOracle("instances")
        var (checked, undefined) = (0, 0)
        for one in oracle.cases {
            let overlap = try Self.overlap(oracle, one)
            let definition = try #require(one.json["definition"] as? [String: Any])
            let quality = overlap.panopticQuality()
            let counts = overlap.foreground
            for (key, value) in definition {
                let parts = key.split(separator: "@")
                let threshold = parts.count == 2 ? try #require(Double(parts[1])) : 0.5
                let found: MetricValue
                switch parts[0] {
                case "n_ref": found = MetricValue(.value, Double(overlap.references.count))
                case "n_pred": found = MetricValue(.value, Double(overlap.predictions.count))
                case "foreground_intersection":
                    found = MetricValue(.value, Double(counts.truePositives))
                case "foreground_union":
                    found = MetricValue(
                        .value, Double(counts.prediction + counts.falseNegatives))
                case "aji": found = overlap.aji()
                case "aji_best_is_tied":
                    found = MetricValue(.value, Self.isBestTied(overlap) ? 1 : 0)
                case "aji_plus": found = overlap.ajiPlus()
                case "dice2": found = overlap.dice2()
                case "dq": found = quality.detectionQuality
                case "sq": found = quality.segmentationQuality
                case "pq": found = quality.quality
                case "sum_iou_matched": found = MetricValue(.value, quality.sumIoU)
                case "tp":
                    found = MetricValue(
                        .value, Double(overlap.matches(threshold: threshold).count))
                case "tp_nonstrict":
                    found = MetricValue(
                        .value,
                        Double(
                            overlap.matches(threshold: threshold, convention: .cellpose).count))
                default:
                    Issue.record("\(one.id) \(key): no rule")
                    continue
                }
                if value is NSNull {
                    // Null: nothing to divide by, or the number of pairs at exactly ½ left open.
                    undefined += 1
                    #expect(
                        overlap.state != .value || key == "tp_nonstrict@0.5"
                            || found.state == .na, "\(one.id) \(key)")
                } else {
                    checked += 1
                    #expect(
                        MetricOracle.agree(found.number, try #require(MetricOracle.number(value))),
                        "\(one.id) \(key): found \(found), expected \(value)")
                }
            }
        }
        #expect(checked == 687)
        #expect(undefined == 36)
        print("instance definitions: \(checked) numbers, \(undefined) undefined")
    }

    private static func isBestTied(_ overlap: InstanceOverlap) -> Bool {
        overlap.references.indices.contains { reference in
            let scores = overlap.contacts.filter { $0.reference == reference }.map(overlap.iou)
            return scores.filter { $0 == scores.max() }.count > 1
        }
    }

    @Test("Rand and adjusted Rand of thresholded score maps equal scikit-learn")
    func scoreMaps() throws {
        let oracle = try MetricOracle("probability")
        var checked = 0
        for one in oracle.cases {
            let labels = try oracle.array("label", of: one.id, as: UInt8.self)
            let scores = try oracle.array("score", of: one.id, as: Float.self)
            let counts = try InstanceOverlap(
                prediction: scores.map { $0 >= 0.5 ? Int32(1) : 0 },
                reference: labels.map { Int32($0) }
            ).pairCounts(.binary)
            for record in one.records
            where record.lib == "scikit-learn" && ["ari", "rand"].contains(record.metric) {
                let found = record.metric == "ari" ? counts.adjustedRand : counts.rand
                #expect(
                    MetricOracle.agree(found, try #require(record.number)),
                    "\(one.id) \(record.metric)")
                checked += 1
            }
        }
        #expect(checked == 44)
    }

    @Test("Partitions of label volumes equal scikit-image and scikit-learn")
    func labelVolumes() throws {
        let oracle = try MetricOracle("multilabel")
        var checked = 0
        for one in oracle.cases {
            let pair = try oracle.pair(of: one)
            let overlap = try InstanceOverlap(
                prediction: pair.prediction.map { Int32($0) },
                reference: pair.reference.map { Int32($0) })
            for record in one.records {
                let found: [Double]
                switch (record.lib, record.metric) {
                case ("scikit-learn", "ari"): found = [overlap.adjustedRand(.instances).number]
                case ("scikit-image", "are,precision,recall"):
                    let (error, precision, recall) = overlap.adaptedRand
                    found = [error, precision, recall]
                case ("scikit-image", "split,merge"):
                    found = [overlap.information.split, overlap.information.merge]
                default: continue
                }
                let expected = try #require(record.number.map { [$0] } ?? record.list)
                #expect(found.count == expected.count)
                for (a, b) in zip(found, expected) {
                    #expect(MetricOracle.agree(a, b), "\(one.id) \(record.metric): \(a) \(b)")
                }
                checked += 1
            }
        }
        #expect(checked == 36)
    }
}
