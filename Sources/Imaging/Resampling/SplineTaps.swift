/// The samples and weights of a B-spline along one axis, for every output position.
struct SplineTaps {
    /// Samples per position: order + 1.
    let width: Int
    /// `width` indices per position; beyond the border the samples are mirrored about the first and
    /// the last.
    let indices: [Int]
    /// `width` weights per position.
    let weights: [Double]
    /// Whether a position is outside and the result 0.
    let isOutside: [Bool]

    /// Makes the taps.
    ///
    /// - Parameters:
    ///   - positions: Where to evaluate, in units of samples; `nan` for "outside".
    ///   - length: Number of samples, at least 1.
    ///   - order: 1 (linear) or 3 (cubic).
    init(positions: [Double], length: Int, order: Int) {
        precondition(length > 0 && (order == 1 || order == 3))
        let width = order + 1
        var indices = [Int](repeating: 0, count: positions.count * width)
        var weights = [Double](repeating: 0, count: positions.count * width)
        for (position, place) in positions.enumerated() where !place.isNaN {
            let floor = place.rounded(.down)
            let start = Int(floor) - order / 2
            for tap in 0..<width {
                indices[position * width + tap] = Self.mirrored(start + tap, length)
            }
            let values = order == 1 ? Self.linear(place - floor) : Self.cubic(place - floor)
            for tap in 0..<width { weights[position * width + tap] = values[tap] }
        }
        self.width = width
        self.indices = indices
        self.weights = weights
        self.isOutside = positions.map { $0.isNaN }
    }

    /// An index reflected about the centres of the first and the last sample until it lies inside.
    static func mirrored(_ index: Int, _ length: Int) -> Int {
        if length == 1 { return 0 }
        let period = 2 * length - 2
        var folded = index % period
        if folded < 0 { folded += period }
        return folded < length ? folded : period - folded
    }

    private static func linear(_ x: Double) -> [Double] {
        [1 - x, 1 - (1 - x)]
    }

    /// The four weights of the cubic B-spline; the last is what the others leave of 1.
    ///
    /// The order of operations is part of the result: SciPy's float images are reproduced bit for
    /// bit.
    private static func cubic(_ x: Double) -> [Double] {
        let z = 1 - x
        let second = (x * x * (x - 2) * 3 + 4) / 6
        let third = (z * z * (z - 2) * 3 + 4) / 6
        let first = z * z * z / 6
        return [first, second, third, 1 - first - second - third]
    }
}
