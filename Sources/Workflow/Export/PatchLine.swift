import SampleStore

/// Where one patch lies on its picture, as a line of `patches.jsonl`.
struct PatchLine: Encodable, Sendable {
    /// The picture of the patch below the export.
    var image: String
    var `case`: String
    var part: String
    /// The number in the lattice of the picture.
    var lattice: Int
    /// The level-0 pixel at the top left corner: x, y.
    var origin: [Int]
    /// Level-0 pixels per pixel of the patch: x, y.
    var downsample: [Double]
    /// Micrometres per level-0 pixel: x, y; absent when unknown.
    var micronsPerPixel: [Double]?
    /// Fraction of tissue; absent when none was looked for.
    var tissue: Float?
    /// Fraction of pixels with a label.
    var foreground: Float
    /// Pixels several regions claimed.
    var contested: Int
    /// Tiles that were missing.
    var missing: Int

    enum CodingKeys: String, CodingKey {
        case image, `case`, part, lattice, origin, downsample, tissue, foreground, contested,
            missing
        case micronsPerPixel = "microns_per_pixel"
    }

    init(_ patches: StoredPatches, _ position: Int, image: String, of unit: UnitRecord) {
        self.image = image
        `case` = unit.caseID
        part = unit.part
        lattice = patches.latticeIndices[position]
        origin = [patches.origins[position].x, patches.origins[position].y]
        downsample = [patches.downsample.x, patches.downsample.y]
        micronsPerPixel = patches.slideMPP.map { [$0.x, $0.y] }
        tissue = patches.tissue?[position]
        foreground = patches.foreground[position]
        contested = patches.contested[position]
        missing = patches.missing[position]
    }
}
