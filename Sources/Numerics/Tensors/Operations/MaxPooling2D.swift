/// The largest value of every window of pixels.
///
/// - Shapes: `x [N, C, H, W]`, `y [N, C, h, w]` with `h = (H + 2 padding - kernel) / stride + 1`, likewise `w`.
public enum MaxPooling2D {
    /// Takes maxima.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - kernel: The side of a window.
    ///   - stride: The step from one window to the next.
    ///   - padding: Pixels around the input that never are the maximum; at most half of `kernel`.
    /// - Returns: The maxima.
    public static func forward(_ x: Tensor, kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
        let windows = PoolingWindows(x.shape, kernel, stride, padding)
        return Tensor.filled(windows.outputShape) { y in
            x.reading { x in
                windows.forEach { output, plane, lines, columns in
                    y[output] = x[windows.argmax(x, plane, lines, columns)]
                }
            }
        }
    }

    /// The gradient of the input: that of every output goes to the first maximum of its window.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - kernel: As in the forward pass.
    ///   - stride: As in the forward pass.
    ///   - padding: As in the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(
        _ dy: Tensor, x: Tensor, kernel: Int, stride: Int, padding: Int = 0
    ) -> Tensor {
        let windows = PoolingWindows(x.shape, kernel, stride, padding)
        precondition(dy.shape == windows.outputShape, "a gradient of another shape than the output")
        return Tensor.accumulated(x.shape) { dx in
            reading(dy, x) { dy, x in
                windows.forEach { output, plane, lines, columns in
                    dx[windows.argmax(x, plane, lines, columns)] += dy[output]
                }
            }
        }
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - kernel: The side of a window.
    ///   - stride: The step from one window to the next.
    ///   - padding: Pixels around the input that never are the maximum.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The maxima.
    public static func apply(
        _ x: Variable, kernel: Int, stride: Int, padding: Int = 0, on tape: Tape?
    ) -> Variable {
        let y = forward(x.value, kernel: kernel, stride: stride, padding: padding)
        return tape.record(y, from: [x]) {
            let input = x.value
            return { [backward($0, x: input, kernel: kernel, stride: stride, padding: padding)] }
        }
    }
}
