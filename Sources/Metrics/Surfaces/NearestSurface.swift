/// The exact distance from every surface element of one mask to the nearest one of another.
///
/// Rows of the target are visited in the order of their distance until none can be nearer than the best found (Swift
/// twin of the usual "sort by row distance and prune" search). The work is bounded: a query that finds nothing within
/// ``RowOrder/limit``, and all queries once the visits cost more than a transform would, go to a
/// ``ColumnTransform``. Which way a query takes depends on the masks alone, and both give the same bits.
///
/// Cost: O(*b*) at worst for a joint bounding box of *b* points, usually a few rows per query. Memory: a bit per point
/// of the box, and 16 MB for the transform.
final class NearestSurface {
    /// The number of targets up to which all of them are tried.
    static let fewTargets = 8

    private let lattice: SurfaceLattice
    private let order: RowOrder
    private let target = TargetRows()
    private let transform = ColumnTransform()

    init(lattice: SurfaceLattice, order: RowOrder) {
        self.lattice = lattice
        self.order = order
    }

    /// Writes the distance of each query in scan order.
    ///
    /// - Parameters:
    ///   - queries: The elements to measure from.
    ///   - targets: The elements to measure to; not empty.
    ///   - cutoff: Distances above this only need to be above it; +infinity when all matter.
    ///   - out: Room for one value per query.
    func measure(
        from queries: SurfaceElements, to targets: SurfaceElements, cutoff: Double = .infinity,
        into out: UnsafeMutablePointer<Double>
    ) {
        if queries.count == 0 { return }
        if targets.count <= Self.fewTargets {
            tryAll(queries, targets, out)
            return
        }
        target.set(targets, for: queries, in: lattice)
        let open = search(queries, targets, cutoff, out)
        if open > 0 {
            transform.measure(
                open, of: queries, to: targets, target, lattice: lattice, into: out)
        }
        target.clear(targets, in: lattice)
    }

    private func tryAll(
        _ queries: SurfaceElements, _ targets: SurfaceElements,
        _ out: UnsafeMutablePointer<Double>
    ) {
        let height = lattice.height
        withSquares { squaresI, squaresJ, squaresK in
            for row in 0..<queries.rowCount {
                let (k, j) = queries.rows[row].line.quotientAndRemainder(dividingBy: height)
                for place in queries.rows[row].start..<queries.end(ofRow: row) {
                    out[place] = .infinity
                }
                for other in 0..<targets.rowCount {
                    let (k2, j2) = targets.rows[other].line.quotientAndRemainder(
                        dividingBy: height)
                    let (squaredJ, squaredK) = (squaresJ[abs(j - j2)], squaresK[abs(k - k2)])
                    for candidate in targets.rows[other].start..<targets.end(ofRow: other) {
                        let column = Int(targets.columns[candidate])
                        for place in queries.rows[row].start..<queries.end(ofRow: row) {
                            let squared = SurfaceLattice.squared(
                                squaresI[abs(Int(queries.columns[place]) - column)], squaredJ,
                                squaredK)
                            if squared < out[place] { out[place] = squared }
                        }
                    }
                }
            }
            for place in 0..<queries.count { out[place] = out[place].squareRoot() }
        }
    }

    @inline(__always)
    private func withSquares(
        _ body: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>) -> Void
    ) {
        lattice.squaresI.withUnsafeBufferPointer { i in
            lattice.squaresJ.withUnsafeBufferPointer { j in
                lattice.squaresK.withUnsafeBufferPointer { k in
                    if let i = i.baseAddress, let j = j.baseAddress, let k = k.baseAddress {
                        body(i, j, k)
                    }
                }
            }
        }
    }

    /// Searches row by row; a query that stays open gets -1.
    ///
    /// - Returns: How many queries stay open.
    private func search(
        _ queries: SurfaceElements, _ targets: SurfaceElements, _ cutoff: Double,
        _ out: UnsafeMutablePointer<Double>
    ) -> Int {
        // A transform looks at every target row, and fills every plane, once per column with queries.
        let columns = target.queryColumns
        let span = queries.rows[queries.rowCount - 1].line - queries.rows[0].line + 1
        let perColumn = targets.rowCount + min(span, lattice.height) * target.depth
        let (budget, tooMany) = columns.multipliedReportingOverflow(by: perColumn)
        var visitsLeft = tooMany ? Int.max : max(budget, 1 << 14)
        let bits = UnsafePointer(target.bits)
        let occupied = UnsafePointer(target.occupied)
        let (words, firstI) = (target.words, target.firstI)
        let (height, depth) = (UInt(target.height), UInt(target.depth))
        // Rows beyond the cutoff need no visit; a little more than the square, because squares are rounded.
        let cutoffSquared = cutoff * cutoff * (1 + 1e-9)
        let isCut = cutoffSquared < order.limit
        let limit = isCut ? .infinity : order.limit
        let stepCount =
            isCut
            ? order.steps.firstIndex { $0.squared > cutoffSquared } ?? order.steps.count
            : order.steps.count
        let columnsOfQueries = UnsafePointer(queries.columns)
        var open = 0
        order.steps.withUnsafeBufferPointer { steps in
            withSquares { squaresI, squaresJ, squaresK in
                guard let steps = steps.baseAddress else { return }
                for row in 0..<queries.rowCount {
                    let (start, end) = (queries.rows[row].start, queries.end(ofRow: row))
                    let (line, j0) = queries.rows[row].line.quotientAndRemainder(
                        dividingBy: lattice.height)
                    let (j, k) = (j0 - target.firstJ, line - target.firstK)
                    // The distance of the row to the box.
                    let outJ = max(0, -j, j - (target.height - 1))
                    let outK = max(0, -k, k - (target.depth - 1))
                    if visitsLeft < 0
                        || SurfaceLattice.squared(0, squaresJ[outJ], squaresK[outK]) > limit
                    {
                        for place in start..<end { out[place] = -1 }
                        open += end - start
                        continue
                    }
                    for place in start..<end {
                        let x = Int(columnsOfQueries[place]) - firstI
                        var best = Double.infinity
                        var visit = 0
                        while visit < stepCount {
                            let step = steps + visit
                            if step.pointee.squared >= best { break }
                            visit += 1
                            let rowJ = UInt(bitPattern: j + Int(step.pointee.j))
                            let rowK = UInt(bitPattern: k + Int(step.pointee.k))
                            if rowJ >= height || rowK >= depth { continue }
                            let at = Int(bitPattern: rowK &* height &+ rowJ)
                            if occupied[at] == 0 { continue }
                            let side = TargetRows.steps(bits + at &* words, words, x)
                            let squared = SurfaceLattice.squared(
                                squaresI[side], step.pointee.squaredJ, step.pointee.squaredK)
                            if squared < best { best = squared }
                        }
                        visitsLeft -= visit
                        if best <= limit {
                            out[place] = best.squareRoot()
                        } else {
                            out[place] = -1
                            open += 1
                        }
                    }
                }
            }
        }
        return open
    }
}
