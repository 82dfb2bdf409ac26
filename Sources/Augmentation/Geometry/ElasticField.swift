import MedicalImaging

/// A smooth random displacement of every pixel.
///
/// White noise, one 32-bit word of the generator per pixel: 16 bits for x, 16 for y. It is smoothed along rows, then along
/// columns, by three extended boxes, whose joint variance is exactly `smoothness` squared. The picture is taken to repeat
/// at its borders, so that displacements are as large there as in its middle.
/// Everything is added in one fixed order: the same bits on every machine.
///
/// - Source: Gwosdek, Grewenig, Bruhn and Weickert, "Theoretical foundations of Gaussian convolution by extended box
///   filtering", 2011.
struct ElasticField {
    let rows: Int
    let columns: Int
    /// Displacement to the right, in pixels, `[row][column]`.
    private(set) var x: [Float]
    /// Displacement down, in pixels, `[row][column]`.
    private(set) var y: [Float]

    /// Sixteen lines are smoothed at once, one per lane.
    typealias Lanes = SIMD16<Float>
    static let stream: UInt32 = 0x454C_4153

    /// Draws and smooths a field.
    ///
    /// - Parameters:
    ///   - rows: Number of rows.
    ///   - columns: Number of columns.
    ///   - amplitude: Root mean square of the length of the displacements, in pixels.
    ///   - smoothness: Standard deviation of the smoothing, in pixels.
    ///   - seed: Key of the generator; row `r` is its stream `r`.
    init(rows: Int, columns: Int, amplitude: Double, smoothness: Double, seed: UInt64) {
        self.rows = rows
        self.columns = columns
        let box = ElasticBox(smoothness: smoothness)
        let strips = (columns + 15) / 16
        // strips of sixteen columns: [strip][row], a lane per column
        var across = [Lanes](repeating: Lanes(), count: strips * rows)
        var down = across
        Self.drawRows(
            rows: rows, columns: columns, box: box, seed: seed, across: &across, down: &down)

        var spare = [Lanes](repeating: Lanes(), count: rows)
        var squares = 0.0
        for strip in 0..<strips {
            let part = strip * rows..<(strip + 1) * rows
            let used = min(16, columns - strip * 16)
            for lines in 0..<2 {
                func smooth(_ field: inout [Lanes]) {
                    field.withUnsafeMutableBufferPointer { field in
                        spare.withUnsafeMutableBufferPointer { spare in
                            box.smooth(.init(rebasing: field[part]), spare: spare)
                        }
                        for line in part {
                            for lane in 0..<used {
                                let value = Double(field[line][lane])
                                squares += value * value
                            }
                        }
                    }
                }
                if lines == 0 { smooth(&across) } else { smooth(&down) }
            }
        }
        let length = (squares / Double(rows * columns)).squareRoot()
        let scale = length > 0 ? Float(amplitude / length) : 0
        x = Self.rowMajor(across, rows: rows, columns: columns, scale: scale)
        y = Self.rowMajor(down, rows: rows, columns: columns, scale: scale)
    }

    /// Draws the noise, smooths it along the rows, and leaves it in strips of columns.
    private static func drawRows(
        rows: Int, columns: Int, box: ElasticBox, seed: UInt64,
        across: inout [Lanes], down: inout [Lanes]
    ) {
        var noise = (
            x: [Lanes](repeating: Lanes(), count: columns),
            y: [Lanes](repeating: Lanes(), count: columns)
        )
        var spare = [Lanes](repeating: Lanes(), count: columns)
        func transpose(_ lines: inout [Lanes], to field: inout [Lanes], row first: Int) {
            lines.withUnsafeMutableBufferPointer { lines in
                spare.withUnsafeMutableBufferPointer { box.smooth(lines, spare: $0) }
                field.withUnsafeMutableBytes { bytes in
                    let values = bytes.bindMemory(to: Float.self)
                    for column in 0..<columns {
                        let line = lines[column]
                        let start = ((column >> 4) * rows + first) * 16 + (column & 15)
                        for lane in 0..<min(16, rows - first) {
                            values[start + lane * 16] = line[lane]
                        }
                    }
                }
            }
        }
        for first in stride(from: 0, to: rows, by: 16) {
            noise.x.withUnsafeMutableBytes { x in
                noise.y.withUnsafeMutableBytes { y in
                    let (x, y) = (x.bindMemory(to: Float.self), y.bindMemory(to: Float.self))
                    for lane in 0..<min(16, rows - first) {
                        let row = UInt32(truncatingIfNeeded: first + lane)
                        var random = RandomSource(seed: seed, stream: (row, 0, stream))
                        for column in 0..<columns {
                            let word = random.next()
                            // the half makes the noise symmetric; its scale does not matter
                            x[column * 16 + lane] = Float(Int16(truncatingIfNeeded: word)) + 0.5
                            y[column * 16 + lane] =
                                Float(Int16(truncatingIfNeeded: word >> 16)) + 0.5
                        }
                    }
                }
            }
            transpose(&noise.x, to: &across, row: first)
            transpose(&noise.y, to: &down, row: first)
        }
    }

    private static func rowMajor(
        _ field: [Lanes], rows: Int, columns: Int, scale: Float
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: rows * columns) { result, count in
            field.withUnsafeBytes { bytes in
                let values = bytes.bindMemory(to: Float.self)
                for row in 0..<rows {
                    for column in 0..<columns {
                        let value = values[((column >> 4) * rows + row) * 16 + (column & 15)]
                        result.initializeElement(at: row * columns + column, to: value * scale)
                    }
                }
            }
            count = rows * columns
        }
    }

    /// The displacement at any position: linear between pixels, that of the border outside.
    func displacement(x: Double, y: Double) -> (x: Double, y: Double) {
        let column = min(max(x, 0), Double(columns - 1))
        let row = min(max(y, 0), Double(rows - 1))
        let (left, top) = (Int(column), Int(row))
        let (right, bottom) = (min(left + 1, columns - 1), min(top + 1, rows - 1))
        let (fx, fy) = (column - Double(left), row - Double(top))
        func mixed(_ field: [Float]) -> Double {
            let upper =
                (1 - fx) * Double(field[top * columns + left])
                + fx * Double(field[top * columns + right])
            let lower =
                (1 - fx) * Double(field[bottom * columns + left])
                + fx * Double(field[bottom * columns + right])
            return (1 - fy) * upper + fy * lower
        }
        return (mixed(self.x), mixed(self.y))
    }

    /// Where a point of the picture comes to lie: the position whose displacement leads to the point.
    ///
    /// Fixed-point iteration by half steps, until the displacement leads within 0.01 pixels of the point, at most 200 times.
    /// Half steps converge wherever the field neither folds nor stretches more than fourfold; in a fold, where several
    /// positions show the point, the last iterate is returned.
    func position(ofX x: Double, y: Double) -> (Double, Double) {
        // a point that is no number, or nowhere near the picture, would not converge
        guard x.magnitude < 1e9, y.magnitude < 1e9 else { return (x, y) }
        var found = (x: x, y: y)
        for _ in 0..<200 {
            let step = displacement(x: found.x, y: found.y)
            let miss = (x: x - found.x - step.x, y: y - found.y - step.y)
            if miss.x * miss.x + miss.y * miss.y <= 0.0001 { break }
            found.x += 0.5 * miss.x
            found.y += 0.5 * miss.y
        }
        return (found.x, found.y)
    }
}
