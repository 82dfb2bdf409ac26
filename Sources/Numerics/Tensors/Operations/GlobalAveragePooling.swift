/// The mean of every channel over all pixels.
///
/// - Shapes: `x [N, C, H, W]` with one pixel or more, `y [N, C]`.
public enum GlobalAveragePooling {
    /// Takes means.
    ///
    /// - Parameter x: The input.
    /// - Returns: One mean per picture and channel.
    public static func forward(_ x: Tensor) -> Tensor {
        let (n, c, h, w) = x.nchw
        precondition(h * w > 0, "no pixels to take the mean of")
        return Tensor.filled([n, c]) { y in
            x.reading { x in
                for plane in 0..<n * c {
                    y[plane] = Elementwise.sum(x + plane * h * w, h * w) / Float(h * w)
                }
            }
        }
    }

    /// The gradient of the input: that of every mean in equal parts to its pixels.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - shape: The shape of the input.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, inputShape shape: [Int]) -> Tensor {
        precondition(
            shape.count == 4 && dy.shape == Array(shape[..<2]),
            "a gradient of another shape than the output")
        let plane = shape[2] * shape[3]
        return Tensor.filled(shape) { dx in
            dy.reading { dy in
                for index in 0..<dy.count {
                    (dx + index * plane).update(
                        repeating: dy[index] / Float(plane), count: plane)
                }
            }
        }
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: One mean per picture and channel.
    public static func apply(_ x: Variable, on tape: Tape?) -> Variable {
        tape.record(forward(x.value), from: [x]) {
            let shape = x.shape
            return { [backward($0, inputShape: shape)] }
        }
    }
}
