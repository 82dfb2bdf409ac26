import Foundation
import MedicalImaging
import PNGCodec
import SampleStore
import SegmentAnything
import Testing

@testable import SamdataWorkflow

@Suite("Segmenting a picture")
struct SegmentPictureTests {
    private static let size = SliceSize(rows: 30, columns: 44)
    private static let image = InputImage(
        rows: 30, columns: 44,
        rgb: (0..<30 * 44 * 3).map { UInt8(truncatingIfNeeded: $0 / 3 % 44 * 5 + $0 / 700 * 9) })

    private func segmenter() throws -> PictureSegmenter {
        let model = try SAM.random(SegmentStore.configuration)
        return PictureSegmenter(
            model: SegmentationModel(model: model, digest: "test", isRandom: true))
    }

    @Test("a prompt has the model's mask, several are sorted by predicted IoU")
    func answers() throws {
        let segmenter = try segmenter()
        let encoded = try segmenter.model.sam().encode(Self.image)
        let prompt = SAMPrompt(
            points: [PointPrompt(x: 3, y: 4), PointPrompt(x: 40, y: 9, isForeground: false)],
            box: BoxPrompt(x0: 1, y0: 2, x1: 20, y1: 25))
        let one = try segmenter.answer(Self.image, prompt, isMultiple: false)
        let expected = try encoded.predict(prompt)[0]
        #expect(one.masks.count == 1 && one.masks[0].mask.slice() == expected.mask)
        #expect(one.masks[0].predictedIoU == expected.predictedIoU)
        #expect(one.masks[0].stability == expected.stability)
        let three = try segmenter.answer(Self.image, prompt, isMultiple: true).masks
        #expect(three.count == 3)
        #expect(
            three.map(\.predictedIoU)
                == (try encoded.predict(prompt, output: .multiple)).map(\.predictedIoU).sorted(
                    by: >))
        let picture = try PNG.decode(try one.maskPNG())
        #expect(picture.bytes == expected.mask.samples.map { $0 * 255 })
    }

    @Test("prompts outside of the picture are named")
    func outside() throws {
        let segmenter = try segmenter()
        for prompt in [
            SAMPrompt.point(x: 44, y: 0), .point(x: -1, y: 0), .point(x: 0, y: 30),
            .box(BoxPrompt(x0: 5, y0: 5, x1: 4, y1: 6)),
            .box(BoxPrompt(x0: 0, y0: 0, x1: 44, y1: 6)),
        ] {
            let refused = failure {
                _ = try segmenter.answer(Self.image, prompt, isMultiple: false, name: "x.png")
            }
            #expect(refused.kind == .usage)
            #expect(
                refused.text.contains("x.png: found")
                    && refused.text.contains("44 columns and 30 rows"))
        }
        _ = try segmenter.answer(Self.image, .point(x: 43, y: 29), isMultiple: false)
    }

    @Test(
        "everything is numbered, small masks above large ones, and written as the reference's records"
    )
    func everything() throws {
        let segmenter = try segmenter()
        var options = AutomaticMaskOptions()
        options.pointsPerSide = 4
        // Random weights give logits of small spread.
        options.maskThreshold = 0.4
        options.stabilityOffset = 0.1
        options.predictedIoUThreshold = 0
        options.stabilityThreshold = 0.1
        options.boxOverlap = 0.99
        let result = try segmenter.everything(Self.image, options: options)
        let masks = try AutomaticMaskGenerator(model: try segmenter.model.sam(), options: options)
            .masks(of: Self.image)
        #expect(result.masks.map(\.mask) == masks.map(\.mask) && masks.count > 2)
        let numbers = try #require(try PNG.decode(try result.numbersPNG()).bytes)
        for pixel in numbers.indices {
            let covering = masks.indices.filter { masks[$0].mask.slice().samples[pixel] == 1 }
            let smallest = covering.min { masks[$0].area < masks[$1].area }
            if let smallest {
                #expect(masks[Int(numbers[pixel]) - 1].area == masks[smallest].area)
            } else {
                #expect(numbers[pixel] == 0)
            }
        }
        let text = String(
            decoding: try CanonicalJSON.pretty(PictureMaskDocument(result, model: segmenter.model)),
            as: UTF8.self)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(json["weights"] as? String == "random")
        let entries = try #require(json["masks"] as? [[String: Any]])
        #expect(entries.count == masks.count)
        for (entry, mask) in zip(entries, masks) {
            let segmentation = try #require(entry["segmentation"] as? [String: Any])
            let counts = try #require(segmentation["counts"] as? String)
            #expect(
                try RunLengthMask(rows: 30, columns: 44, cocoString: counts) == mask.mask)
            #expect(entry["area"] as? Int == mask.area)
            let box = try #require(entry["bbox"] as? [Double])
            #expect(
                box
                    == [
                        mask.box.x0, mask.box.y0, mask.box.x1 - mask.box.x0,
                        mask.box.y1 - mask.box.y0,
                    ]
                    .map(Double.init))
            #expect(entry["crop_box"] as? [Int] == [0, 0, 44, 30])
        }
    }

    @Test("the overlay shows the picture, the mask's border and the prompt")
    func overlay() throws {
        let segmenter = try segmenter()
        let prompt = SAMPrompt.box(BoxPrompt(x0: 2, y0: 3, x1: 30, y1: 20))
        var result = try segmenter.answer(Self.image, prompt, isMultiple: false)
        var slice = LabelSlice(
            rows: 30, columns: 44, samples: [UInt8](repeating: 0, count: 30 * 44))
        for y in 22..<28 { for x in 33..<40 { slice[y, x] = 1 } }
        result.masks[0].mask = RunLengthMask(of: slice, label: 1)
        let canvas = result.overlay(on: Self.image, prompt: prompt)
        #expect(canvas.width == 44 && canvas.height == 30)
        func pixel(_ x: Int, _ y: Int) -> RGBColor {
            let at = (y * 44 + x) * 3
            let samples = Self.image.samples
            return RGBColor(red: samples[at], green: samples[at + 1], blue: samples[at + 2])
        }
        #expect(canvas.color(x: 43, y: 29) == pixel(43, 29))
        #expect(canvas.color(x: 33, y: 22) == RGBColor.standard(forLabel: 1))
        #expect(canvas.color(x: 36, y: 25) != pixel(36, 25))
        #expect(canvas.color(x: 36, y: 25) != RGBColor.standard(forLabel: 1))
        #expect(canvas.color(x: 2, y: 3) == RGBColor(hex: 0xFFFFFF))
        let titled = result.overlay(on: Self.image, prompt: prompt, title: "random weights")
        #expect(titled != canvas)
    }

    @Test("grey, colour, transparent and 16-bit pictures are read; others are named")
    func reading() throws {
        let folder = try PrepareFolder()
        func read(_ channels: Int, _ samples: PNGPicture.Samples) throws -> InputImage {
            let path = folder.path + "/x.png"
            try Data(
                try PNG.encode(
                    try PNGPicture(width: 2, height: 1, channels: channels, samples: samples))
            ).write(to: URL(fileURLWithPath: path))
            return try PictureSegmenter.read(path)
        }
        // Grey becomes equal colours, as the model sees it.
        #expect(try read(1, .bytes([7, 9])).samples == [7, 7, 7, 9, 9, 9])
        #expect(try read(3, .bytes([1, 2, 3, 4, 5, 6])).samples == [1, 2, 3, 4, 5, 6])
        #expect(try read(4, .bytes([1, 2, 3, 99, 4, 5, 6, 0])).samples == [1, 2, 3, 4, 5, 6])
        #expect(
            try read(1, .words([0x1234, 0xFFFF])).samples == [0x12, 0x12, 0x12, 0xFF, 0xFF, 0xFF])
        let path = folder.path + "/y.png"
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: path))
        let damaged = failure { _ = try PictureSegmenter.read(path) }
        #expect(damaged.kind == .data && damaged.text.contains("y.png"))
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: folder.path + "/y.JPG"))
        let photograph = failure { _ = try PictureSegmenter.read(folder.path + "/y.JPG") }
        #expect(photograph.kind == .data && photograph.text.contains("neither PNG, JPEG nor TIFF"))
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: folder.path + "/y.nii.gz"))
        let volume = failure { _ = try PictureSegmenter.read(folder.path + "/y.nii.gz") }
        #expect(volume.kind == .usage && volume.text.contains("samdata prepare"))
        let missing = failure { _ = try PictureSegmenter.read(folder.path + "/z.png") }
        #expect(missing.kind == .missingInput)
    }
}
