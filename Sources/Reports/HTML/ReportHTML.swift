/// One self-contained page: no script, nothing fetched, every text of the report escaped, strict content policy.
///
/// Light and dark after the reader's system; it prints. Pictures are data URIs, outlines vectors. The same report gives
/// the same bytes.
public enum ReportHTML {
    /// The most rows of a table in the page; the rest is in the CSV.
    static let rowLimit = 2000

    /// The page of a score report.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - pictures: The worst rows, the worst first; may be empty.
    /// - Returns: The document in UTF-8.
    /// - Complexity: O(*n*) in the rows.
    public static func encode(_ report: ScoreReport, pictures: [OverlayPicture] = []) -> [UInt8] {
        PageFrame.page(
            title: "Scores" + (report.dataset.map { " of \($0)" } ?? ""),
            body: ScorePage(report, pictures).markup)
    }

    /// The page of a comparison.
    ///
    /// - Parameter report: The report.
    /// - Returns: The document in UTF-8.
    public static func encode(_ report: CompareReport) -> [UInt8] {
        PageFrame.page(
            title: "Comparison of " + report.models.map(\.name).joined(separator: ", "),
            body: ComparePage(report).markup)
    }
}
