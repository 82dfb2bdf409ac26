import MedicalImaging
import NIfTI
import SafeFiles
import Testing

@Suite struct SlabTests {
    @Test(arguments: ["int16_be.nii", "scl_ct.nii.gz", "nifti2.nii", "pair.hdr", "float64_le.nii"])
    func `a slab is that part of the volume, in the same place`(_ name: String) throws {
        let file = try NIfTIFile(path: Fixtures.path(name))
        let whole = try file.readImage()
        let slab = try file.readSlab(k: 1..<3)
        #expect(slab.grid.shape == GridShape(5, 4, 2))
        #expect(realValues(slab) == Array(realValues(whole)[20..<60]))
        let inWhole = whole.grid.affine.world(at: VoxelPosition(i: 2, j: 3, k: 2))
        let inSlab = slab.grid.affine.world(at: VoxelPosition(i: 2, j: 3, k: 1))
        #expect(inWhole == inSlab)
    }

    @Test func `slabs of one volume of several`() throws {
        let file = try NIfTIFile(path: Fixtures.path("dims_4.nii.gz"))
        let slab = try file.readSlab(k: 1..<2, volume: 2)
        #expect(realValues(slab) == (60..<72).map { Double($0) })
    }

    @Test func `slices that are not there are refused`() throws {
        let file = try NIfTIFile(path: Fixtures.path("int16_be.nii"))
        for slices in [-1..<1, 2..<4, 1..<1] {
            let error = #expect(throws: NIfTIError.self) { try file.readSlab(k: slices) }
            #expect(error?.description.contains("0 up to 3") == true)
        }
    }

    @Test func `a slab of an uncompressed file leaves the rest alone`() throws {
        // The limit is one slice: reading more than the slab would be refused.
        try Fixtures.withFolder { folder in
            let path = folder + "x.nii"
            let grid = Grid(shape: GridShape(64, 64, 50), affine: .identity)
            let volume = Volume(grid: grid, samples: (0..<(64 * 64 * 50)).map { Int32($0) })
            try NIfTIWriter.write(volume, to: path)
            let file = try NIfTIFile(path: path)
            let slab = try file.readSlab(k: 49..<50, maxBytes: 64 * 64 * 4)
            #expect(realValues(slab).first == Double(64 * 64 * 49))
            #expect(throws: NIfTIError.self) { try file.readImage(maxBytes: 64 * 64 * 4) }
        }
    }
}
