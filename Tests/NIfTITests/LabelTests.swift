import MedicalImaging
import NIfTI
import Testing

@Suite struct LabelTests {
    private static let same = ["labels_uint8.nii.gz", "labels_int16.nii", "labels_float64.nii.gz"]

    /// The labels as `make_nifti.py` drew them: a block of 6, one voxel of 11.
    private func drawn(_ six: UInt8 = 6, _ eleven: UInt8 = 11) -> [UInt8] {
        var samples = [UInt8](repeating: 0, count: 6 * 5 * 4)
        for k in 1..<3 { for j in 1..<4 { for i in 1..<4 { samples[i + 6 * (j + 5 * k)] = six } } }
        samples[4 + 6 * (2 + 5 * 2)] = eleven
        return samples
    }

    @Test(arguments: same)
    func `labels come out alike whatever type stores them`(_ name: String) throws {
        let file = try NIfTIFile(path: Fixtures.path(name))
        let labels = try file.readLabels { [0: 0, 6: 6, 11: 11][$0] }
        #expect(labels.samples == drawn())
        #expect(labels.grid == (try file.grid()))
        let renumbered = try file.readLabels { [0: 0, 6: 1, 11: 200][$0] }
        #expect(renumbered.samples == drawn(1, 200))
        let inverted = try file.readLabels { $0 == 0 ? 9 : 0 }
        #expect(inverted.samples == drawn().map { $0 == 0 ? 9 : 0 })
        #expect(try file.labelCounts() == [0: 101, 6: 18, 11: 1])
        #expect(try file.sliceLabels() == [[0], [0, 6], [0, 6, 11], [0]])
        let loaded = try file.loadLabels { UInt8($0) }
        #expect(loaded.contents.samples == drawn())
        #expect(loaded.digests.count == 1)
    }

    @Test(arguments: same)
    func `values outside the lookup are listed with their voxels`(_ name: String) throws {
        let file = try NIfTIFile(path: Fixtures.path(name))
        let error = #expect(throws: NIfTIError.self) { try file.readLabels { $0 == 0 ? 0 : nil } }
        #expect(error?.kind == .labels)
        #expect(error?.found == "6 (18 voxels), 11 (1 voxel)")
    }

    @Test func `at most ten unknown values are listed`() throws {
        let file = try NIfTIFile(path: Fixtures.path("uint8_le.nii"))
        let error = #expect(throws: NIfTIError.self) { try file.readLabels { _ in nil } }
        #expect(error?.found.hasSuffix(" and 50 more") == true)
        #expect(error?.found.hasPrefix("0 (1 voxel), 4 (1 voxel), ") == true)
    }

    @Test func `fractions and negative values are no labels`() throws {
        let fraction = #expect(throws: NIfTIError.self) {
            try NIfTIFile(path: Fixtures.path("labels_fraction.nii")).readLabels { UInt8($0) }
        }
        #expect(fraction?.description.contains("2.5 in 1 voxels") == true)
        let negative = #expect(throws: NIfTIError.self) {
            // -3 would trap here, so the lookup must not be asked about it
            try NIfTIFile(path: Fixtures.path("labels_negative.nii")).readLabels { UInt8($0) }
        }
        #expect(negative?.found == "-3 (2 voxels)")
        #expect(negative?.expected.contains("none of them negative") == true)
        let counts = try NIfTIFile(path: Fixtures.path("labels_negative.nii")).labelCounts()
        #expect(counts[-3] == 2)
    }

    @Test func `scaled labels are accepted when they are whole`() throws {
        let whole = try NIfTIFile(path: Fixtures.path("scl_ct.nii.gz")).labelCounts()
        #expect(whole.keys.min() == -1024)
        #expect(whole.values.reduce(0, +) == 60)
        let fraction = #expect(throws: NIfTIError.self) {
            try NIfTIFile(path: Fixtures.path("scl_fraction.nii")).labelCounts()
        }
        #expect(fraction?.description.contains("after slope 0.0625, intercept 3.5") == true)
    }

    @Test func `an image of many real values is not taken for a label map`() throws {
        try Fixtures.withFolder { folder in
            let grid = Grid(shape: GridShape(70_000, 1, 1), affine: .identity)
            let volume = Volume(grid: grid, samples: (0..<70_000).map { Int32($0) })
            try NIfTIWriter.write(volume, to: folder + "x.nii")
            let error = #expect(throws: NIfTIError.self) {
                try NIfTIFile(path: folder + "x.nii").labelCounts()
            }
            #expect(error?.description.contains("more than 65536 different values") == true)
        }
    }

    @Test func `long label maps are remapped voxel by voxel`() throws {
        // Lengths that are no multiple of eight, runs and changes: the word-wise loops against a plain one.
        try Fixtures.withFolder { folder in
            for length in [1, 7, 8, 9, 63, 1003] {
                let samples = (0..<length).map {
                    UInt8(truncatingIfNeeded: $0 / 11 % 3 == 0 ? 0 : $0 / 5)
                }
                let grid = Grid(shape: GridShape(length, 1, 1), affine: .identity)
                try NIfTIWriter.write(
                    LabelMap(grid: grid, samples: samples), to: folder + "x.nii.gz")
                let file = try NIfTIFile(path: folder + "x.nii.gz")
                #expect(try file.readLabels { UInt8($0) }.samples == samples)
                let changed = try file.readLabels { $0 == 0 ? 0 : 255 - UInt8($0) }
                #expect(changed.samples == samples.map { $0 == 0 ? 0 : 255 - $0 })
                var counts: [Int: Int] = [:]
                for value in samples { counts[Int(value), default: 0] += 1 }
                #expect(try file.labelCounts() == counts)
            }
        }
    }
}
