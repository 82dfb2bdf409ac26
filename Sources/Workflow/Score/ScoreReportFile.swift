import SafeFiles
import SegmentationReports

/// A score report on disk.
public enum ScoreReportFile {
    /// The largest JSON report that is read.
    static let sizeLimit = 1 << 30

    /// Reads a JSON report.
    ///
    /// - Parameter path: The file.
    /// - Returns: The report.
    /// - Throws: `FileError` when the file cannot be read, `ReportError` when it is no score report.
    public static func read(_ path: String) throws -> ScoreReport {
        try ReportJSON.decodeScore(try FileReading.contents(of: path, limit: sizeLimit), name: path)
    }
}
