import Foundation
import HDF5
import MedicalImaging
import NIfTI
import NumPyFiles
import PNGCodec
import SafeFiles
import SamplePreparation
import SampleStore
import SegmentationMetrics
import Testing

@testable import SamdataWorkflow

@Suite("Reading the images of a score")
struct ScoreInputImageTests {
    private let shape = ScoreFolder.shape
    private let reader = ScoreImageReader()

    @Test(
        "every integer and float type of NIfTI gives the same labels, instances and digest of the file"
    )
    func nifti() throws {
        let data = try ScoreFolder()
        let values = ScoreFolder.pattern(5)
        try data.nifti("u8.nii.gz", values)
        try data.nifti("i8.nii", values.map { Int8($0) })
        try data.nifti("i16.nii.gz", values.map { Int16($0) })
        try data.nifti("u16.nii", values.map { UInt16($0) })
        try data.nifti("i32.nii", values.map { Int32($0) })
        try data.nifti("i64.nii", values.map { Int64($0) })
        try data.nifti("f32.nii.gz", values.map { Float($0) })
        try data.nifti("f64.nii", values.map { Double($0) })
        let table = try ScoreLabels.resolve(
            reference: try LabelScheme.parse("1=a,2=b,3=c,4=d"), ignore: ["3"]
        ).reference
        let expected = values.map { [0, 1, 2, 0, 3][Int($0)] as UInt8 }
        for name in [
            "u8.nii.gz", "i8.nii", "i16.nii.gz", "u16.nii", "i32.nii", "i64.nii",
            "f32.nii.gz", "f64.nii",
        ] {
            let file = try data.file(name)
            let image = try reader.labels(file, by: table)
            #expect(image.labels == expected, "\(name)")
            #expect(image.maskGrid.shape == shape && image.maskGrid.dimensions == 3)
            #expect(image.maskGrid.spacing == Spacing(0.75, 1.5, 3))
            #expect(image.orientation == "LPS" && image.hasSpacing)
            #expect(image.sha256 == (try FileReading.sha256(of: data.path(name))))
            #expect(try reader.instances(file).instances == values.map { Int32($0) }, "\(name)")
            #expect(try reader.scores(file).scores == values.map { Float($0) }, "\(name)")
            #expect(try reader.stored(file, like: nil).labels(by: table).labels == expected)
            let counts = Dictionary(values.map { (Int($0), 1) }, uniquingKeysWith: +)
            #expect(try reader.valueCounts(file) == counts, "\(name)")
        }
    }

    @Test("a NIfTI file of two axes is a picture")
    func flatNIfTI() throws {
        let data = try ScoreFolder()
        var bytes = try NIfTIWriter.encode(
            LabelMap(
                grid: Grid(shape: GridShape(3, 2, 1), affine: .identity),
                samples: [0, 1, 1, 0, 1, 0]), as: .labels)
        bytes[40] = 2
        try data.write("flat.nii", bytes)
        let image = try reader.labels(try data.file("flat.nii"), by: try identityTable(1...3))
        #expect(image.maskGrid.dimensions == 2 && image.maskGrid.shape == GridShape(3, 2, 1))
        #expect(image.labels == [0, 1, 1, 0, 1, 0])
    }

    @Test("header and voxels of a pair are two digests")
    func pairFiles() throws {
        let data = try ScoreFolder()
        let values = ScoreFolder.pattern(3)
        var bytes = try NIfTIWriter.encode(
            LabelMap(grid: Grid(shape: shape, affine: ScoreFolder.affine), samples: values))
        let voxels = Array(bytes.suffix(values.count))
        bytes = Array(bytes.prefix(348))
        bytes.replaceSubrange(344..<348, with: Array("ni1\0".utf8))
        bytes.replaceSubrange(108..<112, with: [0, 0, 0, 0])
        try data.write("p/x.hdr", bytes)
        try data.write("p/x.img", voxels)
        let found = try data.pairs("p", "p")
        #expect(found.cases.map(\.id) == ["x"])
        let image = try reader.labels(found.cases[0].reference, by: try identityTable(1...2))
        #expect(image.labels == values)
        #expect(image.digests.map(\.path) == ["x.hdr", "x.img"])
        #expect(image.digests.map(\.byteCount) == [348, values.count])
    }

