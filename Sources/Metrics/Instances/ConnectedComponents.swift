import MedicalImaging

/// The connected parts of a mask, numbered from 1 in the order in which their first voxels lie (i fastest).
public struct ConnectedComponents: Sendable {
    /// Which voxels belong together; in a picture (one slice) an edge and a corner are the same.
    public typealias Connectivity = SurfaceDefinition.Connectivity

    /// The number of the part of every voxel, 0 outside of the mask.
    public let labels: [Int32]
    /// The voxels of every part; part *n* is at place *n* - 1.
    public let sizes: [Int]

    /// How many parts there are.
    public var count: Int { sizes.count }

    /// Numbers the connected parts of a mask.
    ///
    /// - Parameters:
    ///   - mask: One value per voxel, i fastest; everything but 0 is inside.
    ///   - shape: Voxels along each axis; a picture has 1 along k.
    ///   - connectivity: Which voxels belong together.
    /// - Returns: The parts; none for an empty mask. The same for every run and machine.
    /// - Throws: ``MetricError`` when the mask does not fit the shape, or has 2^31 or more runs of voxels.
    /// - Complexity: O(*n*) for *n* voxels: runs are joined row by row (union-find). Memory is 4 bytes per voxel and 12
    ///   per run.
    public static func label(
        mask: [UInt8], shape: GridShape, connectivity: Connectivity
    ) throws(MetricError) -> ConnectedComponents {
        let grid = try MaskGrid(shape: shape)
        guard mask.count == grid.count else {
            throw .sizeMismatch(what: "mask", found: mask.count, expected: grid.count)
        }
        var runs = try MaskRuns(mask: mask, shape: shape)
        runs.join(connectivity, shape)
        return runs.components(count: mask.count, shape)
    }
}

/// The rows of a mask as runs of voxels, and a forest over them that grows together.
private struct MaskRuns {
    /// First voxel and end of every run, within its row.
    private var starts: [Int32] = []
    private var ends: [Int32] = []
    /// Where the runs of a row begin; one more than there are rows.
    private var rows: [Int] = [0]
    /// Points to an earlier run of the same part, or to itself.
    private var parents: [Int32] = []

    init(mask: [UInt8], shape: GridShape) throws(MetricError) {
        guard shape.i <= Int(Int32.max) else {
            throw .invalidGrid(found: "\(shape.i) voxels along i", expected: "below 2^31")
        }
        rows.reserveCapacity(shape.j * shape.k + 1)
        mask.withUnsafeBufferPointer { mask in
            for row in 0..<shape.j * shape.k {
                let base = row * shape.i
                var i = 0
                while i < shape.i {
                    if mask[base + i] == 0 {
                        i += 1
                        continue
                    }
                    starts.append(Int32(i))
                    while i < shape.i, mask[base + i] != 0 { i += 1 }
                    ends.append(Int32(i))
                }
                rows.append(starts.count)
            }
        }
        guard starts.count < Int(Int32.max) else {
            throw .invalidArgument(
                name: "mask", found: "\(starts.count) runs of voxels", expected: "below 2^31")
        }
        parents = (0..<Int32(starts.count)).map { $0 }
    }

    /// Joins the runs of rows that touch; `slack` 1 lets a run touch one voxel beyond its ends.
    mutating func join(_ connectivity: ConnectedComponents.Connectivity, _ shape: GridShape) {
        // Earlier rows among the neighbours of a row: step along j and k, and whether i may differ too.
        var neighbours: [(j: Int, k: Int, slack: Int32)]
        switch connectivity {
        case .face: neighbours = [(-1, 0, 0), (0, -1, 0)]
        case .edge: neighbours = [(-1, 0, 1), (0, -1, 1), (-1, -1, 0), (1, -1, 0)]
        case .corner: neighbours = [(-1, 0, 1), (0, -1, 1), (-1, -1, 1), (1, -1, 1)]
        }
        if shape.k == 1 { neighbours.removeAll { $0.k != 0 } }
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for step in neighbours {
                    let (j2, k2) = (j + step.j, k + step.k)
                    guard k2 >= 0, j2 >= 0, j2 < shape.j else { continue }
                    joinRows(k * shape.j + j, k2 * shape.j + j2, step.slack)
                }
            }
        }
    }

    private mutating func joinRows(_ row: Int, _ other: Int, _ slack: Int32) {
        var (a, b) = (rows[row], rows[other])
        let (endA, endB) = (rows[row + 1], rows[other + 1])
        while a < endA, b < endB {
            if starts[a] < ends[b] + slack, starts[b] < ends[a] + slack { unite(a, b) }
            if ends[a] < ends[b] { a += 1 } else { b += 1 }
        }
    }

    private mutating func unite(_ a: Int, _ b: Int) {
        let (x, y) = (root(Int32(a)), root(Int32(b)))
        // The earlier run stays the root, so that numbers follow the order of first voxels.
        if x < y { parents[Int(y)] = x } else { parents[Int(x)] = y }
    }

    private mutating func root(_ run: Int32) -> Int32 {
        var x = run
        while parents[Int(x)] != x {
            parents[Int(x)] = parents[Int(parents[Int(x)])]
            x = parents[Int(x)]
        }
        return x
    }

    mutating func components(count: Int, _ shape: GridShape) -> ConnectedComponents {
        var numbers = [Int32](repeating: 0, count: starts.count)
        var sizes: [Int] = []
        var labels = [Int32](repeating: 0, count: count)
        for row in 0..<shape.j * shape.k {
            for run in rows[row]..<rows[row + 1] {
                let top = Int(root(Int32(run)))
                if numbers[top] == 0 {
                    sizes.append(0)
                    numbers[top] = Int32(sizes.count)
                }
                let number = numbers[top]
                sizes[Int(number) - 1] += Int(ends[run] - starts[run])
                let base = row * shape.i
                for i in base + Int(starts[run])..<base + Int(ends[run]) { labels[i] = number }
            }
        }
        return ConnectedComponents(labels: labels, sizes: sizes)
    }
}
