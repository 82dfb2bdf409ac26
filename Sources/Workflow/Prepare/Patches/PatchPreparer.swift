import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles
import SamplePreparation
import SampleStore
import WholeSlides

/// Prepares one picture or one piece of a slide: patches with labels and prompts in, one case file and its record out.
///
/// Everything that decides a byte comes from the plan and the input files. Prompts are keyed by case and place in the lattice, so
/// that the division into pieces decides nothing either.
struct PatchPreparer: Sendable {
    let plan: PreparePlan
    let card: DatasetCard
    let configuration: PatchConfiguration
    let prompts: PromptRecipe
    let classes: [LabelClass]
    let maxBytes: Int
    /// Decoded tiles, shared by all threads.
    let cache: TileCache

    /// The picture opened last: the pieces of a slide follow one another in the plan.
    private let recent = RecentValue<Opened>()

    /// A case with everything that its pieces share.
    struct Opened: Sendable {
        let picture: SourcePicture
        let labels: PictureLabels
        let tissue: TissueMask?
        let lattice: PatchLattice?
        let inputs: [UnitRecord.Input]
        let warnings: [String]
    }

    init(
        plan: PreparePlan, card: DatasetCard, maxBytes: Int = NIfTIFile.defaultByteLimit,
        cache: TileCache = TileCache()
    ) throws {
        guard let patches = plan.configuration.patches else {
            throw WorkflowError(.internalError, "a plan over volumes came to pictures")
        }
        self.plan = plan
        self.card = card
        configuration = patches
        prompts = try plan.configuration.promptRecipe()
        classes = card.labels.map {
            LabelClass(id: Int($0.id), name: $0.name, color: "\($0.color)")
        }.sorted { $0.id < $1.id }
        self.maxBytes = maxBytes
        self.cache = cache
    }

    /// Prepares and publishes a unit.
    func prepare(
        _ unit: PreparePlan.Unit, root: String, layout: StoreLayout, threads: Int
    ) throws -> UnitRecord {
        guard let piece = unit.piece else {
            throw WorkflowError(.internalError, "unit \(unit.id) came without its patches")
        }
        let opened = try recent.value(of: unit.sourceID) { try open(unit, root: root) }
        let size = opened.picture.size
        guard [size.width, size.height] == piece.pictureSize else {
            throw WorkflowError(
                .data,
                "\(unit.image): found \(size.width) x \(size.height) pixels, the plan was made for "
                    + piece.pictureSize.map(String.init).joined(separator: " x ")
                    + "; the file has changed, prepare into a new folder")
        }
        let places = places(of: piece, opened)
        let drawer = PromptDrawer(
            recipe: prompts,
            caseSeed: plan.configuration.caseSeed(unit.sourceID, purpose: "prompts"))
        let type = InstanceType(holding: opened.labels.largestInstance)
        let job = PatchJob(
            opened: opened, drawer: drawer, classes: classes,
            instances: opened.labels.hasInstances ? type : nil, kept: piece.kept,
            keepsJPEG: configuration.keepsJPEG == true, name: unit.image)
        let patches = try ParallelLoop.map(count: places.count, threads: threads) {
            try job.encode(places[$0])
        }
        return try publish(unit, piece, opened, places, patches, job, layout)
    }

    /// Opens the files of a case.
    func open(_ unit: PreparePlan.Unit, root: String) throws -> Opened {
        let path = try FilePath.join(root, unit.image)
        let picture = try SourcePicture(
            path: path, name: unit.image, configuration: configuration, cache: cache,
            maxBytes: maxBytes, annotated: { try PictureLabels.micronsPerPixel(unit, root: root) })
        let labels = try PictureLabels(
            unit, root: root, card: card, plan: plan.configuration, picture: picture.size,
            maxBytes: maxBytes)
        let tissue = try configuration.tissue.map { try picture.tissue($0) }
        var warnings = picture.notes + labels.warnings
        warnings += card.knownDefects(of: unit.sourceID).map { "known defect: \($0)" }
        if let report = tissue?.report, report.lostPieces > 0 {
            warnings.append(
                "tissue: the median removed "
                    + (report.lostPieces == 1
                        ? "one piece of \(report.lostPixels) mask pixels"
                        : "\(report.lostPieces) pieces of \(report.lostPixels) mask pixels, the largest of "
                            + "\(report.lost.first?.area ?? 0)"))
        }
        if let tissue, tissue.report.isFlat {
            warnings.append("tissue: the picture has one colour, no tissue was found")
        }
        return Opened(
            picture: picture, labels: labels, tissue: tissue, lattice: try lattice(over: picture),
            inputs: [
                UnitRecord.Input(
                    role: "image", path: unit.image, bytes: Folders.size(of: path) ?? 0,
                    sha256: try FileReading.sha256(of: path))
            ] + labels.inputs, warnings: warnings)
    }

