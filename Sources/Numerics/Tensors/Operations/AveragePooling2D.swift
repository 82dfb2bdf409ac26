/// The mean of every window of pixels.
///
/// - Shapes: `x [N, C, H, W]`, `y [N, C, h, w]` with `h = (H - kernel) / stride + 1`, likewise `w`.
public enum AveragePooling2D {
    /// Takes means.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - kernel: The side of a window.
    ///   - stride: The step from one window to the next.
    /// - Returns: The means.
    public static func forward(_ x: Tensor, kernel: Int, stride: Int) -> Tensor {
        let windows = PoolingWindows(x.shape, kernel, stride, 0)
        let width = windows.w
        return Tensor.filled(windows.outputShape) { y in
            x.reading { x in
                windows.forEach { output, plane, lines, columns in
                    var sum: Float = 0
                    for line in lines {
                        for column in columns { sum += x[plane + line * width + column] }
                    }
                    y[output] = sum / Float(kernel * kernel)
                }
            }
        }
    }

    /// The gradient of the input: that of every output in equal parts to its window.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - shape: The shape of the input.
    ///   - kernel: As in the forward pass.
    ///   - stride: As in the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(
        _ dy: Tensor, inputShape shape: [Int], kernel: Int, stride: Int
    ) -> Tensor {
        let windows = PoolingWindows(shape, kernel, stride, 0)
        precondition(dy.shape == windows.outputShape, "a gradient of another shape than the output")
        let width = windows.w
        return Tensor.accumulated(shape) { dx in
            dy.reading { dy in
                windows.forEach { output, plane, lines, columns in
                    let part = dy[output] / Float(kernel * kernel)
                    for line in lines {
                        for column in columns { dx[plane + line * width + column] += part }
                    }
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
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The means.
    public static func apply(
        _ x: Variable, kernel: Int, stride: Int, on tape: Tape?
    ) -> Variable {
        tape.record(forward(x.value, kernel: kernel, stride: stride), from: [x]) {
            let shape = x.shape
            return { [backward($0, inputShape: shape, kernel: kernel, stride: stride)] }
        }
    }
}
