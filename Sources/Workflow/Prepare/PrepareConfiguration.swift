import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles
import SampleAugmentation
import SamplePreparation
import SampleStore

/// What decides the bytes of prepared cases: everything that was asked for, resolved.
///
/// It is written into `plan.json` and, as canonical JSON, into every case file.
public struct PrepareConfiguration: Codable, Hashable, Sendable {
    /// Raised by hand when the same configuration begins to give other bytes.
    public static let currentAlgorithm = 1

    /// How volumes are cut; the members of `SliceRecipe` in plain words.
    public struct Slices: Codable, Hashable, Sendable {
        /// `axial`, `coronal` or `sagittal`.
        public var axis: String
        /// `stored` or three letters.
        public var orientation: String
        /// `second` (as pictures are stored) or `first` (as the NumPy slice of the term project).
        public var rows: String
        /// `all` or `labelled`.
        public var select: String
        /// Labelled pixels a slice needs under `labelled`.
        public var minimumArea: Int
        /// Neighbours kept with a slice.
        public var margin: Int
        /// Neighbours on each side stored as channels.
        public var neighbours: Int
        /// `none`, `range`, `range-then-extremes`, `percentiles` or `percentiles-nonzero`.
        public var window: String
        /// Lower limit (raw value or percentile); `nil` for `none`.
        public var windowLow: Double?
        /// Upper limit (raw value or percentile); `nil` for `none`.
        public var windowHigh: Double?
        /// `original`, `uint8` or `float32`.
        public var pixels: String
        /// Rows and columns every slice is resized to; `nil` keeps the native size.
        public var size: [Int]?
        /// The interpolation under `size`.
        public var resampling: String?
        /// Parts of labels with fewer voxels are removed.
        public var minimumVoxels: Int
        /// Parts of labels with fewer pixels in a slice are removed.
        public var minimumPixels: Int
    }

    /// Which prompts are drawn; the members of `PromptRecipe` in plain words.
    public struct Prompts: Codable, Hashable, Sendable {
        /// Names of the kinds, in order.
        public var kinds: [String]
        /// `organ`, `component4` or `component8`.
        public var unit: String
        /// Regions with fewer pixels get no record.
        public var minimumArea: Int
        /// `keyed` or `python`.
        public var randomness: String
        /// The user's seed.
        public var seed: UInt64
    }

    /// How copies are augmented.
    public struct Augmentation: Codable, Hashable, Sendable {
        /// The most copies of a case.
        public static let mostCopies = 1000

        /// What is drawn and applied.
        public var recipe: AugmentationRecipe
        /// Copies of each case.
        public var copies: Int
        /// Whether the slices as they were cut are kept beside their copies.
        public var keepsOriginals: Bool
        /// The parts of the split that are augmented; empty for all cases.
        public var parts: [String]
        /// `keyed`, or `reference` for the streams of the program the preset comes from.
        public var randomness: String
        /// `volumes` when slices are cut from volumes and augmented, `store` when a prepared store is augmented.
        public var source: String
        /// SHA-256 of the manifest of the store that is augmented; empty for `volumes`.
        public var sourceSHA256: String

        /// Makes a description of keyed augmentation.
        ///
        /// - Parameters:
        ///   - recipe: What is drawn and applied.
        ///   - copies: Copies of each case.
        ///   - keepsOriginals: Whether the slices as they were cut are kept.
        ///   - parts: The parts that are augmented; empty for all.
        ///   - randomness: `keyed` or `reference`.
        public init(
            recipe: AugmentationRecipe, copies: Int, keepsOriginals: Bool = true,
            parts: [String] = [], randomness: String = "keyed"
        ) {
            self.recipe = recipe
            self.copies = copies
            self.keepsOriginals = keepsOriginals
            self.parts = parts
            self.randomness = randomness
            source = "volumes"
            sourceSHA256 = ""
        }

        /// The units to make of the units of a plan.
        ///
        /// - Parameter units: Cases as the data set has them.
        /// - Returns: The cases that are kept and their copies.
        func units(from units: [PreparePlan.Unit]) -> [PreparePlan.Unit] {
            units.flatMap { unit -> [PreparePlan.Unit] in
                guard parts.isEmpty || parts.contains(unit.part) else {
                    return keepsOriginals ? [unit] : []
                }
                return (keepsOriginals ? [unit] : []) + unit.copies(copies)
            }
        }
    }

