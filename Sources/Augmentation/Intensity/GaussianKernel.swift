/// The weights of a Gaussian blur: half a kernel, centre first, cut at four standard deviations and
/// scaled to sum 1.
struct GaussianKernel {
    /// Weights by distance from the centre; a single 1 where the kernel is narrower than a pixel.
    let weights: [Double]
    /// The greatest distance, `Int(4 * sigma + 0.5)`.
    var radius: Int { weights.count - 1 }

    /// Makes the kernel of a standard deviation in pixels, 0 or more.
    init(sigma: Double) {
        let radius = Int(4 * sigma + 0.5)
        guard radius > 0 else {
            weights = [1]
            return
        }
        let half = (0...radius).map { ExactMath.exp(-0.5 / (sigma * sigma) * Double($0 * $0)) }
        let total = half.dropFirst().reduce(half[0]) { $0 + 2 * $1 }
        weights = half.map { $0 / total }
    }
}
