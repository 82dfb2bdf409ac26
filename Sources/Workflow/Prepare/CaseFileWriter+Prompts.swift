import SamplePreparation
import SampleStore

extension CaseFileWriter {
    /// Writes the records of all slices and their prompts.
    ///
    /// - Parameters:
    ///   - records: The records of each stored slice.
    ///   - kinds: The kinds of prompts, in the order of the records' prompts.
    /// - Throws: `HDF5Error` when libhdf5 refuses.
    func writeRecords(_ records: [[PromptRecord]], kinds: [PromptKind]) throws {
        let flat = records.enumerated().flatMap { n, slice in
            slice.map {
                (
                    record: StoredRecord(
                        slice: n, label: $0.label, component: $0.component, area: $0.area),
                    prompts: $0.prompts
                )
            }
        }
        let stored = kinds.enumerated().map { n, kind -> StoredPrompts in
            if kind.isBox {
                return StoredPrompts(
                    name: kind.description,
                    values: .boxes(
                        flat.compactMap {
                            if case .box(let box) = $0.prompts[n] { box } else { nil }
                        }))
            }
            var isForeground = true
            if case .backgroundPoints = kind { isForeground = false }
            return StoredPrompts(
                name: kind.description, pointsPerRecord: kind.pointCount,
                isForeground: isForeground,
                values: .points(
                    flat.compactMap {
                        if case .points(let points) = $0.prompts[n] { points } else { nil }
                    }))
        }
        try writeRecords(flat.map(\.record), prompts: stored)
    }
}

extension UnitRecord {
    /// Fills in what a case file holds.
    ///
    /// - Parameters:
    ///   - description: What the file says about its case.
    ///   - slices: Stored slices.
    ///   - records: Records of all slices.
    ///   - areas: For each stored slice, the pixels of every label id.
    mutating func describe(
        _ description: CaseDescription, slices: Int, records: Int, areas: [[Int]]
    ) {
        self.slices = slices
        self.records = records
        let channels = description.channels == 1 ? [] : [description.channels]
        shape = [slices] + channels + [description.rows, description.columns]
        pixels = description.pixelType.rawValue
        let source = description.source.shape
        sourceShape = [source.i, source.j, source.k]
        spacing = description.pixelToWorld.spacing.array
        labels = description.labels.map { entry in
            LabelCount(
                id: entry.id, name: entry.name, slices: areas.count { $0[entry.id] > 0 },
                pixels: areas.reduce(0) { $0 + $1[entry.id] })
        }
    }
}
