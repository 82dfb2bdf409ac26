import SafeFiles
import SampleAugmentation
import SamplePreparation
import SampleStore

/// Turns a prepared store and a recipe into the plan of an augmented store.
public struct StoreAugmentPlanner: Sendable {
    /// The store that is augmented.
    public let source: StoreLayout
    /// Its manifest.
    public let manifest: Manifest
    /// Its plan.
    public let plan: PreparePlan

    /// Opens a store.
    ///
    /// - Parameter source: The store to augment.
    /// - Throws: `StoreError` or ``WorkflowError`` when it is not finished, damaged or augmented already.
    public init(source: StoreLayout) throws {
        self.source = source
        manifest = try Manifest.read(source)
        plan = try PreparePlan.require(source)
        try plan.configuration.refusePictures("augmenting")
        if let copy = manifest.cases.first(where: { $0.copyOf != nil }) {
            throw WorkflowError(
                .configuration,
                "\(source.root): found the augmented copy \(copy.id), expected a store as it was prepared; "
                    + "augment the store it was made from, with more --copies or another --seed")
        }
        if plan.configuration.prompts.randomness == PromptRecipe.Randomness.python.rawValue {
            throw WorkflowError(
                .configuration,
                "\(source.root): its prompts come from Python's stream, which knows no copies; prepare it with "
                    + "--prompt-random keyed")
        }
    }

    /// Makes the plan.
    ///
    /// - Parameters:
    ///   - augmentation: What is drawn and applied.
    ///   - seed: The seed of all draws of the copies; `nil` keeps the seed of the store.
    ///   - cases: The cases to augment; empty for all.
    /// - Returns: The plan of the new store.
    /// - Throws: ``WorkflowError`` when a case or a part is not there, or nothing is left.
    public func plan(
        _ augmentation: PrepareConfiguration.Augmentation, seed: UInt64?, cases: [String] = []
    ) throws -> PreparePlan {
        let known = Set(manifest.cases.map(\.id))
        if let stranger = cases.first(where: { !known.contains($0) }) {
            throw WorkflowError(
                .missingInput,
                "\(source.root): found no case `\(stranger)`, expected one of "
                    + manifest.cases.prefix(40).map(\.id).joined(separator: " "))
        }
        var described = augmentation
        described.source = "store"
        described.sourceSHA256 = try FileReading.sha256(of: source.manifest)
        var configuration = plan.configuration
        configuration.augmentation = described
        if let seed { configuration.prompts.seed = seed }
        let originals = manifest.cases.filter { cases.isEmpty || cases.contains($0.id) }.map {
            record in
            PreparePlan.Unit(
                id: record.id, patient: record.patient, part: record.part, image: record.path,
                label: record.path, bytes: record.bytes, expectedSlices: nil, streamWords: nil)
        }
        let units = described.units(from: originals)
        guard units.contains(where: { $0.copy != nil }) else {
            throw WorkflowError(
                .missingInput,
                "\(source.root): found \(originals.count) cases, none in the parts to augment "
                    + "(\(described.parts.joined(separator: ", "))); choose other --augment-part, or all"
            )
        }
        try checkSizes(augmentation.recipe)
        return PreparePlan(configuration: configuration, units: units)
    }

    /// Refuses before any work a recipe that gives the slices of a case different sizes, or does not fit their channels.
    private func checkSizes(_ recipe: AugmentationRecipe) throws {
        let extents = Set(
            manifest.cases.compactMap { record -> SampleExtent? in
                guard record.shape.count >= 3, record.slices > 0,
                    let rows = record.shape.dropLast().last, let columns = record.shape.last,
                    rows > 0, columns > 0
                else { return nil }
                return SampleExtent(
                    channels: record.shape.count == 4 ? max(1, record.shape[1]) : 1, rows: rows,
                    columns: columns)
            })
        for extent in extents {
            try recipe.check(channels: extent.channels)
            guard recipe.scope == .slice else { continue }
            let places = (1...64).map { copy in
                SlicePlace(
                    0, source: 0,
                    drawn: recipe.drawn(
                        for: AugmentationKey(caseSeed: 0, slice: 0, copy: copy), extent: extent))
            }
            _ = try CopyExtent(of: places, from: extent)
        }
    }
}
