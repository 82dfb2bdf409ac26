/// Reports as comma-separated values for spreadsheets and data frames.
///
/// RFC 4180 quoting, UTF-8 without a mark, lines end with a line feed, numbers are the shortest decimal that reads back,
/// infinities are `inf`, and nothing is an empty field.
public enum ReportCSV {
    /// The values of a score report: one row per case, slice and label.
    ///
    /// Columns: `case`, `slice`, `label`, `label_name`, `tp`, `fp`, `fn`, `tn`, then for every metric its id and its id with
    /// `_state`.
    ///
    /// - Parameter report: The report.
    /// - Returns: UTF-8 bytes.
    public static func encode(_ report: ScoreReport) -> [UInt8] {
        let index = ReportIndex(report)
        var text = line(
            ["case", "slice", "label", "label_name", "tp", "fp", "fn", "tn"]
                + report.metrics.flatMap { [$0.id, "\($0.id)_state"] })
        for row in report.rows {
            let counts = row.counts.map { [$0.tp, $0.fp, $0.fn, $0.tn].map { "\($0)" } }
            text += line(
                [
                    row.case, row.slice.map { "\($0)" } ?? "", "\(row.label)",
                    index.name(of: row.label),
                ] + (counts ?? ["", "", "", ""])
                    + row.values.flatMap { [ReportNumber.exact($0.value), $0.state.rawValue] })
        }
        return Array(text.utf8)
    }

    /// The comparisons of two models: one row per pair of models, metric and label.
    ///
    /// - Parameter report: The comparison.
    /// - Returns: UTF-8 bytes.
    public static func encode(_ report: CompareReport) -> [UInt8] {
        var text = line([
            "a", "b", "metric", "label", "label_name", "n", "mean_a", "mean_b", "mean_difference",
            "interval_low", "interval_high", "interval_level", "median_difference",
            "hodges_lehmann", "p", "holm_p", "test", "effect", "wins", "ties", "losses",
            "turns_under",
        ])
        for pair in report.pairs {
            let label = [pair.label.map { "\($0)" } ?? "", pair.labelName ?? ""]
            let numbers = [
                pair.meanA, pair.meanB, pair.meanDifference, pair.interval?.low,
                pair.interval?.high, pair.interval?.level, pair.medianDifference,
                pair.hodgesLehmann, pair.p, pair.holm,
            ].map(ReportNumber.exact)
            text += line(
                [pair.a, pair.b, pair.metric] + label + ["\(pair.n)"] + numbers
                    + [
                        pair.test ?? "", ReportNumber.exact(pair.effect), "\(pair.wins)",
                        "\(pair.ties)", "\(pair.losses)",
                        pair.turnsUnder.joined(separator: ";"),
                    ])
        }
        return Array(text.utf8)
    }

    private static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\n"
    }

    private static func field(_ text: String) -> String {
        // Bytes, not characters: a carriage return and a line feed are one character in Swift.
        let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
        guard text.utf8.contains(where: special.contains) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
