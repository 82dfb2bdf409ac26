/// The exact distance transform of the targets' box, sampled at the queries: what bounds the work when masks lie far
/// apart.
///
/// It solves one column (one i) at a time: the nearest target in each row comes from the bits, lower envelopes of
/// parabolas follow along j and along k (Felzenszwalb and Huttenlocher 2012), and only places that lead to a query are
/// sampled. So no field of distances is stored.
///
/// Cost: O(*c* (*r* + *j* *k*)) for *c* columns with queries, *r* target rows, and *j* different rows of queries in *k*
/// planes of targets. Memory: 24 bytes per query of about a million at a time.
struct ColumnTransform {
    /// The most queries that are sorted at once.
    private static let chunk = 1 << 19
    /// Up to how many places trying all targets is cheaper than an envelope.
    private static let few = 4

    private struct Query {
        let j: Int
        let k: Int
        let place: Int
    }

    /// Where a row of targets lies.
    private struct TargetRow {
        let j: Int
        let bits: Int
    }

    /// Replaces every -1 among the distances.
    ///
    /// - Parameters:
    ///   - open: How many queries there are with -1.
    ///   - queries: The elements to measure from.
    ///   - targets: The elements to measure to.
    ///   - box: The same targets as bits; its columns include those of the queries.
    ///   - lattice: Where the elements lie.
    ///   - out: One value per query.
    func measure(
        _ open: Int, of queries: SurfaceElements, to targets: SurfaceElements, _ box: TargetRows,
        lattice: SurfaceLattice, into out: UnsafeMutablePointer<Double>
    ) {
        let width = box.words * 64
        var counts = [Int](repeating: 0, count: width + 1)
        for place in 0..<queries.count where out[place] < 0 {
            counts[Int(queries.columns[place]) - box.firstI] += 1
        }
        lattice.squaresI.withUnsafeBufferPointer { squaresI in
            lattice.squaresJ.withUnsafeBufferPointer { squaresJ in
                lattice.squaresK.withUnsafeBufferPointer { squaresK in
                    guard let squaresI = squaresI.baseAddress, let squaresJ = squaresJ.baseAddress,
                        let squaresK = squaresK.baseAddress
                    else { return }
                    var solver = Solver(
                        lattice: lattice, targets: targets, box: box, squaresI: squaresI,
                        squaresJ: squaresJ, squaresK: squaresK)
                    defer { solver.deallocate() }
                    var first = 0
                    while first < width {
                        var end = first
                        var sum = 0
                        while end < width && (end == first || sum + counts[end] <= Self.chunk) {
                            sum += counts[end]
                            end += 1
                        }
                        if sum > 0 {
                            solver.solve(
                                first..<end, counts: counts, sum, of: queries, into: out)
                        }
                        first = end
                    }
                }
            }
        }
    }

    /// The memory of one run.
    private struct Solver {
        let height: Int
        let box: TargetRows
        let squaresI: UnsafePointer<Double>
        let squaresJ: UnsafePointer<Double>
        let squaresK: UnsafePointer<Double>
        /// The rows of targets, and where each plane of them begins.
        private var rows: [TargetRow] = []
        private var planes: [(k: Int, start: Int)] = []
        private var alongJ: ParabolaEnvelope
        private var alongK: ParabolaEnvelope
        /// The least value in each plane at each row of queries; rows fastest.
        private var field: UnsafeMutablePointer<Double>
        /// Values from one plane of the field to the next.
        private var stride: Int
        private var places: [Int] = []
        private var firsts: [Int] = []
        private var distinct: [Int] = []

        init(
            lattice: SurfaceLattice, targets: SurfaceElements, box: TargetRows,
            squaresI: UnsafePointer<Double>, squaresJ: UnsafePointer<Double>,
            squaresK: UnsafePointer<Double>
        ) {
            height = lattice.height
            self.box = box
            self.squaresI = squaresI
            self.squaresJ = squaresJ
            self.squaresK = squaresK
            alongJ = ParabolaEnvelope(squares: squaresJ, count: lattice.height)
            alongK = ParabolaEnvelope(squares: squaresK, count: lattice.depth)
            // No multiple of a power of 2: planes would share the same few lines of the cache.
            stride = (lattice.height + 7) / 8 * 8 + 8
            field = .allocate(capacity: stride * lattice.depth)
            rows.reserveCapacity(targets.rowCount)
            for place in 0..<targets.rowCount {
                let (k, j) = targets.rows[place].line.quotientAndRemainder(dividingBy: height)
                if planes.last?.k != k { planes.append((k, place)) }
                let row = (k - box.firstK) * box.height + (j - box.firstJ)
                rows.append(TargetRow(j: j, bits: row * box.words))
            }
        }

        func deallocate() {
            alongJ.deallocate()
            alongK.deallocate()
            field.deallocate()
        }

        /// Solves the queries of some columns.
        mutating func solve(
            _ columns: Range<Int>, counts: [Int], _ sum: Int, of queries: SurfaceElements,
            into out: UnsafeMutablePointer<Double>
        ) {
            var heads = [Int](repeating: 0, count: columns.count)
            var total = 0
            for column in columns {
                heads[column - columns.lowerBound] = total
                total += counts[column]
            }
            let sorted = UnsafeMutablePointer<Query>.allocate(capacity: sum)
            defer { sorted.deallocate() }
            let firstI = box.firstI
            for row in 0..<queries.rowCount {
                let (k, j) = queries.rows[row].line.quotientAndRemainder(dividingBy: height)
                for place in queries.rows[row].start..<queries.end(ofRow: row)
                where out[place] < 0 {
                    let column = Int(queries.columns[place]) - firstI - columns.lowerBound
                    if column < 0 || column >= columns.count { continue }
                    sorted[heads[column]] = Query(j: j, k: k, place: place)
                    heads[column] += 1
                }
            }
            for column in columns where counts[column] > 0 {
                let end = heads[column - columns.lowerBound]
                solve(column, sorted + (end - counts[column]), counts[column], out)
            }
        }

