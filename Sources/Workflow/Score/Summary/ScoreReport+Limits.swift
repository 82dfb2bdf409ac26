import SegmentationMetrics
import SegmentationReports

extension ScoreReport {
    /// Says whether a mean is on the wrong side of a limit.
    ///
    /// - Parameters:
    ///   - metric: The metric, which the report must hold.
    ///   - label: The name of the label; nil for the mean over all labels.
    ///   - limit: The limit.
    ///   - isLowerLimit: Whether the mean must not be below it; otherwise it must not be above it.
    ///   - option: The option that asks, for the message.
    /// - Returns: One line when the mean is on the wrong side, or does not exist; nil when all is well.
    /// - Throws: ``WorkflowError`` when the report has no such metric or label.
    public func violation(
        metric: Metric, label: String?, limit: Double, isLowerLimit: Bool, option: String
    ) throws(WorkflowError) -> String? {
        let id = metric.description
        guard metrics.contains(where: { $0.id == id }) else {
            throw WorkflowError(
                .usage,
                "\(option) \(id)=\(limit): found no such metric in the table, expected one of "
                    + metrics.map(\.id).joined(separator: ", ") + "; name it in --metrics too")
        }
        var labelID: Int?
        if let label {
            guard let found = labels.first(where: { $0.name.lowercased() == label.lowercased() })
            else {
                throw WorkflowError(
                    .usage,
                    "\(option) \(id):\(label)=\(limit): found no such label, expected one of "
                        + labels.map(\.name).joined(separator: ", "))
            }
            labelID = found.id
        }
        let summary = summaries.first {
            $0.metric == id && $0.label == labelID
                && $0.scope == (labelID == nil ? .overall : .label)
        }
        let place = label.map { "\(id) of \($0)" } ?? id
        guard let mean = summary?.mean else {
            return
                "\(option): \(place) has no mean, expected one \(isLowerLimit ? "of at least" : "of at most") \(limit)"
        }
        if isLowerLimit ? mean < limit : mean > limit {
            return
                "\(option): \(place) is \(mean), expected \(isLowerLimit ? "at least" : "at most") \(limit)"
        }
        return nil
    }
}

/// A threshold chosen on other data.
public enum ScoreThreshold {
    /// The threshold of the best F1 over all pixels of a score report.
    ///
    /// - Parameter path: A JSON report of the task `scores`.
    /// - Returns: The threshold.
    /// - Throws: ``WorkflowError`` when the file is no such report.
    public static func best(ofReport path: String) throws -> Float {
        let report = try ScoreReportFile.read(path)
        guard report.task == "scores",
            let text = report.options.first(where: { $0.name == "best-f1-threshold" })?.value,
            let threshold = Float(text)
        else {
            throw WorkflowError(
                .data,
                "\(path): found a report of task \(report.task) without a best F1 threshold, expected one of task scores"
            )
        }
        return threshold
    }
}
