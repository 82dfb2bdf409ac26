import MedicalDatasets
import MedicalImaging
import SamplePreparation
import SlideAnnotations
import WholeSlides

/// A picture of a whole slide: thumbnail, outline of the tissue, outlines of tumour and holes, grid of patches.
public struct SlideOverview: Sendable {
    /// The longest side of the picture of the slide, in pixels.
    public var side = 1600
    /// Outlines to draw; `nil` for none.
    public var annotation: SlideAnnotation?
    /// Names of groups whose outlines are holes; those of the built-in cards unless told.
    public var backgroundGroups: [String] = DatasetCard.builtIn.flatMap(\.backgroundGroups)
    /// How tissue is found; `nil` draws none.
    public var tissue: TissueRecipe? = .standard
    /// The patches to draw; `nil` draws none.
    public var lattice: PatchRecipe?
    /// Level-0 pixels per pixel of a patch.
    public var downsample = 1.0

    /// Makes an overview with everything switched on but patches and outlines.
    public init() {}

    static let tissueColor = RGBColor(hex: 0x2E7DFF)
    static let regionColor = RGBColor(hex: 0xE6194B)
    static let holeColor = RGBColor(hex: 0x00A878)
    static let patchColor = RGBColor(hex: 0x14161A)

    /// What was drawn, for the message to the user.
    public struct Result: Sendable {
        /// The picture.
        public var canvas: RGBCanvas
        /// Fraction of tissue; `nil` when none was looked for.
        public var tissue: Double?
        /// Patches drawn.
        public var patches: Int
        /// Outlines drawn.
        public var regions: Int
    }

    /// Draws a slide.
    ///
    /// - Complexity: O(pixels of the level nearest to the size of the picture); bounded memory.
    /// - Parameter slide: The slide.
    /// - Returns: The picture and what is on it.
    /// - Throws: `SlideError`, `TissueError` or `PatchError`.
    public func render(_ slide: WholeSlide) throws -> Result {
        let base = slide.levels[0]
        let factor = max(1, Double(max(base.width, base.height)) / Double(side))
        let source = SourcePicture.slide(slide, try slide.choice(level: 0))
        let reduced = try source.reduced(by: factor)
        let small = try reduced.picture.read(
            x: 0, y: 0, width: reduced.width, height: reduced.height
        ).pixels
        let margin = SheetStyle.margin
        let lines = 2 * SheetStyle.lineHeight + SheetStyle.captionGap
        var canvas = RGBCanvas(
            width: small.width + 2 * margin, height: small.height + 2 * margin + lines,
            color: SheetStyle.background)
        var picture = RGBCanvas(
            width: small.width, height: small.height, color: SheetStyle.background)
        picture.drawChannels(
            (0..<3).map { n in
                stride(from: n, to: small.samples.count, by: 3).map { small.samples[$0] }
            }, width: small.width, height: small.height, x: 0, y: 0)
        let scale = (
            x: Double(small.width) / Double(base.width),
            y: Double(small.height) / Double(base.height)
        )
        let mask = try tissue.map { try source.tissue($0) }
        if let mask { draw(mask, on: &picture, scale: scale) }
        let patches = try drawPatches(slide, mask, on: &picture, scale: scale)
        let regions = drawRegions(on: &picture, scale: scale)
        canvas.drawCanvas(picture, x: margin, y: margin)
        caption(slide, mask, patches, regions, on: &canvas, y: margin + small.height)
        return Result(
            canvas: canvas, tissue: mask?.fraction, patches: patches,
            regions: regions.areas + regions.holes)
    }

    // MARK: - Parts

    /// Marks the pixels on the inner border of the tissue.
    private func draw(
        _ mask: TissueMask, on canvas: inout RGBCanvas, scale: (x: Double, y: Double)
    ) {
        func isTissue(_ x: Int, _ y: Int) -> Bool {
            mask[
                Int((Double(x) + 0.5) / scale.x / mask.downsampleX),
                Int((Double(y) + 0.5) / scale.y / mask.downsampleY)]
        }
        for y in 0..<canvas.height {
            for x in 0..<canvas.width where isTissue(x, y) {
                let isInner =
                    isTissue(x - 1, y) && isTissue(x + 1, y) && isTissue(x, y - 1)
                    && isTissue(x, y + 1)
                if isInner || x == 0 || y == 0 { continue }
                canvas.blend(Self.tissueColor, x: x, y: y)
                canvas.blend(Self.tissueColor, x: x - 1, y: y, opacity: 160)
                canvas.blend(Self.tissueColor, x: x, y: y - 1, opacity: 160)
            }
        }
    }

