/// A level and how much of it makes one pixel of the result.
public struct SlideLevelChoice: Hashable, Sendable {
    /// The number of the level to read.
    public let level: Int
    /// Pixels of the level per pixel of the result along a row, 1 or more; 1 reads the level as it is.
    public let factorX: Double
    /// Pixels of the level per pixel of the result along a column.
    public let factorY: Double
    /// Level-0 pixels per pixel of the result along a row.
    public let downsampleX: Double
    /// Level-0 pixels per pixel of the result along a column.
    public let downsampleY: Double
    /// Micrometres per pixel of the result along a row; `nil` when the slide's pixel size is unknown.
    public let micronsPerPixelX: Double?
    /// Micrometres per pixel of the result along a column.
    public let micronsPerPixelY: Double?

    /// Whether the level is read as it is.
    public var isExact: Bool { factorX == 1 && factorY == 1 }
}

extension WholeSlide {
    /// The largest factor between a level and the result.
    static let largestFactor = 4096.0

    /// The level for a resolution: one within the tolerance, else the next finer one and how much to shrink it.
    ///
    /// Of several within the tolerance the nearest is taken. Nothing is ever enlarged.
    ///
    /// - Parameters:
    ///   - micronsPerPixel: The resolution wanted, for both axes.
    ///   - tolerance: How far a level may be off to be read as it is, as a share of the resolution wanted; 0.05 unless
    ///     told. The pixels of the result then have the size of the level.
    /// - Returns: The level and the factors.
    /// - Throws: ``SlideError`` when the pixel size of the slide is unknown, or the slide is coarser than what is wanted.
    public func level(
        micronsPerPixel: Double, tolerance: Double = 0.05
    ) throws(SlideError) -> SlideLevelChoice {
        func misuse(_ found: String, _ expected: String) -> SlideError {
            SlideError(
                .misuse, file: path, place: "resolution", found: found, expected: expected)
        }
        guard micronsPerPixel > 0, micronsPerPixel.isFinite, tolerance >= 0, tolerance < 1 else {
            throw misuse(
                "\(micronsPerPixel) µm per pixel with tolerance \(tolerance)",
                "a size above 0 and a tolerance of 0 to below 1")
        }
        guard let pixelSize else {
            throw misuse(
                "a slide of unknown pixel size",
                "one; give the pixel size, or choose a level by its number")
        }
        let sizes = levels.map { level in
            (x: pixelSize.x * level.downsampleX, y: pixelSize.y * level.downsampleY)
        }
        func error(_ size: (x: Double, y: Double)) -> Double {
            max(abs(size.x / micronsPerPixel - 1), abs(size.y / micronsPerPixel - 1))
        }
        // A sum of rounded numbers must not decide at the very border of the tolerance.
        let near = sizes.indices.filter { error(sizes[$0]) <= tolerance + 1e-9 }
        if let best = near.min(by: { error(sizes[$0]) < error(sizes[$1]) }) {
            return try choice(level: best)
        }
        let finer = sizes.lastIndex { $0.x <= micronsPerPixel && $0.y <= micronsPerPixel }
        guard let finer else {
            let known = sizes.map { "\(($0.x * 10_000).rounded() / 10_000)" }
            throw misuse(
                "levels of \(known.joined(separator: ", ")) µm per pixel",
                "one of \(micronsPerPixel) µm or finer; ask for a coarser resolution")
        }
        return try choice(
            level: finer, factorX: micronsPerPixel / sizes[finer].x,
            factorY: micronsPerPixel / sizes[finer].y)
    }

    /// A level by its number, with a factor to shrink it by.
    ///
    /// - Parameters:
    ///   - level: The number of the level.
    ///   - factorX: Pixels of the level per pixel of the result along a row; 1 to 4096.
    ///   - factorY: Pixels of the level per pixel of the result along a column; 1 to 4096.
    /// - Returns: The level and the factors.
    /// - Throws: ``SlideError`` when there is no such level or a factor is out of range.
    public func choice(
        level: Int, factorX: Double = 1, factorY: Double = 1
    ) throws(SlideError) -> SlideLevelChoice {
        let image = try image(level)
        let range = 1...Self.largestFactor
        guard range.contains(factorX), range.contains(factorY) else {
            throw SlideError(
                .misuse, file: path, place: image.name,
                found: "factors of \(factorX) and \(factorY)",
                expected: "1 to \(Int(Self.largestFactor)); choose a nearer level")
        }
        let downsampleX = levels[level].downsampleX * factorX
        let downsampleY = levels[level].downsampleY * factorY
        return SlideLevelChoice(
            level: level, factorX: factorX, factorY: factorY, downsampleX: downsampleX,
            downsampleY: downsampleY, micronsPerPixelX: pixelSize.map { $0.x * downsampleX },
            micronsPerPixelY: pixelSize.map { $0.y * downsampleY })
    }
}
