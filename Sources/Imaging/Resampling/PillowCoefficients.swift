/// The weights of Pillow's triangle filter along one axis.
///
/// Output pixel i is the weighted mean of `counts[i]` input pixels from `starts[i]` on. The filter
/// is as wide as one input pixel when enlarging and as one output pixel when shrinking, which is
/// what makes it free of aliasing.
struct PillowCoefficients {
    /// Bits after the binary point of ``fixedWeights()``: 32 less 8 for the value and 2 against
    /// overflow.
    static let precisionBits: Int32 = 32 - 8 - 2

    /// First input pixel of every output pixel.
    let starts: [Int]
    /// Number of input pixels of every output pixel.
    let counts: [Int]
    /// Room for one output pixel in `weights`.
    let width: Int
    /// `width` weights for every output pixel; those from `counts[i]` on are 0.
    let weights: [Double]

    init(from length: Int, to newLength: Int) {
        precondition(length > 0 && newLength > 0)
        let scale = Double(length) / Double(newLength)
        let filterScale = max(scale, 1)
        let support = filterScale
        let width = Int(support.rounded(.up)) * 2 + 1
        var starts = [Int](repeating: 0, count: newLength)
        var counts = [Int](repeating: 0, count: newLength)
        var weights = [Double](repeating: 0, count: newLength * width)
        let inverse = 1 / filterScale
        for index in 0..<newLength {
            let centre = (Double(index) + 0.5) * scale
            // Truncation toward zero, as C casts: a negative start becomes 0 either way.
            let start = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), length)
            var total = 0.0
            for offset in 0..<max(end - start, 0) {
                let distance = abs((Double(offset + start) - centre + 0.5) * inverse)
                let weight = distance < 1 ? 1 - distance : 0
                weights[index * width + offset] = weight
                total += weight
            }
            if total != 0 {
                for offset in 0..<max(end - start, 0) { weights[index * width + offset] /= total }
            }
            starts[index] = start
            counts[index] = max(end - start, 0)
        }
        self.starts = starts
        self.counts = counts
        self.width = width
        self.weights = weights
    }

    /// The weights as integers with ``precisionBits`` bits after the point, rounded half up.
    func fixedWeights() -> [Int32] {
        let one = Double(1 << Self.precisionBits)
        return weights.map { Int32(0.5 + $0 * one) }
    }
}