    /// The lattice over a picture; `nil` when pictures are kept whole.
    func lattice(over picture: SourcePicture) throws -> PatchLattice? {
        try configuration.lattice.map {
            try PatchLattice(
                recipe: $0, slideWidth: picture.size.width, slideHeight: picture.size.height,
                downsampleX: picture.downsample.x, downsampleY: picture.downsample.y)
        }
    }

    /// The candidates of a case with their tumour fractions, for choosing among them; no patch is read.
    func candidates(
        _ unit: PreparePlan.Unit, slide: Int, root: String, threads: Int
    ) throws -> [PatchCandidate] {
        let opened = try open(unit, root: root)
        guard let lattice = opened.lattice else { return [] }
        let indices = candidates(opened, lattice, 0..<lattice.count)
        return try ParallelLoop.map(count: indices.count, threads: threads) { n in
            let place = lattice.place(indices[n])
            let side = lattice.recipe.measuredSide ?? lattice.recipe.patch
            let inset = (lattice.recipe.patch - side) / 2
            // On the grid of the stored patch, so that the share is that of its stored labels.
            let window = PatchWindow(
                x: place.storedX + inset, y: place.storedY + inset, width: side, height: side,
                downsampleX: lattice.downsampleX, downsampleY: lattice.downsampleY)
            let found = try opened.labels.window(window)
            return PatchCandidate(
                slide: slide, index: indices[n], foreground: found.labels.count { $0 != 0 },
                pixels: window.area)
        }
    }

    // MARK: - Parts

    /// Where a patch lies.
    struct Place: Sendable {
        var index: Int
        /// The top left stored pixel.
        var x: Int
        var y: Int
        /// The level-0 pixel there.
        var origin: SIMD2<Int>
        var width: Int
        var height: Int
        var tissue: Float?
    }

    private func candidates(
        _ opened: Opened, _ lattice: PatchLattice, _ range: Range<Int>
    ) -> [Int] {
        guard let mask = opened.tissue else { return Array(range.clamped(to: 0..<lattice.count)) }
        return lattice.candidates(mask: mask, in: range)
    }

    private func places(of piece: PreparePlan.Piece, _ opened: Opened) -> [Place] {
        guard let lattice = opened.lattice else {
            let (scale, size) = (opened.picture.downsample, opened.picture.size)
            return [
                Place(
                    index: 0, x: 0, y: 0, origin: [0, 0],
                    width: max(1, Int(Double(size.width) / scale.x + 1e-6)),
                    height: max(1, Int(Double(size.height) / scale.y + 1e-6)),
                    tissue: opened.tissue.map { Float($0.fraction) })
            ]
        }
        let range = piece.first..<piece.first + piece.count
        let indices = piece.selected ?? candidates(opened, lattice, range)
        let side = lattice.recipe.patch
        return indices.filter { index in
            // Patches of which a label budget leaves nothing would train a model on black.
            guard let kept = piece.kept else { return true }
            let place = lattice.place(index)
            let square = PixelRectangle(
                x: place.storedX, y: place.storedY, width: side, height: side)
            return kept.contains {
                PixelRectangle(x: $0[0], y: $0[1], width: $0[2], height: $0[3]).overlaps(square)
            }
        }.map { index in
            let place = lattice.place(index)
            return Place(
                index: index, x: place.storedX, y: place.storedY, origin: [place.x, place.y],
                width: lattice.recipe.patch, height: lattice.recipe.patch,
                tissue: opened.tissue.map {
                    Float(lattice.tissueFraction(at: place, mask: $0))
                })
        }
    }

