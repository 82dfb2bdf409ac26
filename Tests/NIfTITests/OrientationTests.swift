import MedicalImaging
import NIfTI
import SafeFiles
import Testing

@Suite struct OrientationTests {
    @Test func `all 48 orientations written and read back are the same volume in RAS`() throws {
        let shape = GridShape(5, 4, 3)
        let affine = Affine(values: [2.5, 0, 0, -10, 0, 0.75, 0, 4, 0, 0, 1.25, 30])
        let original = Volume(
            grid: Grid(shape: shape, affine: affine), samples: (0..<60).map { Int16($0) })
        #expect(Orientation.all.count == 48)
        try Fixtures.withFolder { folder in
            for orientation in Orientation.all {
                let path = folder + "\(orientation).nii.gz"
                try NIfTIWriter.write(original.reordered(to: orientation), to: path)
                let file = try NIfTIFile(path: path)
                for choice in AffineChoice.allCases {
                    guard case .int16(let volume) = try file.readImage(affine: choice) else {
                        Issue.record("\(orientation) did not come back as int16")
                        continue
                    }
                    #expect(volume.grid.orientation == orientation)
                    let canonical = volume.reordered(to: .ras)
                    #expect(canonical.samples == original.samples)
                    #expect(canonical.shape == shape)
                    #expect(agree(canonical.grid.affine.values, affine.values))
                }
                #expect(NIfTISecondOpinion.compare(path: path) == [])
            }
        }
    }
}
