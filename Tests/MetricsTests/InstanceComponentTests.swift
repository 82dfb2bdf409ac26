import MedicalImaging
import SegmentationMetrics
import Testing

@Suite("Connected components")
struct InstanceComponentTests {
    /// Flood fill from every voxel in scan order.
    private static func flood(
        _ mask: [UInt8], _ shape: GridShape, _ connectivity: ConnectedComponents.Connectivity
    ) -> [Int32] {
        let most = connectivity == .face ? 1 : connectivity == .edge ? 2 : 3
        var labels = [Int32](repeating: 0, count: mask.count)
        var number: Int32 = 0
        for start in mask.indices where mask[start] != 0 && labels[start] == 0 {
            number += 1
            labels[start] = number
            var open = [start]
            while let place = open.popLast() {
                let (i, rest) = (place % shape.i, place / shape.i)
                let (j, k) = (rest % shape.j, rest / shape.j)
                for dk in -1...1 {
                    for dj in -1...1 {
                        for di in -1...1 where abs(di) + abs(dj) + abs(dk) <= most {
                            let (x, y, z) = (i + di, j + dj, k + dk)
                            guard (0..<shape.i).contains(x), (0..<shape.j).contains(y),
                                (0..<shape.k).contains(z)
                            else { continue }
                            let next = (z * shape.j + y) * shape.i + x
                            if mask[next] != 0, labels[next] == 0 {
                                labels[next] = number
                                open.append(next)
                            }
                        }
                    }
                }
            }
        }
        return labels
    }

    @Test("Parts and numbers equal a flood fill, in pictures and volumes, for all neighbourhoods")
    func twin() throws {
        var checked = 0
        for seed in 0..<40 as Range<UInt64> {
            var random = InstanceRandom(seed: seed)
            let shape =
                seed % 2 == 0
                ? GridShape(1 + random.below(30), 1 + random.below(30), 1)
                : GridShape(1 + random.below(9), 1 + random.below(9), 1 + random.below(9))
            let share = 1 + random.below(9)
            let mask = (0..<shape.count).map { _ in
                random.below(10) < share ? UInt8(1 + random.below(255)) : 0
            }
            for connectivity in [ConnectedComponents.Connectivity.face, .edge, .corner] {
                let found = try ConnectedComponents.label(
                    mask: mask, shape: shape, connectivity: connectivity)
                let expected = Self.flood(mask, shape, connectivity)
                #expect(found.labels == expected, "seed \(seed) \(connectivity)")
                #expect(found.count == Int(expected.max() ?? 0))
                for number in 1..<found.count + 1 {
                    let size = expected.filter { $0 == Int32(number) }.count
                    #expect(found.sizes[number - 1] == size)
                }
                checked += 1
            }
        }
        #expect(checked == 120)
    }

    @Test("A spiral is one part, a chessboard one by corners and many by faces")
    func shapes() throws {
        let board = (0..<64).map { UInt8(($0 / 8 + $0 % 8) % 2) }
        let shape = GridShape(8, 8, 1)
        #expect(
            try ConnectedComponents.label(mask: board, shape: shape, connectivity: .corner).count
                == 1)
        #expect(
            try ConnectedComponents.label(mask: board, shape: shape, connectivity: .face).count
                == 32)
        let empty = [UInt8](repeating: 0, count: 64)
        #expect(
            try ConnectedComponents.label(mask: empty, shape: shape, connectivity: .face).count
                == 0)
        #expect(throws: MetricError.self) {
            try ConnectedComponents.label(mask: [1], shape: shape, connectivity: .face)
        }
    }
}
