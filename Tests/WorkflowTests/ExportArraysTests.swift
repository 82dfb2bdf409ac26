import Foundation
import HDF5
import MedicalDatasets
import MedicalImaging
import NIfTI
import NumPyFiles
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

@Suite("Exports of arrays and volumes")
struct ExportArraysTests {
    static let size = 40 * 36

    static func archive(_ store: ExportStoreForTests, _ name: String) throws -> NPZReader {
        try NPZReader(try store.bytes(name), named: name)
    }

    @Test("transunet: slices of training cases are npz of floats, in the published order")
    func transunetTraining() throws {
        let store = try ExportStoreForTests(
            recipe: SlicePreset.transunet.recipe, preset: .transunet)
        let outcome = try store.export(.transunet) { $0.zoomed = 20 }
        #expect(outcome.notes.isEmpty)
        #expect(outcome.files == 2 * 12 + 2 + 3)
        for (id, part) in [("0031", "train"), ("0007", "train")] {
            let reader = try store.reader(id)
            #expect(reader.description.part == part)
            for k in 0..<6 {
                let name = "case\(id)_slice00\(k).npz"
                let archive = try Self.archive(store, "out/train_npz/\(name)")
                #expect(archive.names == ["image", "label"])
                let image = try archive.array("image")
                #expect(image.shape == [36, 40])
                // The recipe in plain words: clip, subtract, divide; rows are j, columns i.
                let source = ExportStoreForTests.image(id).samples[(k * Self.size)...].prefix(
                    Self.size)
                let expected = source.map { (min(max(Float($0), -125), 275) + 125) / 400 }
                #expect(try image.values(as: Float.self) == expected)
                let labels = try reader.label(at: k)
                let label = try archive.array("label")
                #expect(try label.values(as: Float.self) == labels.samples.map { Float($0) })

                let zoomed = try Self.archive(store, "out/train_npz_20/\(name)")
                let small = try zoomed.array("image")
                #expect(small.shape == [20, 20])
                let slice = Slice<Float>(rows: 36, columns: 40, samples: expected)
                #expect(
                    try small.values(as: Float.self)
                        == SplineZoom.zoom(slice, to: SliceSize(square: 20)).samples)
                #expect(
                    try zoomed.array("label").values(as: Float.self)
                        == SplineZoom.zoomLabels(labels, to: SliceSize(square: 20)).samples.map {
                            Float($0)
                        })
            }
        }
        let expected = ["case0031", "case0007"].flatMap { name in
            (0..<6).map { "\(name)_slice00\($0)" }
        }
        #expect(try store.lines("out/lists/lists_Synapse/train.txt") == expected)
        #expect(
            try store.lines("out/lists/lists_Synapse/test_vol.txt") == ["case0008", "case0002"])
        #expect(
            try store.lines("out/lists/lists_Synapse/all.lst")
                == ["0031", "0007", "0008", "0002"].map { "case\($0).npy.h5" })
    }

    @Test("transunet: other cases are contiguous volumes of floats")
    func transunetVolumes() throws {
        let store = try ExportStoreForTests(
            recipe: SlicePreset.transunet.recipe, preset: .transunet, ids: ["0031", "0008"])
        try store.export(.transunet)
        let file = try HDF5Reader(path: store.path("out/test_vol_h5/case0008.npy.h5"))
        let reader = try store.reader("0008")
        let image = try file.info("/image")
        #expect(image.shape == [6, 36, 40] && image.elementType == .float32 && image.chunk == nil)
        let label = try file.info("/label")
        #expect(label.shape == [6, 36, 40] && label.elementType == .float32 && label.chunk == nil)
        #expect(
            try file.readArray("/image", as: Float.self)
                == (0..<6).flatMap { try reader.image(at: $0).samples })
        #expect(
            try file.readArray("/label", as: Float.self)
                == (0..<6).flatMap { try reader.label(at: $0).samples.map { Float($0) } })
    }

    @Test("medsam: slices with an organ are kept, enlarged and spread over 0...1")
    func medsam() throws {
        let store = try ExportStoreForTests(
            recipe: SlicePreset.medsam.recipe, preset: .medsam, ids: ["0031", "0002"])
        let outcome = try store.export(.medsam) { $0.parts = ["train"] }
        let reader = try store.reader("0031")
        // The small organ falls to the rule of 1,000 voxels.
        #expect(reader.sliceIndices == [2, 3])
        #expect(outcome.files == 1 + 2 * 2)
        let archive = try Self.archive(store, "out/npz/CT_Abd_0031.npz")
        #expect(archive.names == ["imgs", "gts", "spacing"])
        let images = try archive.array("imgs")
        #expect(images.shape == [2, 36, 40] && images.type == .uint8)
        #expect(images.bytes == (try (0..<2).flatMap { try reader.imageBytes(at: $0) }))
        let labels = try archive.array("gts")
        #expect(labels.shape == [2, 36, 40] && labels.type == .uint8)
        #expect(labels.bytes == (try (0..<2).flatMap { try reader.label(at: $0).samples }))
        #expect(try archive.array("spacing").values(as: Double.self) == [0.75, 0.5, 3])

        for n in 0..<2 {
            let picture = try NPY.decode(try store.bytes("out/npy/imgs/CT_Abd_0031-00\(n).npy"))
            #expect(picture.shape == [1024, 1024, 3])
            let values = try picture.values(as: Double.self)
            #expect(values.min() == 0 && values.max() == 1)
            let bytes = Slice<UInt8>(
                rows: 36, columns: 40, samples: try reader.imageBytes(at: n))
            let large: Slice<Double> = ScikitResize.resize(bytes, to: SliceSize(square: 1024))
            let low = try #require(large.samples.min())
            let high = try #require(large.samples.max())
            let isRight = large.samples.indices.allSatisfy { pixel in
                let expected = (large.samples[pixel] - low) / (high - low)
                return (0..<3).allSatisfy { values[3 * pixel + $0] == expected }
            }
            #expect(isRight)
            let mask = try NPY.decode(try store.bytes("out/npy/gts/CT_Abd_0031-00\(n).npy"))
            #expect(mask.shape == [1024, 1024] && mask.type == .uint8)
            #expect(
                mask.bytes
                    == ScikitResize.resizeLabels(
                        try reader.label(at: n), to: SliceSize(square: 1024)
                    ).samples)
        }
    }

    @Test("npz: an archive holds the slice as stored, its records and every kind of prompt")
    func npz() throws {
        let recipe = SliceRecipe(neighbours: 1, window: .range(low: -160, high: 240))
        let store = try ExportStoreForTests(recipe: recipe, ids: ["0031", "0002"])
        let outcome = try store.export(.npz)
        #expect(outcome.files == 6)
        let reader = try store.reader("0002")
        let records = try reader.records()
        for position in 0..<reader.count {
            let archive = try Self.archive(
                store, "out/test/0002_00\(reader.sliceIndices[position]).npz")
            let image = try archive.array("image")
            #expect(image.shape == [3, 36, 40] && image.type == .int16)
            #expect(
                image.bytes
                    == (try (0..<3).flatMap { try reader.imageBytes(at: position, channel: $0) }))
            #expect(
                try archive.array("label").bytes == reader.label(at: position).samples)
            #expect(try archive.array("slice_index").shape == [])
            #expect(
                try archive.array("slice_index").values(as: Int32.self)
                    == [Int32(reader.sliceIndices[position])])
            #expect(try archive.array("window").values(as: Double.self) == [-160, 240])
            let mine = records.indices.filter { records[$0].slice == position }
            #expect(!mine.isEmpty)
            #expect(
                try archive.array("record_label").values(as: UInt8.self)
                    == mine.map { records[$0].label })
            #expect(
                try archive.array("record_area").values(as: Int32.self)
                    == mine.map { Int32(records[$0].area) })
            for kind in ["box", "box+5"] {
                guard case .boxes(let boxes) = try reader.prompts(kind).values else {
                    Issue.record("\(kind) holds no boxes")
                    return
                }
                let array = try archive.array("prompts/\(kind)")
                #expect(array.shape == [mine.count, 4])
                #expect(
                    try array.values(as: Float.self)
                        == mine.flatMap {
                            [boxes[$0].x0, boxes[$0].y0, boxes[$0].x1, boxes[$0].y1]
                        })
            }
            guard case .points(let points) = try reader.prompts("random3").values else {
                Issue.record("random3 holds no points")
                return
            }
            let array = try archive.array("prompts/random3")
            #expect(array.shape == [mine.count, 3, 2])
            #expect(
                try array.values(as: Float.self)
                    == mine.flatMap { n in points[n].flatMap { [$0.x, $0.y] } })
            #expect(try archive.array("boxes") == archive.array("prompts/box"))
            #expect(try archive.array("points") == archive.array("prompts/centre"))
            #expect(try archive.array("point_labels").shape == [mine.count, 1])
        }
        #expect(Folders.isFile(store.path("out/train/0031_003.npz")))
    }

    @Test("nnunet: volumes keep every voxel value and its place in the world")
    func nnunet() throws {
        // Another frame than the file's, so that axes are swapped and flipped on the way.
        let recipe = SliceRecipe(
            axis: .coronal, orientation: .reordered(.ras), selection: SliceSelection(.all))
        let store = try ExportStoreForTests(recipe: recipe, ids: ["0031", "0002"])
        let outcome = try store.export(.nnunet)
        let root = "out/Dataset501_synapse"
        for (id, kind) in [("0031", "Tr"), ("0002", "Ts")] {
            let image = try NIfTIFile(path: store.path("\(root)/images\(kind)/\(id)_0000.nii.gz"))
                .loadImage().contents
            let labels = try NIfTIFile(path: store.path("\(root)/labels\(kind)/\(id).nii.gz"))
                .loadLabels { UInt8(exactly: $0) }.contents
            guard case .int16(let volume) = image else {
                Issue.record("found \(image.sampleType) voxels")
                return
            }
            let source = ExportStoreForTests.image(id)
            #expect(volume.grid.shape == GridShape(40, 6, 36))
            #expect(labels.grid == volume.grid)
            let back = volume.reordered(to: source.grid.orientation)
            #expect(back.samples == source.samples)
            #expect(back.grid.differences(from: source.grid).isEmpty)
            let raw = ExportStoreForTests.labels(id).samples
            let ids: [UInt8: UInt8] = [0: 0, 1: 1, 5: 0, 6: 5]
            #expect(
                labels.reordered(to: source.grid.orientation).samples == raw.map { ids[$0] ?? 99 })
        }
        struct Description: Decodable {
            var channel_names: [String: String]
            var labels: [String: Int]
            var numTraining: Int
            var file_ending: String
        }
        let description = try store.json(Description.self, "\(root)/dataset.json")
        #expect(description.channel_names == ["0": "CT"])
        #expect(description.labels["background"] == 0 && description.labels["liver"] == 5)
        #expect(description.labels.values.sorted() == Array(0...8))
        #expect(description.numTraining == 1 && description.file_ending == ".nii.gz")
        #expect(outcome.files == 5)
    }

    @Test("nnunet: windowed pixels are floats, and the channel is not called CT")
    func nnunetFloats() throws {
        let store = try ExportStoreForTests(
            recipe: SlicePreset.transunet.recipe, preset: .transunet, ids: ["0031"])
        try store.export(.nnunet) { $0.datasetNumber = 7 }
        let image = try NIfTIFile(
            path: store.path("out/Dataset007_synapse/imagesTr/0031_0000.nii.gz")
        ).loadImage().contents
        guard case .float32(let volume) = image else {
            Issue.record("found \(image.sampleType) voxels")
            return
        }
        #expect(volume.samples.min() == 0 && volume.samples.max() == 1)
        let json = String(
            decoding: try store.bytes("out/Dataset007_synapse/dataset.json"), as: UTF8.self)
        #expect(json.contains("\"0\" : \"image\""))
    }

    @Test("nnunet: ids with gaps become consecutive, by ascending id, and that is noted")
    func nnunetGaps() throws {
        let text = try DatasetCard.named("synapse").jsonText
        let changed = text.replacingOccurrences(
            of: #""id": 5, "name": "liver""#, with: #""id": 30, "name": "liver""#)
        try #require(changed != text)
        let card = try DatasetCard(json: Array(changed.utf8), file: "card.json")
        let store = try ExportStoreForTests(recipe: .wholeVolumes, ids: ["0031"], card: card)
        let outcome = try store.export(.nnunet)
        #expect(outcome.notes.contains { $0.contains("6 to 5, 7 to 6, 8 to 7, 30 to 8") })
        let file = try NIfTIFile(path: store.path("out/Dataset501_synapse/labelsTr/0031.nii.gz"))
        let labels = try file.loadLabels { UInt8(exactly: $0) }.contents
        let ids: [UInt8: UInt8] = [0: 0, 1: 1, 5: 0, 6: 8]
        #expect(labels.samples == ExportStoreForTests.labels("0031").samples.map { ids[$0] ?? 99 })
        let json = String(
            decoding: try store.bytes("out/Dataset501_synapse/dataset.json"), as: UTF8.self)
        #expect(json.contains("\"liver\" : 8"))
    }

    @Test("nnunet: validation cases are training data, and the split is written down")
    func nnunetValidation() throws {
        let store = try ExportStoreForTests(
            recipe: .wholeVolumes, ids: ["0031", "0007", "0008"],
            parts: #"{"train": ["0031", "0007"], "validation": ["0008"]}"#)
        try store.export(.nnunet)
        struct Fold: Decodable, Equatable {
            var train: [String]
            var val: [String]
        }
        let folds = try store.json([Fold].self, "out/Dataset501_synapse/splits_final.json")
        #expect(folds == [Fold(train: ["0031", "0007"], val: ["0008"])])
        #expect(Folders.isFile(store.path("out/Dataset501_synapse/imagesTr/0008_0000.nii.gz")))
        let json = String(
            decoding: try store.bytes("out/Dataset501_synapse/dataset.json"), as: UTF8.self)
        #expect(json.contains("\"numTraining\" : 3"))
    }
}
