import Foundation
import HDF5
import MedicalImaging
import NIfTI
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow
@testable import SegmentAnything

/// A tiny data set, prepared, with a checkpoint of random weights beside it.
final class SegmentStore: Sendable {
    static let configuration = SAMConfiguration(
        name: "tiny", imageSize: 64,
        encoder: .vit(
            ViTConfiguration(width: 32, depth: 2, heads: 2, globalBlocks: [1], windowSize: 3)),
        decoder: DecoderConfiguration(width: 64, heads: 4, mlpWidth: 64, qualityHeadWidth: 32))

    let data: TinyDataset
    let store: StoreLayout
    let model: SegmentationModel
    var checkpoint: String { data.folder.path + "/tiny.h5" }
    var output: String { data.folder.path + "/pred" }

    init(
        _ ids: [String] = ["a", "b", "c"], _ recipe: SliceRecipe = SliceRecipe(),
        prompts: PromptRecipe = PromptRecipe()
    ) throws {
        data = try TinyDataset(ids)
        _ = try data.run(data.configuration(recipe, prompts: prompts)).run()
        store = StoreLayout(root: data.output)
        try Checkpoint.writeRandom(
            Self.configuration, salt: "segment", to: data.folder.path + "/tiny.h5")
        model = try SegmentationModel.load(data.folder.path + "/tiny.h5")
    }

    func run(
        to output: String? = nil, _ change: (inout SegmentRun) -> Void = { _ in }
    ) throws -> SegmentRun.Outcome {
        var run = SegmentRun(store: store, model: model, output: output ?? self.output)
        change(&run)
        return try run.run()
    }

    func path(_ name: String) -> String { data.folder.path + "/" + name }

    /// The grey picture of a slice, by the recorded window or, without one, by the range of the case.
    func pictures(_ reader: CaseFileReader) throws -> [InputImage] {
        let pictures = try SlicePictures(reader, threads: 1)
        return try (0..<reader.count).map {
            InputImage(
                grey: Slice(
                    rows: reader.description.rows, columns: reader.description.columns,
                    samples: try pictures.grey(at: $0)))
        }
    }
}

