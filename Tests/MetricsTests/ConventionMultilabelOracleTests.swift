import MedicalImaging
import SegmentationMetrics
import Testing

/// Every record of `multilabel.json`, what other libraries returned for twelve pairs of label maps.
struct ConventionMultilabelOracleTests {
    @Test
    func `every multi-label record of nine libraries is reproduced or left out with its reason`()
        throws
    {
        let oracle = try MetricOracle("multilabel")
        var tally = OracleTally()
        for one in oracle.cases {
            let labels = try labels(of: one)
            let world = try OracleWorld(one, in: oracle, labels: labels)
            for record in one.records {
                tally.add(try outcome(record, in: world, labels), record, of: one.id)
            }
        }
        tally.report("multilabel")
        #expect(tally.total == 1128)
        tally.expect([
            "SimpleITK": .init(reproduced: 12),
            "TransUNet": .init(reproduced: 100),
            "medpy": .init(reproduced: 282, raised: 18),
            "monai": .init(reproduced: 204),
            "nnunetv2": .init(reproduced: 36),
            "scikit-image": .init(leftOut: 24),
            "scikit-learn": .init(reproduced: 144, leftOut: 72),
            "surface-distance": .init(reproduced: 200),
            "torchmetrics": .init(reproduced: 36),
        ])
    }

