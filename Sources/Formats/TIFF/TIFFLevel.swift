/// One size of an image that a file keeps in several.
public struct TIFFLevel: Hashable, Sendable {
    /// The directory that holds it.
    public let directory: Int
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// Pixels of level 0 per pixel of this level, the mean of both axes; 1 for level 0.
    ///
    /// Sizes are rounded, so this is rarely an exact power of two; map coordinates with it, not with 2 to the level.
    public let downsample: Double
}

extension TIFFLevel {
    /// The pyramid that starts with directory 0, largest first; only itself when it is not tiled.
    ///
    /// A later page of the main chain or a SubIFD of directory 0 is a level when it is tiled, has the same kind of samples, is
    /// smaller than the level before, and shrinks both axes alike. So thumbnails, labels and macro pictures, which are kept
    /// in strips, stay out. Halves need not be exact: one factor must explain both sides when each may have been rounded
    /// by one pixel; where the file itself marks the image as reduced, or names it as a SubIFD, the two factors may also
    /// differ by 2 %.
    static func pyramid(of directories: [TIFFDirectory]) -> [TIFFLevel] {
        guard let base = directories.first else { return [] }
        let first = TIFFLevel(
            directory: 0, width: base.width, height: base.height, downsample: 1)
        guard base.isTiled, base.problem == nil else { return [first] }
        let smaller = directories.dropFirst().filter { candidate in
            (candidate.parent == nil || candidate.parent == 0)
                && candidate.isTiled && candidate.problem == nil
                && candidate.samplesPerPixel == base.samplesPerPixel
                && candidate.bitsPerSample == base.bitsPerSample
                && candidate.sampleFormat == base.sampleFormat
                && candidate.width < base.width && candidate.height < base.height
                && shrinksAlike(base, candidate)
        }.sorted { ($0.width, $1.index) > ($1.width, $0.index) }
        var levels = [first]
        for candidate in smaller
        where candidate.width < levels[levels.count - 1].width
            && candidate.height < levels[levels.count - 1].height
        {
            let factors = factors(base, candidate)
            levels.append(
                TIFFLevel(
                    directory: candidate.index, width: candidate.width, height: candidate.height,
                    downsample: (factors.across + factors.down) / 2))
        }
        return levels
    }

    private static func factors(
        _ base: TIFFDirectory, _ small: TIFFDirectory
    ) -> (across: Double, down: Double) {
        (Double(base.width) / Double(small.width), Double(base.height) / Double(small.height))
    }

    /// Whether one factor explains both sides when each may have been rounded up or down.
    private static func shrinksAlike(_ base: TIFFDirectory, _ small: TIFFDirectory) -> Bool {
        func range(_ large: Int, _ small: Int) -> ClosedRange<Double> {
            let lowest = Double(large) / Double(small + 1)
            return lowest...(small > 1 ? Double(large) / Double(small - 1) : .infinity)
        }
        if range(base.width, small.width).overlaps(range(base.height, small.height)) {
            return true
        }
        let factors = factors(base, small)
        let ratio = factors.across / factors.down
        return (small.isReducedImage || small.parent != nil) && ratio > 0.98 && ratio < 1.02
    }
}
