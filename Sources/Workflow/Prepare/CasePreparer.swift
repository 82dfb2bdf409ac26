import MedicalDatasets
import MedicalImaging
import NIfTI
import SamplePreparation
import SampleStore

/// Prepares one case: two NIfTI files in, one case file and its record out.
///
/// Everything that decides a byte comes from the plan and the input files; the number of threads does not.
struct CasePreparer: Sendable {
    let plan: PreparePlan
    let card: DatasetCard
    let recipe: SliceRecipe
    let prompts: PromptRecipe
    let lookup: LabelValueMap
    let classes: [LabelClass]
    /// The most bytes of voxels that are read from one file; decides no byte of the output.
    let maxBytes: Int

    /// Slices that are compressed before any is written: bounds memory without starving the threads.
    static let batch = 32

    /// The volumes read last: the copies of a case follow it in the plan.
    private let recent = RecentValue<Loaded>()

    init(
        plan: PreparePlan, card: DatasetCard, maxBytes: Int = NIfTIFile.defaultByteLimit
    ) throws {
        self.plan = plan
        self.card = card
        self.maxBytes = maxBytes
        recipe = try plan.configuration.sliceRecipe()
        prompts = try plan.configuration.promptRecipe()
        lookup = card.labelLookup(
            plan.configuration.labelValues == "card-ids" ? .cardIDs : .raw)
        classes = card.labels.map {
            LabelClass(id: Int($0.id), name: $0.name, color: "\($0.color)")
        }.sorted { $0.id < $1.id }
    }

    /// Prepares and publishes a unit.
    func prepare(
        _ unit: PreparePlan.Unit, root: String, layout: StoreLayout, threads: Int
    ) throws -> UnitRecord {
        let loaded = try recent.value(of: unit.sourceID) {
            try load(unit, root: root, threads: threads)
        }
        let frame = try frame(
            of: loaded.image.grid, unit: unit, affineIsKnown: loaded.affineIsKnown)
        let labels = recipe.cleanup.applied(to: loaded.labels)
        let areas = try ParallelLoop.map(count: frame.count, threads: threads) { index in
            labelSlice(frame.plane(index).inMemoryOrder, of: labels).labelAreas()
        }
        let indices = recipe.selection.indices(labelledAreas: areas.map { $0.reduce(0, +) })
        var warnings = loaded.warnings
        warnings += card.knownDefects(of: unit.sourceID).map { "known defect: \($0)" }
        if indices.isEmpty {
            let largest = areas.map { $0.reduce(0, +) }.max() ?? 0
            warnings.append(
                largest == 0
                    ? "no slice is kept: the label map is empty"
                    : "no slice is kept: the fullest has \(largest) labelled pixels, fewer than asked for"
            )
        }

        let mapping = PixelMapping(recipe.window, format: recipe.pixels, for: loaded.image)
        let pixelType = recipe.size == nil ? mapping.output : resizedType(mapping.output)
        let job = SliceJob(
            preparer: self, image: loaded.image, labels: labels, frame: frame, mapping: mapping,
            pixelType: pixelType,
            drawer: PromptDrawer(
                recipe: prompts,
                caseSeed: plan.configuration.caseSeed(unit.id, purpose: "prompts")))
        var description = description(
            unit: unit, loaded: loaded, frame: frame, mapping: mapping, pixelType: pixelType,
            warnings: warnings)
        let draws = plan.configuration.draws(for: unit)
        let places =
            draws?.places(of: indices, count: frame.count, extent: job.extent)
            ?? indices.map { SlicePlace($0) }
        if draws != nil { try job.describe(places, of: unit, in: &description) }
        let pythonRecords = try pythonRecords(unit, indices: indices, job: job)
        let storedAreas =
            recipe.size == nil && description.augmentation == nil
            ? indices.map { areas[$0] }
            : try ParallelLoop.map(count: places.count, threads: threads) { n in
                try job.storedLabel(places[n]).labelAreas()
            }
        let writer = try CaseFileWriter(
            description, slices: places.map(\.index),
            areas: storedAreas.map { row in classes.map { row[$0.id] } })
        var records: [[PromptRecord]] = []
        records.reserveCapacity(places.count)
        for start in stride(from: 0, to: places.count, by: Self.batch) {
            let end = min(start + Self.batch, places.count)
            let done = try ParallelLoop.map(count: end - start, threads: threads) { n in
                try job.encode(places[start + n], records: pythonRecords.map { $0[start + n] })
            }
            for (n, slice) in done.enumerated() {
                try writer.writeSlice(start + n, image: slice.image, label: slice.label)
                records.append(slice.records)
            }
        }
        try writer.writeRecords(records, kinds: prompts.kinds)
        let published = try writer.publish(to: layout.caseFile(unit.id))

        var record = UnitRecord(
            id: unit.id, caseID: unit.id, patient: unit.patient, part: unit.part,
            key: try plan.key(of: unit))
        record.copyOf = unit.copyOf
        record.path = layout.relativeCaseFile(unit.id)
        record.bytes = published.bytes
        record.sha256 = published.sha256
        record.describe(
            description, slices: places.count, records: records.reduce(0) { $0 + $1.count },
            areas: storedAreas)
        record.inputs = loaded.inputs
        record.warnings = warnings
        return record
    }

