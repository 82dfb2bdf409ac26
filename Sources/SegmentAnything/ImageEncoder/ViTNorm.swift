import Tensors

/// A layer norm over the features of a token or of a pixel.
struct ViTNorm: Sendable {
    private let weight: Tensor
    private let bias: Tensor
    /// Added to the variance, everywhere in this encoder.
    private static let epsilon: Float = 1e-6

    init(_ name: String, _ width: Int, _ weights: WeightReader) {
        weight = weights.take(name + ".weight", [width])
        bias = weights.take(name + ".bias", [width])
    }

    /// Normalises rows into strips.
    func apply(
        _ input: UnsafePointer<Float>, rows: Int, into strips: UnsafeMutablePointer<Float>,
        _ layout: PackedLayout
    ) {
        withParameters { width, weight, bias in
            Kernels.layerNorm(
                input, intoStrips: strips, rows: rows, width: width, weight: weight, bias: bias,
                epsilon: Self.epsilon, layout: layout)
        }
    }

    /// Normalises rows.
    func apply(
        _ input: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>
    ) {
        withParameters { width, weight, bias in
            Kernels.layerNorm(
                input, into: output, rows: rows, width: width, weight: weight, bias: bias,
                epsilon: Self.epsilon)
        }
    }

    /// The normalised stream as a tensor; for traces.
    func trace(_ workspace: ViTWorkspace) -> Tensor {
        var result = Tensor(
            uninitialized: [1, workspace.grid, workspace.grid, workspace.width])
        result.withMutableValues { values in
            guard let base = values.baseAddress else { return }
            apply(workspace.tokens.values, rows: workspace.grid * workspace.grid, into: base)
        }
        return result
    }

    private func withParameters(
        _ body: (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        weight.withValues { weight in
            bias.withValues { bias in
                guard let first = weight.baseAddress, let second = bias.baseAddress else { return }
                body(weight.count, first, second)
            }
        }
    }
}
