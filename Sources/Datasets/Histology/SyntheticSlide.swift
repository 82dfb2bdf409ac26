import MedicalImaging

/// One slide of ``SlidePhantom``: its outlines, and its pixels window by window.
public struct SyntheticSlide: Sendable {
    /// An outlined region.
    public struct Outline: Hashable, Sendable {
        /// A name such as `Annotation 0`.
        public let name: String
        /// The annotation group: tumor (`_0`, `metastases`) or normal tissue cut out of a tumor (`_2`, `normal`).
        public let group: String
        /// Whether it is tumor.
        public let isTumor: Bool
        /// A simple ring in pixels, vertices cut to hundredths; no holes, because these have outlines of their own.
        public let polygon: PlanePolygon
    }

    /// The name of the case.
    public let id: String
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The outlines, each tumor before its holes; empty for a slide without tumor.
    public let outlines: [Outline]

    private let tissue: SlideTissue
    private let nuclei: SlideNuclei
    private let colors: StainColors
    private let grain: UInt32

    init(_ profile: SlideProfile, seed: UInt64) {
        id = profile.id
        width = profile.width
        height = profile.height
        let tissue = SlideTissue(profile, seed: seed)
        self.tissue = tissue
        nuclei = SlideNuclei(profile, tissue: tissue, seed: seed)
        colors = profile.colors
        var camera = profile.random(.camera, seed: seed)
        grain = camera.next()
        var outlines: [Outline] = []
        func add(_ oval: RoughOval, isTumor: Bool) {
            let ring = oval.outline(HistologyMath.directions(oval.radii.x > 150 ? 160 : 80)) {
                oval.distance($0, tissue.fields.warp($0))
            }
            outlines.append(
                Outline(
                    name: "Annotation \(outlines.count)",
                    group: isTumor ? profile.groups.tumor : profile.groups.normal,
                    isTumor: isTumor,
                    polygon: PlanePolygon(outer: ring.map(HistologyMath.vertex))))
        }
        for tumor in profile.tumors {
            add(tumor.outer, isTumor: true)
            for hole in tumor.holes { add(hole, isTumor: false) }
        }
        self.outlines = outlines
    }

    /// The pixels of a window.
    ///
    /// - Parameters:
    ///   - x: First column; the window may reach over the slide, where there is more of the same.
    ///   - y: First row.
    ///   - width: Columns, 1 or more.
    ///   - height: Rows, 1 or more.
    /// - Returns: Red, green and blue by pixel, row by row: the same bytes in whatever window a pixel is asked for.
    /// - Complexity: O(pixels), about 0.1 µs per pixel of tissue and a third of that on glass; 32 bytes per pixel while it
    ///   works. Windows may be computed in parallel.
    public func render(x: Int, y: Int, width: Int, height: Int) -> [UInt8] {
        precondition(width > 0 && height > 0, "a window has at least one pixel")
        let margin = SlideNuclei.reach + 32
        let values = SlideFieldWindow(
            tissue.fields, x: x - margin, y: y - margin, width: width + 2 * margin,
            height: height + 2 * margin)
        var canvas = StainCanvas(x: x - 1, y: y - 1, width: width + 2, height: height + 2)
        canvas.fill { tissue.densities($0, $1, values($0, $1)) }
        nuclei.paint(on: &canvas, values)
        if tissue.isMarked(x: x, y: y, width: width, height: height) {
            canvas.change { tissue.marked($0, $1, $2) }
        }
        let picture = canvas.softened()
        return [UInt8](unsafeUninitializedCapacity: width * height * 3) { bytes, count in
            picture.develop(colors, seed: grain, into: bytes)
            count = width * height * 3
        }
    }
}
