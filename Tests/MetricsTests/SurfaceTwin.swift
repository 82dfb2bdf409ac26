import MedicalImaging
import SegmentationMetrics

/// The slow and obvious twin of the surface engine: every element by its definition, every pair of elements tried.
struct SurfaceTwin {
    /// A point `(i, j, k)` of the lattice.
    struct Point: Equatable {
        let i: Int
        let j: Int
        let k: Int
        /// Which corners of its cell are set; 0 where elements are voxels.
        var code = 0
    }

    let map: [UInt8]
    let grid: MaskGrid
    let definition: SurfaceDefinition

    /// The label of a voxel; nil outside of the image.
    func label(_ i: Int, _ j: Int, _ k: Int) -> UInt8? {
        let shape = grid.shape
        guard (0..<shape.i).contains(i), (0..<shape.j).contains(j), (0..<shape.k).contains(k)
        else { return nil }
        return map[(k * shape.j + j) * shape.i + i]
    }

    /// The surface elements of a label in scan order.
    func elements(of wanted: UInt8) -> [Point] {
        let shape = grid.shape
        let more = definition.elements == .surfel ? 1 : 0
        let depth = shape.k + (grid.dimensions == 3 ? more : 0)
        var found: [Point] = []
        for k in 0..<depth {
            for j in 0..<(shape.j + more) {
                for i in 0..<(shape.i + more) {
                    switch definition.elements {
                    case .solid:
                        if label(i, j, k) == wanted { found.append(Point(i: i, j: j, k: k)) }
                    case .voxel(let connectivity):
                        if label(i, j, k) == wanted, isBorder(i, j, k, connectivity) {
                            found.append(Point(i: i, j: j, k: k))
                        }
                    case .surfel:
                        let code = cell(i, j, k, wanted)
                        if code != 0, code != (grid.dimensions == 3 ? 255 : 15) {
                            found.append(Point(i: i, j: j, k: k, code: code))
                        }
                    }
                }
            }
        }
        return found
    }

    private func isBorder(
        _ i: Int, _ j: Int, _ k: Int, _ connectivity: SurfaceDefinition.Connectivity
    ) -> Bool {
        let reach = connectivity == .face ? 1 : connectivity == .edge ? 2 : 3
        for dk in grid.dimensions == 3 ? [-1, 0, 1] : [0] {
            for dj in [-1, 0, 1] {
                for di in [-1, 0, 1] where abs(di) + abs(dj) + abs(dk) <= reach {
                    guard let other = label(i + di, j + dj, k + dk) else {
                        if definition.imageEdge == .border { return true }
                        continue
                    }
                    if other != label(i, j, k) { return true }
                }
            }
        }
        return false
    }

    private func cell(_ i: Int, _ j: Int, _ k: Int, _ wanted: UInt8) -> Int {
        var code = 0
        if grid.dimensions == 2 {
            for dj in 0...1 {
                for di in 0...1 where label(i - 1 + di, j - 1 + dj, 0) == wanted {
                    code |= 8 >> (2 * dj + di)
                }
            }
            return code
        }
        for dk in 0...1 {
            for dj in 0...1 {
                for di in 0...1 where label(i - 1 + di, j - 1 + dj, k - 1 + dk) == wanted {
                    code |= 128 >> (4 * dk + 2 * dj + di)
                }
            }
        }
        return code
    }

    /// From each point to the nearest of others, tried one by one; +infinity when there are none.
    func distances(_ from: [Point], _ to: [Point]) -> [Double] {
        let s = definition.usesSpacing ? grid.spacing : Spacing(1, 1, 1)
        var found: [Double] = []
        for a in from {
            var best = Double.infinity
            for b in to {
                let i = Double(abs(a.i - b.i)) * s.i
                let j = Double(abs(a.j - b.j)) * s.j
                let k = Double(abs(a.k - b.k)) * s.k
                let squared = i * i + j * j + k * k
                if squared < best { best = squared }
            }
            found.append(best.squareRoot())
        }
        return found
    }

    /// All that the engine must say about a pair.
    static func measure(
        _ pair: LabelPair, _ label: UInt8, _ definition: SurfaceDefinition
    ) -> (prediction: [Point], reference: [Point], distances: SurfaceDistances) {
        let p = SurfaceTwin(map: pair.prediction, grid: pair.grid, definition: definition)
        let r = SurfaceTwin(map: pair.reference, grid: pair.grid, definition: definition)
        let (a, b) = (p.elements(of: label), r.elements(of: label))
        let (fromA, fromB) = (p.distances(a, b), p.distances(b, a))
        var farthest: SurfaceDistances.Farthest?
        if !a.isEmpty && !b.isEmpty {
            let all = zip(a, fromA).map { ($0, true, $1) } + zip(b, fromB).map { ($0, false, $1) }
            var best = all[0]
            for one in all where one.2 > best.2 { best = one }
            let shape = pair.grid.shape
            let (i, j, k) = (
                min(best.0.i, shape.i - 1), min(best.0.j, shape.j - 1), min(best.0.k, shape.k - 1)
            )
            farthest = .init(
                voxel: (k * shape.j + j) * shape.i + i, isOfPrediction: best.1, distance: best.2)
        }
        return (
            a, b, SurfaceDistances(fromPrediction: fromA, fromReference: fromB, farthest: farthest)
        )
    }
}

/// A small generator, so that the worlds are the same in every run.
struct SurfaceWorlds: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Labels below `labels`, in lumps or as noise, with a share of background.
    mutating func map(_ shape: GridShape, labels: Int) -> [UInt8] {
        var map = [UInt8](repeating: 0, count: shape.count)
        if Bool.random(using: &self) {
            let share = Double.random(in: 0...1, using: &self)
            for at in map.indices where Double.random(in: 0...1, using: &self) < share {
                map[at] = UInt8(Int.random(in: 0..<labels, using: &self))
            }
            return map
        }
        for _ in 0..<Int.random(in: 0...4, using: &self) {
            let label = UInt8(Int.random(in: 0..<labels, using: &self))
            let low = (0..<3).map { Int.random(in: 0..<shape[$0], using: &self) }
            let high = (0..<3).map { Int.random(in: low[$0]..<shape[$0], using: &self) }
            for k in low[2]...high[2] {
                for j in low[1]...high[1] {
                    for i in low[0]...high[0] { map[(k * shape.j + j) * shape.i + i] = label }
                }
            }
        }
        return map
    }
}

extension SurfaceDefinition {
    /// Every definition, in millimetres.
    static var all: [SurfaceDefinition] {
        var all: [SurfaceDefinition] = [.surfel, SurfaceDefinition(.solid)]
        for connectivity in [Connectivity.face, .edge, .corner] {
            for edge in [ImageEdge.border, .open] {
                all.append(SurfaceDefinition(.voxel(connectivity), imageEdge: edge))
            }
        }
        return all
    }
}

/// The bits of numbers, so that comparing them is exact.
func bits(_ numbers: [Double]) -> [UInt64] { numbers.map(\.bitPattern) }
