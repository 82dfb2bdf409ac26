/// For every output position of one axis, which input positions it takes and with what weight.
///
/// All resamplings are of this form, and the gradient of one is the same thing with inputs and outputs exchanged.
struct AxisTaps: Sendable {
    /// The number of input positions.
    let inputs: Int
    /// The first input position of every output.
    private(set) var starts: [Int] = []
    /// Where the weights of every output begin; one more at the end.
    private(set) var offsets: [Int] = [0]
    private(set) var weights: [Float] = []

    /// The number of output positions.
    var outputs: Int { starts.count }

    init(inputs: Int) {
        precondition(inputs > 0, "nothing to resample")
        self.inputs = inputs
    }

    /// Appends an output position.
    mutating func append(start: Int, _ weights: [Float]) {
        starts.append(start)
        self.weights += weights
        offsets.append(self.weights.count)
    }

    /// Inputs and outputs exchanged.
    var transposed: AxisTaps {
        var columns = [(start: Int, weights: [Float])](repeating: (0, []), count: inputs)
        for output in 0..<outputs {
            for tap in offsets[output]..<offsets[output + 1] {
                let input = starts[output] + tap - offsets[output]
                if columns[input].weights.isEmpty { columns[input].start = output }
                // Outputs in between that do not take this input have weight 0.
                let gap = output - columns[input].start - columns[input].weights.count
                columns[input].weights += [Float](repeating: 0, count: gap)
                columns[input].weights.append(weights[tap])
            }
        }
        var result = AxisTaps(inputs: outputs)
        for column in columns { result.append(start: column.start, column.weights) }
        return result
    }

    /// Linear interpolation between pixel centres; or, with `alignsCorners`, with first and last pixels in place.
    ///
    /// Coordinates are computed in Double: in Float they would be wrong by up to 1e-5 of a pixel.
    static func linear(from inputs: Int, to outputs: Int, alignsCorners: Bool = false) -> AxisTaps {
        var taps = AxisTaps(inputs: inputs)
        for i in 0..<outputs {
            let at: Double
            if alignsCorners {
                at = outputs > 1 ? Double(i) * Double(inputs - 1) / Double(outputs - 1) : 0
            } else {
                at = max(0, (Double(i) + 0.5) * Double(inputs) / Double(outputs) - 0.5)
            }
            let low = min(Int(at), inputs - 1)
            let share = at - Double(low)
            if low + 1 < inputs {
                taps.append(start: low, [Float(1 - share), Float(share)])
            } else {
                taps.append(start: low, [1])
            }
        }
        return taps
    }

    /// A triangle filter as wide as the step between outputs, so that shrinking averages.
    static func antialiased(from inputs: Int, to outputs: Int) -> AxisTaps {
        var taps = AxisTaps(inputs: inputs)
        let scale = Double(inputs) / Double(outputs)
        let support = max(scale, 1)
        for i in 0..<outputs {
            let centre = (Double(i) + 0.5) * scale
            let first = max(0, Int(centre - support + 0.5))
            let end = max(first + 1, min(inputs, Int(centre + support + 0.5)))
            let weights = (first..<end).map {
                max(0, 1 - abs((Double($0) - centre + 0.5) / support))
            }
            let total = weights.reduce(0, +)
            taps.append(start: first, weights.map { Float($0 / total) })
        }
        return taps
    }

    /// The input position whose cell holds the output's first corner, as PyTorch computes it: in Float.
    static func nearest(from inputs: Int, to outputs: Int) -> AxisTaps {
        var taps = AxisTaps(inputs: inputs)
        let scale = Float(inputs) / Float(outputs)
        for i in 0..<outputs { taps.append(start: min(Int(Float(i) * scale), inputs - 1), [1]) }
        return taps
    }
}
