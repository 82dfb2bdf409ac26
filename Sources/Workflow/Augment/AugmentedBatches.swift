import MedicalImaging
import SafeFiles
import SampleAugmentation
import SamplePreparation
import SampleStore

/// The slices of a prepared store in shuffled, freshly augmented batches, for training.
///
/// Epoch n draws what copy n of `samdata augment` draws. Order and draws depend on seed and epoch alone, so any number of
/// threads gives the same batches. Nothing is kept but open files and the batch being made.
///
/// ```swift
/// let batches = try AugmentedBatches(store: StoreLayout(root: "store"), recipe: AugmentationPreset.transunet.recipe)
/// for epoch in 1...150 {
///     var iterator = batches.epoch(epoch)
///     while let batch = try iterator.next() { train(on: batch) }
/// }
/// ```
public struct AugmentedBatches: Sendable {
    /// The store.
    public let layout: StoreLayout
    /// What is drawn and applied; `nil` for slices as they are.
    public let recipe: AugmentationRecipe?
    /// Samples of a batch; the last batch of an epoch may hold fewer.
    public var batchSize = 8
    /// The seed of order and draws.
    public var seed: UInt64
    /// Whether an epoch goes through the slices in a drawn order instead of that of the store.
    public var shuffles = true
    /// Threads that make the samples of a batch.
    public var threads = 1
    /// The slices of an epoch.
    public let slices: [Slice]

    /// One slice of the store.
    public struct Slice: Hashable, Sendable {
        /// The unit.
        public var caseID: String
        /// The position in its case file.
        public var position: Int
    }

    private let configuration: PrepareConfiguration
    private let format: PixelFormat
    private let readers = OpenCases()

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - store: The store; augmented copies in it are samples like any other.
    ///   - recipe: What is drawn and applied; `nil` for slices as they are.
    ///   - part: The part of the split to train on; `nil` for all cases.
    ///   - labelledOnly: Whether slices without any label are left out.
    /// - Throws: `StoreError` or ``WorkflowError`` when the store is not finished, damaged, or nothing is left of it.
    public init(
        store: StoreLayout, recipe: AugmentationRecipe?, part: String? = nil,
        labelledOnly: Bool = false
    ) throws {
        layout = store
        self.recipe = recipe
        let manifest = try Manifest.read(store)
        configuration = try PreparePlan.require(store).configuration
        format = try configuration.sliceRecipe().pixels
        seed = configuration.prompts.seed
        var slices: [Slice] = []
        for unit in manifest.cases where part == nil || unit.part == part {
            if labelledOnly {
                let reader = try readers.reader(of: unit.id, in: store)
                slices += reader.organAreas.indices.filter { n in
                    reader.organAreas[n].contains { $0 > 0 }
                }.map { Slice(caseID: unit.id, position: $0) }
            } else {
                slices += (0..<unit.slices).map { Slice(caseID: unit.id, position: $0) }
            }
        }
        guard !slices.isEmpty else {
            throw WorkflowError(
                .missingInput,
                "\(store.root): found no slice\(part.map { " in part `\($0)`" } ?? ""), expected some to train on; "
                    + "name another part")
        }
        self.slices = slices
    }

    /// The batches of an epoch.
    ///
    /// - Parameter number: The epoch, from 1.
    /// - Returns: An iterator at the first batch.
    public func epoch(_ number: Int) -> Iterator {
        var order = slices
        if shuffles {
            var random = RandomSource(
                seed: configuration.with(seed: seed).caseSeed("", purpose: "order"),
                stream: (UInt32(truncatingIfNeeded: number), 0, 0))
            for n in stride(from: order.count - 1, to: 0, by: -1) {
                order.swapAt(n, random.index(below: n + 1))
            }
        }
        return Iterator(batches: self, order: order, epoch: number)
    }

    /// Goes through the batches of an epoch.
    public struct Iterator: Sendable {
        let batches: AugmentedBatches
        let order: [Slice]
        let epoch: Int
        private var done = 0

        init(batches: AugmentedBatches, order: [Slice], epoch: Int) {
            self.batches = batches
            self.order = order
            self.epoch = epoch
        }

        /// Makes the next batch.
        ///
        /// - Returns: The samples in the order of the epoch; `nil` after the last.
        /// - Throws: `StoreError` for a damaged case, an `AugmentationError` when the recipe does not fit.
        public mutating func next() throws -> [TrainingSample]? {
            guard done < order.count else { return nil }
            let end = min(done + max(1, batches.batchSize), order.count)
            let part = order[done..<end]
            let (batches, epoch) = (batches, epoch)
            let samples = try ParallelLoop.map(count: part.count, threads: batches.threads) { n in
                try batches.sample(part[part.startIndex + n], epoch: epoch)
            }
            done = end
            return samples
        }
    }

    private func sample(_ slice: Slice, epoch: Int) throws -> TrainingSample {
        let reader = try readers.reader(of: slice.caseID, in: layout)
        let about = reader.description
        let augmenter = try SliceAugmenter(
            pixelType: about.pixelType, format: format, window: about.window, caseID: about.caseID)
        let planes = SliceAugmenter.Planes(
            channels: try (0..<about.channels).map {
                try reader.imageBytes(
                    at: slice.position, channel: about.channels == 1 ? nil : $0)
            }, label: try reader.label(at: slice.position))
        var sample = augmenter.sample(of: planes)
        var drawn = DrawnAugmentation(transforms: [])
        let index = reader.sliceIndices[slice.position]
        if let recipe {
            let draws = CopyDraws(
                recipe: recipe, copy: epoch,
                caseSeed: configuration.with(seed: seed)
                    .caseSeed(about.caseID, purpose: "augmentation"))
            drawn =
                draws.places(of: [index], count: about.sliceCount, extent: sample.extent)
                .first?.drawn ?? drawn
            try drawn.apply(to: &sample)
        }
        return TrainingSample(
            caseID: slice.caseID, sliceIndex: index, sample: sample, transforms: drawn)
    }
}

/// One sample of a training batch.
public struct TrainingSample: Hashable, Sendable {
    /// The unit it comes from.
    public var caseID: String
    /// Index along the sliced axis.
    public var sliceIndex: Int
    /// Image and labels; the window's limits are 0 and 1.
    public var sample: AugmentationSample
    /// What was done to it.
    public var transforms: DrawnAugmentation
}

extension PrepareConfiguration {
    /// The configuration with another seed.
    func with(seed: UInt64) -> PrepareConfiguration {
        var result = self
        result.prompts.seed = seed
        return result
    }
}