    @Test("PNG masks give the stored numbers: grey, 16 bits, palettes and equal colours")
    func png() throws {
        let data = try ScoreFolder()
        let values: [UInt8] = [0, 1, 2, 3, 255, 0]
        try data.png("grey.png", 3, 2, values)
        let wide = try PNG.encode(
            try PNGPicture(
                width: 3, height: 2, channels: 1, samples: .words([0, 1, 300, 65535, 2, 0])))
        try data.write("wide.png", wide)
        let rgb = try PNG.encode(
            try PNGPicture(
                width: 3, height: 2, channels: 3, samples: .bytes(values.flatMap { [$0, $0, $0] })))
        try data.write("rgb.png", rgb)
        let grey = try reader.instances(try data.file("grey.png"))
        #expect(grey.instances == values.map { Int32($0) })
        #expect(grey.maskGrid.shape == GridShape(3, 2, 1) && grey.maskGrid.dimensions == 2)
        #expect(!grey.hasSpacing && grey.world == nil && grey.orientation == "")
        #expect(grey.notes.contains { $0.contains("lengths are in voxels (give --spacing)") })
        #expect(
            try reader.instances(try data.file("wide.png")).instances == [0, 1, 300, 65535, 2, 0])
        let equal = try reader.instances(try data.file("rgb.png"))
        #expect(equal.instances == values.map { Int32($0) })
        #expect(equal.notes.contains { $0.contains("three colours are equal") })
    }

    @Test("scores of 8- and 16-bit pictures are scaled to 1, and a note says so")
    func pictureScores() throws {
        let data = try ScoreFolder()
        try data.png("p.png", 2, 2, [0, 51, 255, 102])
        let wide = try PNG.encode(
            try PNGPicture(width: 2, height: 1, channels: 1, samples: .words([0, 65535])))
        try data.write("w.png", wide)
        let image = try reader.scores(try data.file("p.png"))
        #expect(image.scores == [0, 0.2, 1, 0.4])
        #expect(image.notes.contains("scores are the stored values divided by 255"))
        #expect(try reader.scores(try data.file("w.png")).scores == [0, 1])
        try data.npy("q.npy", [2, 2], [0.0, 50, 100, 25])
        var options = ScoreInputOptions()
        options.scoreMaximum = 100
        #expect(
            try ScoreImageReader(options).scores(try data.file("q.npy")).scores == [
                0, 0.5, 1, 0.25,
            ])
        #expect(
            try reader.scores(try data.file("q.npy")).notes.contains {
                $0.contains("scores run from 0.0 to 100.0")
            })
    }

    @Test("spacing is given slowest axis first, for all axes at once or not at all")
    func spacing() throws {
        let data = try ScoreFolder()
        try data.npy("v.npy", [4, 5, 6], [UInt8](repeating: 1, count: 120))
        try data.png("p.png", 3, 2, [0, 0, 0, 0, 0, 0])
        #expect(
            try data.stored("v.npy") { $0.spacing = [3, 1.5, 0.75] }.spacing
                == Spacing(0.75, 1.5, 3))
        #expect(try data.stored("v.npy") { $0.spacing = [2] }.spacing == Spacing(2, 2, 2))
        #expect(
            try data.stored("p.png") { $0.spacing = [0.5, 0.25] }.spacing == Spacing(0.25, 0.5, 1))
        #expect(try data.stored("v.npy").spacing == Spacing(1, 1, 1))
        for bad in [[1, 2], [0], [.nan], [-1, 1, 1]] as [[Double]] {
            let failed = failure { _ = try data.stored("v.npy") { $0.spacing = bad } }
            #expect(failed.kind == .usage && failed.text.contains("correct --spacing"), "\(bad)")
        }
    }

    /// Values that tell i, j and k apart.
    private func coded(_ i: Int, _ j: Int, _ k: Int) -> Int32 { Int32(100 * k + 10 * j + i) }

    @Test("arrays are read in the order that fits the reference")
    func arrayOrder() throws {
        let data = try ScoreFolder()
        var straight: [Int32] = []
        var reversed: [Int32] = []
        for k in 0..<4 { for j in 0..<5 { for i in 0..<6 { straight.append(coded(i, j, k)) } } }
        for i in 0..<6 { for j in 0..<5 { for k in 0..<4 { reversed.append(coded(i, j, k)) } } }
        try data.npy("zyx.npy", [4, 5, 6], straight)
        try data.npy("xyz.npy", [6, 5, 4], reversed)
        try data.npy("lead.npy", [1, 1, 4, 5, 6], straight)
        try data.npy("cube.npy", [3, 3, 3], [Int32](0..<27))
        let grid = try MaskGrid(shape: shape)
        for name in ["zyx.npy", "xyz.npy", "lead.npy"] {
            let image = try reader.instances(try data.file(name), like: grid)
            #expect(image.instances == straight && image.maskGrid.shape == shape, "\(name)")
            #expect(image.notes.contains { $0.contains("[i][j][k]") } == (name == "xyz.npy"))
            #expect(image.notes.contains { $0.contains("were dropped") } == (name == "lead.npy"))
        }
        // Without a reference the last axis is i; the option overrides everything.
        #expect(try data.stored("xyz.npy").shape == GridShape(4, 5, 6))
        let turned = try data.stored("xyz.npy") {
            $0.arrayAxes = .xyz
            $0.spacing = [1, 2, 3]
        }
        #expect(turned.shape == shape && turned.spacing == Spacing(1, 2, 3))
        let cube = try reader.instances(
            try data.file("cube.npy"), like: try MaskGrid(shape: GridShape(3, 3, 3)))
        #expect(cube.instances == [Int32](0..<27))
        #expect(cube.notes.contains { $0.contains("fits the reference in both orders") })
        // A picture turned on its side.
        try data.npy("side.npy", [3, 2], [1, 4, 2, 5, 3, 6] as [Int32])
        let picture = try reader.instances(
            try data.file("side.npy"), like: try MaskGrid(shape: GridShape(3, 2, 1), dimensions: 2))
        #expect(picture.instances == [1, 2, 3, 4, 5, 6])
        #expect(picture.maskGrid.shape == GridShape(3, 2, 1) && picture.maskGrid.dimensions == 2)
    }

    @Test("an archive or HDF5 file with one array needs no name, one with several does")
    func namedArrays() throws {
        let data = try ScoreFolder()
        let label = try NPYArray(shape: [2, 3], values: [0, 1, 2, 3, 4, 5] as [UInt8])
        let image = try NPYArray(shape: [2, 3], values: [0, 1, 2, 3, 4, 5] as [Float])
        try data.write("one.npz", try NPZ.encode([("mask", label)]))
        try data.write("two.npz", try NPZ.encode([("image", image), ("label", label)]))
        #expect(try data.stored("one.npz").samples.count == 6)
        #expect(try data.stored("two.npz:label").shape == GridShape(3, 2, 1))
        let failed = failure { _ = try data.stored("two.npz") }
        #expect(
            failed.text
                == "two.npz: found 2 arrays (image, label), expected the name of one; write two.npz:image, or "
                + "name it for a whole folder with --reference-array and --prediction-array")
        let folder = try ScoreFolder()
        try folder.write("gt/a.npz", try NPZ.encode([("image", image), ("label", label)]))
        let found = try folder.pairs("gt", "gt") { $0.referenceArray = "label" }
        #expect(found.cases[0].reference.key == "label" && found.cases[0].prediction?.key == nil)

        let writer = try HDF5Writer(name: "one.h5")
        try writer.createGroup("/masks")
        try writer.writeArray("/masks/seg", [0, 1, 2, 3, 4, 5] as [UInt16], shape: [2, 3])
        try writer.setAttribute("spacing", .doubles([2, 0.5]), at: "/masks/seg")
        try writer.writeArray("/masks/list", [1, 2, 3] as [Int64], shape: [3])
        try data.write("one.h5", try writer.finish())
        for name in ["one.h5", "one.h5:/masks/seg"] {
            let stored = try data.stored(name) { $0.spacing = [9] }
            #expect(stored.spacing == Spacing(0.5, 2, 1) && stored.hasSpacing)
            #expect(stored.notes == ["--spacing is not used: the file has a spacing of its own"])
            #expect(try stored.instances().instances == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test("a prepared store is put back on the voxel grid it was cut from")
    func preparedStore() throws {
        let tiny = try TinyDataset(["a"])
        _ = try tiny.run().run()
        let found = try ScorePairing.pairs(
            reference: tiny.output, prediction: tiny.output, options: ScoreInputOptions())
        #expect(found.cases.map(\.id) == ["a"])
        let file = found.cases[0].reference
        let scheme = try reader.preparedScheme(file)
        #expect(scheme.labels.map(\.name) == ["ball", "box"])
        let table = try ScoreLabels.resolve(reference: scheme).reference
        let image = try reader.labels(file, by: table)
        var expected: [UInt8] = []
        let shape = TinyDataset.shape
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i { expected.append(TinyDataset.id(i, j, k)) }
            }
        }
        #expect(image.labels == expected)
        #expect(image.maskGrid.shape == shape && image.orientation == "LPS")
        #expect(!image.notes.contains { $0.contains("by nearest neighbour") })
        // The same voxels as in the label file the store was made from.
        let raw = try reader.labels(
            ScoreFile(
                displayPath: "labela.nii.gz", path: "\(tiny.root)/labela.nii.gz", format: .nifti),
            by: try ScoreLabels.resolve(
                reference: LabelScheme(card: tiny.card, encoding: .raw)
            ).reference)
        #expect(raw.labels == image.labels)
        #expect(raw.world?.differences(from: try #require(image.world)).isEmpty == true)
        #expect(failure { _ = try reader.scores(file) }.text.contains("holds labels"))
    }

    @Test("slices in any orientation, resized or left out, keep their voxels")
    func preparedFrames() throws {
        let tiny = try TinyDataset(["a"])
        let shape = TinyDataset.shape
        for preset in [SlicePreset.termProject, .transunet] {
            var recipe = preset.recipe
            recipe.size = nil
            let output = tiny.folder.path + "/" + UUID().uuidString
            _ = try tiny.run(tiny.configuration(recipe), to: output).run()
            let file = try #require(
                try ScorePairing.pairs(
                    reference: output, prediction: output, options: ScoreInputOptions()
                ).cases.first?.reference)
            let kept = Set(try CaseFileReader(path: file.path).sliceIndices)
            let image = try reader.labels(file, by: try identityTable(1...2))
            let labels = try #require(image.labels)
            var wrong = 0
            for k in 0..<shape.k {
                for j in 0..<shape.j {
                    for i in 0..<shape.i {
                        let expected = kept.contains(k) ? TinyDataset.id(i, j, k) : 0
                        if labels[i + shape.i * (j + shape.j * k)] != expected { wrong += 1 }
                    }
                }
            }
            #expect(wrong == 0, "\(preset)")
            let left = shape.k - kept.count
            #expect(image.notes.contains { $0.contains("are not in the store") } == (left > 0))
        }
        // Twice as many pixels along each axis: every voxel finds one of its own.
        for (resampling, size) in [
            (SliceResampling.nearest, SliceSize(rows: 22, columns: 28)),
            // Corners on corners.
            (.splineZoom, SliceSize(rows: 21, columns: 27)),
        ] {
            var recipe = SliceRecipe.wholeVolumes
            recipe.size = size
            recipe.resampling = resampling
            let output = tiny.folder.path + "/" + UUID().uuidString
            _ = try tiny.run(tiny.configuration(recipe), to: output).run()
            let found = try ScorePairing.pairs(
                reference: output, prediction: output, options: ScoreInputOptions())
            let image = try reader.labels(found.cases[0].reference, by: try identityTable(1...2))
            var expected: [UInt8] = []
            for k in 0..<shape.k {
                for j in 0..<shape.j {
                    for i in 0..<shape.i { expected.append(TinyDataset.id(i, j, k)) }
                }
            }
            #expect(image.labels == expected, "\(resampling)")
            #expect(image.notes.contains { $0.contains("by nearest neighbour") })
        }
    }

    @Test("values, types and files that are no masks are errors with a place, on one line")
    func hostile() throws {
        let data = try ScoreFolder()
        var floats = ScoreFolder.pattern(3).map { Float($0) }
        floats[8] = 0.5
        try data.nifti("half.nii.gz", floats)
        floats[8] = .nan
        try data.nifti("nan.nii", floats)
        floats[8] = -.infinity
        try data.npy("inf.npy", [4, 5, 6], floats)
        var signed = ScoreFolder.pattern(3).map { Int16($0) }
        signed[37] = -4
        try data.nifti("negative.nii.gz", signed)
        try data.npy("negative.npy", [4, 5, 6], signed)
        var stray = ScoreFolder.pattern(3)
        for n in [1, 5, 9] { stray[n] = 99 }
        try data.nifti("stray.nii.gz", stray)
        try data.npy("stray.npy", [4, 5, 6], stray)
        try data.npy("strayfloat.npy", [4, 5, 6], stray.map { Double($0) })
        try data.npy("wide.npy", [2, 2], [0, 1 << 40, 2, 3] as [Int64])
        try data.npy("many.npy", [300, 300], (0..<90_000).map { Int32($0) })
        try data.npy("line.npy", [5], [1, 2, 3, 4, 5] as [UInt8])
        try data.npy("four.npy", [2, 2, 2, 2], [UInt8](repeating: 0, count: 16))
        try data.npy("empty.npy", [0, 4], [] as [UInt8])
        let rgb = try PNG.encode(
            try PNGPicture(width: 2, height: 1, channels: 3, samples: .bytes([1, 1, 1, 1, 2, 1])))
        try data.write("rgb.png", rgb)
        let whole = try FileReading.contents(of: data.path("stray.nii.gz"))
        try data.write("cut.nii.gz", Array(whole.prefix(whole.count - 20)))
        try data.write("text.nii", "no header at all, and not long enough either")
        try data.write("text.png", "no picture")
        try data.write("text.npy", "no array")
        try data.write("text.npz", "no archive")
        try data.write("text.h5", "no hierarchy")
        let table = try identityTable(1...2)
        enum Task { case labels, instances, scores }
        let rows: [(Task, String, String)] = [
            (
                .labels, "half.nii.gz",
                "half.nii.gz: at i 2, j 1, k 0: found the value 0.5, expected whole numbers from 0 on"
            ),
            (.labels, "nan.nii", "nan.nii: at i 2, j 1, k 0: found the value nan, expected whole"),
            (
                .labels, "negative.nii.gz",
                "at i 1, j 1, k 1: found the value -4, expected whole numbers"
            ),
            (.labels, "negative.npy", "negative.npy: at i 1, j 1, k 1: found the value -4"),
            (
                .instances, "negative.nii.gz",
                "at i 1, j 1, k 1: found the value -4, expected ids from 0"
            ),
            (.scores, "nan.nii", "at i 2, j 1, k 0: found the score nan, expected a finite number"),
            (
                .scores, "inf.npy",
                "at i 2, j 1, k 0: found the score -inf, expected a finite number"
            ),
            (
                .labels, "stray.nii.gz",
                "stray.nii.gz: label values: found 99 in 3 voxels, expected the values of the reference;"
                    + " leave it out with --ignore-label 99"
            ),
            (.labels, "stray.npy", "found 99 in 3 voxels"),
            (.labels, "strayfloat.npy", "found 99 in 3 voxels"),
            (.labels, "wide.npy", "found 3 in 1 voxel, 1099511627776 in 1 voxel, expected"),
            (
                .instances, "wide.npy",
                "at column 1, row 0: found the value 1099511627776, expected whole"
            ),
            (.labels, "many.npy", "found more than 65536 different values, expected a label map"),
            (.labels, "line.npy", "line.npy: shape: found 5, expected two axes"),
            (.labels, "four.npy", "found 2 x 2 x 2 x 2, expected two axes"),
            (.labels, "empty.npy", "found 0 x 4, expected two axes"),
            (
                .labels, "rgb.png",
                "rgb.png: at column 1, row 0: found the colour (1, 2, 1), expected one"
            ),
            (.labels, "cut.nii.gz", "cut.nii.gz: compressed voxels: found"),
            (.labels, "text.nii", "text.nii:"),
            (.labels, "text.png", "a PNG starts with"),
            (.labels, "text.npy", "text.npy: at its start"),
            (.labels, "text.npz", "text.npz: "),
            (.labels, "text.h5", "no HDF5 signature"),
        ]
        for (task, name, text) in rows {
            let failed = failure {
                let file = try data.file(name)
                switch task {
                case .labels: _ = try reader.labels(file, by: table)
                case .instances: _ = try reader.instances(file)
                case .scores: _ = try reader.scores(file)
                }
            }
            #expect(failed.kind == .data, "\(name): \(failed.text)")
            #expect(failed.text.contains(text), "\(name): \(failed.text)")
            #expect(
                !failed.text.contains("\n") && !failed.text.contains(data.root), "\(failed.text)")
        }
        let missing = ScoreFile(
            displayPath: "gone.nii", path: data.path("gone.nii"), format: .nifti)
        #expect(failure { _ = try reader.labels(missing, by: table) }.kind == .missingInput)
        let noArray = failure { _ = try data.stored("text.h5:/x") }
        #expect(noArray.kind == .data)
        var small = ScoreInputOptions()
        small.maxBytes = 100
        let large = failure {
            _ = try ScoreImageReader(small).labels(try data.file("stray.nii.gz"), by: table)
        }
        #expect(large.text.contains("--max-memory"), "\(large.text)")
    }
}
