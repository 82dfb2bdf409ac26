/// A range of one axis.
///
/// - Shapes: all axes but the one named are equal.
public enum Slicing {
    /// Takes a range of an axis.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - axis: The axis, from 0.
    ///   - range: The indices along it.
    /// - Returns: That part, copied.
    public static func forward(_ x: Tensor, axis: Int, _ range: Range<Int>) -> Tensor {
        let layout = AxisLayout(x.shape, axis)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= layout.extent,
            "\(range) of axis \(axis) of \(x.shape)")
        return Tensor.filled(layout.shape(with: range.count)) { y in
            x.reading { x in
                let count = range.count * layout.inner
                for row in 0..<layout.outer {
                    let from = (row * layout.extent + range.lowerBound) * layout.inner
                    (y + row * count).update(from: x + from, count: count)
                }
            }
        }
    }

    /// The gradient of the input: that of the part, zero elsewhere.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the part.
    ///   - shape: The shape of the input.
    ///   - axis: As in the forward pass.
    ///   - range: As in the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(
        _ dy: Tensor, inputShape shape: [Int], axis: Int, _ range: Range<Int>
    ) -> Tensor {
        let layout = AxisLayout(shape, axis)
        precondition(dy.count == Tensor.count(layout.shape(with: range.count)), "another part")
        return Tensor.accumulated(shape) { dx in
            dy.reading { dy in
                let count = range.count * layout.inner
                for row in 0..<layout.outer {
                    let at = (row * layout.extent + range.lowerBound) * layout.inner
                    (dx + at).update(from: dy + row * count, count: count)
                }
            }
        }
    }

    /// Takes a range of an axis of a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - axis: The axis, from 0.
    ///   - range: The indices along it.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: That part.
    public static func apply(
        _ x: Variable, axis: Int, _ range: Range<Int>, on tape: Tape?
    ) -> Variable {
        tape.record(forward(x.value, axis: axis, range), from: [x]) {
            let shape = x.shape
            return { [backward($0, inputShape: shape, axis: axis, range)] }
        }
    }
}

/// A shape seen from one of its axes.
struct AxisLayout {
    private let dimensions: [Int]
    private let axis: Int

    init(_ shape: [Int], _ axis: Int) {
        precondition(shape.indices.contains(axis), "no axis \(axis) in \(shape)")
        (dimensions, self.axis) = (shape, axis)
    }

    var outer: Int { dimensions[..<axis].reduce(1, *) }
    var extent: Int { dimensions[axis] }
    var inner: Int { dimensions[(axis + 1)...].reduce(1, *) }

    func shape(with extent: Int) -> [Int] {
        var shape = dimensions
        shape[axis] = extent
        return shape
    }
}
