import MedicalImaging
import SamplePreparation
import Testing

@Suite struct SliceFrameTests {
    private static func volume(_ orientation: Orientation) -> Volume<Int16> {
        Volume(
            grid: Grid(shape: GridShape(4, 5, 6), affine: Affine(orientation)),
            samples: (0..<120).map { Int16($0) })
    }

    private static func slices(_ frame: SliceFrame, of volume: Volume<Int16>) -> [Slice<Int16>] {
        (0..<frame.count).map { index in
            var samples = [Int16](repeating: -1, count: frame.rows * frame.columns)
            samples.withUnsafeMutableBytes { output in
                volume.samples.withUnsafeBytes {
                    VoxelGather.copy(frame.plane(index), of: $0, width: 2, into: output)
                }
            }
            return Slice(rows: frame.rows, columns: frame.columns, samples: samples)
        }
    }

    private static func bytes(_ slices: [Slice<Int16>]) -> [UInt8] {
        slices.flatMap { slice in
            slice.samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        }
    }

    @Test(
        "The gathered pixel is the voxel that the matrix names",
        arguments: Orientation.all)
    func pixelToVoxel(source: Orientation) {
        let volume = Self.volume(source)
        let targets: [SliceOrientation] = [.stored] + Orientation.all.map { .reordered($0) }
        for target in targets {
            for axis in SliceAxis.allCases {
                for rowAxis in RowAxis.allCases {
                    let frame = SliceFrame(
                        of: volume.grid, axis: axis, orientation: target, rowAxis: rowAxis)
                    let slices = Self.slices(frame, of: volume)
                    var wrong = 0
                    var seen: Set<Int16> = []
                    for (s, slice) in slices.enumerated() {
                        for y in 0..<frame.rows {
                            for x in 0..<frame.columns {
                                let voxel = frame.pixelToVoxel.world(
                                    at: VoxelPosition(i: Double(x), j: Double(y), k: Double(s)))
                                let named = volume[Int(voxel.x), Int(voxel.y), Int(voxel.z)]
                                if named != slice[y, x] { wrong += 1 }
                                seen.insert(slice[y, x])
                            }
                        }
                    }
                    #expect(wrong == 0, "\(source), \(axis) in \(target), rows \(rowAxis)")
                    #expect(seen.count == 120, "\(source), \(axis) in \(target), rows \(rowAxis)")
                }
            }
        }
    }

    @Test("Axes lie where the frame says", arguments: Orientation.all)
    func axes(source: Orientation) {
        let grid = Self.volume(source).grid
        for target in Orientation.all {
            for axis in SliceAxis.allCases {
                for rowAxis in RowAxis.allCases {
                    let frame = SliceFrame(
                        of: grid, axis: axis, orientation: .reordered(target), rowAxis: rowAxis)
                    #expect(frame.orientation == target)
                    #expect(target.axes[frame.sliceAxis].worldAxis == axis.worldAxis)
                    #expect((frame.rowAxis > frame.columnAxis) == (rowAxis == .second))
                    #expect(
                        Set([frame.sliceAxis, frame.rowAxis, frame.columnAxis]) == [0, 1, 2])
                    // Columns of the world matrix: along x, along y, along slices.
                    let world = frame.pixelToWorld
                    for (column, index) in [frame.columnAxis, frame.rowAxis, frame.sliceAxis]
                        .enumerated()
                    {
                        let direction = target.axes[index]
                        let step = world[direction.worldAxis, column]
                        #expect((step > 0) == direction.isPositive)
                        #expect(abs(step) == frame.spacing[column])
                    }
                }
            }
        }
    }

    private struct Oracle: Decodable {
        let codes: String
        let shape: [Int]
        let affine: [Double]
        let termProject: String
        let samed: String?
    }

    @Test(
        "The term project's frame is nibabel's canonical volume[:, :, j]; the stored one is SAMed's transposition"
    )
    func published() throws {
        let oracles: [Oracle] = PreparationFixtures.decode("frames.json")
        #expect(Set(oracles.map(\.codes)).count == 48)
        #expect(oracles.filter { $0.samed != nil }.count == 16)
        for oracle in oracles {
            let source = try #require(Orientation(letters: oracle.codes))
            let volume = Self.volume(source)
            let term = SlicePreset.termProject.recipe
            let frame = SliceFrame(
                of: volume.grid, axis: term.axis, orientation: term.orientation,
                rowAxis: term.rowAxis)
            #expect([frame.rows, frame.columns, frame.count] == oracle.shape)
            #expect(
                fnv(Self.bytes(Self.slices(frame, of: volume))) == oracle.termProject,
                "\(source)")
            let canonical = volume.reordered(to: .ras).grid
            #expect(canonical.shape == GridShape(oracle.shape[0], oracle.shape[1], oracle.shape[2]))
            for (ours, theirs) in zip(canonical.affine.values, oracle.affine) {
                // One rounding of a shift of some 10 mm.
                #expect(abs(ours - theirs) < 1e-14)
            }
            if let samed = oracle.samed {
                let recipe = SlicePreset.transunet.recipe
                let stored = SliceFrame(
                    of: volume.grid, axis: recipe.axis, orientation: recipe.orientation,
                    rowAxis: recipe.rowAxis)
                #expect(fnv(Self.bytes(Self.slices(stored, of: volume))) == samed, "\(source)")
            }
        }
    }

    @Test("A frame keeps the orientation that was asked for at 45 degrees too")
    func tie() {
        let root = 0.5.squareRoot()
        let grid = Grid(
            shape: GridShape(4, 5, 6),
            affine: Affine(values: [root, -root, 0, 0, root, root, 0, 0, 0, 0, 1, 0]))
        for target in Orientation.all {
            let frame = SliceFrame(
                of: grid, axis: .axial, orientation: .reordered(target), rowAxis: .second)
            #expect(frame.orientation == target)
            #expect(frame.count == 6)
        }
    }

    @Test("Slice orientations are read and printed")
    func text() {
        #expect(SliceOrientation("stored") == .stored)
        #expect(SliceOrientation("STORED") == .stored)
        for orientation in Orientation.all {
            let value = SliceOrientation.reordered(orientation)
            #expect(SliceOrientation(value.description) == value)
        }
        #expect(SliceOrientation("RAX") == nil)
        #expect(SliceOrientation("") == nil)
    }
}
