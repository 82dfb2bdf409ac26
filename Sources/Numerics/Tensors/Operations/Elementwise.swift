/// Loops over single values, and sums in a fixed order; shared by the operations of this folder.
enum Elementwise {
    /// Values of a piece of cheap work (an addition, a comparison); below this a loop stays on one thread.
    static let cheapPiece = 1 << 16
    /// Values of a piece of costly work (an exponential).
    static let costlyPiece = 1 << 14

    /// A value from each value.
    static func map(
        _ x: Tensor, piece: Int = cheapPiece, _ body: @Sendable (Float) -> Float
    ) -> Tensor {
        Tensor.filled(x.shape) { y in
            x.reading { x in
                ParallelRange.forEach(count: x.count, piece: piece) { range in
                    for i in range { y[i] = body(x[i]) }
                }
            }
        }
    }

    /// A value from each two values at the same place.
    static func map(
        _ a: Tensor, _ b: Tensor, piece: Int = cheapPiece,
        _ body: @Sendable (Float, Float) -> Float
    ) -> Tensor {
        precondition(a.shape == b.shape, "shapes \(a.shape) and \(b.shape) differ")
        return Tensor.filled(a.shape) { y in
            reading(a, b) { a, b in
                ParallelRange.forEach(count: a.count, piece: piece) { range in
                    for i in range { y[i] = body(a[i], b[i]) }
                }
            }
        }
    }

    /// Values from values, a piece at a time: `body(x, y, count)`.
    static func mapPieces(
        _ x: Tensor, piece: Int = costlyPiece,
        _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    ) -> Tensor {
        Tensor.filled(x.shape) { y in
            x.reading { x in
                ParallelRange.forEach(count: x.count, piece: piece) {
                    body(x + $0.lowerBound, y + $0.lowerBound, $0.count)
                }
            }
        }
    }

    /// Values from two tensors, a piece at a time: `body(a, b, y, count)`.
    static func mapPieces(
        _ a: Tensor, _ b: Tensor, piece: Int = costlyPiece,
        _ body:
            @Sendable (
                UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
            ) -> Void
    ) -> Tensor {
        precondition(a.shape == b.shape, "shapes \(a.shape) and \(b.shape) differ")
        return Tensor.filled(a.shape) { y in
            reading(a, b) { a, b in
                ParallelRange.forEach(count: a.count, piece: piece) {
                    body(a + $0.lowerBound, b + $0.lowerBound, y + $0.lowerBound, $0.count)
                }
            }
        }
    }

    /// The sum of values that follow each other: sixteen lanes, then the lanes in order.
    static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var lanes = SIMD16<Float>(repeating: 0)
        let raw = UnsafeRawPointer(x)
        var i = 0
        while i + 16 <= count {
            lanes += raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self)
            i += 16
        }
        var total: Float = 0
        for lane in 0..<16 { total += lanes[lane] }
        while i < count {
            total += x[i]
            i += 1
        }
        return total
    }

    /// The sum of products of values at the same place, in the order of ``sum(_:_:)``.
    static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        var lanes = SIMD16<Float>(repeating: 0)
        let (rawA, rawB) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        var i = 0
        while i + 16 <= count {
            lanes +=
                rawA.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self)
                * rawB.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self)
            i += 16
        }
        var total: Float = 0
        for lane in 0..<16 { total += lanes[lane] }
        while i < count {
            total += a[i] * b[i]
            i += 1
        }
        return total
    }

    /// The sum of squared distances from a number, in the order of ``sum(_:_:)``.
    static func squares(_ x: UnsafePointer<Float>, _ count: Int, around mean: Float) -> Float {
        var lanes = SIMD16<Float>(repeating: 0)
        let raw = UnsafeRawPointer(x)
        var i = 0
        while i + 16 <= count {
            let d = raw.loadUnaligned(fromByteOffset: i * 4, as: SIMD16<Float>.self) - mean
            lanes += d * d
            i += 16
        }
        var total: Float = 0
        for lane in 0..<16 { total += lanes[lane] }
        while i < count {
            total += (x[i] - mean) * (x[i] - mean)
            i += 1
        }
        return total
    }

    /// The largest of one or more values.
    static func maximum(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
        var top = x[0]
        for i in 1..<max(count, 1) where x[i] > top { top = x[i] }
        return top
    }

    /// The sum of every column of rows that follow each other; rows are added in order.
    ///
    /// Divided over columns, so that the order of additions never depends on the threads.
    static func columnSums(_ x: Tensor, columns: Int) -> Tensor {
        let rows = columns == 0 ? 0 : x.count / columns
        return Tensor.accumulated([columns]) { y in
            x.reading { x in
                ParallelRange.forEach(count: columns, piece: columnPiece(rows: rows)) { range in
                    for row in 0..<rows {
                        let line = x + row * columns
                        for c in range { y[c] += line[c] }
                    }
                }
            }
        }
    }

    /// How many columns a piece has so that it holds about 65,536 values.
    static func columnPiece(rows: Int) -> Int { max(16, cheapPiece / max(rows, 1)) }

    /// How many rows a piece has so that it holds about `values` values.
    static func rowPiece(columns: Int, values: Int = costlyPiece) -> Int {
        max(1, values / max(columns, 1))
    }
}

extension Tensor {
    /// The last axis as columns, everything before it as rows.
    var rowsAndColumns: (rows: Int, columns: Int) {
        guard let columns = shape.last, columns > 0 else {
            preconditionFailure("rows of one value or more were expected, not shape \(shape)")
        }
        return (count / columns, columns)
    }

    /// The four dimensions of a batch of pictures.
    var nchw: (n: Int, c: Int, h: Int, w: Int) {
        precondition(shape.count == 4, "[N, C, H, W] was expected, not shape \(shape)")
        return (shape[0], shape[1], shape[2], shape[3])
    }
}
