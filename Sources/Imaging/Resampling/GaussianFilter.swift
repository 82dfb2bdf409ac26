#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Gaussian smoothing of a slice with zeros outside, as `scipy.ndimage.gaussian_filter` with mode
/// "constant".
enum GaussianFilter {
    /// Smooths in place, along columns and then along rows; an axis with sigma 0 is left alone.
    ///
    /// - Parameters:
    ///   - samples: Row by row.
    ///   - size: Rows and columns.
    ///   - rowSigma: Standard deviation across rows, in pixels.
    ///   - columnSigma: Standard deviation across columns, in pixels.
    ///   - rounds: Whether each pass rounds to `Float`, as SciPy does for 32-bit images.
    static func smooth(
        _ samples: inout [Double], size: SliceSize, rowSigma: Double, columnSigma: Double,
        roundingToFloat rounds: Bool
    ) {
        if rowSigma > 1e-15 {
            samples = downColumns(samples, size, kernel(rowSigma))
            if rounds { samples = samples.map { Double(Float($0)) } }
        }
        if columnSigma > 1e-15 {
            samples = alongRows(samples, size, kernel(columnSigma))
            if rounds { samples = samples.map { Double(Float($0)) } }
        }
    }

    /// Half a kernel, centre first: cut at four standard deviations and scaled to sum 1.
    static func kernel(_ sigma: Double) -> [Double] {
        let radius = Int(4 * sigma + 0.5)
        let half = (0...radius).map { exp(-0.5 / (sigma * sigma) * Double($0 * $0)) }
        let total = half.dropFirst().reduce(half[0]) { $0 + 2 * $1 }
        return half.map { $0 / total }
    }

    private static func downColumns(
        _ samples: [Double], _ size: SliceSize, _ kernel: [Double]
    ) -> [Double] {
        let (rows, columns) = (size.rows, size.columns)
        var result = [Double](repeating: 0, count: samples.count)
        result.withUnsafeMutableBufferPointer { output in
            samples.withUnsafeBufferPointer { input in
                for row in 0..<rows {
                    let line = row * columns
                    for x in 0..<columns { output[line + x] = input[line + x] * kernel[0] }
                    // From the far end inward, as SciPy sums.
                    for distance in stride(from: kernel.count - 1, to: 0, by: -1) {
                        let weight = kernel[distance]
                        let above = row - distance >= 0 ? (row - distance) * columns : -1
                        let below = row + distance < rows ? (row + distance) * columns : -1
                        if above < 0 && below < 0 { continue }
                        for x in 0..<columns {
                            let upper = above < 0 ? 0 : input[above + x]
                            let lower = below < 0 ? 0 : input[below + x]
                            output[line + x] += (upper + lower) * weight
                        }
                    }
                }
            }
        }
        return result
    }

    private static func alongRows(
        _ samples: [Double], _ size: SliceSize, _ kernel: [Double]
    ) -> [Double] {
        let (rows, columns) = (size.rows, size.columns)
        let radius = kernel.count - 1
        var result = [Double](repeating: 0, count: samples.count)
        var padded = [Double](repeating: 0, count: columns + 2 * radius)
        result.withUnsafeMutableBufferPointer { output in
            padded.withUnsafeMutableBufferPointer { padded in
                for row in 0..<rows {
                    let line = row * columns
                    for x in 0..<columns { padded[radius + x] = samples[line + x] }
                    for x in 0..<columns { output[line + x] = padded[radius + x] * kernel[0] }
                    for distance in stride(from: radius, to: 0, by: -1) {
                        let weight = kernel[distance]
                        for x in 0..<columns {
                            output[line + x] +=
                                (padded[radius + x - distance] + padded[radius + x + distance])
                                * weight
                        }
                    }
                }
            }
        }
        return result
    }
}
