import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore

/// The cases of a finished store that an export is about, checked against the manifest.
struct ExportSource: Sendable {
    /// The store.
    let layout: StoreLayout
    /// Its manifest.
    let manifest: Manifest
    /// The digest of the manifest.
    let manifestSHA256: String
    /// How the store was prepared.
    let configuration: PrepareConfiguration
    /// How volumes were cut; forms that read it ask for volumes first (``StoreRequirement/requireVolumes()``).
    let recipe: SliceRecipe
    /// Whether the store holds pictures or patches of them, and not slices of volumes.
    let isPictures: Bool
    /// The cases: training, validation, test, then those without a part; in each the order of the split.
    ///
    /// The pieces of a case follow each other.
    let units: [UnitRecord]

    /// Reads manifest and plan, and picks the cases.
    init(_ layout: StoreLayout, parts: [String], cases: [String]) throws {
        self.layout = layout
        manifest = try Manifest.read(layout)
        manifestSHA256 = try FileReading.sha256(of: layout.manifest)
        let plan = try PreparePlan.require(layout)
        guard try FileReading.sha256(of: layout.plan) == manifest.planSHA256 else {
            throw WorkflowError(
                .data,
                "\(layout.plan): digest differs from the manifest; run `samdata verify`, prepare again"
            )
        }
        configuration = plan.configuration
        isPictures = configuration.slices.axis == CaseFileFormat.planeAxis
        recipe = isPictures ? SliceRecipe() : try configuration.sliceRecipe()
        units = try Self.pick(manifest, layout, parts, cases)
    }

    /// Opens a case file whose digest is the manifest's.
    func open(_ unit: UnitRecord) throws -> CaseFileReader {
        let path = layout.caseFile(unit.id)
        guard try FileReading.sha256(of: path) == unit.sha256 else {
            throw WorkflowError(
                .data,
                "\(path): digest differs from the manifest; run `samdata verify`, then prepare the "
                    + "case again")
        }
        let reader = try CaseFileReader(path: path)
        let indices = reader.sliceIndices
        guard indices.allSatisfy({ $0 >= 0 }), zip(indices, indices.dropFirst()).allSatisfy(<)
        else {
            throw StoreError.malformed(
                path: path, key: "/slice_index", found: "indices out of order",
                expected: "ascending indices from 0 on")
        }
        return reader
    }

    /// The classes of the label maps; the same for every case of a store.
    func classes() throws -> [LabelClass] {
        guard let first = units.first else { return [] }
        return try CaseFileReader(path: layout.caseFile(first.id)).description.labels
    }

    private static func pick(
        _ manifest: Manifest, _ layout: StoreLayout, _ parts: [String], _ cases: [String]
    ) throws -> [UnitRecord] {
        let known = Set(manifest.cases.map(\.part))
        if let part = known.first(where: { !$0.isEmpty && !FilePath.isCaseID($0) }) {
            throw StoreError.malformed(
                path: layout.manifest, key: "cases.part", found: part, expected: "a plain name")
        }
        if let part = parts.first(where: { !known.contains($0) }) {
            let names = known.filter { !$0.isEmpty }.sorted().joined(separator: ", ")
            throw WorkflowError(
                .usage,
                "\(layout.root): no case is in part `\(part)`; found "
                    + (names.isEmpty ? "no parts, the store was prepared without a split" : names))
        }
        let ids = Set(manifest.cases.flatMap { [$0.id, $0.caseID] })
        if let id = cases.first(where: { !ids.contains($0) }) {
            throw WorkflowError(
                .usage,
                "\(layout.root): there is no case `\(id)`; found "
                    + manifest.cases.prefix(40).map(\.id).joined(separator: " "))
        }
        let picked = manifest.cases.filter { unit in
            (parts.isEmpty || parts.contains(unit.part))
                && (cases.isEmpty || cases.contains(unit.id) || cases.contains(unit.caseID))
        }
        guard !picked.isEmpty else {
            throw WorkflowError(
                .usage, "\(layout.root): no case is left to export; name other parts or cases")
        }
        // A split of the user's own is not here to be asked: its cases come by id.
        let split = (try? DatasetSplit.named(manifest.split))?.allCases ?? []
        let order = Dictionary(split.enumerated().map { ($1, $0) }) { first, _ in first }
        func rank(_ unit: UnitRecord) -> (Int, String, Int, String, String) {
            let part = SplitPart.allCases.firstIndex { $0.rawValue == unit.part }
            return (
                part ?? SplitPart.allCases.count, unit.part, order[unit.caseID] ?? Int.max,
                unit.caseID, unit.id
            )
        }
        return picked.sorted { rank($0) < rank($1) }
    }
}