        /// Solves the queries of one column, which are in the order of k, then j.
        private mutating func solve(
            _ x: Int, _ queries: UnsafeMutablePointer<Query>, _ count: Int,
            _ out: UnsafeMutablePointer<Double>
        ) {
            if count <= ColumnTransform.few {
                tryAll(x, queries, count, out)
                return
            }
            group(queries, count)
            for plane in planes.indices {
                let end = plane + 1 < planes.count ? planes[plane + 1].start : rows.count
                fillPlane(x, planes[plane].start..<end, field + plane * stride)
            }
            for group in distinct.indices {
                samplePlanes(group, queries, out)
            }
        }

        /// Puts the queries in the order of j: `places`, with the first of each different j in `firsts`.
        private mutating func group(_ queries: UnsafeMutablePointer<Query>, _ count: Int) {
            var (low, high) = (queries[0].j, queries[0].j)
            for place in 0..<count {
                low = min(low, queries[place].j)
                high = max(high, queries[place].j)
            }
            var heads = [Int](repeating: 0, count: high - low + 1)
            for place in 0..<count { heads[queries[place].j - low] += 1 }
            distinct.removeAll(keepingCapacity: true)
            firsts.removeAll(keepingCapacity: true)
            var sum = 0
            for j in 0...(high - low) where heads[j] > 0 {
                distinct.append(j + low)
                firsts.append(sum)
                (heads[j], sum) = (sum, sum + heads[j])
            }
            firsts.append(sum)
            if places.count < count { places = [Int](repeating: 0, count: count) }
            for place in 0..<count {
                let j = queries[place].j - low
                places[heads[j]] = place
                heads[j] += 1
            }
        }

        /// The least value in one plane of targets, at every different j of the queries.
        private func fillPlane(
            _ x: Int, _ range: Range<Int>, _ values: UnsafeMutablePointer<Double>
        ) {
            let bits = UnsafePointer(box.bits)
            let words = box.words
            if distinct.count <= ColumnTransform.few {
                for (group, j) in distinct.enumerated() {
                    var best = Double.infinity
                    for place in range {
                        let side = TargetRows.steps(bits + rows[place].bits, words, x)
                        best = min(best, squaresI[side] + squaresJ[abs(j - rows[place].j)])
                    }
                    values[group] = best
                }
                return
            }
            // A copy, whose fields the optimiser can keep in registers.
            var envelope = alongJ
            envelope.removeAll()
            rows.withUnsafeBufferPointer { rows in
                for place in range {
                    let side = TargetRows.steps(bits + rows[place].bits, words, x)
                    envelope.append(rows[place].j, squaresI[side])
                }
            }
            distinct.withUnsafeBufferPointer { distinct in
                for group in distinct.indices { values[group] = envelope.sample(distinct[group]) }
            }
        }

        /// The least value over the planes, for the queries with one j.
        private func samplePlanes(
            _ group: Int, _ queries: UnsafeMutablePointer<Query>,
            _ out: UnsafeMutablePointer<Double>
        ) {
            let (first, end) = (firsts[group], firsts[group + 1])
            if end - first <= ColumnTransform.few {
                for place in first..<end {
                    let query = queries[places[place]]
                    var best = Double.infinity
                    for plane in planes.indices {
                        best = min(
                            best,
                            field[plane * stride + group] + squaresK[abs(query.k - planes[plane].k)]
                        )
                    }
                    out[query.place] = best.squareRoot()
                }
                return
            }
            var envelope = alongK
            envelope.removeAll()
            planes.withUnsafeBufferPointer { planes in
                for plane in planes.indices {
                    envelope.append(planes[plane].k, field[plane * stride + group])
                }
            }
            places.withUnsafeBufferPointer { places in
                for place in first..<end {
                    let query = queries[places[place]]
                    out[query.place] = envelope.sample(query.k).squareRoot()
                }
            }
        }

        private func tryAll(
            _ x: Int, _ queries: UnsafeMutablePointer<Query>, _ count: Int,
            _ out: UnsafeMutablePointer<Double>
        ) {
            let bits = UnsafePointer(box.bits)
            let words = box.words
            for query in 0..<count { out[queries[query].place] = .infinity }
            for plane in planes.indices {
                let end = plane + 1 < planes.count ? planes[plane + 1].start : rows.count
                for place in planes[plane].start..<end {
                    let squaredI =
                        squaresI[TargetRows.steps(bits + rows[place].bits, words, x)]
                    for query in 0..<count {
                        let squared = SurfaceLattice.squared(
                            squaredI, squaresJ[abs(queries[query].j - rows[place].j)],
                            squaresK[abs(queries[query].k - planes[plane].k)])
                        let at = queries[query].place
                        if squared < out[at] { out[at] = squared }
                    }
                }
            }
            for query in 0..<count {
                out[queries[query].place] = out[queries[query].place].squareRoot()
            }
        }
    }
}
