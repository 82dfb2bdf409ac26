import MedicalImaging
import SampleStore

/// Outlines of labels and instances for QuPath: one `<case>.geojson` per picture, in level-0 pixels.
///
/// Every instance is a detection, every connected part of a label in a patch an annotation; the class is the name of the label.
/// Outlines run exactly along the edges of the stored pixels, holes included. Regions are cut where their patch ends, and
/// patches that overlap give a region twice. The pieces of a slide are put together in one file, which is written as they
/// come: a slide may have millions of outlines.
///
/// - Source: RFC 7946; the properties are those of QuPath 0.4 and later.
final class GeoJSONExport: CaseExporter {
    private let threads: Int
    private let classes: [Int: LabelClass]
    private var folder: ExportFolder?
    private var caseID: String?
    private var stream: TextStream?
    private var isFirst = true
    /// The last unit of each case, with which its file is complete.
    private let lastUnits: Set<String>
    let notes: [String]

    init(_ source: ExportSource, threads: Int) throws {
        self.threads = threads
        try StoreRequirement(
            source: source, format: .geojson,
            command: "samdata prepare monuseg --from DIR --to STORE"
        ).requirePictures()
        classes = Dictionary(
            try source.classes().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let pieces = Dictionary(source.units.map { ($0.caseID, 1) }, uniquingKeysWith: +)
        let partial = Set(
            source.units.filter { unit in
                guard let piece = unit.piece else { return false }
                return (pieces[unit.caseID] ?? 0) < piece.of
            }.map(\.caseID)
        ).sorted()
        lastUnits = Set(
            Dictionary(source.units.map { ($0.caseID, $0.id) }) { _, last in last }.values)
        notes = partial.map { "case \($0): not all of its pieces are exported" }
    }

    func begin(_ folder: ExportFolder) throws { self.folder = folder }

    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally {
        guard let folder else { return FileTally() }
        let patches = try reader.places()
        var tally = FileTally()
        if unit.caseID != caseID {
            tally += try finishCase()
            caseID = unit.caseID
            stream = try TextStream(path: "\(folder.root)/\(unit.caseID).geojson")
            try stream?.append(#"{"type":"FeatureCollection","features":["#)
            isFirst = true
        }
        let classes = classes
        // Some patches at a time: a patch of many nuclei has a long text.
        let batch = 64
        for start in stride(from: 0, to: reader.count, by: batch) {
            let texts = try ParallelLoop.map(
                count: min(batch, reader.count - start), threads: threads
            ) {
                try GeoJSONFeature.all(at: start + $0, of: reader, patches, classes: classes)
                    .map { try CanonicalJSON.compact($0) }
            }
            for text in texts.joined() {
                try stream?.append(isFirst ? "\n" : ",\n")
                try stream?.append(text)
                isFirst = false
            }
        }
        if lastUnits.contains(unit.id) { tally += try finishCase() }
        return tally
    }

    func finish() throws -> FileTally { try finishCase() }

    private func finishCase() throws -> FileTally {
        guard let folder, let caseID, let stream else { return FileTally() }
        try stream.append("\n]}\n")
        try stream.publish()
        self.stream = nil
        return try folder.tally("\(caseID).geojson")
    }
}
