/// The surface elements that distances are taken to, as rows of bits in their bounding box: the nearest one in a row is
/// found by counting zeros.
///
/// One object serves many targets: memory is kept, and only the words that were set are cleared.
final class TargetRows {
    /// The first point of the box, and how many points it has.
    private(set) var firstI = 0
    private(set) var firstJ = 0
    private(set) var firstK = 0
    private(set) var height = 0
    private(set) var depth = 0
    /// From the first to the last column of the queries.
    private(set) var queryColumns = 0
    /// Words per row.
    private(set) var words = 0
    private(set) var bits: UnsafeMutablePointer<UInt64>
    /// Whether each row of the box has a bit.
    private(set) var occupied: UnsafeMutablePointer<UInt8>
    private var capacity = 0
    private var rowCapacity = 0

    init() {
        bits = .allocate(capacity: 1)
        occupied = .allocate(capacity: 1)
    }

    deinit {
        bits.deallocate()
        occupied.deallocate()
    }

    /// Sets the bits of the targets; columns of the queries fit in, too.
    func set(_ targets: SurfaceElements, for queries: SurfaceElements, in lattice: SurfaceLattice) {
        var (lowJ, highJ) = (Int.max, -1)
        let (ofQueries, ofTargets) = (Self.columns(of: queries), Self.columns(of: targets))
        let lowI = min(ofQueries.lowerBound, ofTargets.lowerBound)
        let highI = max(ofQueries.upperBound, ofTargets.upperBound)
        for place in 0..<targets.rowCount {
            let j = targets.rows[place].line % lattice.height
            lowJ = min(lowJ, j)
            highJ = max(highJ, j)
        }
        queryColumns = ofQueries.count
        firstI = lowI
        firstJ = lowJ
        firstK = targets.rows[0].line / lattice.height
        height = highJ - lowJ + 1
        depth = targets.rows[targets.rowCount - 1].line / lattice.height - firstK + 1
        words = (highI - lowI) >> 6 + 1
        reserve(height * depth)
        let (bits, occupied) = (self.bits, self.occupied)
        forEachRow(of: targets, in: lattice) { row, start, end in
            occupied[row] = 1
            let base = bits + row * words
            for place in start..<end {
                let x = Int(targets.columns[place]) - firstI
                base[x >> 6] |= 1 << UInt64(truncatingIfNeeded: x & 63)
            }
        }
    }

    /// From the first to the last column of some elements.
    private static func columns(of elements: SurfaceElements) -> ClosedRange<Int> {
        var (low, high) = (UInt32.max, UInt32.min)
        for place in 0..<elements.rowCount {
            low = min(low, elements.columns[elements.rows[place].start])
            high = max(high, elements.columns[elements.end(ofRow: place) - 1])
        }
        return Int(low)...Int(max(low, high))
    }

    /// Clears the bits of the same targets.
    func clear(_ targets: SurfaceElements, in lattice: SurfaceLattice) {
        let (bits, occupied) = (self.bits, self.occupied)
        forEachRow(of: targets, in: lattice) { row, _, _ in
            occupied[row] = 0
            (bits + row * words).update(repeating: 0, count: words)
        }
    }

    @inline(__always)
    private func forEachRow(
        of targets: SurfaceElements, in lattice: SurfaceLattice,
        _ body: (_ row: Int, _ start: Int, _ end: Int) -> Void
    ) {
        for place in 0..<targets.rowCount {
            let (k, j) = targets.rows[place].line.quotientAndRemainder(
                dividingBy: lattice.height)
            body(
                (k - firstK) * height + (j - firstJ), targets.rows[place].start,
                targets.end(ofRow: place))
        }
    }

    private func reserve(_ rows: Int) {
        if rows > rowCapacity {
            occupied.deallocate()
            occupied = .allocate(capacity: rows)
            occupied.initialize(repeating: 0, count: rows)
            rowCapacity = rows
        }
        if rows * words > capacity {
            bits.deallocate()
            bits = .allocate(capacity: rows * words)
            bits.initialize(repeating: 0, count: rows * words)
            capacity = rows * words
        }
    }

    /// How many steps along i the nearest bit of a row lies from a column; the row has a bit.
    @inline(__always)
    static func steps(_ row: UnsafePointer<UInt64>, _ words: Int, _ x: Int) -> Int {
        let word = x >> 6
        let place = UInt64(truncatingIfNeeded: x & 63)
        var best = Int.max
        let up = row[word] >> place
        if up != 0 {
            best = up.trailingZeroBitCount
            if best == 0 { return 0 }
        } else {
            var next = word + 1
            while next < words {
                if row[next] != 0 {
                    best = next << 6 + row[next].trailingZeroBitCount - x
                    break
                }
                next += 1
            }
        }
        let down = row[word] << (63 - place)
        if down != 0 { return min(best, down.leadingZeroBitCount) }
        var next = word - 1
        while next >= 0 && x - (next << 6 + 63) < best {
            if row[next] != 0 {
                return min(best, x - (next << 6 + 63 - row[next].leadingZeroBitCount))
            }
            next -= 1
        }
        return best
    }
}
