/// Applies the taps of one axis to a tensor; shared by all resamplings, forward and backward.
enum Resampling {
    /// Both axes of a batch of pictures: columns first, then lines.
    ///
    /// - Shapes: `x [N, C, H, W]`, result `[N, C, taps of lines, taps of columns]`.
    static func planes(_ x: Tensor, lines: AxisTaps, columns: AxisTaps) -> Tensor {
        let (n, c, h, w) = x.nchw
        precondition(h == lines.inputs && w == columns.inputs, "taps for another size")
        let narrow = alongColumns(x.reshaped([n * c * h, w]), columns)
        let planes = n * c
        let (width, height) = (columns.outputs, lines.outputs)
        return Tensor.filled([n, c, height, width]) { y in
            narrow.reading { x in
                ParallelRange.forEach(
                    count: planes * height,
                    piece: Elementwise.rowPiece(columns: width, values: Elementwise.cheapPiece)
                ) { range in
                    for row in range {
                        let (plane, line) = (row / height, row % height)
                        combine(
                            x + plane * h * width, width, lines, line, into: y + row * width)
                    }
                }
            }
        }
    }

    /// The first axis of a table.
    ///
    /// - Shapes: `x [R, C]`, result `[taps, C]`.
    static func alongRows(_ x: Tensor, _ taps: AxisTaps) -> Tensor {
        precondition(x.shape.count == 2 && x.shape[0] == taps.inputs, "taps for another size")
        let columns = x.shape[1]
        return Tensor.filled([taps.outputs, columns]) { y in
            x.reading { x in
                for row in 0..<taps.outputs {
                    combine(x.base, columns, taps, row, into: y + row * columns)
                }
            }
        }
    }

    /// The last axis of a table.
    ///
    /// - Shapes: `x [R, C]`, result `[R, taps]`.
    static func alongColumns(_ x: Tensor, _ taps: AxisTaps) -> Tensor {
        let (rows, columns) = (x.shape[0], x.shape[1])
        precondition(columns == taps.inputs, "taps for another size")
        let width = taps.outputs
        return Tensor.filled([rows, width]) { y in
            x.reading { x in
                ParallelRange.forEach(
                    count: rows,
                    piece: Elementwise.rowPiece(
                        columns: max(width, columns), values: Elementwise.cheapPiece)
                ) { range in
                    taps.starts.withUnsafeBufferPointer { starts in
                        taps.offsets.withUnsafeBufferPointer { offsets in
                            taps.weights.withUnsafeBufferPointer { weights in
                                for row in range {
                                    let (x, y) = (x + row * columns, y + row * width)
                                    for i in 0..<width {
                                        var sum: Float = 0
                                        var at = starts[i]
                                        for tap in offsets[i]..<offsets[i + 1] {
                                            sum += weights[tap] * x[at]
                                            at += 1
                                        }
                                        y[i] = sum
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// One output row as a weighted sum of input rows.
    private static func combine(
        _ x: UnsafePointer<Float>, _ width: Int, _ taps: AxisTaps, _ output: Int,
        into y: UnsafeMutablePointer<Float>
    ) {
        y.update(repeating: 0, count: width)
        for (index, tap) in (taps.offsets[output]..<taps.offsets[output + 1]).enumerated() {
            let line = x + (taps.starts[output] + index) * width
            let weight = taps.weights[tap]
            for i in 0..<width { y[i] += weight * line[i] }
        }
    }
}
