import MedicalImaging
import Testing

@Suite struct AxisReorderingTests {
    /// Fractions of two, so that no sum rounds and positions can be compared exactly.
    private static let spacing = Spacing(0.75, 0.875, 2.5)

    @Test("From any of the 48 orientations to any other, and back, nothing is lost")
    func pairs() {
        let shape = GridShape(2, 3, 4)
        for source in Orientation.all {
            let grid = Grid(shape: shape, affine: Affine(source, spacing: Self.spacing))
            for target in Orientation.all {
                let there = AxisReordering(from: source, to: target)
                let back = AxisReordering(from: target, to: source)
                let reordered = there.grid(of: grid)
                #expect(reordered.orientation == target)
                #expect(reordered.shape == there.shape(of: shape))
                #expect(back.grid(of: reordered) == grid, "\(source) to \(target)")
                let map = there.sourceIndices(in: shape)
                    .composed(with: back.sourceIndices(in: reordered.shape))
                #expect(map == .identity, "\(source) to \(target)")
                #expect(there.isIdentity == (source == target))
            }
        }
    }

    @Test("Every voxel keeps its value and its world position", arguments: Orientation.all)
    func voxels(source: Orientation) {
        let grid = Grid(shape: GridShape(2, 3, 4), affine: Affine(source, spacing: Self.spacing))
        let volume = Volume(grid: grid, samples: (0..<24).map { Int16($0 * 7 - 50) })
        var values: [WorldPosition: Int16] = [:]
        for (i, j, k) in grid.positions { values[grid.world(i, j, k)] = volume[i, j, k] }
        #expect(values.count == 24)
        for target in Orientation.all {
            let result = volume.reordered(to: target)
            #expect(result.grid.orientation == target)
            for (i, j, k) in result.grid.positions {
                #expect(
                    values[result.grid.world(i, j, k)] == result[i, j, k],
                    "\(source) to \(target) at \(i) \(j) \(k)")
            }
            #expect(result.reordered(to: source).samples == volume.samples)
        }
    }

    @Test("A flipped axis counts from its other end")
    func flip() {
        let reordering = AxisReordering(sourceAxes: [2, 0, 1], flips: [false, true, false])
        let shape = GridShape(5, 6, 7)
        #expect(reordering.shape(of: shape) == GridShape(7, 5, 6))
        let map = reordering.sourceIndices(in: shape)
        let source = map.world(at: VoxelPosition(i: 3, j: 1, k: 4))
        #expect(source == WorldPosition(x: 3, y: 4, z: 3))
        #expect(!reordering.isIdentity)
        #expect(AxisReordering.none.isIdentity)
    }

    @Test("Volumes without voxels are reordered too")
    func empty() {
        for shape in [
            GridShape(0, 3, 4), GridShape(2, 0, 4), GridShape(2, 3, 0), GridShape(0, 0, 0),
        ] {
            let volume = Volume<Float>(grid: Grid(shape: shape, affine: Affine(.lps)), samples: [])
            for target in Orientation.all {
                let result = volume.reordered(to: target)
                #expect(result.samples.isEmpty)
                #expect(result.grid.orientation == target)
            }
        }
    }
}
