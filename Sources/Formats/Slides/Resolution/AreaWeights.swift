/// How much of each pixel of a line belongs to each pixel of a shorter line, in 256ths.
///
/// Pixel `j` of the result covers the source from `start + j * factor` to `start + (j + 1) * factor`. The borders are rounded
/// to 1/256 of a source pixel once, each on its own, so that neighbours share them and nothing is lost or counted twice.
/// Whole starts and factors make every weight 0 or 256: then this is the mean of a box.
struct AreaWeights {
    /// The borders in 256ths of a source pixel, counted from `origin`; one more than there are results.
    let borders: [Int]
    /// The first source pixel that is touched, and the first that no longer is.
    let origin: Int
    let end: Int

    /// - Parameters:
    ///   - start: Where the first result begins, in source pixels; below 2^40.
    ///   - factor: Source pixels per result; 1 to 4096.
    ///   - count: How many results; below 2^31.
    init(start: Double, factor: Double, count: Int) {
        let whole = start.rounded(.down)
        let rest = start - whole
        let first = Int(whole)
        borders = (0...count).map { Int(((rest + Double($0) * factor) * 256).rounded()) }
        origin = first
        end = first + (borders[count] + 255) / 256
    }

    /// The source pixels of one result, counted from the origin, without the part beyond the borders.
    func span(_ index: Int) -> Range<Int> {
        (borders[index] >> 8)..<((borders[index + 1] + 255) >> 8)
    }

    /// The weight of a source pixel in a result: 0 to 256.
    @inline(__always)
    func weight(_ pixel: Int, in index: Int) -> Int {
        min(borders[index + 1], (pixel + 1) << 8) - max(borders[index], pixel << 8)
    }

    /// The weights of a result taken together.
    func total(_ index: Int) -> Int { borders[index + 1] - borders[index] }
}
