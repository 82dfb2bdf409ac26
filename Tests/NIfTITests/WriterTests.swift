import MedicalImaging
import NIfTI
import SafeFiles
import Testing

@Suite struct WriterTests {
    private func roundTrip<Sample: VoxelSample>(_: Sample.Type, _ name: String) throws {
        let volume = Samples.volume(of: Sample.self)
        try Fixtures.withFolder { folder in
            for suffix in [".nii", ".nii.gz"] {
                let path = folder + "x" + suffix
                try NIfTIWriter.write(volume, to: path)
                let file = try NIfTIFile(path: path)
                #expect(file.header.dataType.name == name)
                #expect(file.isImageCompressed == (suffix == ".nii.gz"))
                #expect(file.warnings == [])
                let bytes = volume.samples.withUnsafeBytes { Array($0) }
                #expect(try file.readStored().withBytes { Array($0) } == bytes)
                #expect(agree(try file.affine().values, volume.grid.affine.values))
                #expect(agree(try file.affine(choosing: .qform).values, volume.grid.affine.values))
                #expect(NIfTISecondOpinion.compare(path: path) == [])
            }
        }
    }

    @Test func `every sample type comes back as it was written`() throws {
        try roundTrip(UInt8.self, "uint8")
        try roundTrip(Int8.self, "int8")
        try roundTrip(UInt16.self, "uint16")
        try roundTrip(Int16.self, "int16")
        try roundTrip(UInt32.self, "uint32")
        try roundTrip(Int32.self, "int32")
        try roundTrip(UInt64.self, "uint64")
        try roundTrip(Int64.self, "int64")
        try roundTrip(Float.self, "float32")
        try roundTrip(Double.self, "float64")
    }

    @Test func `equal volumes give equal bytes, and the header is the documented one`() throws {
        let volume = Samples.volume(of: Int16.self)
        let bytes = try NIfTIWriter.encode(volume)
        #expect(bytes == (try NIfTIWriter.encode(volume)))
        #expect(bytes.count == 352 + 120)
        // Length of the header, little endian; magic; no text in descrip and aux_file; no extension.
        #expect(Array(bytes[0..<4]) == [92, 1, 0, 0])
        #expect(Array(bytes[344..<352]) == Array("n+1\0".utf8) + [0, 0, 0, 0])
        #expect(bytes[148..<252].allSatisfy { $0 == 0 })
        #expect(bytes[123] == 2)
        let packed = try NIfTIWriter.encode(volume, compressed: true)
        #expect(packed == (try NIfTIWriter.encode(volume, compressed: true)))
        // No name (flags 0) and no time in the gzip head.
        #expect(Array(packed[0..<8]) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    }

    @Test func `images are written in their own type`() throws {
        try Fixtures.withFolder { folder in
            let image = ImageVolume.float32(Samples.volume(of: Float.self))
            try NIfTIWriter.write(image, to: folder + "x.nii.gz")
            let header = try NIfTIFile(path: folder + "x.nii.gz").header
            #expect(header.dataType == .float32)
            #expect(header.intentCode == 0)
            let labels = Samples.volume(of: UInt8.self)
            try NIfTIWriter.write(labels, as: .labels, to: folder + "y.nii")
            #expect(try NIfTIFile(path: folder + "y.nii").header.intentCode == 1002)
        }
    }

    @Test func `a sheared affine is written as sform only`() throws {
        var affine = Samples.affine
        affine[1, 2] = 0.9
        try Fixtures.withFolder { folder in
            let path = folder + "x.nii"
            try NIfTIWriter.write(Samples.volume(of: Int16.self, affine: affine), to: path)
            let header = try NIfTIFile(path: path).header
            #expect(header.qformCode == 0)
            #expect(header.sformCode == 1)
            #expect(agree(try NIfTIFile(path: path).affine().values, affine.values))
            #expect(NIfTISecondOpinion.compare(path: path) == [])
        }
    }

    @Test func `an axis longer than 32767 makes it NIfTI-2`() throws {
        try Fixtures.withFolder { folder in
            let path = folder + "x.nii"
            let grid = Grid(shape: GridShape(40_000, 1, 2), affine: Samples.affine)
            let samples = (0..<80_000).map { Int32($0) }
            try NIfTIWriter.write(Volume(grid: grid, samples: samples), to: path)
            let file = try NIfTIFile(path: path)
            #expect(file.header.version == 2)
            // Doubles: the affine comes back exactly.
            #expect(try file.affine() == Samples.affine)
            guard case .int32(let volume) = try file.readImage() else {
                Issue.record("80,000 values up to 79,999 need 32 bits")
                return
            }
            #expect(volume.samples == samples)
            #expect(NIfTISecondOpinion.compare(path: path) == [])
        }
    }

    @Test func `a qform of any rotation comes back within a hundredth of a degree`() throws {
        // Half turns about slanted axes are the worst case: rounding the quaternion to 32 bits.
        var random: UInt64 = 7
        func next() -> Double {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(random >> 11) / Double(1 << 53) * 2 - 1
        }
        for trial in 0..<200 {
            var q = [trial % 2 == 0 ? 0 : next(), next(), next(), next()]
            let length = q.reduce(0) { $0 + $1 * $1 }.squareRoot()
            q = q.map { $0 / length }
            let (a, b, c, d) = (q[0], q[1], q[2], q[3])
            let flip = trial % 3 == 0 ? -1.0 : 1.0
            let affine = Affine(values: [
                a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c) * flip, 1,
                2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b) * flip, 2,
                2 * (b * d - a * c), 2 * (c * d + a * b), (a * a + d * d - b * b - c * c) * flip, 3,
            ])
            let bytes = try NIfTIWriter.encode(Samples.volume(of: UInt8.self, affine: affine))
            let header = try NIfTIHeader(bytes: bytes, path: "turned")
            let qform = try header.affine(choosing: .qform, path: "turned")
            #expect(agree(qform.values, affine.values, trial % 2 == 0 ? 1e-6 : 1e-4))
            #expect(throws: Never.self) { try header.affine(path: "turned") }
        }
    }

    @Test func `what NIfTI cannot hold is refused`() throws {
        let volume = Samples.volume(of: Int16.self)
        let flat = Volume(
            grid: Grid(shape: GridShape(5, 0, 3), affine: .identity), samples: [Int16]())
        let empty = #expect(throws: NIfTIError.self) { try NIfTIWriter.encode(flat) }
        #expect(empty?.kind == .header)
        let singular = Affine(values: [Double](repeating: 0, count: 12))
        let broken = #expect(throws: NIfTIError.self) {
            try NIfTIWriter.encode(Samples.volume(of: Int16.self, affine: singular))
        }
        #expect(broken?.kind == .affine)
        let named = #expect(throws: NIfTIError.self) {
            try NIfTIWriter.write(volume, to: "/nowhere/x.img")
        }
        #expect(named?.kind == .file(.cannotCreate))
        let missing = #expect(throws: NIfTIError.self) {
            try NIfTIWriter.write(volume, to: "/nowhere/x.nii")
        }
        #expect(missing?.kind == .file(.cannotCreate))
    }
}
