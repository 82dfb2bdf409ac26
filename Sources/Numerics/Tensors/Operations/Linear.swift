/// A linear layer: every row of the input times the transposed weight, plus the bias.
///
/// - Shapes: N = product of all dimensions but the last.
///   - `x [..., I]`, `weight [O, I]`, `bias [O]`, `y [..., O]`
/// - Complexity: 2 N I O operations forward, twice that backward.
public enum Linear {
    /// `y = x weightᵀ + bias`.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One row per output value.
    ///   - bias: Added to every row; `nil` for none.
    /// - Returns: The output.
    public static func forward(_ x: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor {
        let (rows, inner, outer) = sizes(x, weight)
        precondition(bias == nil || bias?.shape == [outer], "a bias of another size")
        return Tensor.filled(Array(x.shape.dropLast()) + [outer]) { y in
            bias?.reading { bias in
                for row in 0..<rows {
                    (y + row * outer).update(from: bias.base, count: outer)
                }
            }
            reading(x, weight) { x, weight in
                Product.parallel(
                    rows: rows, columns: outer, inner: inner, .plain(x.base, inner),
                    .turned(weight.base, inner), into: y.base, stride: outer,
                    beta: bias == nil ? 0 : 1)
            }
        }
    }

    /// The gradients of ``forward(_:weight:bias:)``.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass; only needed for the gradient of the weight.
    ///   - weight: The weight.
    ///   - wanted: What to compute.
    /// - Returns: `dx = dy weight`, `dweight = dyᵀ x`, `dbias` = the sum of the rows of `dy`.
    public static func backward(
        _ dy: Tensor, x: Tensor?, weight: Tensor, wanted: WantedGradients = .all
    ) -> AffineGradients {
        precondition(
            weight.shape.count == 2 && dy.shape.last == weight.shape[0],
            "gradient \(dy.shape) does not fit weight \(weight.shape)")
        let (outer, inner) = (weight.shape[0], weight.shape[1])
        let rows = dy.shape.dropLast().reduce(1, *)
        var gradients = AffineGradients()
        if wanted.contains(.input) {
            gradients.input = Tensor.filled(dy.shape.dropLast() + [inner]) { dx in
                reading(dy, weight) { dy, weight in
                    Product.parallel(
                        rows: rows, columns: inner, inner: outer, .plain(dy.base, outer),
                        .plain(weight.base, inner), into: dx.base, stride: inner)
                }
            }
        }
        if wanted.contains(.weight) {
            guard let x, x.count == rows * inner else {
                preconditionFailure("the gradient of the weight needs the input")
            }
            gradients.weight = Tensor.filled(weight.shape) { dweight in
                reading(dy, x) { dy, x in
                    Product.parallel(
                        rows: outer, columns: inner, inner: rows, .turned(dy.base, outer),
                        .plain(x.base, inner), into: dweight.base, stride: inner)
                }
            }
        }
        if wanted.contains(.bias) {
            gradients.bias = Elementwise.columnSums(dy, columns: outer)
        }
        return gradients
    }

    /// The layer on variables; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - weight: One row per output value.
    ///   - bias: Added to every row; `nil` for none.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(
        _ x: Variable, weight: Variable, bias: Variable? = nil, on tape: Tape?
    ) -> Variable {
        let y = forward(x.value, weight: weight.value, bias: bias?.value)
        return tape.record(y, from: [x, weight, bias]) {
            let wanted = WantedGradients(x, weight, bias)
            let weightValue = weight.value
            // The input is kept for the gradient of the weight only.
            let input = wanted.contains(.weight) ? x.value : nil
            return { backward($0, x: input, weight: weightValue, wanted: wanted).list }
        }
    }

    private static func sizes(_ x: Tensor, _ weight: Tensor) -> (rows: Int, inner: Int, outer: Int)
    {
        precondition(
            weight.shape.count == 2 && x.shape.last == weight.shape[1],
            "input \(x.shape) does not fit weight \(weight.shape)")
        let inner = weight.shape[1]
        return (x.shape.dropLast().reduce(1, *), inner, weight.shape[0])
    }
}
