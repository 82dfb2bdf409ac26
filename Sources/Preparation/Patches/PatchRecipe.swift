/// How patches are laid over a slide and which of them are candidates; the same for every slide.
public struct PatchRecipe: Hashable, Sendable, Codable {
    /// What happens at the right and bottom edge.
    public enum Edge: String, Hashable, Sendable, CaseIterable, Codable {
        /// Only patches that lie wholly in the slide; what is left at the edge belongs to none.
        case inside
        /// As `inside`, and the last patch of an axis moves inwards until it ends at the edge. A slide smaller than a patch
        /// gets one patch at 0 that reaches outside.
        case cover
        /// Patches go on until the slide is covered; the last ones reach outside.
        case pad
        /// EP-SAM's grid: patches are centred on multiples of the stride, as many as whole strides fit into the slide, so
        /// the first ones reach outside on the left and top.
        case centred
    }

    /// Side of a patch in stored pixels, 1...16,384.
    public var patch: Int
    /// Distance between patches in stored pixels, 1...1,048,576.
    public var stride: Int
    /// What happens at the edges.
    public var edge: Edge
    /// Whether a second lattice, shifted by half a stride (rounded down) along both axes, lies between the first.
    public var isDoubled: Bool
    /// Side of the centred square, in stored pixels, in which the tumour share that decides the selection is measured;
    /// `nil` measures the patch.
    public var measuredSide: Int?
    /// Which patches are candidates.
    public var tissue: TissueRule

    /// Makes a recipe.
    ///
    /// - Parameters:
    ///   - patch: Side of a patch in stored pixels.
    ///   - stride: Distance between patches; `nil` takes the side.
    ///   - edge: What happens at the edges.
    ///   - isDoubled: Whether there is a second, shifted lattice.
    ///   - measuredSide: Side of the square in which the tumour share is measured.
    ///   - tissue: Which patches are candidates.
    public init(
        patch: Int, stride: Int? = nil, edge: Edge = .inside, isDoubled: Bool = false,
        measuredSide: Int? = nil, tissue: TissueRule = .any
    ) {
        self.patch = patch
        self.stride = stride ?? patch
        self.edge = edge
        self.isDoubled = isDoubled
        self.measuredSide = measuredSide
        self.tissue = tissue
    }

    /// EP-SAM's candidates: patches of 512 at level 0, on two lattices with stride 256 (Camelyon16) or 512 (Camelyon17), the
    /// tumour share measured in a square of the stride's side, tissue anywhere in the middle, 1 % of the slide kept free.
    ///
    /// - Parameter dataset: `camelyon16` or `camelyon17`.
    /// - Returns: The recipe; `nil` for another data set.
    /// - Source: the released preprocessing script, with the level it states in comments (1/16) for its tissue mask.
    public static func epSAM(dataset: String) -> PatchRecipe? {
        let sides = ["camelyon16": 256, "camelyon17": 512]
        return sides[dataset].map {
            PatchRecipe(
                patch: 512, stride: $0, edge: .centred, isDoubled: true, measuredSide: $0,
                tissue: .epSAM)
        }
    }

    /// Checks the ranges stated with each member.
    ///
    /// - Throws: ``PatchError`` naming the member.
    public func validate() throws(PatchError) {
        guard (1...16_384).contains(patch) else {
            throw PatchError("patches: side: found \(patch), expected 1 to 16384 pixels")
        }
        guard (1...1_048_576).contains(stride) else {
            throw PatchError("patches: stride: found \(stride), expected 1 to 1048576 pixels")
        }
        guard !isDoubled || stride > 1 else {
            throw PatchError("patches: stride: found 1 with a shifted lattice, expected at least 2")
        }
        if let measuredSide, !(1...16_384).contains(measuredSide) {
            throw PatchError(
                "patches: measured side: found \(measuredSide), expected 1 to 16384 pixels")
        }
        try tissue.validate()
    }
}
