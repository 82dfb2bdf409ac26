import SegmentationMetrics
import SegmentationReports

/// Turns rows into summaries: per label, then over all labels under the rule of the convention.
struct ScoreSummarizer: Sendable {
    /// The labels of the table.
    let labels: [LabelEntry]
    /// The metrics of the table.
    let metrics: [Metric]
    /// What the numbers mean.
    var convention: Convention
    /// How means are taken.
    var rule: MeanRule
    /// What the headline mean does with values that are not finite.
    let missing: ScoreConfiguration.MissingPolicy
    /// The bootstrap.
    let intervals: ScoreIntervals

    /// The summaries of all labels and metrics, then those over all labels.
    func summaries(of rows: [CaseScores.Row]) -> [ScoreSummary] {
        let byLabel = Dictionary(grouping: rows, by: \.row.label)
        var summaries: [ScoreSummary] = []
        var overall: [ScoreSummary] = []
        for (index, metric) in metrics.enumerated() {
            let values = labels.map { label in
                (byLabel[label.id] ?? []).map { value(of: $0, metric, $0.row.values[index].metric) }
            }
            for (label, values) in zip(labels, values) {
                summaries.append(summary(of: values, metric, label: label.id))
            }
            overall.append(self.overall(values, metric))
        }
        return summaries + overall
    }

    /// The mean of one metric, and how many values it holds.
    ///
    /// - Parameters:
    ///   - rows: All rows.
    ///   - label: The label; nil for all.
    ///   - metric: The metric.
    ///   - value: Its value in a row.
    /// - Returns: The mean, nil without values, and their number.
    func mean(
        of rows: [CaseScores.Row], label: Int?, metric: Metric,
        value: (CaseScores.Row) -> MetricValue
    ) -> (mean: Double?, count: Int) {
        let table = labels.filter { label == nil || $0.id == label }.map { label in
            rows.filter { $0.row.label == label.id }.map {
                self.value(of: $0, metric, value($0))
            }
        }
        let counted = table.joined().filter { $0.counted != nil }.count
        let mean = label == nil ? overallMean(table) : mean(of: table[0])
        return (mean.flatMap { $0.isNaN ? nil : $0 }, counted)
    }

    // MARK: - One value

    /// A value, and what the two kinds of means count it as.
    struct Value {
        let row: CaseScores.Row
        let value: MetricValue
        /// What the headline mean counts; nil when it leaves the value out.
        let counted: Double?
        /// What the penalised mean counts; nil when it leaves the value out.
        let penalised: Double?
    }

    private func value(of row: CaseScores.Row, _ metric: Metric, _ value: MetricValue) -> Value {
        let number = value.number
        if number.isFinite {
            return Value(row: row, value: value, counted: number, penalised: number)
        }
        let isThere: Bool =
            switch value.state {
            case .miss, .ghost: true
            case .error: row.isExpected
            case .na: false
            case .value: number.isInfinite
            }
        let penalty = isThere ? penalty(of: metric, in: row) : nil
        let counted: Double? =
            switch missing {
            // MONAI and nnU-Net leave out NaN only.
            case .count, .skip:
                number.isInfinite && [.monai, .nnunet].contains(rule) ? number : nil
            case .diagonal: penalty
            case .value(let number): isThere ? number : nil
            }
        return Value(row: row, value: value, counted: counted, penalised: penalty)
    }

    /// What a value that is missing costs: the diagonal for a distance, 0 for an overlap, nothing for the rest.
    private func penalty(of metric: Metric, in row: CaseScores.Row) -> Double? {
        switch (convention.unit(of: metric), metric.direction) {
        case (.millimetres, .lower): row.diagonal
        case (.voxels, .lower): row.diagonalInVoxels
        case (.fraction, .higher): 0
        default: nil
        }
    }

    // MARK: - One label

    private func summary(of values: [Value], _ metric: Metric, label: Int?) -> ScoreSummary {
        let counted = values.filter { $0.counted != nil }
        let numbers = counted.compactMap(\.counted)
        let clusters = counted.map(\.row.cluster)
        let sample = SampleSummary(numbers.filter(\.isFinite))
        let hasValues = !numbers.isEmpty
        var summary = ScoreSummary(
            scope: label == nil ? .overall : .label, label: label, metric: metric.description,
            n: numbers.count, mean: mean(of: values),
            states: states(of: values), worst: worst(values, metric))
        guard hasValues, sample.n > 0 else { return summary }
        if sample.n > 1 { summary.sd = sample.standardDeviation }
        summary.median = sample.median
        summary.lowerQuartile = sample.lowerQuartile
        summary.upperQuartile = sample.upperQuartile
        summary.minimum = sample.minimum
        summary.maximum = sample.maximum
        if sample.n == numbers.count {
            summary.interval = intervals.mean(of: numbers, clusters: clusters)
            summary.medianInterval = intervals.median(of: numbers, clusters: clusters)
        }
        addPenalised(values, to: &summary)
        return summary
    }

