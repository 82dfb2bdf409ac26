import MedicalImaging
import NIfTI
import SafeFiles
import Testing

@Suite struct FixtureTests {
    @Test func `the expectations are there`() {
        #expect(Fixtures.expected.count > 50)
    }

    @Test(arguments: Fixtures.expected)
    func `header and stored voxels are what nibabel reads`(_ expected: Expected) throws {
        let entry = expected.entry
        let file = try NIfTIFile(path: Fixtures.path(expected.name))
        #expect(file.header.dimensions == entry.shape)
        #expect(file.header.dataType.name == entry.dtype)
        #expect(file.header.version == entry.version)
        #expect(file.header.byteOrder == (entry.bigEndian ? .bigEndian : .littleEndian))
        #expect(file.header.extensions.map { [$0.code, $0.size] } == entry.extensions)
        let stored = try file.readStored()
        #expect(stored.dataType == file.header.dataType)
        #expect(stored.count == entry.shape.reduce(1, *))
        #expect(stored.withBytes { ContentDigest.sha256(of: $0) } == entry.sha256)
        if let low = entry.min, let high = entry.max, let mean = entry.mean {
            let values = realValues(stored, file.header.scaling)
            let sum = values.reduce(0, +) / Double(values.count)
            #expect(agree([values.min() ?? 0, values.max() ?? 0], [low, high], 1e-9))
            #expect(abs(sum - mean) <= 1e-9 * max(abs(low), abs(high), 1))
        }
    }

