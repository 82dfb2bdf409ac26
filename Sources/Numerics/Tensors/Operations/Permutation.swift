/// The axes of a tensor in another order.
///
/// - Shapes: output axis i is input axis `order[i]`.
/// - Complexity: one read and one write per value.
public enum Permutation {
    /// Reorders axes.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - order: Every axis once.
    /// - Returns: The input with its axes in that order, laid out anew in memory.
    public static func forward(_ x: Tensor, order: [Int]) -> Tensor {
        precondition(
            order.sorted() == Array(x.shape.indices),
            "\(order) does not order \(x.shape.count) axes")
        var strides = [Int](repeating: 1, count: order.count)
        for axis in order.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * x.shape[axis + 1]
        }
        let shape = order.map { x.shape[$0] }
        var axes = zip(shape, order).map { (extent: $0, step: strides[$1]) }
        // The last output axes that stay together in memory are copied as a whole.
        var run = 1
        while let last = axes.last, last.step == run {
            axes.removeLast()
            run *= last.extent
        }
        // The next axis is walked along, all before it are counted through.
        let (walk, runLength) = (axes.popLast() ?? (1, 0), run)
        let outer = axes
        let rows = outer.reduce(1) { $0 * $1.extent }
        let rowLength = walk.extent * runLength
        return Tensor.filled(shape) { y in
            x.reading { x in
                let piece = Elementwise.rowPiece(
                    columns: rowLength, values: Elementwise.cheapPiece)
                ParallelRange.forEach(count: rows, piece: piece) { range in
                    for row in range {
                        var (rest, start) = (row, 0)
                        for axis in outer.reversed() {
                            start += rest % axis.extent * axis.step
                            rest /= axis.extent
                        }
                        let (from, target) = (x + start, y + row * rowLength)
                        if runLength == 1 {
                            for i in 0..<walk.extent { target[i] = from[i * walk.step] }
                        } else {
                            for i in 0..<walk.extent {
                                (target + i * runLength).update(
                                    from: from + i * walk.step, count: runLength)
                            }
                        }
                    }
                }
            }
        }
    }

    /// The gradient of the input: the axes put back.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - order: As in the forward pass.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, order: [Int]) -> Tensor {
        forward(dy, order: order.indices.sorted { order[$0] < order[$1] })
    }

    /// The operation on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - order: Every axis once.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The input with its axes in that order.
    public static func apply(_ x: Variable, order: [Int], on tape: Tape?) -> Variable {
        tape.record(forward(x.value, order: order), from: [x]) { { [backward($0, order: order)] } }
    }
}