    /// The version of the computation, ``currentAlgorithm``.
    public var algorithm: Int
    /// The version of the case file format.
    public var caseFormat: String
    /// The data set's name.
    public var dataset: String
    /// SHA-256 of the card.
    public var cardSHA256: String
    /// The split's name; empty when none is used.
    public var split: String
    /// SHA-256 of the split; empty when none is used.
    public var splitSHA256: String
    /// The named recipe the slices come from; empty when none was named.
    public var preset: String
    /// How volumes are cut.
    public var slices: Slices
    /// Which prompts are drawn.
    public var prompts: Prompts
    /// `raw` or `card-ids`: what the values of the label files stand for.
    public var labelValues: String
    /// Label values of the files that become background although the card does not list them.
    public var ignoredLabelValues: [Int]
    /// `automatic`, `sform`, `qform` or `pixdim`.
    public var affine: String
    /// Whether image and label may lie on different grids of the same shape.
    public var allowGridMismatch: Bool
    /// The split a model was trained under, checked against the parts evaluated here; empty when not given.
    public var trainedUnder: String
    /// How copies are augmented; absent when nothing is.
    public var augmentation: Augmentation?
    /// How pictures and slides are cut; absent for volumes, whose cutting is ``slices``.
    public var patches: PatchConfiguration?

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - card: The data set.
    ///   - split: The split; `nil` prepares every case without a part.
    ///   - preset: The name of the recipe's preset, for the record.
    ///   - recipe: How volumes are cut.
    ///   - prompts: Which prompts are drawn.
    ///   - seed: The user's seed.
    public init(
        card: DatasetCard, split: DatasetSplit?, preset: SlicePreset?, recipe: SliceRecipe,
        prompts: PromptRecipe, seed: UInt64
    ) {
        algorithm = Self.currentAlgorithm
        caseFormat = CaseFileFormat.version
        dataset = card.name
        cardSHA256 = card.sha256
        self.split = split?.name ?? ""
        splitSHA256 = split?.sha256 ?? ""
        self.preset = preset?.rawValue ?? ""
        slices = Slices(recipe)
        self.prompts = Prompts(
            kinds: prompts.kinds.map(\.description), unit: prompts.unit.rawValue,
            minimumArea: prompts.minimumArea, randomness: prompts.randomness.rawValue, seed: seed)
        labelValues = "raw"
        ignoredLabelValues = []
        affine = "automatic"
        allowGridMismatch = false
        trainedUnder = ""
        augmentation = nil
        patches = nil
    }

    /// Makes a configuration for pictures and slides.
    ///
    /// - Parameters:
    ///   - card: The data set.
    ///   - split: The split; `nil` prepares every case without a part.
    ///   - patches: How pictures are cut.
    ///   - prompts: Which prompts are drawn.
    ///   - seed: The user's seed.
    public init(
        card: DatasetCard, split: DatasetSplit?, patches: PatchConfiguration,
        prompts: PromptRecipe, seed: UInt64
    ) {
        self.init(
            card: card, split: split, preset: nil,
            recipe: SliceRecipe(
                axis: .axial, orientation: .stored, rowAxis: .second,
                selection: SliceSelection(.all, margin: 0), neighbours: 0, window: .none,
                pixels: .original, size: nil, resampling: .pillowBilinear,
                cleanup: LabelCleanup(minimumVoxels: 0, minimumPixels: 0)),
            prompts: prompts, seed: seed)
        slices.axis = CaseFileFormat.planeAxis
        slices.pixels = PixelFormat.uint8.rawValue
        caseFormat = CaseFileFormat.pictureVersion
        self.patches = patches
    }

    /// The recipe the words stand for.
    ///
    /// - Returns: How volumes are cut.
    /// - Throws: ``WorkflowError`` naming the word that is not understood.
    public func sliceRecipe() throws -> SliceRecipe { try slices.recipe() }

    /// The recipe the words stand for.
    ///
    /// - Returns: Which prompts are drawn.
    /// - Throws: ``WorkflowError`` naming the word that is not understood.
    public func promptRecipe() throws -> PromptRecipe {
        PromptRecipe(
            kinds: try prompts.kinds.map { name in
                try Self.word(PromptKind(name), name, "prompts.kinds")
            },
            unit: try Self.word(
                RegionUnit(rawValue: prompts.unit), prompts.unit, "prompts.unit"),
            minimumArea: prompts.minimumArea,
            randomness: try Self.word(
                PromptRecipe.Randomness(rawValue: prompts.randomness), prompts.randomness,
                "prompts.randomness"))
    }

    /// The seed of one case for one purpose.
    ///
    /// The first eight bytes, big endian, of SHA-256 over `samdata-seed`, the user's seed, the case id and the purpose, each
    /// followed by a zero byte.
    ///
    /// - Parameters:
    ///   - caseID: The case id.
    ///   - purpose: For example `prompts`.
    /// - Returns: A 64-bit seed.
    public func caseSeed(_ caseID: String, purpose: String) -> UInt64 {
        Self.caseSeed(caseID, purpose: purpose, seed: prompts.seed)
    }

