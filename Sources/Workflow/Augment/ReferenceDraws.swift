import SafeFiles
import SampleAugmentation
import SampleStore

/// The draws of a reference program's random streams for all copies of a store.
///
/// The streams run through the cases in the order of the plan, copy by copy, as the reference runs through its epochs. What
/// they give depends on the number of samples alone, so every shard draws all of it and uses its own.
struct ReferenceDraws {
    /// What was drawn for each sample of a copy, by unit.
    private(set) var byUnit: [String: [DrawnAugmentation]] = [:]

    /// Draws everything; `nil` when the plan does not ask for a reference stream.
    init?(plan: PreparePlan, root: String) throws {
        guard let augmentation = plan.configuration.augmentation,
            augmentation.randomness == "reference"
        else { return nil }
        guard let seed = UInt32(exactly: plan.configuration.prompts.seed) else {
            throw WorkflowError(
                .usage,
                "--seed: found \(plan.configuration.prompts.seed), expected at most \(UInt32.max), which is what the "
                    + "reference programs take")
        }
        guard let preset = AugmentationPreset(rawValue: augmentation.recipe.name),
            preset.recipe == augmentation.recipe,
            // MedSAM's loader first draws one of the labels of a slice, which would have to be read for every draw.
            preset != .medsam, var stream = preset.referenceStream(seed: seed)
        else {
            throw WorkflowError(
                .configuration,
                "--augment-random reference: `\(augmentation.recipe.name)` has no stream of a reference program; "
                    + "use --augment-random keyed")
        }
        let layout = StoreLayout(root: root)
        // All cases of the store, prepared now or not: a case has the same copies alone and among the others.
        let cases = try Manifest.read(layout).cases.filter {
            augmentation.parts.isEmpty || augmentation.parts.contains($0.part)
        }
        for copy in 1...max(1, augmentation.copies) {
            for record in cases {
                let id = PreparePlan.Unit.copyID(of: record.id, copy)
                var extent = SampleExtent(
                    rows: max(1, record.shape.dropLast().last ?? 1),
                    columns: max(1, record.shape.last ?? 1))
                if augmentation.recipe.scope == .volume {
                    extent.slices = max(1, record.slices)
                    byUnit[id] = [stream.next(extent: extent)]
                } else {
                    byUnit[id] = (0..<record.slices).map { _ in stream.next(extent: extent) }
                }
            }
        }
    }
}
