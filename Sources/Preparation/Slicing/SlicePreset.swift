import MedicalImaging

/// The named recipes of published systems.
public enum SlicePreset: String, Hashable, Sendable, CaseIterable, Codable {
    /// BTCV term project: RAS, the NumPy slice `volume[:, :, k]` (rows run to the patient's right, columns to the front),
    /// slices with any organ, window -175...250 HU, 8-bit pixels by truncation.
    case termProject = "term-project"
    /// TransUNet, SAMed and SAM-LST: axes as stored, rows = j, columns = i, all slices, window -125...275 HU to 0...1 as
    /// 32-bit floats.
    case transunet
    /// MedSAM: axes as stored, window level 40 width 400, extremes of the clipped volume to 0...255, small parts of labels
    /// removed (3-D below 1,000 voxels, then 2-D below 100 pixels), slices with any organ left.
    ///
    /// Deviations: tumours are not split into instances, and no label id is removed, because the cards here list neither.
    case medsam

    /// The recipe.
    public var recipe: SliceRecipe {
        switch self {
        case .termProject:
            SliceRecipe(
                orientation: .reordered(.ras), rowAxis: .first,
                window: .range(low: -175, high: 250), pixels: .uint8)
        case .transunet:
            SliceRecipe(
                orientation: .stored, selection: SliceSelection(.all),
                window: .range(low: -125, high: 275), pixels: .float32)
        case .medsam:
            SliceRecipe(
                orientation: .stored, window: .rangeThenExtremes(low: -160, high: 240),
                pixels: .uint8,
                cleanup: LabelCleanup(minimumVoxels: 1_000, minimumPixels: 100))
        }
    }
}
