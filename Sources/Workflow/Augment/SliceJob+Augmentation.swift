import MedicalImaging
import SampleAugmentation
import SamplePreparation
import SampleStore

extension SliceJob {
    /// Says in the description of a copy how its slices came to be, and what size they have.
    ///
    /// - Parameters:
    ///   - places: The slices of the copy.
    ///   - unit: The copy.
    ///   - description: What the file will say.
    /// - Throws: ``WorkflowError`` when black and white are not known or the slices come out in different sizes.
    func describe(
        _ places: [SlicePlace], of unit: PreparePlan.Unit, in description: inout CaseDescription
    ) throws {
        _ = try SliceAugmenter(
            pixelType: mapping.output, format: preparer.recipe.pixels, window: mapping.limits,
            caseID: unit.sourceID)
        let native = try CopyExtent(of: places, from: extent).size
        let stored = preparer.recipe.size ?? native
        description.rows = stored.rows
        description.columns = stored.columns
        let before = preparer.resizing(
            from: SliceSize(rows: frame.rows, columns: frame.columns), to: stored)
        let after = preparer.resizing(from: native, to: stored)
        let isResized = preparer.recipe.size != nil
        description.augmentation = try unit.augmentation(
            recipe: preparer.plan.configuration.augmentation?.recipe, places: places
        ) { drawn in
            guard let map = drawn.pixelToSource(extent: extent), isResized else {
                return drawn.pixelToSource(extent: extent)
            }
            // stored pixel -> pixel before resizing -> pixel before the transforms -> stored pixel of the source
            func row(_ start: Int, _ axis: (scale: Double, shift: Double)) -> [Double] {
                let shift =
                    map[start] * after.x.shift + map[start + 1] * after.y.shift + map[start + 2]
                return [
                    map[start] * after.x.scale / axis.scale,
                    map[start + 1] * after.y.scale / axis.scale, (shift - axis.shift) / axis.scale,
                ]
            }
            return row(0, before.x) + row(3, before.y)
        }
    }
}

/// The size that the slices of a copy come out in; a case file holds slices of one size.
struct CopyExtent {
    let size: SliceSize

    init(of places: [SlicePlace], from extent: SampleExtent) throws {
        let sizes = Set(
            places.map { place -> SliceSize in
                let after = place.drawn?.extent(after: extent) ?? extent
                return SliceSize(rows: after.rows, columns: after.columns)
            })
        guard sizes.count <= 1 else {
            let found = sizes.map { "\($0.rows) x \($0.columns)" }.sorted()
            throw WorkflowError(
                .configuration,
                "the augmented slices come out in different sizes (\(found.joined(separator: ", "))), "
                    + "a case file holds one size; end the recipe with crop-or-pad, or prepare square slices with --size"
            )
        }
        size = sizes.first ?? SliceSize(rows: extent.rows, columns: extent.columns)
    }
}

extension PreparePlan.Unit {
    /// What a case file says about an augmented copy.
    func augmentation(
        recipe: AugmentationRecipe?, places: [SlicePlace],
        map: (DrawnAugmentation) -> [Double]?
    ) throws -> StoredAugmentation {
        StoredAugmentation(
            sourceCase: sourceID, copy: copy ?? 0,
            recipe: String(decoding: try CanonicalJSON.compact(recipe), as: UTF8.self),
            slices: try places.map { place in
                let drawn = place.drawn ?? DrawnAugmentation(transforms: [])
                return StoredAugmentation.Slice(
                    source: place.source,
                    transforms: String(decoding: try CanonicalJSON.compact(drawn), as: UTF8.self),
                    pixelToSource: map(drawn))
            })
    }
}

extension PrepareConfiguration {
    /// What is drawn for a unit; `nil` for a case as it is.
    func draws(for unit: PreparePlan.Unit) -> CopyDraws? {
        guard let augmentation, let copy = unit.copy else { return nil }
        return CopyDraws(
            recipe: augmentation.recipe, copy: copy,
            caseSeed: caseSeed(unit.sourceID, purpose: "augmentation"))
    }
}