    /// Why nothing of a case is kept.
    private func reason(_ piece: PreparePlan.Piece, _ opened: Opened) -> String {
        if opened.lattice?.count == 0 {
            return
                "no patch is kept: the picture is smaller than a patch; take a smaller --patch, or --edge pad"
        }
        if piece.selected != nil { return "no patch is kept: the choice among all took others" }
        if piece.kept != nil {
            return "no patch is kept: the label budget leaves nothing of the case"
        }
        return "no patch is kept: none has enough tissue"
    }

    private func publish(
        _ unit: PreparePlan.Unit, _ piece: PreparePlan.Piece, _ opened: Opened,
        _ places: [Place], _ patches: [PatchJob.Encoded], _ job: PatchJob, _ layout: StoreLayout
    ) throws -> UnitRecord {
        var notes = opened.picture.notes
        if let diagnosis = unit.diagnosis {
            if !diagnosis.slide.isEmpty { notes.append("stage of the slide: \(diagnosis.slide)") }
            if !diagnosis.patient.isEmpty {
                notes.append("stage of the patient: \(diagnosis.patient)")
            }
        }
        if let tissue = opened.tissue {
            notes.append("tissue threshold: saturation above \(tissue.report.threshold)")
        }
        let size = opened.picture.size
        let scale = opened.picture.downsample
        let table = StoredPatches(
            origins: places.map(\.origin),
            tissue: opened.tissue == nil ? nil : places.map { $0.tissue ?? 0 },
            foreground: patches.map(\.foreground), contested: patches.map(\.contested),
            latticeIndices: places.map(\.index), missing: patches.map(\.missing),
            level: opened.picture.level, downsample: [scale.x, scale.y],
            slideSize: [size.width, size.height], slideMPP: opened.picture.pixelSize,
            rule: opened.labels.rule,
            tissueRecipe: try configuration.tissue.map {
                String(decoding: try CanonicalJSON.compact($0), as: UTF8.self)
            } ?? "", notes: notes)
        let side = configuration.lattice?.patch
        let first = places.first
        var warnings = opened.warnings
        if places.isEmpty, piece.of == 1 {
            warnings.append(reason(piece, opened))
        }
        var description = CaseDescription(
            caseID: unit.sourceID, patient: unit.patient, dataset: card.name,
            split: plan.configuration.split, part: unit.part, labels: classes, pixelType: .uint8,
            pixelFormat: "uint8", units: card.units, window: nil, channels: 3,
            rows: side ?? first?.height ?? 1, columns: side ?? first?.width ?? 1,
            axis: CaseFileFormat.planeAxis, orientation: "", source: table.sourceGrid,
            pixelToVoxel: table.pixelToVoxel, inputs: opened.inputs,
            configuration: String(
                decoding: try CanonicalJSON.compact(plan.configuration), as: UTF8.self),
            warnings: warnings)
        description.channelMeaning = .rgb
        description.patches = table
        description.instances = job.instances
        let areas = patches.map(\.areas)
        let writer = try CaseFileWriter(
            description, slices: Array(0..<places.count),
            areas: areas.map { row in classes.map { row[$0.id] } },
            storage: job.keepsJPEG ? .jpegTiles : .planes)
        for (n, patch) in patches.enumerated() {
            switch patch.pixels {
            case .planes(let image):
                try writer.writeSlice(
                    n, image: image, label: patch.label, instances: patch.instances)
            case .jpeg(let jpeg):
                try writer.writeSlice(
                    n, jpeg: jpeg, label: patch.label, instances: patch.instances)
            }
        }
        try writer.writeRecords(patches.map(\.records), kinds: prompts.kinds)
        let published = try writer.publish(to: layout.caseFile(unit.id))
        var record = UnitRecord(
            id: unit.id, caseID: unit.pieceOf ?? unit.id, patient: unit.patient, part: unit.part,
            key: try plan.key(of: unit))
        record.copyOf = unit.copyOf
        if unit.pieceOf != nil { record.piece = UnitRecord.Piece(index: piece.index, of: piece.of) }
        record.path = layout.relativeCaseFile(unit.id)
        record.bytes = published.bytes
        record.sha256 = published.sha256
        record.describe(
            description, slices: places.count,
            records: patches.reduce(0) { $0 + $1.records.count }, areas: areas)
        record.inputs = opened.inputs
        record.warnings = warnings
        return record
    }
}

