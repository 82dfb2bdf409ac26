/// A grid of tokens cut into square windows, the last ones filled up with zeros, and put together again.
///
/// Each is the other's gradient: what one copies, the other copies back; padding gets and gives nothing.
///
/// - Shapes: window M, `lines = ⌈H / M⌉`, `columns = ⌈W / M⌉`
///   - grid `[B, H, W, C]`, windows `[B lines columns, M, M, C]`, windows in line order
/// - Source: `window_partition` and `window_unpartition` of the Segment Anything image encoder.
public enum WindowPartition {
    /// Cuts a grid into windows.
    ///
    /// - Parameters:
    ///   - x: The grid.
    ///   - window: The side of a window, 1 or more.
    /// - Returns: The windows, zero outside the grid.
    public static func forward(_ x: Tensor, window: Int) -> Tensor {
        let layout = Layout(x.shape, window)
        return Tensor.filled(layout.windowShape) { y in
            x.reading { x in
                layout.forEachRow { inWindow, inGrid, tokens in
                    let (width, count) = (window * layout.c, tokens * layout.c)
                    let row = y + inWindow * layout.c
                    if count > 0 { row.update(from: x + inGrid * layout.c, count: count) }
                    (row + count).update(repeating: 0, count: width - count)
                }
            }
        }
    }

    /// The gradient of the grid, which is also how windows are put together again.
    ///
    /// - Parameters:
    ///   - dy: The windows or their gradient.
    ///   - shape: The shape of the grid.
    ///   - window: The side of a window.
    /// - Returns: The grid.
    public static func backward(_ dy: Tensor, gridShape shape: [Int], window: Int) -> Tensor {
        let layout = Layout(shape, window)
        precondition(dy.count == Tensor.count(layout.windowShape), "other windows than the grid's")
        return Tensor.filled(shape) { x in
            dy.reading { y in
                layout.forEachRow { inWindow, inGrid, tokens in
                    guard tokens > 0 else { return }
                    (x + inGrid * layout.c).update(
                        from: y + inWindow * layout.c, count: tokens * layout.c)
                }
            }
        }
    }

    /// Cuts a grid into windows; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The grid.
    ///   - window: The side of a window.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The windows.
    public static func apply(_ x: Variable, window: Int, on tape: Tape?) -> Variable {
        tape.record(forward(x.value, window: window), from: [x]) {
            let shape = x.shape
            return { [backward($0, gridShape: shape, window: window)] }
        }
    }

    /// Puts windows together; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The windows.
    ///   - shape: The shape of the grid.
    ///   - window: The side of a window.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The grid; what lay in the padding is dropped.
    public static func join(
        _ x: Variable, gridShape shape: [Int], window: Int, on tape: Tape?
    ) -> Variable {
        tape.record(backward(x.value, gridShape: shape, window: window), from: [x]) {
            let windows = x.shape
            return { [forward($0, window: window).reshaped(windows)] }
        }
    }

    private struct Layout: Sendable {
        let (b, h, w, c): (Int, Int, Int, Int)
        let window: Int

        init(_ shape: [Int], _ window: Int) {
            precondition(
                shape.count == 4 && window > 0, "[B, H, W, C] was expected, not shape \(shape)")
            (b, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
            self.window = window
        }

        var lines: Int { (h + window - 1) / window }
        var columns: Int { (w + window - 1) / window }
        var windowShape: [Int] { [b * lines * columns, window, window, c] }

        /// Calls a body for every row of every window: its first token there, in the grid, and how many tokens are not
        /// padding.
        func forEachRow(_ body: @Sendable (_ inWindow: Int, _ inGrid: Int, _ tokens: Int) -> Void) {
            let piece = Elementwise.rowPiece(
                columns: window * c, values: Elementwise.cheapPiece)
            ParallelRange.forEach(count: b * lines * columns * window, piece: piece) { range in
                for row in range {
                    let (index, line) = (row / window, row % window)
                    let (picture, place) = (index / (lines * columns), index % (lines * columns))
                    let (y, x) = (place / columns * window + line, place % columns * window)
                    let tokens = y < h ? min(window, w - x) : 0
                    body(row * window, (picture * h + y) * w + x, tokens)
                }
            }
        }
    }
}
