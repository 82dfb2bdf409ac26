import MedicalImaging

/// Where the patches of a case lie on their picture, and what is known of each: the group `/patches` of a case file.
///
/// Lists hold one entry per stored patch, in the order of the file. Level 0 is the largest level of the picture; its pixels
/// are the unit of origins and of the picture's size.
///
/// The top left **corner** of pixel (0, 0) of patch n lies at `origins[n]`, and one stored pixel covers `downsample` level-0
/// pixels. The centre of pixel (x, y) is therefore at the level-0 pixel index `origin + (x + 0.5) * downsample - 0.5`, where
/// whole indices are centres of level-0 pixels.
public struct StoredPatches: Hashable, Sendable {
    /// The level-0 pixel at the top left corner of each patch; negative where a patch reaches over the edge.
    public var origins: [SIMD2<Int>]
    /// The fraction of tissue in each patch, 0 to 1; `nil` when no tissue was looked for.
    public var tissue: [Float]?
    /// The fraction of pixels with a label in each patch, 0 to 1.
    public var foreground: [Float]
    /// Pixels of each patch that more than one region claimed.
    public var contested: [Int]
    /// The number of each patch in the lattice of its picture, ascending; the same for any division into pieces.
    public var latticeIndices: [Int]
    /// Stored tiles that were missing under each patch and show the background.
    public var missing: [Int]
    /// The level of the picture the pixels were read from.
    public var level: Int
    /// Level-0 pixels per stored pixel, to the right and down.
    public var downsample: SIMD2<Double>
    /// Width and height of level 0.
    public var slideSize: SIMD2<Int>
    /// Micrometres per level-0 pixel, to the right and down; `nil` when unknown.
    public var slideMPP: SIMD2<Double>?
    /// How outlines became pixels, by name; empty when the labels were not drawn from outlines.
    public var rule: String
    /// How tissue was found, as canonical JSON; empty when it was not looked for.
    public var tissueRecipe: String
    /// What was noticed about the picture, one line each.
    public var notes: [String]

    /// The number of patches.
    public var count: Int { origins.count }

    /// Makes a table of patches.
    ///
    /// - Parameters:
    ///   - origins: The level-0 pixel at the top left corner of each patch.
    ///   - tissue: The fraction of tissue in each; `nil` when no tissue was looked for.
    ///   - foreground: The fraction of pixels with a label in each.
    ///   - contested: Pixels of each that more than one region claimed.
    ///   - latticeIndices: The number of each in the lattice, ascending.
    ///   - missing: Missing tiles under each.
    ///   - level: The level the pixels were read from.
    ///   - downsample: Level-0 pixels per stored pixel.
    ///   - slideSize: Width and height of level 0.
    ///   - slideMPP: Micrometres per level-0 pixel; `nil` when unknown.
    ///   - rule: How outlines became pixels.
    ///   - tissueRecipe: How tissue was found.
    ///   - notes: What was noticed about the picture.
    public init(
        origins: [SIMD2<Int>], tissue: [Float]? = nil, foreground: [Float], contested: [Int],
        latticeIndices: [Int], missing: [Int], level: Int = 0,
        downsample: SIMD2<Double> = [1, 1], slideSize: SIMD2<Int>, slideMPP: SIMD2<Double>? = nil,
        rule: String = "", tissueRecipe: String = "", notes: [String] = []
    ) {
        self.origins = origins
        self.tissue = tissue
        self.foreground = foreground
        self.contested = contested
        self.latticeIndices = latticeIndices
        self.missing = missing
        self.level = level
        self.downsample = downsample
        self.slideSize = slideSize
        self.slideMPP = slideMPP
        self.rule = rule
        self.tissueRecipe = tissueRecipe
        self.notes = notes
    }
}

extension StoredPatches {
    /// A place on the picture.
    ///
    /// - Parameters:
    ///   - place: A place on the patch, as `PlanePoint` of MedicalImaging: the origin is the corner of its first pixel.
    ///   - patch: The position of the patch in the file, `0..<count`.
    /// - Returns: The place in level-0 pixels, from the corner of level 0.
    public func levelZero(_ place: PlanePoint, of patch: Int) -> PlanePoint {
        PlanePoint(
            x: Double(origins[patch].x) + place.x * downsample.x,
            y: Double(origins[patch].y) + place.y * downsample.y)
    }

    /// The grid of level 0: one layer, millimetres per pixel on the diagonal, 1 where the size is unknown.
    ///
    /// What `CaseDescription.source` of a picture is.
    public var sourceGrid: Grid {
        let scale = (slideMPP ?? [1000, 1000]) / 1000
        return Grid(
            shape: GridShape(slideSize.x, slideSize.y, 1),
            affine: Affine(values: [scale.x, 0, 0, 0, 0, scale.y, 0, 0, 0, 0, 1, 0]))
    }

    /// Pixels of a patch to level-0 pixels, counted from the origin of the patch.
    ///
    /// What `CaseDescription.pixelToVoxel` of a picture is. Add `origins[n]` for a place on the picture.
    public var pixelToVoxel: Affine {
        Affine(values: [
            downsample.x, 0, 0, (downsample.x - 1) / 2, 0, downsample.y, 0, (downsample.y - 1) / 2,
            0, 0, 1, 0,
        ])
    }
}