    private func addPenalised(_ values: [Value], to summary: inout ScoreSummary) {
        let penalised = values.compactMap(\.penalised)
        guard penalised.count > values.filter({ $0.value.number.isFinite }).count else { return }
        summary.penalisedMean = penalised.reduce(0, +) / Double(penalised.count)
        summary.penalisedCount = penalised.count
    }

    /// The mean of one label under the rule of the convention.
    private func mean(of values: [Value]) -> Double? {
        let numbers = values.compactMap(\.counted)
        guard !numbers.isEmpty else { return nil }
        return numbers.reduce(0, +) / Double(numbers.count)
    }

    private func states(of values: [Value]) -> ScoreSummary.States {
        var states = ScoreSummary.States()
        for value in values {
            switch value.value.state {
            case .value: states.value += 1
            case .na: states.na += 1
            case .miss: states.miss += 1
            case .ghost: states.ghost += 1
            case .error: states.error += 1
            }
        }
        return states
    }

    private func worst(_ values: [Value], _ metric: Metric) -> [ScoreSummary.Worst] {
        guard metric.direction != .none else { return [] }
        // An error is worse than a miss, which is worse than any number; ties keep the order of the cases.
        func badness(_ value: Value) -> Double? {
            switch value.value.state {
            case .error: return .infinity
            case .na: return nil
            default: break
            }
            let number = value.value.number
            if number.isNaN { return nil }
            return metric.direction == .higher ? -number : number
        }
        return values.enumerated().compactMap { index, value in
            badness(value).map { (badness: $0, index: index, value: value) }
        }.sorted { ($1.badness, $0.index) < ($0.badness, $1.index) }.prefix(5).map {
            ScoreSummary.Worst(
                case: $0.value.row.row.case, slice: $0.value.row.row.slice,
                value: ScoreValue($0.value.value))
        }
    }

    // MARK: - All labels

    private func overall(_ table: [[Value]], _ metric: Metric) -> ScoreSummary {
        let all = table.flatMap { $0 }
        if labels.count == 1 {
            var summary = summary(of: table[0], metric, label: nil)
            summary.mean = overallMean(table)
            return summary
        }
        var summary = ScoreSummary(
            scope: .overall, metric: metric.description, n: all.filter { $0.counted != nil }.count,
            mean: overallMean(table), states: states(of: all), worst: worst(all, metric))
        // The spread of the patients: each case's mean over its labels.
        var byCase: [String: (sum: Double, count: Int, cluster: String)] = [:]
        for value in all {
            guard let number = value.counted, number.isFinite else { continue }
            byCase[value.row.row.case, default: (0, 0, value.row.cluster)].sum += number
            byCase[value.row.row.case, default: (0, 0, value.row.cluster)].count += 1
        }
        let means = byCase.keys.sorted().compactMap { byCase[$0].map { $0.sum / Double($0.count) } }
        let sample = SampleSummary(means)
        if sample.n > 0 {
            if sample.n > 1 { summary.sd = sample.standardDeviation }
            summary.median = sample.median
            summary.lowerQuartile = sample.lowerQuartile
            summary.upperQuartile = sample.upperQuartile
            summary.minimum = sample.minimum
            summary.maximum = sample.maximum
        }
        if let mean = summary.mean, mean.isFinite {
            summary.interval = intervals.meanOfLabelMeans(
                table.map { values in
                    values.compactMap { value in
                        value.counted.flatMap { $0.isFinite ? ($0, value.row.cluster) : nil }
                    }
                }, pooled: rule == .records)
        }
        addPenalisedOverall(table, to: &summary)
        return summary
    }

    private func addPenalisedOverall(_ table: [[Value]], to summary: inout ScoreSummary) {
        let finite = table.joined().filter { $0.value.number.isFinite }.count
        let penalised = table.map { $0.compactMap(\.penalised) }.filter { !$0.isEmpty }
        let count = penalised.reduce(0) { $0 + $1.count }
        guard count > finite else { return }
        let means = penalised.map { $0.reduce(0, +) / Double($0.count) }
        summary.penalisedMean =
            rule == .records
            ? penalised.joined().reduce(0, +) / Double(count)
            : means.reduce(0, +) / Double(means.count)
        summary.penalisedCount = count
    }

    /// The mean over all labels under the rule of the convention.
    private func overallMean(_ table: [[Value]]) -> Double? {
        let cases = Set(table.joined().map(\.row.row.case)).sorted()
        switch rule {
        case .records:
            let numbers = table.joined().compactMap(\.counted)
            return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
        case .labelsOfCases, .synapse, .none:
            let means = table.compactMap(mean(of:))
            return means.isEmpty ? nil : means.reduce(0, +) / Double(means.count)
        case .nnunet:
            // A label that never occurs has no mean, and then there is no mean over the labels.
            let means = table.compactMap(mean(of:))
            return means.count < table.count ? nil : means.reduce(0, +) / Double(means.count)
        case .monai:
            // First the labels of each case, then the cases that have any; 0 when there is none.
            let means = cases.compactMap { id -> Double? in
                let numbers = table.compactMap { values in
                    values.first { $0.row.row.case == id }?.counted
                }
                return numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
            }
            return means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count)
        }
    }
}
