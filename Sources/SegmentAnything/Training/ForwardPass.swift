import Tensors

/// One run of a trainable model: where its parameters come from and where operations are recorded.
///
/// Its functions are layers named as published: `linear(x, "neck.1")` takes `neck.1.weight` and `neck.1.bias`. What comes from
/// frozen parameters alone is not recorded.
struct ForwardPass {
    let parameters: ParameterStore
    let tape: Tape?

    subscript(name: String) -> Variable { parameters.variable(name, on: tape) }

    /// A parameter that not all layers of its kind have.
    private func optional(_ name: String) -> Variable? {
        parameters[name] == nil ? nil : self[name]
    }

    func linear(_ x: Variable, _ name: String) -> Variable {
        Linear.apply(x, weight: self[name + ".weight"], bias: optional(name + ".bias"), on: tape)
    }

    func norm(_ x: Variable, _ name: String, epsilon: Float) -> Variable {
        LayerNorm.apply(
            x, weight: self[name + ".weight"], bias: self[name + ".bias"], epsilon: epsilon,
            on: tape)
    }

    /// A layer norm over the channels of every pixel; epsilon is 1e-6 everywhere in the model.
    func norm2D(_ x: Variable, _ name: String) -> Variable {
        LayerNorm2D.apply(
            x, weight: self[name + ".weight"], bias: self[name + ".bias"], epsilon: 1e-6, on: tape)
    }

    func convolution(
        _ x: Variable, _ name: String, stride: Int = 1, padding: Int = 0
    ) -> Variable {
        Convolution2D.apply(
            x, weight: self[name + ".weight"], bias: optional(name + ".bias"),
            settings: .init(stride: stride, padding: padding), on: tape)
    }

    /// A transposed convolution that doubles lines and columns.
    func doubling(_ x: Variable, _ name: String) -> Variable {
        TransposedConvolution2D.apply(
            x, weight: self[name + ".weight"], bias: self[name + ".bias"],
            settings: .init(stride: 2), on: tape)
    }

    /// Linear layers with ReLU between them, named `layers.0` and so on.
    func perceptron(_ x: Variable, _ name: String, layers: Int) -> Variable {
        (0..<layers).reduce(x) { x, index in
            let y = linear(x, "\(name).layers.\(index)")
            return index < layers - 1 ? ReLU.apply(y, on: tape) : y
        }
    }

    func sum(_ a: Variable, _ b: Variable) -> Variable { Addition.apply(a, b, on: tape) }

    func reshape(_ x: Variable, _ shape: [Int]) -> Variable {
        Reshaping.apply(x, to: shape, on: tape)
    }

    func permute(_ x: Variable, _ order: [Int]) -> Variable {
        Permutation.apply(x, order: order, on: tape)
    }

    /// `[B, N, C]` with the features of each head together: `[B, heads, N, C / heads]`.
    func split(_ x: Variable, heads: Int) -> Variable {
        let (b, n, c) = (x.shape[0], x.shape[1], x.shape[2])
        return permute(reshape(x, [b, n, heads, c / heads]), [0, 2, 1, 3])
    }

    /// The inverse of ``split(_:heads:)``.
    func merge(_ x: Variable) -> Variable {
        let (b, heads, n, d) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        return reshape(permute(x, [0, 2, 1, 3]), [b, n, heads * d])
    }

    /// Pictures of features as rows of them: `[B, C, H, W]` becomes `[B, H W, C]`.
    func rows(_ x: Variable) -> Variable {
        permute(reshape(x, [x.shape[0], x.shape[1], x.shape[2] * x.shape[3]]), [0, 2, 1])
    }
}
