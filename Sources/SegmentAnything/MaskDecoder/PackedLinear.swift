import Tensors

/// A linear layer for few rows, such as the tokens of one prompt: the weight lies in the order in which it is read.
struct PackedLinear: Sendable {
    let inputs: Int
    let outputs: Int
    private let panels: FixedWeight
    private let bias: FixedWeight

    /// Takes `name.weight`, `outputs` x `inputs`, and `name.bias`.
    init(_ weights: WeightReader, _ name: String, inputs: Int, outputs: Int) {
        self.init(
            weight: weights.take(name + ".weight", [outputs, inputs]),
            bias: weights.take(name + ".bias", [outputs]))
    }

    /// - Parameters:
    ///   - weight: outputs x inputs.
    ///   - bias: One value for each output.
    init(weight: Tensor, bias: Tensor) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        self.inputs = inputs
        self.outputs = outputs
        let width = Kernels.panelWidth
        let panels = (outputs + width - 1) / width
        self.panels = FixedWeight(count: panels * width * inputs) { packed in
            weight.withValues { weight in
                for output in 0..<outputs {
                    let at = output / width * width * inputs + output % width
                    for input in 0..<inputs {
                        packed[at + input * width] = weight[output * inputs + input]
                    }
                }
            }
        }
        self.bias = FixedWeight(count: panels * width) { padded in
            bias.withValues { for (index, value) in $0.enumerated() { padded[index] = value } }
        }
    }

    /// Computes `rows` rows of the output from as many of the input.
    func callAsFunction(
        _ input: UnsafePointer<Float>, rows: Int, relu: Bool = false,
        into output: UnsafeMutablePointer<Float>
    ) {
        Kernels.panelLinear(
            input, rows: rows, inputStride: inputs, inputs: inputs, panels: panels.values,
            bias: bias.values, outputs: outputs, relu: relu, into: output, outputStride: outputs)
    }
}

/// A chain of linear layers with ReLU between them: SAM's `MLP`.
struct MLP: Sendable {
    private let layers: [PackedLinear]

    /// Takes `name.layers.0` and so on.
    init(_ weights: WeightReader, _ name: String, widths: [Int]) {
        layers = (1..<widths.count).map {
            PackedLinear(
                weights, "\(name).layers.\($0 - 1)", inputs: widths[$0 - 1], outputs: widths[$0])
        }
    }

    /// The result for one row.
    func callAsFunction(_ input: UnsafePointer<Float>) -> [Float] {
        var values = Array(UnsafeBufferPointer(start: input, count: layers[0].inputs))
        for (index, layer) in layers.enumerated() {
            let isLast = index == layers.count - 1
            values = [Float](unsafeUninitializedCapacity: layer.outputs) { output, count in
                if let output = output.baseAddress {
                    layer(values, rows: 1, relu: !isLast, into: output)
                }
                count = layer.outputs
            }
        }
        return values
    }
}

/// The scale and the shift of a layer norm.
struct NormWeights: Sendable {
    let width: Int
    let weight: FixedWeight
    let bias: FixedWeight
    let epsilon: Float

    /// Takes `name.weight` and `name.bias`.
    init(_ weights: WeightReader, _ name: String, width: Int, epsilon: Float) {
        self.width = width
        weight = FixedWeight(weights, name + ".weight", [width])
        bias = FixedWeight(weights, name + ".bias", [width])
        self.epsilon = epsilon
    }

    /// Normalises rows in place.
    func callAsFunction(_ values: UnsafeMutablePointer<Float>, rows: Int) {
        Kernels.layerNorm(
            values, into: values, rows: rows, width: width, weight: weight.values,
            bias: bias.values, epsilon: epsilon)
    }
}