    @Test func `a plan measures what single calls measure, and only what is needed`() throws {
        let oracle = try MetricOracle("multilabel")
        let one = try #require(oracle.cases.dropFirst().first)
        let labels = try labels(of: one)
        let world = try OracleWorld(one, in: oracle, labels: labels)
        let conventions: [Convention] = [.standard, .monai, .synapse, .deepmind, .segMetrics]
        let metrics: [Metric] = [
            .dice, .hd95, .assd, .nsd2mm, .boundaryIoU(.millimetres(2)), .pq,
        ]
        let plan = MeasurementPlan(metrics: metrics, conventions: conventions)
        #expect(plan.surfaces.count == 4)
        #expect(plan.boundaries == [.millimetres(2)])
        let measured = plan.measure(world.pair, labels: labels, jobs: 1)
        let again = plan.measure(world.pair, labels: labels, jobs: 2)
        #expect(measured.count == labels.count)
        for (index, label) in labels.enumerated() {
            let counts = measured[index].counts
            #expect(counts == world.counts(of: label))
            #expect(measured[index].surfaces.isEmpty == (counts.state != .value))
            for convention in conventions {
                for metric in metrics {
                    let value = convention.value(of: metric, in: measured[index])
                    #expect(value == convention.value(of: metric, in: again[index]))
                    #expect(
                        metric == .pq || value == world.value(metric, convention, of: label),
                        "\(label) \(convention) \(metric)")
                }
            }
        }
        #expect(MeasurementPlan(metrics: [.dice, .pq]).surfaces.isEmpty)
    }

    private func labels(of one: MetricOracle.Case) throws -> [UInt8] {
        let count = try #require(MetricOracle.number(one.json["labels"]))
        return (1...Int(count)).map { UInt8($0) }
    }

    private func outcome(
        _ record: MetricOracle.Record, in world: OracleWorld, _ labels: [UInt8]
    ) throws -> OracleOutcome {
        switch record.lib {
        case "medpy":
            let label = UInt8(try #require(record.argument("label")))
            let metrics: [String: Metric] = ["dc": .dice, "hd95": .hd95, "assd": .assd]
            let metric = try #require(metrics[record.metric])
            return record.compare(world.value(metric, .medpy, of: label), with: record.number)
        case "TransUNet":
            let label = UInt8(try #require(record.argument("label")))
            return record.compare([
                (world.value(.dice, .synapse, of: label), record.list?[0]),
                (world.value(.hd95, .synapse, of: label), record.list?[1]),
            ])
        case "surface-distance":
            let label = UInt8(try #require(record.argument("label")))
            let metric: Metric = record.metric == "hd95" ? .hd95 : .nsd2mm
            return record.compare(world.value(metric, .deepmind, of: label), with: record.number)
        case "monai": return try monai(record, world, labels)
        case "nnunetv2": return try nnunet(record, world, labels)
        case "SimpleITK": return try simpleITK(record, world)
        case "torchmetrics": return try torchmetrics(record, world, labels)
        case "scikit-learn": return try scikitLearn(record, world)
        case "scikit-image":
            return .leftOut("partitions of all labels at once: the instance family")
        default: return .failed("unknown library")
        }
    }

    // MARK: - MONAI

    private func monai(
        _ record: MetricOracle.Record, _ world: OracleWorld, _ labels: [UInt8]
    ) throws -> OracleOutcome {
        let convention: Convention =
            record.args["ignore_empty"] as? Bool == false ? .monaiCount : .monai
        if record.metric == "generalized_dice" {
            let weight = try #require(
                GeneralisedDice.Weight(rawValue: record.args["weight_type"] as? String ?? ""))
            let value = GeneralisedDice.monai(
                labels.map { world.counts(of: $0) }, weight: weight)
            return record.compare(
                MetricValue(.value, value), with: record.list?.first, relative: 1e-6)
        }
        let metrics: [String: (Metric, Convention)] = [
            "dice_per_label": (.dice, convention), "dice": (.dice, convention),
            "hd95_per_label": (.hd95, convention), "hd95_mean": (.hd95, convention),
            "assd_per_label": (.assd, convention), "nsd_per_label": (.nsd2mm, .deepmind),
        ]
        let (metric, used) = try #require(metrics[record.metric])
        let values = labels.map { world.value(metric, used, of: $0) }
        let relative = metric == .hd95 ? 2e-5 : 1e-6
        guard let object = record.value as? [String: Any] else {
            guard let list = record.list, list.count == values.count else { return .failed("list") }
            return record.compare(Array(zip(values, list.map { $0 })), relative: relative)
        }
        // One case: the reductions of `do_metric_reduction` over its labels; NaN leaves a mean, and an empty mean is 0.
        let found = values.map(\.number).filter { !$0.isNaN }
        let mean = found.isEmpty ? 0 : found.reduce(0, +) / Double(found.count)
        let expected: [Double]
        let counted: [Double]
        switch record.args["reduction"] as? String {
        case "mean": (expected, counted) = ([mean], [found.isEmpty ? 0 : 1])
        case "mean_channel": (expected, counted) = ([mean], [Double(found.count)])
        case "sum": (expected, counted) = ([found.reduce(0, +)], [Double(found.count)])
        case "mean_batch":
            expected = values.map { $0.number.isNaN ? 0 : $0.number }
            counted = values.map { $0.number.isNaN ? 0 : 1 }
        default: return .failed("unknown reduction")
        }
        func list(_ key: String) -> [Double]? {
            numbers(object[key]) ?? MetricOracle.number(object[key]).map { [$0] }
        }
        guard let theirs = list("value"), let notNaN = list("not_nans"),
            theirs.count == expected.count, notNaN == counted
        else { return .failed("\(object), ours \(expected) \(counted)") }
        return record.compare(
            zip(expected, theirs).map { (MetricValue(.value, $0), $1) }, relative: relative)
    }

    // MARK: - nnU-Net

    private func nnunet(
        _ record: MetricOracle.Record, _ world: OracleWorld, _ labels: [UInt8]
    ) throws -> OracleOutcome {
        let object = try #require(record.value as? [String: Any])
        var pair = world.pair
        if let ignored = record.argument("ignore_label") {
            // Voxels that the reference ignores are taken out of both maps; counts need no neighbours.
            let kept = pair.reference.indices.filter { pair.reference[$0] != UInt8(ignored) }
            pair = try LabelPair(
                prediction: kept.map { pair.prediction[$0] },
                reference: kept.map { pair.reference[$0] },
                grid: MaskGrid(shape: GridShape(kept.count, 1, 1)))
        }
        let groups: [[UInt8]] = try #require(record.args["labels"] as? [Any]).map { one in
            (numbers(one) ?? MetricOracle.number(one).map { [$0] } ?? []).map { UInt8($0) }
        }
        guard object.count == groups.count else { return .failed("other labels") }
        for group in groups {
            let name =
                group.count == 1
                ? "\(group[0])" : "(" + group.map(String.init).joined(separator: ", ") + ")"
            let theirs = try #require(object[name] as? [String: Any], "\(name)")
            let table = (0...255).map { group.contains(UInt8($0)) ? UInt8(1) : 0 }
            let measured = MeasurementPlan(metrics: [.dice, .iou], conventions: [.nnunet])
                .measure(try pair.mapped(by: table), labels: [1])[0]
            let counts = measured.counts
            let exact: [(String, UInt64)] = [
                ("TP", counts.truePositives), ("FP", counts.falsePositives),
                ("FN", counts.falseNegatives), ("TN", counts.trueNegatives),
                ("n_pred", counts.prediction), ("n_ref", counts.reference),
            ]
            for (key, count) in exact where MetricOracle.number(theirs[key]) != Double(count) {
                return .failed("\(name) \(key)")
            }
            let outcome = record.compare([
                (
                    Convention.nnunet.value(of: .dice, in: measured),
                    MetricOracle.number(theirs["Dice"])
                ),
                (
                    Convention.nnunet.value(of: .iou, in: measured),
                    MetricOracle.number(theirs["IoU"])
                ),
            ])
            guard case .reproduced = outcome else { return outcome }
        }
        return .reproduced
    }

    // MARK: - Totals

    private func simpleITK(
        _ record: MetricOracle.Record, _ world: OracleWorld
    ) throws -> OracleOutcome {
        let object = try #require(record.value as? [String: Any])
        let dice = try #require(object["dice"] as? [String: Any])
        let similarity = try #require(object["volume_similarity"] as? [String: Any])
        let confusion = LabelConfusion(world.pair)
        // Its totals are pooled over every label that occurs, even one outside of the list.
        let occurring = Set(world.pair.prediction).union(world.pair.reference).subtracting([0])
        let pooled = occurring.map { confusion.counts(of: $0) }
        guard let first = pooled.first else { return .failed("no labels") }
        let total = pooled.dropFirst().reduce(first, +)
        var pairs: [(MetricValue, Double?)] = [
            (MetricValue(.value, total.dice), MetricOracle.number(object["total_dice"])),
            (MetricValue(.value, total.iou), MetricOracle.number(object["total_jaccard"])),
        ]
        for (name, number) in dice {
            let label = try #require(UInt8(name))
            pairs.append((world.value(.dice, .simpleitk, of: label), MetricOracle.number(number)))
            pairs.append(
                (
                    world.value(.volumeSimilarity, .simpleitk, of: label),
                    MetricOracle.number(similarity[name])
                ))
        }
        return record.compare(pairs)
    }

    private func torchmetrics(
        _ record: MetricOracle.Record, _ world: OracleWorld, _ labels: [UInt8]
    ) throws -> OracleOutcome {
        // Labels above the list were clamped to its last one before the call.
        let last = try #require(labels.last)
        let clamped = try world.pair.mapped(by: (0...255).map { min(UInt8($0), last) })
        let measured = MeasurementPlan(metrics: [.dice], conventions: [.nnunet])
            .measure(clamped, labels: labels)
        let counts = measured.map(\.counts)
        let values = measured.map { Convention.nnunet.value(of: .dice, in: $0).number }
        let value: Double
        switch record.args["average"] as? String {
        case "macro":
            let defined = values.filter { !$0.isNaN }
            value = defined.reduce(0, +) / Double(defined.count)
        case "micro": value = GeneralisedDice(weight: .uniform).value(counts)
        case "weighted":
            let support = counts.reduce(0) { $0 + Double($1.reference) }
            value = zip(values, counts).reduce(0) {
                $1.1.reference == 0 ? $0 : $0 + $1.0 * Double($1.1.reference) / support
            }
        default: return .failed("unknown average")
        }
        return record.compare(MetricValue(.value, value), with: record.list?.first, relative: 1e-6)
    }

    private func scikitLearn(
        _ record: MetricOracle.Record, _ world: OracleWorld
    ) throws -> OracleOutcome {
        let metrics: [String: Metric] = [
            "f1_score": .dice, "jaccard_score": .iou, "precision_score": .precision,
            "recall_score": .recall,
        ]
        guard let metric = metrics[record.metric] else {
            return .leftOut(
                record.metric == "ari"
                    ? "pair counting: the adjusted Rand indices of the instance family"
                    : "over classes and background together: the classification family")
        }
        let counts = try #require(numbers(record.args["labels"])).map {
            world.counts(of: UInt8($0))
        }
        func value(_ counts: OverlapCounts) -> Double {
            let measurement = LabelMeasurement(grid: world.pair.grid, counts: counts)
            let number = Convention.standard.value(of: metric, in: measurement).number
            return number.isNaN ? 0 : number  // zero_division=0
        }
        let ours: Double
        switch record.args["average"] as? String {
        case "macro": ours = counts.map(value).reduce(0, +) / Double(counts.count)
        case "micro":
            let first = try #require(counts.first)
            ours = value(counts.dropFirst().reduce(first, +))
        case "weighted":
            let support = counts.reduce(0) { $0 + Double($1.reference) }
            ours = counts.reduce(0) { $0 + value($1) * Double($1.reference) } / support
        default: return .failed("unknown average")
        }
        return record.compare(MetricValue(.value, ours), with: record.number)
    }
}

extension Metric {
    fileprivate static let pq = Metric.panopticQuality
}
