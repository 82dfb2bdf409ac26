import SafeFiles
import SegmentationReports

/// Prints a report and writes the files that were asked for.
struct ReportPublishing {
    private let outputs: ReportOutputs

    init(_ outputs: ReportOutputs) { self.outputs = outputs }

    /// Prints and writes a score report.
    func publish(_ report: ScoreReport, pictures: [OverlayPicture]) throws {
        try write(outputs.json == "-" ? nil : outputs.json, ReportJSON.encode(report))
        try write(outputs.csv, ReportCSV.encode(report))
        try write(outputs.markdown, ReportMarkdown.encode(report))
        try write(outputs.latex, ReportLaTeX.encode(report))
        try write(outputs.report, ReportHTML.encode(report, pictures: pictures))
        if outputs.printsJSON {
            Terminal.document(try ReportJSON.encode(report))
            return
        }
        ReportText.lines(of: report, columns: Terminal.columns).forEach(Terminal.result)
        tell(report.findings)
    }

    /// Prints and writes a comparison.
    func publish(_ report: CompareReport) throws {
        try write(outputs.json == "-" ? nil : outputs.json, ReportJSON.encode(report))
        try write(outputs.csv, ReportCSV.encode(report))
        try write(outputs.markdown, ReportMarkdown.encode(report))
        try write(outputs.latex, ReportLaTeX.encode(report))
        try write(outputs.report, ReportHTML.encode(report))
        if outputs.printsJSON {
            Terminal.document(try ReportJSON.encode(report))
            return
        }
        ReportText.lines(of: report, columns: Terminal.columns).forEach(Terminal.result)
        tell(report.findings)
    }

    /// A document is only made when somebody wants it.
    private func write(_ path: String?, _ document: @autoclosure () throws -> [UInt8]) throws {
        guard let path else { return }
        try AtomicFile.write(document(), to: path)
    }

    private func tell(_ findings: [ReportFinding]) {
        guard !outputs.quiet else { return }
        for finding in findings {
            let line = (finding.case.map { "\($0): " } ?? "") + finding.message
            switch finding.severity {
            case .note: Terminal.say(line)
            case .warning: Terminal.warn(line)
            case .error: break
            }
        }
    }
}
