import SegmentationMetrics
import SegmentationReports

/// Compares two models by one metric of one label, or of the mean over labels.
struct PairedEntry {
    let a: (model: CompareRun.Model, table: CompareTable)
    let b: (model: CompareRun.Model, table: CompareTable)
    let metric: MetricEntry
    let metricIndex: Int
    /// The label; nil for the mean over labels of each case.
    let label: LabelEntry?
    let labelIndex: Int?
    let seed: UInt64
    let resamples: Int

    init(
        a: (CompareRun.Model, CompareTable), b: (CompareRun.Model, CompareTable),
        metric: MetricEntry, metricIndex: Int, label: LabelEntry?, labelIndex: Int? = nil,
        seed: UInt64, resamples: Int
    ) {
        self.a = a
        self.b = b
        self.metric = metric
        self.metricIndex = metricIndex
        self.label = label
        self.labelIndex = labelIndex
        self.seed = seed
        self.resamples = resamples
    }

    /// The entry of the report.
    func entry() throws -> CompareReport.Pair {
        let (valuesA, valuesB) = (values(a.table), values(b.table))
        let keys = valuesA.keys.filter { valuesB[$0] != nil }.sorted()
        var entry = CompareReport.Pair(
            a: a.model.name, b: b.model.name, label: label?.id, labelName: label?.name,
            metric: metric.id, n: keys.count, meanA: nil, meanB: nil, meanDifference: nil,
            interval: nil, medianDifference: nil, hodgesLehmann: nil, p: nil, holm: nil, test: nil,
            effect: nil, wins: 0, ties: 0, losses: 0)
        guard !keys.isEmpty else { return entry }
        let first = keys.compactMap { valuesA[$0] }
        let second = keys.compactMap { valuesB[$0] }
        let comparison = try PairedComparison(
            first, second, clusters: keys.map(a.table.cluster), resamples: resamples, seed: seed)
        entry.meanA = first.reduce(0, +) / Double(first.count)
        entry.meanB = second.reduce(0, +) / Double(second.count)
        entry.meanDifference = comparison.meanDifference
        entry.medianDifference = comparison.medianDifference
        entry.hodgesLehmann = comparison.hodgesLehmann.isNaN ? nil : comparison.hodgesLehmann
        entry.interval = comparison.interval.map {
            .init(
                low: $0.low, high: $0.high, level: 0.95,
                method: "paired percentile bootstrap, \(resamples) resamples, seed \(seed)")
        }
        entry.p = comparison.wilcoxon?.p
        entry.test = comparison.wilcoxon.map { $0.isExact ? "exact" : "normal approximation" }
        entry.effect = comparison.effect.isNaN ? nil : comparison.effect
        // For distances less is better, so a smaller value is a win.
        let isHigher = metric.direction == .higher
        entry.wins = isHigher ? comparison.greater : comparison.less
        entry.ties = comparison.equal
        entry.losses = isHigher ? comparison.less : comparison.greater
        entry.turnsUnder = turns(comparison.meanDifference)
        return entry
    }

    private func values(_ table: CompareTable) -> [String: Double] {
        labelIndex.map { table.values(metricIndex, label: $0) } ?? table.caseMeans(metricIndex)
    }

    /// The conventions of both reports under which the mean difference has the other sign.
    private func turns(_ difference: Double) -> [String] {
        guard difference != 0 else { return [] }
        let (own, other) = (
            a.table.spread(metric.id, label: label), b.table.spread(metric.id, label: label)
        )
        return own.keys.filter { name in
            guard let first = own[name], let second = other[name] else { return false }
            let keys = first.keys.filter { second[$0] != nil }.sorted()
            guard !keys.isEmpty else { return false }
            let sum = keys.reduce(0.0) { $0 + (first[$1] ?? 0) - (second[$1] ?? 0) }
            return sum * difference < 0
        }.sorted()
    }
}