    private func drawPatches(
        _ slide: WholeSlide, _ mask: TissueMask?, on canvas: inout RGBCanvas,
        scale: (x: Double, y: Double)
    ) throws -> Int {
        guard let lattice else { return 0 }
        let base = slide.levels[0]
        let places = try PatchLattice(
            recipe: lattice, slideWidth: base.width, slideHeight: base.height,
            downsampleX: downsample)
        // More patches than pixels would only paint the picture black.
        guard places.count <= 4_000_000 else { return 0 }
        let indices = mask.map { places.candidates(mask: $0) } ?? Array(0..<places.count)
        let side = Double(lattice.patch) * downsample
        for index in indices {
            let origin = places.origin(of: index)
            let x0 = Int(Double(origin.x) * scale.x)
            let y0 = Int(Double(origin.y) * scale.y)
            canvas.drawRectangle(
                x: x0, y: y0, width: Int((Double(origin.x) + side) * scale.x) - x0 + 1,
                height: Int((Double(origin.y) + side) * scale.y) - y0 + 1, thickness: 1,
                color: Self.patchColor, opacity: 110)
        }
        return indices.count
    }

    private func drawRegions(
        on canvas: inout RGBCanvas, scale: (x: Double, y: Double)
    ) -> (areas: Int, holes: Int) {
        guard let annotation else { return (0, 0) }
        let holes = Set(
            annotation.selection(groups: [], backgroundGroups: backgroundGroups).background
                .map(\.index))
        for region in annotation.regions {
            let isHole = holes.contains(region.index)
            draw(
                region.polygon.outer, isHole ? Self.holeColor : Self.regionColor, on: &canvas,
                scale: scale)
            for ring in region.polygon.holes {
                draw(ring, Self.holeColor, on: &canvas, scale: scale)
            }
        }
        return (annotation.regions.count - holes.count, holes.count)
    }

    /// Draws a closed ring two pixels thick.
    private func draw(
        _ ring: [PlanePoint], _ color: RGBColor, on canvas: inout RGBCanvas,
        scale: (x: Double, y: Double)
    ) {
        // Vertices may lie anywhere; a line far outside would be walked pixel by pixel.
        let limit = 1e5
        let points = ring.map {
            (
                x: Int(max(-limit, min(limit, $0.x * scale.x))),
                y: Int(max(-limit, min(limit, $0.y * scale.y)))
            )
        }
        for (n, point) in points.enumerated() {
            let next = points[(n + 1) % points.count]
            for (dx, dy) in [(0, 0), (1, 0), (0, 1)] {
                canvas.drawLine(
                    x0: point.x + dx, y0: point.y + dy, x1: next.x + dx, y1: next.y + dy,
                    color: color)
            }
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private func caption(
        _ slide: WholeSlide, _ mask: TissueMask?, _ patches: Int,
        _ regions: (areas: Int, holes: Int), on canvas: inout RGBCanvas, y: Int
    ) {
        let base = slide.levels[0]
        let size = slide.pixelSize.map { ", \(SlideReport.short($0.x)) um/px" } ?? ""
        let top = y + SheetStyle.captionGap
        canvas.drawText(
            "\(base.width) x \(base.height) px\(size), "
                + Self.counted(slide.levels.count, "level"),
            x: SheetStyle.margin, y: top, scale: SheetStyle.textScale, color: SheetStyle.text)
        var items: [(String, RGBColor)] = []
        if let mask {
            items.append(("tissue \(Int((mask.fraction * 100).rounded())) %", Self.tissueColor))
        }
        if regions.areas > 0 {
            items.append((Self.counted(regions.areas, "region"), Self.regionColor))
        }
        if regions.holes > 0 { items.append((Self.counted(regions.holes, "hole"), Self.holeColor)) }
        if patches > 0 { items.append(("\(patches) patches", SheetStyle.faintText)) }
        var x = SheetStyle.margin
        for (text, color) in items {
            canvas.fillRectangle(
                x: x, y: top + SheetStyle.lineHeight + 2, width: SheetStyle.swatch,
                height: SheetStyle.swatch, color: color)
            x += SheetStyle.swatch + 9
            canvas.drawText(
                text, x: x, y: top + SheetStyle.lineHeight, scale: SheetStyle.textScale,
                color: SheetStyle.text)
            x += BitmapFont.width(of: text, scale: SheetStyle.textScale) + 28
        }
    }
}

extension SlideReport {
    /// A number with up to four decimals and no zeros at its end.
    static func short(_ value: Double) -> String {
        let scaled = (value * 10_000).rounded() / 10_000
        return scaled == scaled.rounded() ? "\(Int(scaled))" : "\(scaled)"
    }
}