    @Test(arguments: Fixtures.expected)
    func `affines follow nibabel, and a disagreement must be decided`(_ expected: Expected) throws {
        let entry = expected.entry
        let file = try NIfTIFile(path: Fixtures.path(expected.name))
        guard let sform = entry.sform, let qform = entry.qform else {
            #expect(agree(try file.affine().values, entry.affine))
            return
        }
        let error = #expect(throws: NIfTIError.self) { try file.affine() }
        #expect(error?.kind == .affine)
        #expect(error?.description.contains("found LAS against RAS") == true)
        #expect(error?.description.contains("--affine sform or --affine qform") == true)
        #expect(agree(try file.affine(choosing: .sform).values, sform))
        #expect(agree(try file.affine(choosing: .qform).values, qform))
        #expect(
            try file.readImage(affine: .qform).grid.affine.values
                == file.affine(choosing: .qform).values)
    }

    @Test(arguments: Fixtures.expected)
    func `images keep the real values in the smallest type`(_ expected: Expected) throws {
        let entry = expected.entry
        guard let type = entry.image, type != "disagree" else { return }
        let file = try NIfTIFile(path: Fixtures.path(expected.name))
        let all = realValues(try file.readStored(), file.header.scaling)
        let count = file.header.volumeCount
        let size = all.count / count
        for volume in 0..<count {
            let image = try file.readImage(volume: volume)
            #expect(image.sampleType.rawValue == type)
            #expect(image.grid.shape.count == size)
            let wanted = all[(volume * size)..<((volume + 1) * size)]
            let values = realValues(image)
            // float32 is exact to 24 bits; the integer types are exact.
            let exact = type == "float32" ? wanted.map { Double(Float($0)) } : Array(wanted)
            #expect(values == exact)
        }
        if count > 1 {
            let error = #expect(throws: NIfTIError.self) { try file.readImage() }
            #expect(error?.kind == .choiceNeeded)
            #expect(error?.description.contains("choose one from 0 to \(count - 1)") == true)
            #expect(throws: NIfTIError.self) { try file.readImage(volume: count) }
        }
    }

    @Test(arguments: Fixtures.expected.filter { $0.entry.warning != nil })
    func `odd files are read with a warning`(_ expected: Expected) throws {
        let file = try NIfTIFile(path: Fixtures.path(expected.name))
        let loaded = try file.loadImage()
        #expect(loaded.warnings.map(\.kind.rawValue).contains(expected.entry.warning ?? ""))
        #expect(loaded.warnings.allSatisfy { !$0.text.contains("\n") })
        #expect(Set(file.warnings).isSubset(of: loaded.warnings))
    }

    @Test(arguments: Fixtures.expected.filter { $0.entry.warning == nil })
    func `ordinary files are read without a warning`(_ expected: Expected) throws {
        guard expected.entry.image != nil, expected.entry.image != "disagree" else { return }
        let file = try NIfTIFile(path: Fixtures.path(expected.name))
        #expect(try file.loadImage(volume: 0).warnings == [])
    }

    @Test func `digests are those of the files, read once`() throws {
        for name in [
            "int16_le.nii", "members.nii.gz", "dims_4.nii.gz", "dims_4_trailing.nii",
            "trailing.nii",
        ] {
            let path = Fixtures.path(name)
            let digests = try NIfTIFile(path: path).loadImage(volume: 0).digests
            #expect(digests.map(\.sha256) == [try FileReading.sha256(of: path)])
            #expect(digests.map(\.path) == [path])
            #expect(digests.map(\.byteCount) == [try FileReading.contents(of: path).count])
        }
        for (header, image) in [
            ("pair.hdr", "pair.img"), ("pair_gz.hdr.gz", "pair_gz.img.gz"),
            ("pair_img_gz.hdr", "pair_img_gz.img.gz"), ("pair_hdr_gz.hdr.gz", "pair_hdr_gz.img"),
        ] {
            let paths = [Fixtures.path(header), Fixtures.path(image)]
            let digests = try NIfTIFile(path: paths[0]).loadImage().digests
            #expect(digests.map(\.path) == paths)
            #expect(digests.map(\.sha256) == (try paths.map { try FileReading.sha256(of: $0) }))
        }
        // A part of a file has the digest of the whole.
        let path = Fixtures.path("dims_5.nii")
        let last = try NIfTIFile(path: path).loadImage(volume: 2).digests
        #expect(last.map(\.sha256) == [try FileReading.sha256(of: path)])
    }

    @Test func `colours of RGB24 are chosen like volumes`() throws {
        let file = try NIfTIFile(path: Fixtures.path("rgb24.nii"))
        #expect(file.header.volumeCount == 3)
        for channel in 0..<3 {
            let image = try file.readImage(volume: channel)
            #expect(realValues(image) == (0..<12).map { Double(($0 + 100 * channel) % 256) })
        }
        let error = #expect(throws: NIfTIError.self) { try file.readImage() }
        #expect(error?.description.contains("0 red, 1 green, 2 blue") == true)
    }

    @Test func `a two-dimensional file has one slice`() throws {
        let image = try NIfTIFile(path: Fixtures.path("dims_2.nii")).readImage()
        #expect(image.grid.shape == GridShape(6, 5, 1))
    }

    @Test func `files larger than the limit are refused before memory is taken`() throws {
        for name in ["int16_le.nii", "members.nii.gz"] {
            let file = try NIfTIFile(path: Fixtures.path(name))
            let error = #expect(throws: NIfTIError.self) { try file.readImage(maxBytes: 100) }
            #expect(error?.kind == .tooLarge)
            #expect(error?.description.contains("--max-memory") == true)
        }
    }

    @Test func `a file that is not there is a missing file`() {
        let error = #expect(throws: NIfTIError.self) { try NIfTIFile(path: "/nowhere/x.nii") }
        #expect(error?.kind == .file(.missing))
        #expect(error?.description.hasPrefix("/nowhere/x.nii: ") == true)
    }

    @Test func `exactly the path given is read, not a sibling`() throws {
        try Fixtures.withFolder { folder in
            let grid = Grid(shape: GridShape(2, 1, 1), affine: .identity)
            try NIfTIWriter.write(
                Volume(grid: grid, samples: [1, 2] as [Int16]), to: folder + "x.nii")
            try NIfTIWriter.write(
                Volume(grid: grid, samples: [3, 4] as [Int16]), to: folder + "x.nii.gz")
            #expect(realValues(try NIfTIFile(path: folder + "x.nii").readImage()) == [1, 2])
            #expect(realValues(try NIfTIFile(path: folder + "x.nii.gz").readImage()) == [3, 4])
        }
    }

    @Test func `a file that changes after it was opened is noticed`() throws {
        try Fixtures.withFolder { folder in
            for name in ["x.nii", "x.nii.gz"] {
                let grid = Grid(shape: GridShape(2, 1, 1), affine: .identity)
                try NIfTIWriter.write(
                    Volume(grid: grid, samples: [1, 2] as [Int16]), to: folder + name)
                let file = try NIfTIFile(path: folder + name)
                try NIfTIWriter.write(
                    Volume(grid: grid, samples: [1, 2] as [UInt16]), to: folder + name)
                let error = #expect(throws: NIfTIError.self) { try file.readImage() }
                #expect(error?.kind == .file(.transient))
            }
        }
    }
}