/// The work on the patches of one picture; shared by the threads, never changed.
struct PatchJob: Sendable {
    let opened: PatchPreparer.Opened
    let drawer: PromptDrawer
    let classes: [LabelClass]
    let instances: InstanceType?
    /// What a label budget leaves, in stored pixels of the picture; `nil` without one.
    let kept: [[Int]]?
    /// Whether the original JPEG tiles are stored.
    let keepsJPEG: Bool
    /// What errors call the picture.
    let name: String

    /// The pixels of a patch as they are stored.
    enum Pixels: Sendable {
        /// One chunk per channel.
        case planes([[UInt8]])
        case jpeg([UInt8])
    }

    struct Encoded: Sendable {
        var pixels: Pixels
        var label: [UInt8]
        var instances: [UInt8]?
        var records: [PromptRecord]
        var areas: [Int]
        var foreground: Float
        var contested: Int
        var missing: Int
    }

    /// Reads, labels and compresses one patch and draws its prompts.
    func encode(_ place: PatchPreparer.Place) throws -> Encoded {
        let (width, height) = (place.width, place.height)
        let scale = opened.picture.downsample
        var found = try opened.labels.window(
            PatchWindow(
                x: place.x, y: place.y, width: width, height: height, downsampleX: scale.x,
                downsampleY: scale.y))
        let rectangles = kept?.map {
            PixelRectangle(x: $0[0] - place.x, y: $0[1] - place.y, width: $0[2], height: $0[3])
        }
        if let rectangles {
            LabelBudgetPlan.blank(&found.labels, width: width, height: height, keeping: rectangles)
            if var numbers = found.instances {
                LabelBudgetPlan.blank(&numbers, width: width, height: height, keeping: rectangles)
                found.instances = numbers
            }
        }
        let label = LabelSlice(rows: height, columns: width, samples: found.labels)
        let codec = PlaneCodec()
        let (pixels, missing) = try pixels(of: place, keeping: rectangles, codec)
        let areas = label.labelAreas()
        return Encoded(
            pixels: pixels,
            label: found.labels.withUnsafeBytes { codec.encode($0, width: 1) },
            instances: instances.map { type in
                type.encode(
                    found.instances ?? [UInt32](repeating: 0, count: width * height), codec)
            },
            records: records(of: label, found.instances, place),
            areas: areas,
            foreground: Float(areas.reduce(0, +)) / Float(width * height),
            contested: found.contested, missing: missing)
    }

    /// The pixels of a patch as they are stored, and the missing tiles under it.
    private func pixels(
        of place: PatchPreparer.Place, keeping rectangles: [PixelRectangle]?,
        _ codec: borrowing PlaneCodec
    ) throws -> (Pixels, missing: Int) {
        let (width, height) = (place.width, place.height)
        if keepsJPEG {
            let jpeg = try opened.picture.jpegTile(x: place.x, y: place.y, side: width, name: name)
            return (.jpeg(jpeg), 0)
        }
        let read = try opened.picture.read(x: place.x, y: place.y, width: width, height: height)
        var samples = read.pixels.samples
        if let rectangles {
            LabelBudgetPlan.blank(
                &samples, width: width, height: height, channels: 3, keeping: rectangles)
        }
        var chunks: [[UInt8]] = []
        for channel in 0..<3 {
            let plane = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
                samples.withUnsafeBufferPointer { rgb in
                    for n in 0..<width * height { buffer[n] = rgb[n * 3 + channel] }
                }
                count = width * height
            }
            chunks.append(plane.withUnsafeBytes { codec.encode($0, width: 1) })
        }
        return (.planes(chunks), read.missing)
    }

    /// The records of a patch: of its objects under the unit `instance`, else of its regions.
    private func records(
        of label: LabelSlice, _ instances: [UInt32]?, _ place: PatchPreparer.Place
    ) -> [PromptRecord] {
        guard drawer.recipe.unit == .instance, let instances else {
            return drawer.records(of: label, sliceIndex: place.index)
        }
        return drawer.records(
            of: label,
            instances: InstanceMap(width: label.columns, height: label.rows, ids: instances),
            sliceIndex: place.index)
    }
}
