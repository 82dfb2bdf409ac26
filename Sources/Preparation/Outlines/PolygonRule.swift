/// Which pixels a polygon covers.
///
/// The rules differ in pixels on the outline only, but a nucleus is mostly outline: on MoNuSeg the choice moves Dice by
/// several points. All coordinates count from 0 at the corner of the first pixel, as annotation files have them; a rule that
/// shifts them does so because the program it stands for does. A ring with fewer than three vertices covers nothing under
/// any rule.
public enum PolygonRule: String, Hashable, Sendable, CaseIterable, Codable {
    /// Pixels whose centre, at (x + 0.5, y + 0.5), lies inside under the even-odd rule. A centre exactly on a left or upper
    /// edge is inside, on a right or lower edge outside: polygons that share an edge share no pixel.
    case pixelCentre = "pixel-centre"
    /// Pixels whose upper left corner has a winding number other than zero and lies strictly inside the box around the
    /// vertices; a corner on an edge counts as left of it. Regions are drawn in order, later ones over earlier ones.
    ///
    /// - Source: the conversion of ASAP annotations to masks, in exact arithmetic; see ``asapProgram``.
    case asap
    /// As ``asap``, with the arithmetic of the program: single precision, and a cross product cut to a whole number. Short
    /// edges then count too late: pixels up to 1 / height of an edge to its right are taken for pixels to its left. Outlines
    /// with a vertex every 20 pixels hardly show it; with vertices less than a pixel apart it costs several points of Dice.
    /// Kept for comparison with masks that ASAP wrote.
    ///
    /// - Source: ASAP, `AnnotationToMask`, winding number after Sunday, "Inclusion of a point in a polygon", 2001.
    case asapProgram = "asap-program"
    /// The rule of MATLAB's `poly2mask`, given the coordinates as they are: vertices are moved to a grid of fifths of a
    /// pixel, edges follow that grid, and a pixel is covered when the middle one of its 25 parts is. Pixel centres lie at
    /// whole numbers from 1 there, so that masks come out half a pixel up and to the left.
    ///
    /// - Source: documentation of `poly2mask`, section "Algorithms". The masks of MoNuSeg in the repository of LViT equal
    ///   this rule in every pixel.
    case poly2mask
    /// The rule of `skimage.draw.polygon`: pixels whose index, as a point, lies inside under the even-odd rule, on an edge,
    /// or within 1e-12 of a vertex.
    ///
    /// - Source: O'Rourke, "Computational Geometry in C", 2nd edition, 1998, section 7.4.
    case skimage
    /// The rule of OpenCV's `fillPoly`: vertices rounded to whole pixels (halves to even), edges as fixed-point numbers, both
    /// ends of each run of pixels covered, and the outline drawn as well. At the border of an image OpenCV shortens edges
    /// before it draws them; this rule does not, so that windows agree.
    ///
    /// - Source: OpenCV, `fillPoly` with 8-connected lines.
    case opencv

    /// Whether of two regions over one pixel the later one gets it; under all other rules the earlier one does.
    public var laterWins: Bool { self == .asap || self == .asapProgram }

    /// Where in a pixel the sample lies: half a pixel from its corner, or on it.
    var sampleOffset: Double { self == .pixelCentre ? 0.5 : 0 }
}
