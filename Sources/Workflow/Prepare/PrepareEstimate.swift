import NIfTI
import SafeFiles
import SamplePreparation

/// What a plan will make at most, from the headers alone.
public struct PrepareEstimate: Sendable {
    /// Slices of each volume along the cutting axis, or places of the lattice of patches, by unit id.
    public var slices: [String: Int] = [:]
    /// Bytes of the store if every slice is kept; a rough guess from measured compression ratios.
    public var bytes = 0

    /// Reads the headers of the images.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - root: The folder of the data set.
    /// - Throws: `NIfTIError` when a header cannot be read, ``WorkflowError`` when a volume has not the slices its split
    ///   expects.
    public init(plan: PreparePlan, root: String) throws {
        if plan.configuration.patches != nil {
            for unit in plan.units {
                count(patchesOf: unit, side: plan.configuration.patches?.lattice?.patch)
            }
            return
        }
        let recipe = try plan.configuration.sliceRecipe()
        for unit in plan.units {
            let file = try NIfTIFile(path: try FilePath.join(root, unit.image))
            let grid = try file.grid(
                choosing: AffineChoice(rawValue: plan.configuration.affine) ?? .automatic)
            let frame = SliceFrame(
                of: grid, axis: recipe.axis, orientation: recipe.orientation,
                rowAxis: recipe.rowAxis)
            slices[unit.id] = frame.count
            if recipe.axis == .axial {
                try unit.checkSlices(frame.count, split: plan.configuration.split)
            }
            let plane = recipe.size.map(\.count) ?? frame.rows * frame.columns
            // Measured on abdominal CT: bytes per pixel after shuffle and deflate.
            let perPixel =
                switch recipe.pixels {
                case .original: 0.95
                case .uint8: 0.55
                case .float32: 1.6
                }
            bytes += Int(Double(frame.count * plane * (2 * recipe.neighbours + 1)) * perPixel)
        }
    }

    /// Counts the places of a piece; how many have tissue is known only when slides are read.
    private mutating func count(patchesOf unit: PreparePlan.Unit, side: Int?) {
        guard let piece = unit.piece else { return }
        let count = piece.selected?.count ?? piece.count
        slices[unit.id] = count
        let pixels = side.map { $0 * $0 } ?? piece.pictureSize.reduce(1, *)
        // Measured on H&E: bytes per sample after deflate; original tiles are smaller, by how much only they know.
        bytes += Int(Double(count * pixels * 3) * 0.75)
    }
}
