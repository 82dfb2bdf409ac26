import MedicalImaging

/// The exact outline of the pixels of one region: what is inside is what the region's pixels cover, and nothing else.
///
/// A region is cut into its parts that hang together over edges. Each part is one polygon whose rings run along the edges of
/// pixels, with vertices only where they turn; the outer ring runs clockwise on the screen, holes run the other way.
/// Coordinates count from the corner of the first pixel. Rings are simple; holes may touch the outer ring in corners only.
struct MaskOutline: Hashable, Sendable {
    /// The value all pixels of the region have.
    var value: UInt32
    /// Its parts, in the order of their first pixels, row by row.
    var polygons: [PlanePolygon]

    /// Traces every region of a plane.
    ///
    /// - Parameters:
    ///   - values: The region of every pixel, row by row; 0 belongs to none. `rows * columns` numbers.
    ///   - rows: Rows of the plane.
    ///   - columns: Columns of the plane.
    /// - Returns: One outline per value that occurs, values ascending.
    /// - Complexity: O(pixels), whatever the number of regions.
    static func all(in values: [UInt32], rows: Int, columns: Int) -> [MaskOutline] {
        precondition(values.count == rows * columns)
        var tracer = OutlineTracer(values: values, rows: rows, columns: columns)
        return tracer.polygons().sorted { $0.key < $1.key }.map {
            MaskOutline(value: $0.key, polygons: $0.value)
        }
    }
}

/// Walks along the borders of regions.
private struct OutlineTracer {
    private let values: [UInt32]
    private let rows: Int
    private let columns: Int
    /// The part each pixel belongs to, from 1; 0 for pixels of no region.
    private var parts: [Int32]
    /// Whether a ring has run along the upper edge of a pixel.
    private var isTraced: [Bool]

    init(values: [UInt32], rows: Int, columns: Int) {
        self.values = values
        self.rows = rows
        self.columns = columns
        parts = [Int32](repeating: 0, count: values.count)
        isTraced = [Bool](repeating: false, count: values.count)
    }

    /// The polygons of every value.
    mutating func polygons() -> [UInt32: [PlanePolygon]] {
        numberParts()
        // Every ring runs along the upper edge of some pixel, the outer one along that of the first pixel of its part.
        var found: [(value: UInt32, polygon: PlanePolygon)] = []
        for y in 0..<rows {
            for x in 0..<columns {
                let at = y * columns + x
                let part = parts[at]
                guard part > 0, !isTraced[at], y == 0 || parts[at - columns] != part else {
                    continue
                }
                let ring = trace(part, x: x, y: y)
                if Int(part) > found.count {
                    found.append((values[at], PlanePolygon(outer: ring)))
                } else {
                    found[Int(part) - 1].polygon.holes.append(ring)
                }
            }
        }
        return Dictionary(grouping: found, by: \.value).mapValues { $0.map(\.polygon) }
    }

    /// Numbers the parts from 1 in the order of their first pixels, neighbours over edges.
    private mutating func numberParts() {
        var count: Int32 = 0
        var pending: [Int] = []
        for start in values.indices where values[start] != 0 && parts[start] == 0 {
            count += 1
            parts[start] = count
            pending.append(start)
            while let pixel = pending.popLast() {
                let (y, x) = (pixel / columns, pixel % columns)
                if x > 0 { visit(pixel - 1) }
                if x + 1 < columns { visit(pixel + 1) }
                if y > 0 { visit(pixel - columns) }
                if y + 1 < rows { visit(pixel + columns) }
            }
            func visit(_ next: Int) {
                if parts[next] == 0, values[next] == values[start] {
                    parts[next] = count
                    pending.append(next)
                }
            }
        }
    }

    /// Follows one ring from the upper left corner of a pixel to the right, the part at the right hand.
    private mutating func trace(_ part: Int32, x startX: Int, y startY: Int) -> [PlanePoint] {
        var ring: [PlanePoint] = []
        var (x, y) = (startX, startY)
        var (dx, dy) = (1, 0)
        repeat {
            if dx == 1 { isTraced[y * columns + x] = true }
            x += dx
            y += dy
            // The two pixels ahead of the corner that was reached. The hand at the right of (dx, dy) is (-dy, dx).
            let left = isInside(part, x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2)
            let right = isInside(part, x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2)
            guard left || !right else { continue }
            ring.append(PlanePoint(x: Double(x), y: Double(y)))
            // Where two pixels touch in a corner the ring goes over to the other one: the part hangs together elsewhere,
            // so that the corner separates a hole from the outside.
            (dx, dy) = left ? (dy, -dx) : (-dy, dx)
        } while x != startX || y != startY || dx != 1
        return ring
    }

    private func isInside(_ part: Int32, _ x: Int, _ y: Int) -> Bool {
        x >= 0 && y >= 0 && x < columns && y < rows && parts[y * columns + x] == part
    }
}
