/// Checks a report from outside: after it, the parts fit together and no reader needs to look again.
struct ReportConsistency {
    let name: String

    func check(_ report: ScoreReport) throws(ReportError) {
        let cases = try unique(report.cases.map(\.id), "cases", "case ids")
        let labels = try unique(report.labels.map(\.id), "labels", "label ids")
        let metrics = try unique(report.metrics.map(\.id), "metrics", "metric ids")
        for (place, entry) in report.cases.enumerated() {
            try count(entry.shape.count, [0, 2, 3], "cases[\(place)].shape")
            try count(entry.spacing.count, [0, 2, 3], "cases[\(place)].spacing")
        }
        var seen: Set<[String]> = []
        for (place, row) in report.rows.enumerated() {
            let path = "rows[\(place)]"
            try known(row.case, cases, "\(path).case", "cases")
            try known(row.label, labels, "\(path).label", "labels")
            try count(row.values.count, [report.metrics.count], "\(path).values")
            let key = [row.case, "\(row.label)", row.slice.map { "\($0)" } ?? ""]
            guard seen.insert(key).inserted else {
                throw error(path, "a second row of case \(row.case), label \(row.label)", "one")
            }
            if let worst = row.worst {
                try count(worst.voxel.count, [3], "\(path).worst.voxel")
                try count(worst.world.count, [0, 3], "\(path).worst.world")
            }
            if let counts = row.counts { try check(counts, "\(path).counts") }
        }
        for (place, summary) in report.summaries.enumerated() {
            let path = "summaries[\(place)]"
            try known(summary.metric, metrics, "\(path).metric", "metrics")
            if let label = summary.label { try known(label, labels, "\(path).label", "labels") }
        }
        if let spread = report.spread { try check(spread, labels, metrics) }
        for (place, row) in (report.published?.rows ?? []).enumerated() {
            try count(
                row.values.count, [report.published?.columns.count ?? 0],
                "published.rows[\(place)].values")
        }
        for (place, panel) in report.panels.enumerated() { try check(panel, "panels[\(place)]") }
    }

    func check(_ report: CompareReport) throws(ReportError) {
        let models = try unique(report.models.map(\.name), "models", "names")
        let metrics = try unique(report.metrics.map(\.id), "metrics", "metric ids")
        let labels = try unique(report.labels.map(\.id), "labels", "label ids")
        for (place, pair) in report.pairs.enumerated() {
            let path = "pairs[\(place)]"
            try known(pair.a, models, "\(path).a", "models")
            try known(pair.b, models, "\(path).b", "models")
            try known(pair.metric, metrics, "\(path).metric", "metrics")
            if let label = pair.label { try known(label, labels, "\(path).label", "labels") }
        }
        for (place, ranking) in report.rankings.enumerated() {
            let path = "rankings[\(place)]"
            let n = report.models.count
            try known(ranking.metric, metrics, "\(path).metric", "metrics")
            try count(ranking.means.count, [n], "\(path).means")
            try count(ranking.rankOfMean.count, [n], "\(path).rankOfMean")
            try count(ranking.meanRank.count, [n], "\(path).meanRank")
            try count(ranking.firstShare.count, [0, n], "\(path).firstShare")
        }
    }

    // MARK: - Parts

    private func check(_ counts: ScoreRow.Counts, _ path: String) throws(ReportError) {
        var total: UInt64 = 0
        for part in [counts.tp, counts.fp, counts.fn, counts.tn] {
            let sum = total.addingReportingOverflow(part)
            guard !sum.overflow, sum.partialValue <= UInt64(Int64.max) else {
                throw error(path, "more than \(Int64.max) voxels", "the voxels of one image")
            }
            total = sum.partialValue
        }
    }

    private func check(
        _ spread: ConventionSpread, _ labels: Set<Int>, _ metrics: Set<String>
    ) throws(ReportError) {
        let n = spread.conventions.count
        for (place, row) in spread.rows.enumerated() {
            let path = "spread.rows[\(place)]"
            try known(row.metric, metrics, "\(path).metric", "metrics")
            if let label = row.label { try known(label, labels, "\(path).label", "labels") }
            try count(row.means.count, [n], "\(path).means")
            try count(row.counts.count, [n], "\(path).counts")
        }
        for (place, value) in spread.values.enumerated() {
            let path = "spread.values[\(place)]"
            try known(value.metric, metrics, "\(path).metric", "metrics")
            try count(value.values.count, [n], "\(path).values")
        }
    }

    private func check(_ panel: ReportPanel, _ path: String) throws(ReportError) {
        for (place, curve) in panel.curves.enumerated() {
            try count(curve.y.count, [curve.x.count], "\(path).curves[\(place)].y")
        }
        guard let matrix = panel.matrix else { return }
        try count(matrix.counts.count, [matrix.rows.count], "\(path).matrix.counts")
        for (place, row) in matrix.counts.enumerated() {
            try count(row.count, [matrix.columns.count], "\(path).matrix.counts[\(place)]")
        }
    }

    // MARK: - Rules

    private func unique<Key: Hashable>(
        _ keys: [Key], _ place: String, _ what: String
    ) throws(ReportError) -> Set<Key> {
        var seen: Set<Key> = []
        for (index, key) in keys.enumerated() where !seen.insert(key).inserted {
            throw error(
                "\(place)[\(index)]", "`\(short(key))` a second time", "\(what) that differ")
        }
        return seen
    }

    private func known<Key: Hashable>(
        _ key: Key, _ keys: Set<Key>, _ place: String, _ list: String
    ) throws(ReportError) {
        guard keys.contains(key) else {
            throw error(place, "`\(short(key))`", "one of \(list)")
        }
    }

    private func count(_ found: Int, _ expected: [Int], _ place: String) throws(ReportError) {
        guard expected.contains(found) else {
            let text = expected.map { "\($0)" }.joined(separator: " or ")
            throw error(place, "\(found) entries", text)
        }
    }

    private func short(_ key: some Hashable) -> String { String("\(key)".prefix(60)) }

    private func error(_ place: String, _ found: String, _ expected: String) -> ReportError {
        .inconsistent(name: name, place: place, found: found, expected: expected)
    }
}
