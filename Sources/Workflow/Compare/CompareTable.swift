import SegmentationReports

/// The values of one report, by metric, label and case.
struct CompareTable: Sendable {
    /// `[metric][label][row]`: rows are cases, or slices of cases; finite values only.
    private var values: [[[String: Double]]]
    private var clusters: [String: String] = [:]
    private let report: ScoreReport
    private let labels: [LabelEntry]
    private let metrics: [String]

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - metrics: The metrics, all of which it has.
    ///   - labels: The labels, all of which it has by name.
    init(_ report: ScoreReport, metrics: [String], labels: [LabelEntry]) {
        self.report = report
        self.labels = labels
        self.metrics = metrics
        let columns = metrics.map { id in report.metrics.firstIndex { $0.id == id } }
        let own = labels.map { label in
            report.labels.first { LabelScheme.key($0.name) == LabelScheme.key(label.name) }?.id
        }
        values = Array(
            repeating: Array(repeating: [:], count: labels.count), count: metrics.count)
        let places = Dictionary(
            own.enumerated().compactMap { place, id in id.map { ($0, place) } },
            uniquingKeysWith: { first, _ in first })
        for row in report.rows {
            guard let place = places[row.label] else { continue }
            let key = row.slice.map { "\(row.case)\u{1F}\($0)" } ?? row.case
            for (metric, column) in columns.enumerated() {
                guard let column, column < row.values.count,
                    let number = row.values[column].value, number.isFinite,
                    row.values[column].state != .error
                else { continue }
                values[metric][place][key] = number
            }
        }
        for entry in report.cases { clusters[entry.id] = entry.cluster }
    }

    /// The values of a label, by row.
    func values(_ metric: Int, label: Int) -> [String: Double] { values[metric][label] }

    /// The mean over labels of each row that has a value for at least one.
    func caseMeans(_ metric: Int) -> [String: Double] {
        caseMeans(metric, over: Array(labels.indices))
    }

    /// The mean over some labels of each row that has a value for all of them that the row has anywhere.
    func caseMeans(_ metric: Int, over labels: [Int]) -> [String: Double] {
        var sums: [String: (sum: Double, count: Int)] = [:]
        for label in labels {
            for (key, number) in values[metric][label] {
                sums[key, default: (0, 0)].sum += number
                sums[key, default: (0, 0)].count += 1
            }
        }
        return sums.mapValues { $0.sum / Double($0.count) }
    }

    /// The patient of a row.
    func cluster(of key: String) -> String {
        let id = key.prefix { $0 != "\u{1F}" }
        return clusters[String(id)] ?? String(id)
    }

    /// The values of one metric of one label in a spread, by convention and case.
    func spread(_ metric: String, label: LabelEntry?) -> [String: [String: Double]] {
        guard let spread = report.spread else { return [:] }
        let id = label.flatMap { wanted in
            report.labels.first { LabelScheme.key($0.name) == LabelScheme.key(wanted.name) }?.id
        }
        var sums: [String: [String: (sum: Double, count: Int)]] = [:]
        for value in spread.values where value.metric == metric && (id == nil || value.label == id)
        {
            for (name, number) in zip(spread.conventions, value.values) {
                guard let number, number.isFinite else { continue }
                sums[name, default: [:]][value.case, default: (0, 0)].sum += number
                sums[name, default: [:]][value.case, default: (0, 0)].count += 1
            }
        }
        return sums.mapValues { $0.mapValues { $0.sum / Double($0.count) } }
    }
}
