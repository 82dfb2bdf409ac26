/// What a selection needs to know of a patch.
public struct PatchCandidate: Hashable, Sendable {
    /// Position of the slide's id in the list of ids given with the candidates.
    public var slide: Int
    /// The patch's number in the slide's lattice.
    public var index: Int
    /// Tumour pixels in the measured square; a patch is positive when there is one.
    public var foreground: Int
    /// Pixels of the measured square.
    public var pixels: Int

    /// Makes a candidate.
    ///
    /// - Parameters:
    ///   - slide: Position of the slide's id.
    ///   - index: The patch's number.
    ///   - foreground: Tumour pixels, 0...`pixels`.
    ///   - pixels: Pixels of the measured square, 1...2⁴⁰.
    public init(slide: Int, index: Int, foreground: Int, pixels: Int) {
        self.slide = slide
        self.index = index
        self.foreground = foreground
        self.pixels = pixels
    }

    /// The tumour percentage in tenths of a percent, cut off, not rounded: 0...1,000.
    public var permille: Int { pixels > 0 ? foreground * 1000 / pixels : 0 }
}
