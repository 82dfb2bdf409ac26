import SafeFiles
import SampleStore

/// Writes a finished store in the form another program reads.
///
/// The bytes depend on the store and the options only, not on the number of threads or on interruptions. Memory is bounded
/// by one case. A run that was interrupted is continued by the same command; one run at a time may write to a folder.
public struct ExportRun: Sendable {
    /// The store.
    public let layout: StoreLayout
    /// The form.
    public let format: ExportFormat
    /// The folder to write to.
    public let output: String
    /// Threads that work on the slices of a case.
    public var threads = 1
    /// The parts of the split to export, for example `train`; empty for all.
    public var parts: [String] = []
    /// The cases to export; empty for all.
    public var cases: [String] = []
    /// The side of a second, zoomed copy of the training slices, 224 for SAMed; only for ``ExportFormat/transunet``.
    public var zoomed: Int?
    /// The number in the name of the data set, 1 to 999; only for ``ExportFormat/nnunet``.
    public var datasetNumber = 501

    /// Makes an export.
    ///
    /// - Parameters:
    ///   - layout: The store, finished.
    ///   - format: The form.
    ///   - output: The folder to write to: new, empty, or with an earlier run of the same export.
    public init(layout: StoreLayout, format: ExportFormat, output: String) {
        self.layout = layout
        self.format = format
        self.output = output
    }

    /// Writes the export, or what is left of it.
    ///
    /// - Parameter report: Called on the calling thread as the run goes on.
    /// - Returns: What came of it.
    /// - Throws: ``WorkflowError`` when the store does not hold what the form needs, with the command that prepares it, or
    ///   when the folder holds something else; `StoreError`, `HDF5Error` or `FileError` for damage and full disks.
    public func run(_ report: (ExportEvent) -> Void = { _ in }) throws -> ExportOutcome {
        try checkOptions()
        let source = try ExportSource(layout, parts: parts, cases: cases)
        let exporter = try exporter(of: source)
        var record = ExportRecord(self, of: source)
        let folder = try ExportFolder(output, record: record, store: layout)
        try exporter.begin(folder)
        report(.started(cases: source.units.count))
        var total = FileTally()
        for (index, unit) in source.units.enumerated() {
            let tally = try exporter.export(unit, try source.open(unit))
            total += tally
            report(
                .exported(
                    case: unit.id, files: tally.files, bytes: tally.bytes, done: index + 1,
                    of: source.units.count))
        }
        total += try exporter.finish()
        var notes = exporter.notes
        if !source.manifest.missing.isEmpty {
            notes.append(
                "the store lacks cases: \(source.manifest.missing.joined(separator: " "))")
        }
        for note in notes { report(.note(note)) }
        record.files = total.files
        record.bytes = total.bytes
        record.notes = notes
        try folder.finish(record)
        return ExportOutcome(
            format: format, cases: Set(source.units.map(\.caseID)).count, files: total.files,
            bytes: total.bytes,
            kept: total.kept, notes: notes)
    }

    private func checkOptions() throws {
        if let zoomed {
            guard format == .transunet else {
                throw WorkflowError(
                    .usage,
                    "export: a zoomed copy belongs to --format transunet, not to \(format.rawValue)"
                )
            }
            guard (1...16_384).contains(zoomed) else {
                throw WorkflowError(
                    .usage, "export: found side \(zoomed) of the zoomed copy, expected 1 to 16384")
            }
        }
        guard (1...999).contains(datasetNumber) else {
            throw WorkflowError(
                .usage, "export: found data set number \(datasetNumber), expected 1 to 999")
        }
    }

    private func exporter(of source: ExportSource) throws -> any CaseExporter {
        switch format {
        case .transunet: try TransUNetExport(source, threads: threads, zoomed: zoomed)
        case .medsam: try MedSAMExport(source, threads: threads)
        case .png: try PNGExport(source, threads: threads)
        case .npz: NPZExport(threads: threads)
        case .nnunet: try NNUNetExport(source, threads: threads, number: datasetNumber)
        case .coco: try COCOExport(source, threads: threads)
        case .geojson: try GeoJSONExport(source, threads: threads)
        case .lvit: LViTExport(source, threads: threads)
        }
    }
}
