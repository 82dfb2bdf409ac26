/// The most interior pixel of a region under the exact Euclidean distance.
///
/// Two passes give each pixel its distance to the nearest outside pixel in its column; the lower envelope of the parabolas
/// along each row turns them into exact squared distances. No pixel is farther from the outside than it is along its
/// column, or from the sides of the box: the most promising row is worked out first, and rows that cannot beat it are
/// skipped, which are nearly all.
///
/// - Source: Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012; Meijster et al. 2000 for the
///   integer form.
enum CentrePoint {
    /// The pixel, and its squared distance to the nearest pixel outside the region.
    ///
    /// Pixels beyond the border of the image are outside. Among equals the first counts, row by row.
    static func exact(of region: Region) -> (x: Int, y: Int, squaredDistance: Int) {
        let width = region.paddedWidth
        let rows = region.height + 2
        var best = (x: 0, row: 0, squaredDistance: 0)
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: (width + 1) * rows) { memory in
            let g = UnsafeMutableBufferPointer(rebasing: memory[0..<(width * rows)])
            let bounds = UnsafeMutableBufferPointer(rebasing: memory[(width * rows)...])
            columnDistances(region, into: g, bounds: bounds)
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * width) { work in
                let sites = UnsafeMutableBufferPointer(rebasing: work[0..<width])
                let starts = UnsafeMutableBufferPointer(rebasing: work[width..<(2 * width)])
                func beats(_ squaredDistance: Int, _ row: Int) -> Bool {
                    squaredDistance > best.squaredDistance
                        || squaredDistance == best.squaredDistance && row < best.row
                }
                func visit(_ row: Int) {
                    let bound = Int(bounds[row])
                    guard beats(bound * bound, row) else { return }
                    let line = UnsafeMutableBufferPointer(
                        rebasing: g[(row * width)..<((row + 1) * width)])
                    let found = farthest(line, sites, starts)
                    if beats(found.squaredDistance, row) {
                        best = (found.x, row, found.squaredDistance)
                    }
                }
                var likely = 1
                for row in 1..<(rows - 1) where bounds[row] > bounds[likely] { likely = row }
                visit(likely)
                for row in 1..<(rows - 1) where row != likely { visit(row) }
            }
        }
        return (region.x0 + best.x - 1, region.y0 + best.row - 1, best.squaredDistance)
    }

    /// Fills in each pixel's distance along its column, and for each row what none of its pixels can exceed.
    ///
    /// Row by row, so that the loops run over many columns at once.
    private static func columnDistances(
        _ region: Region, into g: UnsafeMutableBufferPointer<Int32>,
        bounds: UnsafeMutableBufferPointer<Int32>
    ) {
        let width = region.paddedWidth
        let rows = region.height + 2
        region.padded.withUnsafeBufferPointer { mask in
            for n in 0..<width {
                g[n] = 0
                g[width * (rows - 1) + n] = 0
            }
            for row in 1..<(rows - 1) {
                let first = row * width
                for n in first..<(first + width) {
                    g[n] = mask[n] != 0 ? g[n &- width] &+ 1 : 0
                }
            }
            for row in stride(from: rows - 2, to: 0, by: -1) {
                let first = row * width
                var bound: Int32 = 0
                for x in 0..<width {
                    let n = first &+ x
                    let down = g[n &+ width] &+ 1
                    let distance = down < g[n] ? down : g[n]
                    g[n] = distance
                    let left = Int32(truncatingIfNeeded: x)
                    let right = Int32(truncatingIfNeeded: width &- 1 &- x)
                    let side = left < right ? left : right
                    let limit = side < distance ? side : distance
                    bound = limit > bound ? limit : bound
                }
                bounds[row] = bound
            }
        }
    }

    /// The leftmost maximum of the row's squared distances.
    private static func farthest(
        _ g: UnsafeMutableBufferPointer<Int32>, _ sites: UnsafeMutableBufferPointer<Int>,
        _ starts: UnsafeMutableBufferPointer<Int>
    ) -> (x: Int, squaredDistance: Int) {
        func cost(_ x: Int, _ site: Int) -> Int {
            let d = x - site
            let h = Int(g[site])
            return d * d + h * h
        }
        var top = 0
        sites[0] = 0
        starts[0] = 0
        for u in 1..<g.count {
            while top >= 0, cost(starts[top], sites[top]) > cost(starts[top], u) { top -= 1 }
            if top < 0 {
                top = 0
                sites[0] = u
                starts[0] = 0
            } else {
                let s = sites[top]
                let (gu, gs) = (Int(g[u]), Int(g[s]))
                let start = 1 + (u * u - s * s + gu * gu - gs * gs) / (2 * (u - s))
                if start < g.count {
                    top += 1
                    sites[top] = u
                    starts[top] = start
                }
            }
        }
        var best = (x: 0, squaredDistance: -1)
        for x in stride(from: g.count - 1, through: 0, by: -1) {
            let d = cost(x, sites[top])
            if d >= best.squaredDistance { best = (x, d) }
            if x == starts[top] { top -= 1 }
        }
        return best
    }
}
