import MedicalDatasets
import MedicalImaging
import SafeFiles
import SampleAugmentation
import SamplePreparation
import SampleStore

/// Makes the units of an augmented store from the case files of another store.
struct StoreAugmenter: Sendable {
    let plan: PreparePlan
    let prompts: PromptRecipe
    let format: PixelFormat
    /// What a reference program's streams gave, by unit; empty for keyed draws.
    let streamed: [String: [DrawnAugmentation]]

    init(plan: PreparePlan, root: String) throws {
        self.plan = plan
        prompts = try plan.configuration.promptRecipe()
        format = try plan.configuration.sliceRecipe().pixels
        streamed = try ReferenceDraws(plan: plan, root: root)?.byUnit ?? [:]
    }

    /// Makes and publishes a unit.
    func prepare(
        _ unit: PreparePlan.Unit, root: String, layout: StoreLayout, threads: Int
    ) throws -> UnitRecord {
        let path = try FilePath.join(root, unit.image)
        let original = try UnitRecord.read(StoreLayout(root: root).record(unit.sourceID))
        let bytes = try FileReading.contents(of: path)
        let digest = bytes.withUnsafeBytes { ContentDigest.sha256(of: $0) }
        guard digest == original.sha256 else {
            throw WorkflowError(
                .data,
                "\(path): found another digest than its record has; run `samdata verify \(root)`, then "
                    + "prepare the case again")
        }
        let input = UnitRecord.Input(
            role: "image", path: unit.image, bytes: original.bytes, sha256: digest)
        var record = UnitRecord(
            id: unit.id, caseID: unit.id, patient: unit.patient, part: unit.part,
            key: try plan.key(of: unit))
        record.path = layout.relativeCaseFile(unit.id)
        record.inputs = [input]
        if unit.copy == nil {
            try AtomicFile.write(bytes, to: layout.caseFile(unit.id))
            record.bytes = bytes.count
            record.sha256 = digest
            record.slices = original.slices
            record.records = original.records
            record.shape = original.shape
            record.pixels = original.pixels
            record.sourceShape = original.sourceShape
            record.spacing = original.spacing
            record.labels = original.labels
            record.warnings = original.warnings
            return record
        }
        record.copyOf = unit.copyOf
        let reader = try CaseFileReader(path: path)
        try write(unit, from: reader, input: input, layout: layout, threads: threads, &record)
        return record
    }

    private func write(
        _ unit: PreparePlan.Unit, from reader: CaseFileReader, input: UnitRecord.Input,
        layout: StoreLayout, threads: Int, _ record: inout UnitRecord
    ) throws {
        var description = reader.description
        let augmenter = try SliceAugmenter(
            pixelType: description.pixelType, format: format, window: description.window,
            caseID: unit.sourceID)
        let extent = SampleExtent(
            channels: description.channels, rows: description.rows, columns: description.columns)
        let places = try places(of: unit, reader: reader, extent: extent)
        let size = try CopyExtent(of: places, from: extent).size
        description.caseID = unit.id
        description.rows = size.rows
        description.columns = size.columns
        description.inputs = [input]
        description.configuration = String(
            decoding: try CanonicalJSON.compact(plan.configuration), as: UTF8.self)
        description.augmentation = try unit.augmentation(
            recipe: plan.configuration.augmentation?.recipe, places: places
        ) { $0.pixelToSource(extent: extent) }
        let positions = Dictionary(
            reader.sliceIndices.enumerated().map { ($1, $0) }
        ) { first, _ in first }
        let drawer = PromptDrawer(
            recipe: prompts,
            caseSeed: plan.configuration.caseSeed(unit.id, purpose: "prompts"))
        let done = try ParallelLoop.map(count: places.count, threads: threads) { n in
            try Self.slice(
                places[n], at: positions[places[n].source] ?? 0, of: reader, augmenter, drawer)
        }
        let writer = try CaseFileWriter(
            description, slices: places.map(\.index),
            areas: done.map { slice in description.labels.map { slice.areas[$0.id] } })
        for (n, slice) in done.enumerated() {
            try writer.writeSlice(n, image: slice.encoded.image, label: slice.encoded.label)
        }
        let records = done.map(\.encoded.records)
        try writer.writeRecords(records, kinds: prompts.kinds)
        let published = try writer.publish(to: layout.caseFile(unit.id))
        record.bytes = published.bytes
        record.sha256 = published.sha256
        record.describe(
            description, slices: places.count, records: records.reduce(0) { $0 + $1.count },
            areas: done.map(\.areas))
        record.warnings = description.warnings
    }

    private func places(
        of unit: PreparePlan.Unit, reader: CaseFileReader, extent: SampleExtent
    ) throws -> [SlicePlace] {
        guard var draws = plan.configuration.draws(for: unit) else { return [] }
        draws.streamed = streamed[unit.id]
        // Along the sliced axis of the source; a selection leaves gaps, which a flip mirrors too.
        let count = reader.description.sliceCount
        guard reader.sliceIndices.allSatisfy({ (0..<count).contains($0) }),
            Set(reader.sliceIndices).count == reader.sliceIndices.count
        else {
            throw StoreError.malformed(
                path: reader.path, key: "/slice_index", found: "indices outside of the volume",
                expected: "different indices from 0 to \(count - 1)")
        }
        return draws.places(of: reader.sliceIndices, count: count, extent: extent)
    }

    private static func slice(
        _ place: SlicePlace, at position: Int, of reader: CaseFileReader,
        _ augmenter: SliceAugmenter, _ drawer: PromptDrawer
    ) throws -> (encoded: SliceJob.Encoded, areas: [Int]) {
        let channels = reader.description.channels
        let planes = SliceAugmenter.Planes(
            channels: try (0..<channels).map {
                try reader.imageBytes(at: position, channel: channels == 1 ? nil : $0)
            },
            label: try reader.label(at: position))
        let augmented = try augmenter.apply(
            place.drawn ?? DrawnAugmentation(transforms: []), to: planes)
        let codec = PlaneCodec()
        let width = reader.description.pixelType.byteCount
        return (
            SliceJob.Encoded(
                image: augmented.channels.map { channel in
                    channel.withUnsafeBytes { codec.encode($0, width: width) }
                },
                label: augmented.label.samples.withUnsafeBytes { codec.encode($0, width: 1) },
                records: drawer.records(of: augmented.label, sliceIndex: place.index)),
            augmented.label.labelAreas()
        )
    }
}

extension CaseDescription {
    /// Slices of the volume along the sliced axis.
    var sliceCount: Int {
        // The column of the slice index names the source's axis it runs along.
        let step = (0..<3).map { pixelToVoxel.values[4 * $0 + 2].magnitude }
        let axis = step.indices.max { step[$0] < step[$1] } ?? 2
        return [source.shape.i, source.shape.j, source.shape.k][axis]
    }
}
