import SegmentationReports

extension PublishedTable {
    /// Sets a run beside the printed rows.
    ///
    /// - Parameter report: The run; its summaries must be there.
    /// - Returns: The printed rows, then ours, and one sentence for everything that makes a column incomparable.
    /// - Throws: ``WorkflowError`` when the embedded file cannot be read.
    public func comparison(with report: ScoreReport) throws -> PublishedComparison {
        let rows = try PublishedRows.embedded().rows.filter { $0.seed == seed && $0.table == table }
        return rows.contains { $0.setting["organ"] != nil }
            ? byOrgan(rows, report) : byMethod(rows, report)
    }

    /// One printed line per method, ours below.
    private func byMethod(
        _ printed: [PublishedRows.Row], _ report: ScoreReport
    ) -> PublishedComparison {
        var columns: [String] = []
        for row in printed {
            for name in row.metrics.keys.sorted(by: Self.order) where !columns.contains(name) {
                columns.append(name)
            }
        }
        columns.sort(by: Self.order)
        let isPercent = printed.contains { $0.metrics.values.contains { $0.unit == "%" } }
        var rows = printed.map { row in
            PublishedComparison.Row(
                method: Self.method(row), isOurs: false,
                values: columns.map { name in row.metrics[name].map { Self.text($0.value) } ?? "" })
        }
        rows.append(
            PublishedComparison.Row(
                method: "this run", isOurs: true,
                values: columns.map { name in
                    guard let found = mean(ofColumn: name, in: report) else { return "" }
                    return Self.rounded(
                        found.isFraction && isPercent ? 100 * found.mean : found.mean,
                        isPercent || !found.isFraction ? 2 : 4)
                }))
        return PublishedComparison(
            source: name, title: title, columns: columns, rows: rows,
            notes: notes + differences(from: report) + emptyColumns(columns, rows))
    }

    /// One printed line per organ, ours in the next column.
    private func byOrgan(
        _ printed: [PublishedRows.Row], _ report: ScoreReport
    ) -> PublishedComparison {
        let rows = printed.map { row in
            let organ = row.setting["organ"] ?? row.method
            let isMean = organ == "Weighted Average"
            let ours =
                isMean
                ? Self.overall("accuracy", in: report)
                : Self.label(organ, in: report).flatMap { id in
                    report.summaries.first {
                        $0.scope == .label && $0.label == id && $0.metric == "recall"
                    }?.mean
                }
            return PublishedComparison.Row(
                method: organ, isOurs: false,
                values: [
                    row.metrics["accuracy"].map { Self.text($0.value) } ?? "",
                    ours.map { Self.rounded($0, 4) } ?? "",
                ])
        }
        return PublishedComparison(
            source: name, title: title, columns: ["accuracy", "this run"], rows: rows,
            notes: notes + differences(from: report))
    }

    /// What this run does otherwise than the code behind the printed rows, one sentence each.
    private func differences(from report: ScoreReport) -> [String] {
        var found: [String] = []
        let scored = report.cases.filter { $0.outcome == .scored }.count
        if report.split != requirement.split {
            found.append(
                "Not comparable: the printed rows are of split \(requirement.split); this run is of "
                    + (report.split ?? "no named split") + ".")
        }
        if scored != requirement.cases {
            found.append(
                "Not comparable: the printed rows are means over \(requirement.cases) cases; this run scored \(scored)."
            )
        }
        if report.task == "labels", report.convention.name != requirement.convention {
            found.append(
                "Not comparable for empty masks and distances: this run uses convention "
                    + "\(report.convention.name); `--convention \(requirement.convention)` is that of the printed rows."
            )
        }
        let option = { (name: String) in report.options.first { $0.name == name }?.value }
        if report.task == "labels", let unit = option("unit"), unit != requirement.unit.rawValue {
            found.append(
                "Not comparable: a row of this run is a \(unit), of the printed means a "
                    + "\(requirement.unit.rawValue); use `--unit \(requirement.unit.rawValue)`.")
        }
        let dice = requirement.dice.description
        if report.task == "labels", !report.metrics.contains(where: { $0.id == dice }) {
            found.append(
                "Slightly different: the printed Dice is `\(dice)`, which this run did not compute; name it in --metrics."
            )
        }
        return found
    }

    private func emptyColumns(
        _ columns: [String], _ rows: [PublishedComparison.Row]
    ) -> [String] {
        guard let ours = rows.last(where: \.isOurs) else { return [] }
        let empty = columns.indices.filter { ours.values[$0].isEmpty }.map { columns[$0] }
        return empty.isEmpty
            ? [] : ["This run has no value for \(empty.joined(separator: ", "))."]
    }

    // MARK: - Columns

    private func mean(
        ofColumn name: String, in report: ScoreReport
    ) -> (mean: Double, isFraction: Bool)? {
        if name.hasPrefix("DSC_") {
            guard let id = Self.label(String(name.dropFirst(4)), in: report) else { return nil }
            return report.summaries.first {
                $0.scope == .label && $0.label == id && $0.metric == "dice"
            }?.mean.map { ($0, true) }
        }
        let metrics = [
            "DSC": "dice", "Dice": "dice", "mDice": "dice", "mDice_finetuned": "dice",
            "HD95": "hd95", "IoU": "iou", "ADJ": "iou", "AUC": "auc", "Recall": "recall",
            "Precision": "precision", "bestF1": "best-f1",
        ]
        guard let metric = metrics[name] else { return nil }
        let exact = metric == "dice" ? Self.overall(requirement.dice.description, in: report) : nil
        return (exact ?? Self.overall(metric, in: report)).map { ($0, metric != "hd95") }
    }

    private static func overall(_ metric: String, in report: ScoreReport) -> Double? {
        report.summaries.first { $0.scope == .overall && $0.metric == metric }?.mean
    }

    /// The label a paper means: `Kidney(L)` is `left kidney`.
    private static func label(_ printed: String, in report: ScoreReport) -> Int? {
        func words(_ text: String) -> Set<String> {
            var text = text.lowercased()
            for (short, long) in [("(l)", " left"), ("(r)", " right"), ("_", " ")] {
                var parts: [Substring] = []
                var rest = text[...]
                while let range = rest.firstRange(of: short) {
                    parts.append(rest[..<range.lowerBound])
                    rest = rest[range.upperBound...]
                }
                parts.append(rest)
                text = parts.joined(separator: long)
            }
            return Set(text.split { " ".contains($0) }.map(String.init)).subtracting([
                "gland", "and", "vein",
            ])
        }
        return report.labels.first { words($0.name) == words(printed) }?.id
    }

    /// Means before organs, both as the papers print them.
    private static func order(_ a: String, _ b: String) -> Bool {
        func key(_ name: String) -> (Int, String) {
            let first = [
                "DSC", "mDice", "mDice_original", "Dice", "HD95", "AUC", "Recall", "Precision",
                "bestF1", "IoU", "ADJ",
            ]
            return (first.firstIndex(of: name) ?? first.count, name)
        }
        return key(a) < key(b)
    }

    private static func method(_ row: PublishedRows.Row) -> String {
        let setting = ["label", "training_data", "prompt", "prompts"].compactMap { row.setting[$0] }
            .filter { $0 != "none" }
        return setting.isEmpty ? row.method : "\(row.method), \(setting.joined(separator: ", "))"
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private static func rounded(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = Int((value * scale).rounded())
        let fraction = String(abs(whole) % Int(scale))
        return (whole < 0 ? "-" : "") + "\(abs(whole) / Int(scale))."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
