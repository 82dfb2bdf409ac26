/// Evaluates a separable spline on a grid of positions.
enum SplineEvaluation {
    /// The spline at every pair of a row position and a column position.
    ///
    /// A pixel is the sum over its taps, row by row, of (coefficient x row weight) x column weight,
    /// from the first tap to the last: the order SciPy sums in, so that results agree to the last
    /// bit.
    ///
    /// - Parameters:
    ///   - coefficients: Row by row, `columns` to a row.
    ///   - columns: Number of columns.
    ///   - rowTaps: Taps of the output rows.
    ///   - columnTaps: Taps of the output columns; as many per position as `rowTaps` has.
    ///   - body: Called with every output row and its values.
    static func rows(
        _ coefficients: [Double], columns: Int, rowTaps: SplineTaps, columnTaps: SplineTaps,
        body: (Int, UnsafeBufferPointer<Double>) -> Void
    ) {
        precondition(rowTaps.width == columnTaps.width)
        let width = rowTaps.width
        let newColumns = columnTaps.isOutside.count
        withUnsafeTemporaryAllocation(of: Double.self, capacity: width * columns) { weighted in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: newColumns) { line in
                line.initialize(repeating: 0)
                weighted.initialize(repeating: 0)
                for row in 0..<rowTaps.isOutside.count {
                    if rowTaps.isOutside[row] {
                        line.update(repeating: 0)
                    } else {
                        for tap in 0..<width {
                            let weight = rowTaps.weights[row * width + tap]
                            let from = rowTaps.indices[row * width + tap] * columns
                            scale(coefficients, from, by: weight, into: weighted, tap, columns)
                        }
                        if width == 4 {
                            evaluate(weighted, columns, columnTaps, 4, into: line)
                        } else {
                            evaluate(weighted, columns, columnTaps, width, into: line)
                        }
                    }
                    body(row, UnsafeBufferPointer(line))
                }
            }
        }
    }

    private static func scale(
        _ coefficients: [Double], _ from: Int, by weight: Double,
        into weighted: UnsafeMutableBufferPointer<Double>, _ tap: Int, _ columns: Int
    ) {
        let output = UnsafeMutableBufferPointer(
            rebasing: weighted[(tap * columns)..<((tap + 1) * columns)])
        coefficients.withUnsafeBufferPointer { input in
            let line = UnsafeBufferPointer(rebasing: input[from..<(from + columns)])
            for x in 0..<columns { output[x] = line[x] * weight }
        }
    }

    /// One output row; inlined so that the number of taps is a constant.
    @inline(__always)
    private static func evaluate(
        _ weighted: UnsafeMutableBufferPointer<Double>, _ columns: Int, _ taps: SplineTaps,
        _ width: Int, into line: UnsafeMutableBufferPointer<Double>
    ) {
        taps.indices.withUnsafeBufferPointer { indices in
            taps.weights.withUnsafeBufferPointer { weights in
                taps.isOutside.withUnsafeBufferPointer { isOutside in
                    for column in 0..<line.count {
                        var sum = 0.0
                        let first = column * width
                        for row in 0..<width {
                            for tap in first..<(first + width) {
                                sum += weighted[row * columns + indices[tap]] * weights[tap]
                            }
                        }
                        line[column] = isOutside[column] ? 0 : sum
                    }
                }
            }
        }
    }
}
