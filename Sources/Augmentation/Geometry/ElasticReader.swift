/// Reads planes through a displacement field.
///
/// Whole and fractional part of a position are taken from the displacement alone, so precision does not fall off with the
/// distance from the origin.
struct ElasticReader {
    private let rows: Int
    private let columns: Int
    private let x: [Float]
    private let y: [Float]
    private let fill: Fill
    /// The pixel of a plane that lies nearest, -1 for the fill.
    private let indices: [Int]

    init(field: ElasticField, fill: Fill) {
        let (rows, columns) = (field.rows, field.columns)
        (self.rows, self.columns, self.fill) = (rows, columns, fill)
        (x, y) = (field.x, field.y)
        indices = [Int](unsafeUninitializedCapacity: rows * columns) { result, count in
            field.x.withUnsafeBufferPointer { x in
                field.y.withUnsafeBufferPointer { y in
                    var index = 0
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let r = row + Self.floor(y[index] + 0.5)
                            let c = column + Self.floor(x[index] + 0.5)
                            var nearest = r * columns + c
                            if r < 0 || r >= rows || c < 0 || c >= columns {
                                let inner = (
                                    fill.index(for: r, count: rows),
                                    fill.index(for: c, count: columns)
                                )
                                nearest =
                                    inner.0 < 0 || inner.1 < 0 ? -1 : inner.0 * columns + inner.1
                            }
                            result.initializeElement(at: index, to: nearest)
                            index += 1
                        }
                    }
                }
            }
            count = rows * columns
        }
    }

    /// The largest whole number below; displacements are finite and far below the limits of `Int32`.
    @inline(__always)
    private static func floor(_ value: Float) -> Int {
        let whole = Int(value)
        return Float(whole) > value ? whole - 1 : whole
    }

    /// Planes read from their nearest pixels.
    func nearest<Value>(_ values: [Value], outside: Value) -> [Value] {
        let size = rows * columns
        return [Value](unsafeUninitializedCapacity: values.count) { result, count in
            values.withUnsafeBufferPointer { values in
                indices.withUnsafeBufferPointer { indices in
                    for start in stride(from: 0, to: values.count, by: size) {
                        for index in 0..<size {
                            let nearest = indices[index]
                            result.initializeElement(
                                at: start + index,
                                to: nearest < 0 ? outside : values[start + nearest])
                        }
                    }
                }
            }
            count = values.count
        }
    }

    /// Planes read by linear interpolation; a tap outside the picture has the value of the fill.
    func linear(_ values: [Float], outside: Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { result, count in
            values.withUnsafeBufferPointer { values in
                for start in stride(from: 0, to: values.count, by: rows * columns) {
                    let plane = UnsafeBufferPointer(
                        rebasing: values[start..<(start + rows * columns)])
                    let target = UnsafeMutableBufferPointer(
                        rebasing: result[start..<(start + rows * columns)])
                    linear(plane, to: target, outside: outside)
                }
            }
            count = values.count
        }
    }

    private func linear(
        _ plane: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>,
        outside: Float
    ) {
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                var index = 0
                for row in 0..<rows {
                    for column in 0..<columns {
                        let left = Self.floor(x[index])
                        let top = Self.floor(y[index])
                        let fx = x[index] - Float(left)
                        let fy = y[index] - Float(top)
                        let (r, c) = (row + top, column + left)
                        let taps: (Float, Float, Float, Float)
                        if r >= 0 && c >= 0 && r + 1 < rows && c + 1 < columns {
                            let first = r * columns + c
                            taps = (
                                plane[first], plane[first + 1],
                                plane[first + columns], plane[first + columns + 1]
                            )
                        } else {
                            taps = (
                                tap(plane, r, c, outside), tap(plane, r, c + 1, outside),
                                tap(plane, r + 1, c, outside), tap(plane, r + 1, c + 1, outside)
                            )
                        }
                        let upper = taps.0 + (taps.1 - taps.0) * fx
                        let lower = taps.2 + (taps.3 - taps.2) * fx
                        target.initializeElement(at: index, to: upper + (lower - upper) * fy)
                        index += 1
                    }
                }
            }
        }
    }

    private func tap(
        _ plane: UnsafeBufferPointer<Float>, _ row: Int, _ column: Int, _ outside: Float
    ) -> Float {
        let r = fill.index(for: row, count: rows)
        let c = fill.index(for: column, count: columns)
        return r < 0 || c < 0 ? outside : plane[r * columns + c]
    }
}
