/// Finds where the edges of a ring cross the rows of a frame.
///
/// Every rule that works along rows comes down to one whole number per edge and row: the first column that is no longer to
/// the left of the edge. It depends on the edge and the row alone, never on the frame, so that frames agree.
struct RowCrossings {
    /// Which of the rows that an edge ends on belong to it, and which side a pixel on it counts to.
    enum Ends {
        /// The upper one; a pixel on the edge is right of it.
        case upper
        /// The lower one; a pixel on the edge is left of it.
        case lower
    }

    let index: OutlineIndex
    let ring: OutlineIndex.Ring
    let frame: WindowFrame

    /// Looks at every edge that may touch a row of the frame, once, and if asked for at all edges above as well.
    @inline(__always)
    func forEachEdge(fromTop: Bool = false, _ body: (OutlineIndex.Edge) -> Void) {
        index.edges.withUnsafeBufferPointer { edges in
            let bands = ring.bands
            guard bands.count > 1 else {
                for n in ring.firstEdge..<(ring.firstEdge &+ ring.edgeCount) { body(edges[n]) }
                return
            }
            index.bandStarts.withUnsafeBufferPointer { starts in
                index.bandMembers.withUnsafeBufferPointer { members in
                    let first = fromTop ? 0 : bands.band(frame.levelZeroRow(frame.y - 3))
                    let last = bands.band(frame.levelZeroRow(frame.y + frame.height + 3))
                    for band in first...last {
                        let place = bands.start &+ band
                        for n in starts[place]..<starts[place &+ 1] {
                            let edge = edges[ring.firstEdge &+ Int(members[n])]
                            // Taken from the first band looked at that lists it.
                            if band == first || bands.band(min(edge.y0, edge.y1)) == band {
                                body(edge)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Crossings with the sample points of the pixels, `offset` from their corners.
    ///
    /// A point on an edge is right of it, or left of it if `isLeftOnEdge`; the upper end of an edge belongs to it.
    func find(offset: Double, isLeftOnEdge: Bool, into scratch: inout OutlineScratch) {
        let rows = frame.y..<(frame.y + frame.height)
        let frame = frame
        forEachEdge { edge in
            let y0 = frame.row(edge.y0) - offset
            let y1 = frame.row(edge.y1) - offset
            let row0 = ceilInt(y0)
            let row1 = ceilInt(y1)
            if row0 == row1 { return }
            let x0 = frame.column(edge.x0) - offset
            let x1 = frame.column(edge.x1) - offset
            // From the upper end down, so that an edge shared by two polygons gives one number.
            let down = row0 < row1
            let (xa, ya, xb, yb) = down ? (x0, y0, x1, y1) : (x1, y1, x0, y0)
            let from = max(down ? row0 : row1, rows.lowerBound)
            let to = min(down ? row1 : row0, rows.upperBound)
            var row = from
            while row < to {
                let aside = (Double(row) - ya) * (xb - xa)
                let x = xa + aside / (yb - ya)
                var column = floorInt(x)
                let beyond = x - Double(column)
                if beyond > 1e-6, beyond < 1 - 1e-6 {
                    column &+= 1
                } else {
                    // A sample point on the edge, or nearly: without the division that may round it off.
                    if beyond > 0.5 { column &+= 1 }
                    let here = (Double(column) - xa) * (yb - ya)
                    if isLeftOnEdge ? here <= aside : here < aside { column &+= 1 }
                }
                add(column, row, down, &scratch)
                row &+= 1
            }
        }
    }

    /// Crossings in the arithmetic of ASAP: single precision, and a cross product cut to a whole number.
    func findAsProgram(into scratch: inout OutlineScratch) {
        let rows = frame.y..<(frame.y + frame.height)
        let frame = frame
        forEachEdge { edge in
            let x0 = Float(frame.column(edge.x0))
            let y0 = Float(frame.row(edge.y0))
            let x1 = Float(frame.column(edge.x1))
            let y1 = Float(frame.row(edge.y1))
            let row0 = ceilInt(Double(y0))
            let row1 = ceilInt(Double(y1))
            if row0 == row1 { return }
            let down = row0 < row1
            let from = max(down ? row0 : row1, rows.lowerBound)
            let to = min(down ? row1 : row0, rows.upperBound)
            var row = from
            while row < to {
                let y = Float(row)
                /// Whether a pixel is far enough to the right of the edge for the program to see it there.
                func counts(_ column: Int) -> Bool {
                    let cross = (x1 - x0) * (y0 - y) - (Float(column) - x0) * (y0 - y1)
                    return down ? cross >= 1 : cross <= -1
                }
                let height = Double(y1) - Double(y0)
                let crossing =
                    Double(x0) + (Double(row) - Double(y0)) * (Double(x1) - Double(x0)) / height
                let estimate = crossing + 1 / abs(height)
                guard estimate < 0x1p50 else {
                    row &+= 1
                    continue
                }
                var column = ceilInt(estimate)
                // Roundings move it by a few columns at most.
                var steps = 0
                while steps < 1024, counts(column &- 1) {
                    column &-= 1
                    steps &+= 1
                }
                steps = 0
                while steps < 1024, !counts(column) {
                    column &+= 1
                    steps &+= 1
                }
                add(column, row, down, &scratch)
                row &+= 1
            }
        }
    }

    /// Crossings as `skimage.draw.polygon` counts them, with rows and columns at whole numbers.
    func find(ends: Ends, into scratch: inout OutlineScratch) {
        let rows = frame.y..<(frame.y + frame.height)
        let frame = frame
        forEachEdge { edge in
            let y0 = frame.row(edge.y0)
            let y1 = frame.row(edge.y1)
            let row0 = ends == .upper ? ceilInt(y0) : floorInt(y0) &+ 1
            let row1 = ends == .upper ? ceilInt(y1) : floorInt(y1) &+ 1
            if row0 == row1 { return }
            let x0 = frame.column(edge.x0)
            let x1 = frame.column(edge.x1)
            let down = row0 < row1
            let from = max(down ? row0 : row1, rows.lowerBound)
            let to = min(down ? row1 : row0, rows.upperBound)
            var row = from
            while row < to {
                let y = Double(row)
                /// Whether the crossing is right of a pixel (or, for lower ends, on it too).
                func isRight(_ column: Int) -> Bool {
                    let x = Double(column)
                    let cross = (x0 - x) * (y1 - y) - (x1 - x) * (y0 - y)
                    let place = cross / (y1 - y0)
                    return ends == .upper ? place > 0 : !(place < 0)
                }
                let crossing = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
                var column = ends == .upper ? ceilInt(crossing) : floorInt(crossing) &+ 1
                var steps = 0
                while steps < 4, !isRight(column &- 1) {
                    column &-= 1
                    steps &+= 1
                }
                steps = 0
                while steps < 4, isRight(column) {
                    column &+= 1
                    steps &+= 1
                }
                add(column, row, down, &scratch)
                row &+= 1
            }
        }
    }

    /// Notes a crossing; those right of the frame do not matter, those left of it all count from its first column.
    @inline(__always)
    private func add(_ column: Int, _ row: Int, _ down: Bool, _ scratch: inout OutlineScratch) {
        let place = column &- frame.x
        guard place < frame.width else { return }
        scratch.crossingRows.append(Int32(truncatingIfNeeded: row &- frame.y))
        scratch.crossingPlaces.append(
            Int32(truncatingIfNeeded: max(0, place)) &* 2 &+ (down ? 1 : 0))
    }
}

extension OutlineScratch {
    /// Turns the crossings found into runs of pixels: those with an odd number of crossings before them, or with as many
    /// crossings down as up missing.
    mutating func makeRuns(rows: Int, width: Int, winding: Bool) {
        sortCrossings(rows: rows)
        var n = 0
        for row in 0..<rows {
            let end = Int(rowStarts.memory[row])
            var count: Int32 = 0
            var start: Int32 = 0
            while n < end {
                let place = sorted.memory[n] >> 1
                if count != 0, place > start {
                    runs.append(
                        PixelRun(row: Int32(truncatingIfNeeded: row), start: start, end: place))
                }
                start = place
                if winding {
                    count &+= sorted.memory[n] & 1 == 1 ? 1 : -1
                } else {
                    count ^= 1
                }
                n &+= 1
            }
            let last = Int32(truncatingIfNeeded: width)
            if count != 0, last > start {
                runs.append(PixelRun(row: Int32(truncatingIfNeeded: row), start: start, end: last))
            }
        }
    }
}
