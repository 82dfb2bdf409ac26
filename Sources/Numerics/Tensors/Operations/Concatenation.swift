/// Tensors put together along one axis.
///
/// - Shapes: all axes but the one named are equal.
public enum Concatenation {
    /// Puts tensors together.
    ///
    /// - Parameters:
    ///   - parts: One tensor or more.
    ///   - axis: The axis along which they follow each other, from 0.
    /// - Returns: The whole.
    public static func forward(_ parts: [Tensor], axis: Int) -> Tensor {
        guard let first = parts.first else { preconditionFailure("nothing to put together") }
        let layouts = parts.map { AxisLayout($0.shape, axis) }
        let shape = layouts[0].shape(with: layouts.reduce(0) { $0 + $1.extent })
        precondition(
            layouts.allSatisfy { $0.shape(with: 0) == layouts[0].shape(with: 0) },
            "parts of \(first.shape) and others do not fit")
        let width = shape[axis] * layouts[0].inner
        return Tensor.filled(shape) { y in
            var at = 0
            for (part, layout) in zip(parts, layouts) {
                let count = layout.extent * layout.inner
                part.reading { x in
                    for row in 0..<layout.outer {
                        (y + (row * width + at)).update(from: x + row * count, count: count)
                    }
                }
                at += count
            }
        }
    }

    /// The gradients of the parts: their ranges of the gradient of the whole.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the whole.
    ///   - extents: The length of every part along the axis.
    ///   - axis: As in the forward pass.
    /// - Returns: One gradient per part.
    public static func backward(_ dy: Tensor, extents: [Int], axis: Int) -> [Tensor] {
        var start = 0
        return extents.map { extent in
            defer { start += extent }
            return Slicing.forward(dy, axis: axis, start..<start + extent)
        }
    }

    /// Puts variables together; recorded when there is a tape and one of them is recorded.
    ///
    /// - Parameters:
    ///   - parts: One variable or more.
    ///   - axis: The axis along which they follow each other, from 0.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The whole.
    public static func apply(_ parts: [Variable], axis: Int, on tape: Tape?) -> Variable {
        tape.record(forward(parts.map(\.value), axis: axis), from: parts) {
            let extents = parts.map { $0.shape[axis] }
            return { backward($0, extents: extents, axis: axis) }
        }
    }
}