    /// The areas of all regions of a unit, in the order in which records are made; reads the label map only.
    func regionAreas(_ unit: PreparePlan.Unit, root: String) throws -> [Int] {
        let (labels, _, affineIsKnown) = try loadLabels(unit, root: root)
        let frame = try frame(of: labels.grid, unit: unit, affineIsKnown: affineIsKnown)
        let cleaned = recipe.cleanup.applied(to: labels)
        let areas = (0..<frame.count).map {
            labelSlice(frame.plane($0).inMemoryOrder, of: cleaned).labelAreas().reduce(0, +)
        }
        let drawer = PromptDrawer(recipe: prompts, caseSeed: 0)
        return recipe.selection.indices(labelledAreas: areas).flatMap { index in
            drawer.regionAreas(of: resized(labelSlice(frame.plane(index), of: cleaned)))
        }
    }

    // MARK: - Cutting

    private func frame(
        of grid: Grid, unit: PreparePlan.Unit, affineIsKnown: Bool
    ) throws -> SliceFrame {
        if !affineIsKnown, recipe.orientation != .stored {
            throw WorkflowError(
                .data,
                "\(unit.image): the header holds no orientation (qform_code and sform_code are 0), "
                    + "\(recipe.orientation) cannot be found; use --orientation stored, or write the "
                    + "orientation into the file")
        }
        let frame = SliceFrame(
            of: grid, axis: recipe.axis, orientation: recipe.orientation, rowAxis: recipe.rowAxis)
        if recipe.axis == .axial {
            try unit.checkSlices(frame.count, split: plan.configuration.split)
        }
        return frame
    }

    func labelSlice(_ plane: VoxelGather.Plane, of labels: LabelMap) -> LabelSlice {
        let samples = [UInt8](unsafeUninitializedCapacity: plane.rows * plane.columns) {
            buffer, count in
            labels.samples.withUnsafeBytes {
                VoxelGather.copy(
                    plane, of: $0, width: 1, into: UnsafeMutableRawBufferPointer(buffer))
            }
            count = plane.rows * plane.columns
        }
        return recipe.cleanup.applied(
            to: LabelSlice(rows: plane.rows, columns: plane.columns, samples: samples))
    }

    func resized(_ slice: LabelSlice) -> LabelSlice {
        guard let size = recipe.size else { return slice }
        return slice.resizedLabels(to: size, by: recipe.resampling)
    }

    /// A resized slice has new values: bytes stay bytes, everything else becomes float.
    private func resizedType(_ type: PixelType) -> PixelType {
        type == .uint8 || recipe.resampling == .nearest ? type : .float32
    }

    private func pythonRecords(
        _ unit: PreparePlan.Unit, indices: [Int], job: SliceJob
    ) throws -> [[PromptRecord]]? {
        guard prompts.randomness == .python else { return nil }
        var streams = PythonPromptStreams(
            kinds: prompts.kinds, seed: plan.configuration.prompts.seed,
            words: unit.streamWords ?? [:])
        return try indices.map {
            job.drawer.records(of: try job.storedLabel(SlicePlace($0)), streams: &streams)
        }
    }

    private func description(
        unit: PreparePlan.Unit, loaded: Loaded, frame: SliceFrame, mapping: PixelMapping,
        pixelType: PixelType, warnings: [String]
    ) -> CaseDescription {
        let size = recipe.size ?? SliceSize(rows: frame.rows, columns: frame.columns)
        return CaseDescription(
            caseID: unit.id, patient: unit.patient, dataset: card.name,
            split: plan.configuration.split, part: unit.part, labels: classes,
            pixelType: pixelType, pixelFormat: recipe.pixels.rawValue, units: card.units,
            window: mapping.limits, channels: 2 * recipe.neighbours + 1, rows: size.rows,
            columns: size.columns, axis: recipe.axis.rawValue, orientation: "\(frame.orientation)",
            source: frame.source, pixelToVoxel: pixelToVoxel(frame, size), inputs: loaded.inputs,
            configuration: String(
                decoding: (try? CanonicalJSON.compact(plan.configuration)) ?? [], as: UTF8.self),
            warnings: warnings)
    }

    /// The frame's map with the resizing in front of it.
    private func pixelToVoxel(_ frame: SliceFrame, _ size: SliceSize) -> Affine {
        guard recipe.size != nil else { return frame.pixelToVoxel }
        let map = resizing(
            from: SliceSize(rows: frame.rows, columns: frame.columns), to: size)
        return frame.pixelToVoxel.composed(
            with: Affine(values: [
                map.x.scale, 0, 0, map.x.shift, 0, map.y.scale, 0, map.y.shift, 0, 0, 1, 0,
            ]))
    }

    /// Where the pixels of a resized slice lie on the slice before it.
    func resizing(
        from native: SliceSize, to stored: SliceSize
    ) -> (x: (scale: Double, shift: Double), y: (scale: Double, shift: Double)) {
        func axis(_ native: Int, _ stored: Int) -> (scale: Double, shift: Double) {
            if recipe.resampling == .splineZoom {
                // corners lie on corners
                return (stored > 1 ? Double(native - 1) / Double(stored - 1) : 0, 0)
            }
            // half-pixel centres
            let scale = Double(native) / Double(stored)
            return (scale, scale / 2 - 0.5)
        }
        return (axis(native.columns, stored.columns), axis(native.rows, stored.rows))
    }
}