    static func caseSeed(_ caseID: String, purpose: String, seed: UInt64) -> UInt64 {
        let text = ["samdata-seed", String(seed), caseID, purpose]
            .map { $0 + "\0" }.joined()
        return UInt64(ContentDigest.sha256(ofText: text).prefix(16), radix: 16) ?? 0
    }

    static func word<Value>(_ value: Value?, _ found: String, _ key: String) throws -> Value {
        guard let value else {
            throw WorkflowError(
                .configuration,
                "plan: \(key): found `\(found)`, which this version does not know; "
                    + "use the version that wrote the plan, or prepare into a new folder")
        }
        return value
    }
}

extension PrepareConfiguration.Slices {
    init(_ recipe: SliceRecipe) {
        axis = recipe.axis.rawValue
        orientation = recipe.orientation.description
        rows = recipe.rowAxis.rawValue
        switch recipe.selection.rule {
        case .all:
            select = "all"
            minimumArea = 0
        case .labelled(let area):
            select = "labelled"
            minimumArea = area
        }
        margin = recipe.selection.margin
        neighbours = recipe.neighbours
        switch recipe.window {
        case .none:
            window = "none"
        case .range(let low, let high):
            window = "range"
            (windowLow, windowHigh) = (low, high)
        case .rangeThenExtremes(let low, let high):
            window = "range-then-extremes"
            (windowLow, windowHigh) = (low, high)
        case .percentiles(let low, let high, let nonZeroOnly):
            window = nonZeroOnly ? "percentiles-nonzero" : "percentiles"
            (windowLow, windowHigh) = (low, high)
        }
        pixels = recipe.pixels.rawValue
        size = recipe.size.map { [$0.rows, $0.columns] }
        resampling = recipe.size == nil ? nil : recipe.resampling.rawValue
        minimumVoxels = recipe.cleanup.minimumVoxels
        minimumPixels = recipe.cleanup.minimumPixels
    }

    func recipe() throws -> SliceRecipe {
        typealias Plan = PrepareConfiguration
        let low = windowLow ?? 0
        let high = windowHigh ?? 0
        let resolved: IntensityWindow?
        switch window {
        case "none": resolved = IntensityWindow.none
        case "range": resolved = .range(low: low, high: high)
        case "range-then-extremes": resolved = .rangeThenExtremes(low: low, high: high)
        case "percentiles": resolved = .percentiles(lower: low, upper: high, nonZeroOnly: false)
        case "percentiles-nonzero":
            resolved = .percentiles(lower: low, upper: high, nonZeroOnly: true)
        default: resolved = nil
        }
        let rule: SliceSelection.Rule? =
            select == "all"
            ? .all : select == "labelled" ? .labelled(minimumArea: minimumArea) : nil
        var target: SliceSize?
        if let size {
            guard size.count == 2, size.allSatisfy({ $0 > 0 && $0 <= 16_384 }) else {
                throw WorkflowError(
                    .configuration,
                    "plan: slices.size: found \(size), expected two sides up to 16384")
            }
            target = SliceSize(rows: size[0], columns: size[1])
        }
        let numbers = [
            ("minimumArea", minimumArea), ("margin", margin), ("neighbours", neighbours),
            ("minimumVoxels", minimumVoxels), ("minimumPixels", minimumPixels),
        ]
        for (key, value) in numbers where value < 0 || value > (key == "neighbours" ? 32 : 1 << 40)
        {
            throw WorkflowError(
                .configuration,
                "plan: slices.\(key): found \(value), expected a small number from 0")
        }
        guard resolved?.isValid != false else {
            throw WorkflowError(
                .configuration,
                "plan: slices.window: found \(window) \(low)...\(high), expected finite ascending limits, "
                    + "percentiles within 0...100")
        }
        return SliceRecipe(
            axis: try Plan.word(SliceAxis(rawValue: axis), axis, "slices.axis"),
            orientation: try Plan.word(
                SliceOrientation(orientation), orientation, "slices.orientation"),
            rowAxis: try Plan.word(RowAxis(rawValue: rows), rows, "slices.rows"),
            selection: SliceSelection(
                try Plan.word(rule, select, "slices.select"), margin: margin),
            neighbours: neighbours,
            window: try Plan.word(resolved, window, "slices.window"),
            pixels: try Plan.word(PixelFormat(rawValue: pixels), pixels, "slices.pixels"),
            size: target,
            resampling: try resampling.map {
                try Plan.word(SliceResampling(rawValue: $0), $0, "slices.resampling")
            } ?? .pillowBilinear,
            cleanup: LabelCleanup(minimumVoxels: minimumVoxels, minimumPixels: minimumPixels))
    }
}