@Suite("Segmenting a store")
struct SegmentStoreTests {
    @Test("every record has the mask the model gives for its prompt, and overlaps go to the best")
    func masks() throws {
        for (choice, prompts) in [
            (MaskChoice.single, ["box"]), (.best, ["centre"]), (.single, ["box+5", "random3"]),
        ] {
            let stored = try SegmentStore(["a"])
            let outcome = try stored.run {
                $0.masks = choice
                $0.prompts = prompts
            }
            let reader = try CaseFileReader(path: stored.store.caseFile("a"))
            let records = try reader.records()
            let file = try HDF5Reader(path: stored.output + "/masks/a.hdf")
            let (rows, columns) = (reader.description.rows, reader.description.columns)
            let size = rows * columns
            let masks: [UInt8] = try file.readArray("/masks")
            let merged: [UInt8] = try file.readArray("/label")
            let quality: [Float] = try file.readArray("/records/predicted_iou")
            #expect(try file.info("/masks").shape == [records.count, rows, columns])
            #expect(try file.readArray("/records/label", as: UInt8.self) == records.map(\.label))
            let pictures = try stored.pictures(reader)
            var expected = [[UInt8]](
                repeating: [UInt8](repeating: 0, count: size), count: reader.count)
            var best = [[Float]](
                repeating: [Float](repeating: -.infinity, count: size), count: reader.count)
            for (n, record) in records.enumerated() {
                var prompt = SAMPrompt()
                for name in prompts {
                    switch try reader.prompts(name).values {
                    case .boxes(let boxes): prompt.box = boxes[n]
                    case .points(let points): prompt.points = points[n]
                    }
                }
                let answers = try stored.model.sam().encode(pictures[record.slice])
                    .predict(prompt, output: choice == .single ? .single : .multiple)
                let top = answers.map(\.predictedIoU).max() ?? 0
                let answer = try #require(answers.first { $0.predictedIoU == top })
                #expect(Array(masks[n * size..<(n + 1) * size]) == answer.mask.samples)
                #expect(quality[n] == answer.predictedIoU)
                for pixel in 0..<size
                where answer.mask.samples[pixel] == 1 && quality[n] > best[record.slice][pixel] {
                    best[record.slice][pixel] = quality[n]
                    expected[record.slice][pixel] = record.label
                }
            }
            #expect(merged == expected.flatMap(\.self))
            let unit = try #require(outcome.manifest?.cases.first)
            #expect(unit.records == records.count && unit.slices == reader.count)
            #expect(
                unit.emptyMasks
                    == records.indices.count { n in
                        !masks[n * size..<(n + 1) * size].contains(1)
                    })
            for label in unit.labels {
                #expect(label.pixels == merged.count { Int($0) == label.id })
            }
        }
    }

    @Test("the label map lies on the voxels and the affine of the source, whatever the frame")
    func volumes() throws {
        for axis in SliceAxis.allCases {
            let stored = try SegmentStore(["a"], SliceRecipe(axis: axis))
            _ = try stored.run()
            let reader = try CaseFileReader(path: stored.store.caseFile("a"))
            let merged: [UInt8] = try HDF5Reader(path: stored.output + "/masks/a.hdf")
                .readArray("/label")
            let image = try NIfTIFile(path: stored.data.root + "/imga.nii.gz")
            let file = try NIfTIFile(path: stored.output + "/a.nii.gz")
            #expect(try file.grid().shape == image.grid().shape)
            #expect(try file.affine() == image.affine())
            let shape = try image.grid().shape
            var expected = [UInt8](repeating: 0, count: shape.count)
            let map = reader.description.pixelToVoxel
            let (rows, columns) = (reader.description.rows, reader.description.columns)
            for (position, s) in reader.sliceIndices.enumerated() {
                for y in 0..<rows {
                    for x in 0..<columns {
                        let voxel = (0..<3).map { axis in
                            Int(
                                map[axis, 0] * Double(x) + map[axis, 1] * Double(y)
                                    + map[axis, 2] * Double(s) + map[axis, 3])
                        }
                        expected[voxel[0] + shape.i * (voxel[1] + shape.j * voxel[2])] =
                            merged[(position * rows + y) * columns + x]
                    }
                }
            }
            #expect(try file.readLabels { UInt8(exactly: $0) }.samples == expected, "\(axis)")
            #expect(expected.contains { $0 != 0 })
        }
    }

    @Test("labels put back on the source are the labels that were cut, and score reads them alike")
    func placement() throws {
        for recipe in [
            SliceRecipe(selection: SliceSelection(.all)),
            SliceRecipe(axis: .coronal, selection: SliceSelection(.all)),
            SliceRecipe(axis: .sagittal, rowAxis: .first),
            SliceRecipe(selection: SliceSelection(.all), size: SliceSize(rows: 23, columns: 31)),
            SliceRecipe(axis: .sagittal, size: SliceSize(rows: 5, columns: 4)),
        ] {
            let stored = try SegmentStore(["a"], recipe)
            let path = stored.store.caseFile("a")
            let reader = try CaseFileReader(path: path)
            let placement = try SourcePlacement(reader, name: "a")
            var voxels = [UInt8](repeating: 0, count: TinyDataset.shape.count)
            for (position, index) in reader.sliceIndices.enumerated() {
                try placement.put(
                    try reader.label(at: position), at: index, into: &voxels, name: "a")
            }
            if recipe.size == nil {
                var expected: [UInt8] = []
                for k in 0..<TinyDataset.shape.k {
                    for j in 0..<TinyDataset.shape.j {
                        for i in 0..<TinyDataset.shape.i {
                            expected.append(TinyDataset.id(i, j, k))
                        }
                    }
                }
                #expect(voxels == expected)
            }
            let read = try ScoreImageReader()
                .preparedCase(ScoreFile(displayPath: "a", path: path, format: .preparedCase))
            guard case .uint8(let scored) = read.samples else {
                Issue.record("not labels")
                continue
            }
            #expect(voxels == scored)
        }
    }

    @Test("a segmented folder is a prediction that score reads as it is")
    func scored() throws {
        let stored = try SegmentStore()
        _ = try stored.run()
        var configuration = ScoreConfiguration(
            reference: stored.store.root, prediction: stored.output)
        configuration.metrics = [.dice]
        let report = try ScoreRun(configuration).run { _, _, _ in }.report
        #expect(Set(report.rows.map(\.case)) == ["a", "b", "c"])
        #expect(report.rows.allSatisfy { $0.values[0].value != nil })
        // Dice from the two label maps, counted by hand.
        let truth = try NIfTIFile(path: stored.data.root + "/labela.nii.gz").readLabels {
            UInt8(exactly: $0)
        }.samples
        let found = try NIfTIFile(path: stored.output + "/a.nii.gz").readLabels {
            UInt8(exactly: $0)
        }.samples
        let (a, b) = (truth.count { $0 == 1 }, found.count { $0 == 1 })
        let both = zip(truth, found).count { $0 == 1 && $1 == 1 }
        let row = try #require(report.rows.first { $0.case == "a" && $0.label == 1 })
        let dice = try #require(row.values[0].value)
        #expect(abs(dice - 2 * Double(both) / Double(a + b)) < 1e-12)
    }

    @Test("interruptions, shards, threads and stored embeddings change no byte")
    func sameBytes() throws {
        let stored = try SegmentStore()
        let whole = try stored.run()
        #expect(whole.segmented == 3 && whole.skipped == 0 && whole.embeddingsFound == 0)
        let expected = try PrepareFolder.contents(of: stored.output)
        #expect(
            expected.keys.sorted() == [
                "a.nii.gz", "b.nii.gz", "c.nii.gz", "masks/a.hdf", "masks/b.hdf", "masks/c.hdf",
                "segmentation-plan.json", "segmentation.json", "units/a.json", "units/b.json",
                "units/c.json",
            ])
        // Shards of which the last writes the manifest.
        let shards = stored.path("shards")
        var cases = 0
        for index in 0..<2 {
            let outcome = try stored.run(to: shards) {
                $0.shard = (index, 2)
                $0.embeddings = stored.path("cache")
                $0.threads = 1
            }
            #expect((outcome.manifest != nil) == (index == 1))
            cases += outcome.segmented
        }
        #expect(cases == 3)
        #expect(try PrepareFolder.contents(of: shards) == expected)
        // The same with every embedding from the cache.
        let cached = try stored.run(to: stored.path("cached")) {
            $0.embeddings = stored.path("cache")
        }
        #expect(cached.embeddingsComputed == 0)
        #expect(cached.embeddingsFound == whole.embeddingsComputed)
        #expect(try PrepareFolder.contents(of: stored.path("cached")) == expected)
        // A run that was killed: one case half there.
        try FileManager.default.removeItem(atPath: stored.output + "/units/b.json")
        try FileManager.default.removeItem(atPath: stored.output + "/segmentation.json")
        try Data("half".utf8).write(to: URL(fileURLWithPath: stored.output + "/a.nii.gz"))
        let again = try stored.run()
        #expect(again.segmented == 2 && again.skipped == 1)
        #expect(try PrepareFolder.contents(of: stored.output) == expected)
    }

    @Test("a damaged embedding is made again")
    func damagedEmbedding() throws {
        let stored = try SegmentStore(["a"])
        let first = try stored.run { $0.embeddings = stored.path("cache") }
        let expected = try PrepareFolder.contents(of: stored.output)
        let files = try PrepareFolder.contents(of: stored.path("cache"))
        #expect(files.count == first.embeddingsComputed)
        for (number, name) in files.keys.sorted().enumerated() {
            var bytes = try #require(files[name])
            if number % 2 == 0 {
                bytes = bytes.prefix(bytes.count / 2)
            } else {
                // Within the values: the container stays sound.
                bytes[bytes.count / 2] ^= 0x10
            }
            try bytes.write(to: URL(fileURLWithPath: stored.path("cache/" + name)))
        }
        let again = try stored.run(to: stored.path("again")) {
            $0.embeddings = stored.path("cache")
        }
        #expect(again.embeddingsFound == 0)
        #expect(try PrepareFolder.contents(of: stored.path("again")) == expected)
        #expect(try PrepareFolder.contents(of: stored.path("cache")) == files)
    }

    @Test(
        "with stored embeddings the image encoder is not read, and without them damage to it is found"
    )
    func encoderIsNotRead() throws {
        let stored = try SegmentStore(["a"])
        _ = try stored.run { $0.embeddings = stored.path("cache") }
        let name = "image_encoder.blocks.1.mlp.lin1.weight"
        let place = try #require(try Checkpoint.open(stored.checkpoint).entry(named: name)?.place)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: stored.checkpoint))
        bytes[place.lowerBound + 40] ^= 1
        try bytes.write(to: URL(fileURLWithPath: stored.checkpoint))
        // The digest follows from the recorded checksums, so it is still that of the embeddings.
        func run(_ output: String, _ cache: String?) throws {
            var run = SegmentRun(
                store: stored.store, model: try SegmentationModel.load(stored.checkpoint),
                output: stored.path(output))
            run.embeddings = cache
            _ = try run.run()
        }
        try run("cached", stored.path("cache"))
        #expect(
            try PrepareFolder.contents(of: stored.path("cached"))
                == PrepareFolder.contents(of: stored.output))
        let damaged = failure { try run("fresh", nil) }
        #expect(damaged.kind == .data && damaged.text.contains(name), "\(damaged.text)")
    }

    @Test("random weights are named in everything that is written")
    func random() throws {
        let stored = try SegmentStore(["a"])
        #expect(stored.model.isRandom && stored.model.name == "tiny-random")
        let outcome = try stored.run()
        #expect(outcome.manifest?.notes.first == SegmentationModel.randomNote)
        #expect(outcome.manifest?.plan.weights == "random")
        let file = try HDF5Reader(path: stored.output + "/masks/a.hdf")
        #expect(try file.attribute("weights") == .string("random"))
    }

    @Test("where masks overlap the best predicted IoU decides, then the first")
    func merging() {
        func mask(_ text: String) -> LabelSlice {
            LabelSlice(rows: 1, columns: 6, samples: text.map { $0 == "#" ? 1 : 0 })
        }
        var merger = LabelSliceMerger(rows: 1, columns: 6)
        merger.add(mask("###..."), label: 1, predictedIoU: 0.5)
        merger.add(mask(".###.."), label: 2, predictedIoU: 0.75)
        merger.add(mask("..###."), label: 3, predictedIoU: 0.75)
        merger.add(mask("######"), label: 4, predictedIoU: .nan)
        #expect(merger.slice.samples == [1, 2, 2, 2, 3, 4])
        #expect(merger.contested == 5)
        merger.add(mask(".....#"), label: 4, predictedIoU: -3)
        #expect(merger.contested == 5)
    }
}
