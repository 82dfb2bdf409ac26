/// The windows of a pooling, cut off at the border of the picture.
struct PoolingWindows: Sendable {
    let (n, c, h, w): (Int, Int, Int, Int)
    let (kernel, stride, padding): (Int, Int, Int)

    init(_ shape: [Int], _ kernel: Int, _ stride: Int, _ padding: Int) {
        precondition(
            shape.count == 4 && kernel > 0 && stride > 0 && padding >= 0 && 2 * padding <= kernel
                && shape[2] + 2 * padding >= kernel && shape[3] + 2 * padding >= kernel,
            "windows of \(kernel) with padding \(padding) do not fit \(shape)")
        (n, c, h, w) = (shape[0], shape[1], shape[2], shape[3])
        (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
    }

    var outputShape: [Int] {
        [n, c, (h + 2 * padding - kernel) / stride + 1, (w + 2 * padding - kernel) / stride + 1]
    }

    /// Calls a body for every output: its index, where its plane begins, the lines and columns of its window.
    ///
    /// Planes are divided over threads, windows of a plane come in order.
    @inline(__always)
    func forEach(_ body: @Sendable (Int, Int, Range<Int>, Range<Int>) -> Void) {
        let (height, width) = (outputShape[2], outputShape[3])
        let piece = Elementwise.rowPiece(columns: h * w, values: Elementwise.cheapPiece)
        let (kernel, stride, padding, h, w) = (kernel, stride, padding, h, w)
        ParallelRange.forEach(count: n * c, piece: piece) { range in
            for plane in range {
                for y in 0..<height {
                    let top = y * stride - padding
                    for x in 0..<width {
                        let left = x * stride - padding
                        body(
                            (plane * height + y) * width + x, plane * h * w,
                            max(0, top)..<min(h, top + kernel), max(0, left)..<min(w, left + kernel)
                        )
                    }
                }
            }
        }
    }

    /// Where the first maximum of a window is.
    @inline(__always)
    func argmax(_ x: Source, _ plane: Int, _ lines: Range<Int>, _ columns: Range<Int>) -> Int {
        var best = plane + lines.lowerBound * w + columns.lowerBound
        var top = x[best]
        for line in lines {
            for column in columns {
                let at = plane + line * w + column
                if x[at] > top { (best, top) = (at, x[at]) }
            }
        }
        return best
    }
}
