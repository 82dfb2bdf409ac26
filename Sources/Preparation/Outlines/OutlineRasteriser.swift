import MedicalImaging

/// Fills polygons, a window at a time.
///
/// Made once for all polygons of an image or slide; a window then costs what the polygons and edges cost that touch its
/// rows. Immutable, and safe to use from many threads. A pixel comes out the same whatever the window around it.
public struct OutlineRasteriser: Sendable {
    /// Vertices farther from 0, in pixels, are no places: 2³².
    public static let farthestCoordinate: Double = 0x1p32

    /// Which pixels a polygon covers.
    public let rule: PolygonRule
    let index: OutlineIndex

    /// Prepares polygons for filling.
    ///
    /// - Parameters:
    ///   - polygons: Polygons in level-0 pixels, below 2³¹ of them. A polygon's own holes do not belong to it, but do not cut
    ///     into others. Rings that enclose nothing are left out and listed in ``unusable``.
    ///   - rule: Which pixels a polygon covers.
    /// - Complexity: O(vertices), about 20 ns each.
    public init(_ polygons: [PlanePolygon], rule: PolygonRule = .pixelCentre) {
        self.rule = rule
        index = OutlineIndex(polygons)
    }

    /// Number of polygons, with those that enclose nothing.
    public var count: Int { index.regions.count }

    /// The rings that are left out.
    public var unusable: [UnusableOutline] { index.unusable }

    /// The polygons that may cover pixels of a window.
    ///
    /// - Parameter window: The window.
    /// - Returns: Positions in the list of polygons, ascending; all whose boxes come within three pixels.
    public func polygons(near window: PatchWindow) -> [Int] {
        index.regions(in: WindowFrame(window))
    }

    /// Writes the number of the polygon at each pixel.
    ///
    /// Where polygons overlap, the first one keeps the pixel, or the last one under rules that draw in order; see
    /// ``PolygonRule/laterWins``. Such pixels are counted, once each.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - ids: `width * height` values, all of them written: 0, or 1 plus the position of the polygon in the list.
    ///   - contested: As many bytes, or `nil`; 1 where polygons overlap, 0 elsewhere.
    /// - Returns: The number of pixels that two polygons or more cover.
    /// - Complexity: O(*n*) in the pixels of the window and the edges that touch its rows.
    @discardableResult public func fillInstances(
        _ window: PatchWindow, into ids: UnsafeMutableBufferPointer<UInt32>,
        contested: UnsafeMutableBufferPointer<UInt8>? = nil
    ) -> Int {
        precondition(ids.count == window.area, "ids need room for every pixel of the window")
        precondition(contested.map { $0.count == window.area } ?? true)
        ids.update(repeating: 0)
        contested?.update(repeating: 0)
        guard let pixels = ids.baseAddress else { return 0 }
        // The top bit marks contested pixels until the end.
        let mark: UInt32 = 1 << 31
        var overlaps = 0
        let laterWins = rule.laterWins
        forEachRun(in: window) { number, start, end in
            let id = UInt32(truncatingIfNeeded: number &+ 1)
            for n in start..<end {
                let before = pixels[n]
                if before == 0 {
                    pixels[n] = id
                } else {
                    if before & mark == 0 { overlaps &+= 1 }
                    pixels[n] = (laterWins ? id : before) | mark
                }
            }
        }
        guard overlaps > 0 else { return 0 }
        if let contested {
            for n in 0..<ids.count { contested[n] = UInt8(truncatingIfNeeded: pixels[n] >> 31) }
        }
        for n in 0..<ids.count { pixels[n] &= ~mark }
        return overlaps
    }

    /// Writes a value over all pixels that any polygon covers, and leaves the others as they are.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - value: What is written.
    ///   - mask: `width * height` bytes.
    public func cover(
        _ window: PatchWindow, with value: UInt8, in mask: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(mask.count == window.area, "a mask needs room for every pixel of the window")
        guard let pixels = mask.baseAddress else { return }
        forEachRun(in: window) { _, start, end in
            (pixels + start).update(repeating: value, count: end - start)
        }
    }

    /// Draws polygons in order, each with its own value, later ones over earlier ones; pixels of none stay as they are.
    ///
    /// - Parameters:
    ///   - window: The window.
    ///   - values: One value per polygon.
    ///   - mask: `width * height` bytes.
    public func draw(
        _ window: PatchWindow, values: [UInt8], in mask: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(mask.count == window.area, "a mask needs room for every pixel of the window")
        precondition(values.count == count, "one value per polygon")
        guard let pixels = mask.baseAddress else { return }
        forEachRun(in: window) { number, start, end in
            (pixels + start).update(repeating: values[number], count: end - start)
        }
    }

    /// The pixels that any polygon covers.
    ///
    /// - Parameter window: The window.
    /// - Returns: `width * height` bytes 0 or 1, row by row.
    public func mask(_ window: PatchWindow) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: window.area) { buffer, count in
            let pixels = UnsafeMutableBufferPointer(rebasing: buffer[0..<window.area])
            pixels.initialize(repeating: 0)
            cover(window, with: 1, in: pixels)
            count = window.area
        }
    }

    /// Hands out the runs of every polygon, polygons in order.
    @inline(__always)
    private func forEachRun(
        in window: PatchWindow, _ body: (_ number: Int, _ start: Int, _ end: Int) -> Void
    ) {
        let frame = WindowFrame(window)
        let near = index.regions(in: frame)
        guard !near.isEmpty else { return }
        let fill = RegionFill(index: index, rule: rule)
        var scratch = OutlineScratch()
        for number in near {
            fill.collect(number, in: frame, scratch: &scratch)
            for n in 0..<scratch.runs.count {
                let run = scratch.runs.memory[n]
                let row = Int(run.row) &* window.width
                body(number, row &+ Int(run.start), row &+ Int(run.end))
            }
        }
    }
}
