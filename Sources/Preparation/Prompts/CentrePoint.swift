/// The most interior pixel of a region under the exact Euclidean distance.
///
/// Two passes give each pixel its distance to the nearest outside pixel in its column; the lower envelope of the parabolas
/// along each row turns them into exact squared distances. Rows that cannot beat the best so far are skipped.
///
/// - Source: Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012; Meijster et al. 2000 for the
///   integer form.
enum CentrePoint {
    /// The pixel, and its squared distance to the nearest pixel outside the region.
    static func exact(of region: Region) -> (x: Int, y: Int, squaredDistance: Int) {
        let width = region.paddedWidth
        let rows = region.height + 2
        var best = (x: region.x0, y: region.y0, squaredDistance: -1)
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: width * rows) { g in
            columnDistances(region, into: g)
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * width) { work in
                let sites = UnsafeMutableBufferPointer(rebasing: work[0..<width])
                let starts = UnsafeMutableBufferPointer(rebasing: work[width..<(2 * width)])
                for row in 1..<(rows - 1) {
                    let line = UnsafeMutableBufferPointer(
                        rebasing: g[(row * width)..<((row + 1) * width)])
                    var highest = 0
                    for value in line { highest = max(highest, Int(value)) }
                    if highest * highest <= best.squaredDistance { continue }
                    let found = farthest(line, sites, starts)
                    if found.squaredDistance > best.squaredDistance {
                        best = (
                            region.x0 + found.x - 1, region.y0 + row - 1, found.squaredDistance
                        )
                    }
                }
            }
        }
        return best
    }

    private static func columnDistances(
        _ region: Region, into g: UnsafeMutableBufferPointer<Int32>
    ) {
        let width = region.paddedWidth
        let rows = region.height + 2
        region.padded.withUnsafeBufferPointer { mask in
            for n in 0..<width { g[n] = 0 }
            for n in width..<(width * rows) {
                g[n] = mask[n] != 0 ? g[n - width] + 1 : 0
            }
            for n in stride(from: width * (rows - 1) - 1, through: 0, by: -1) {
                g[n] = min(g[n], g[n + width] + 1)
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
