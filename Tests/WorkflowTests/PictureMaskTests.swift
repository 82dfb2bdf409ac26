import Foundation
import JPEGCodec
import MedicalDatasets
import MedicalImaging
import PNGCodec
import SamplePreparation
import SampleStore
import SlideAnnotations
import TIFF
import Testing

@testable import SamdataWorkflow

/// Copies of data sets with label pictures in place of outlines, and pictures that are no TIFF.
@Suite("Pictures: label pictures and other formats")
struct PictureMaskTests {
    private static let (width, height) = (60, 44)

    /// Numbers of four objects: two that touch, one of two parts, one at the border.
    private static let numbers: [UInt32] = {
        var result = [UInt32](repeating: 0, count: width * height)
        func paint(_ id: UInt32, _ columns: Range<Int>, _ rows: Range<Int>) {
            for y in rows { for x in columns { result[y * width + x] = id } }
        }
        paint(300, 5..<15, 5..<15)
        paint(7, 15..<22, 8..<20)
        paint(41, 30..<34, 30..<40)
        paint(41, 40..<45, 30..<33)
        paint(2, 50..<60, 0..<9)
        return result
    }()

    private func dataset(_ label: String, image: String = "img/{case}.png") throws -> PictureDataset
    {
        let data = try PictureDataset(
            try PictureDataset.card(image: image, label: label, values: "[1, 255]"))
        data.prompts = PromptRecipe(kinds: [.box], unit: .instance)
        return data
    }

    private static func png(
        _ samples: [UInt8], channels: Int = 3, width: Int = width, height: Int = height
    ) throws -> [UInt8] {
        try PNG.encode(
            try PNGPicture(
                width: width, height: height, channels: channels, samples: .bytes(samples)))
    }

    private static let rgb = TinyPicture.rgb(width: width, height: height)

    @Test("a mask of 0 and 255, as in LViT's copy: its components are the objects")
    func lvit() throws {
        let data = try dataset("labelcol/{case}.png")
        try data.write("img/a.png", try Self.png(Self.rgb))
        try data.write(
            "labelcol/a.png", try Self.png(Self.numbers.map { $0 == 0 ? 0 : 255 }, channels: 1))
        for kind in [PatchConfiguration.Instances.outlines, .components] {
            let store = try data.prepare(to: kind.rawValue) { $0.instances = kind }
            let patch = try #require(try store.patches("a").first)
            #expect(patch.rgb == Self.rgb)
            #expect(patch.label == Self.numbers.map { $0 == 0 ? 0 : 1 })
            // 300 and 7 touch, 41 has two parts: components in order of their first pixel, row by row
            #expect(
                patch.records.map { $0.prompts["box"] ?? [] } == [
                    [50, 0, 59, 8], [5, 5, 21, 19], [30, 30, 33, 39], [40, 30, 44, 32],
                ])
            #expect(patch.records.map(\.component) == [1, 2, 3, 4])
            #expect(try store.reader("a").description.patches?.rule == "")
            #expect(store.manifest.cases[0].inputs.map(\.role) == ["image", "label"])
        }
    }

    @Test("a TIFF of object numbers, 8, 16 or 32 bits: the numbers are the objects")
    func numberTIFF() throws {
        for bits in [8, 16, 32] {
            let data = try dataset("masks/{case}.tif")
            let numbers = Self.numbers.map { bits == 8 ? $0 % 256 : $0 }
            let samples: TIFFSamples =
                switch bits {
                case 8: .uint8(numbers.map { UInt8($0) })
                case 16: .uint16(numbers.map { UInt16($0) })
                default: .uint32(numbers)
                }
            try data.write("img/a.png", try Self.png(Self.rgb))
            try data.write(
                "masks/a.tif",
                try TIFFWriter.encode(
                    try TIFFPixels(
                        width: Self.width, height: Self.height, samplesPerPixel: 1,
                        samples: samples), compression: .lzw))
            let store = try data.prepare()
            let patch = try #require(try store.patches("a").first)
            #expect(patch.instances == numbers)
            #expect(patch.label == numbers.map { $0 == 0 ? 0 : 1 })
            let expected = PictureOracle.extents(numbers, width: Self.width)
            #expect(patch.records.map(\.component) == expected.keys.sorted().map(Int.init))
            for record in patch.records {
                #expect(record.prompts["box"] == expected[UInt32(record.component)]?.box)
            }
            // Patches show the same numbers at the same places.
            let cut = try data.prepare(to: "cut") {
                $0.lattice = PatchRecipe(patch: 32, edge: .pad)
            }
            for patch in try cut.patches("a") {
                let own = try #require(patch.instances)
                for n in own.indices {
                    let (x, y) = (patch.origin.x + n % 32, patch.origin.y + n / 32)
                    let isInside = x < Self.width && y < Self.height
                    #expect(own[n] == (isInside ? numbers[y * Self.width + x] : 0))
                }
            }
        }
    }

    @Test("numbers beyond 16 bits are kept in 32")
    func largeNumbers() throws {
        let data = try dataset("masks/{case}.tif")
        let numbers = Self.numbers.map { $0 == 0 ? 0 : $0 + 70_000 }
        try data.write("img/a.png", try Self.png(Self.rgb))
        try data.write(
            "masks/a.tif",
            try TIFFWriter.encode(
                try TIFFPixels(
                    width: Self.width, height: Self.height, samplesPerPixel: 1,
                    samples: .uint32(numbers))))
        let store = try data.prepare()
        #expect(try store.reader("a").description.instances == .uint32)
        #expect(try store.patches("a").first?.instances == numbers)
    }

    @Test("PNG and JPEG pictures are read as they are; grey becomes equal colours")
    func formats() throws {
        let jpeg = try JPEG.encode(
            try JPEGPicture(
                width: Self.width, height: Self.height, components: 3, samples: Self.rgb),
            quality: 90)
        let grey = (0..<Self.width * Self.height).map { UInt8(truncatingIfNeeded: $0 * 3) }
        let files: [(String, [UInt8], [UInt8])] = [
            ("img/{case}.png", try Self.png(Self.rgb), Self.rgb),
            ("img/{case}.jpg", jpeg, try JPEG.decode(jpeg, named: "a").samples),
            ("img/{case}.png", try Self.png(grey, channels: 1), grey.flatMap { [$0, $0, $0] }),
            (
                "img/{case}.png",
                try PNG.encode(
                    try PNGPicture(
                        width: Self.width, height: Self.height, channels: 1,
                        samples: .words(grey.map { UInt16($0) << 8 | 0x7F }))),
                grey.flatMap { [$0, $0, $0] }
            ),
        ]
        for (pattern, bytes, expected) in files {
            let data = try dataset("masks/{case}.png", image: pattern)
            try data.write(pattern.replacing("{case}", with: "a"), bytes)
            try data.write(
                "masks/a.png", try Self.png(Self.numbers.map { $0 == 0 ? 0 : 1 }, channels: 1))
            let patch = try #require(try data.prepare().patches("a").first)
            #expect(patch.rgb == expected, "\(pattern)")
            #expect(patch.label.count { $0 == 1 } == Self.numbers.count { $0 != 0 })
            let found = failure { _ = try data.plan { $0.micronsPerPixel = 0.5 } }
            #expect(found.kind == .configuration, "\(found.text)")
            #expect(found.text.contains("expected a TIFF for --mpp or --level"), "\(found.text)")
            // A colour picture beyond its edge shows the background.
            let padded = try data.prepare(to: "padded") {
                $0.lattice = PatchRecipe(patch: 64, edge: .pad)
            }
            #expect(
                try padded.patches("a").first?.rgb
                    == PictureOracle.crop(
                        expected, width: Self.width, height: Self.height, x: 0, y: 0, 64, 64))
        }
    }

    @Test("a label picture of another size, another kind or with strange values is refused")
    func refused() throws {
        let data = try dataset("masks/{case}.png")
        data.prompts.unit = .component8
        try data.write("img/a.png", try Self.png(Self.rgb))
        func refusal(_ bytes: [UInt8], _ kind: PatchConfiguration.Instances = .outlines) throws
            -> String
        {
            try data.write("masks/a.png", bytes)
            let found = failure {
                _ = try data.prepare(to: UUID().uuidString) { $0.instances = kind }
            }
            #expect(found.kind == .data)
            #expect(found.text.hasPrefix("case a: masks/a.png: found "), "\(found.text)")
            #expect(!found.text.contains("\n"))
            return found.text
        }
        let small = try Self.png(
            [UInt8](repeating: 1, count: 100), channels: 1, width: 10, height: 10)
        #expect(try refusal(small).contains("10 x 10 pixels, expected 60 x 44"))
        let jpeg = try JPEG.encode(
            try JPEGPicture(
                width: Self.width, height: Self.height, components: 3, samples: Self.rgb))
        #expect(try refusal(jpeg).contains("a JPEG, expected PNG or TIFF"))
        #expect(try refusal(Array("hello".utf8)).contains("neither PNG, JPEG nor TIFF"))
        let strange = try Self.png(Self.numbers.map { UInt8($0 % 256) }, channels: 1)
        let text = try refusal(strange, .none)
        #expect(text.contains("which the card own does not list"), "\(text)")
        #expect(text.contains("--ignore-label"), "\(text)")
    }

    @Test("where labels come from can be said, and is missed when it is not there")
    func sources() throws {
        let card = try PictureDataset.card(
            image: "img/{case}.png", label: "masks/{case}.png", annotation: "xml/{case}.xml")
        let data = try PictureDataset(card)
        data.prompts = PromptRecipe(kinds: [.box], unit: .instance)
        for id in ["a", "b"] { try data.write("img/\(id).png", try Self.png(Self.rgb)) }
        try data.write(
            "masks/a.png", try Self.png(Self.numbers.map { $0 == 0 ? 0 : 255 }, channels: 1))
        try data.write(
            "xml/a.xml",
            AperioXMLWriter.bytes(
                of: SlideAnnotation(
                    format: .aperioXML,
                    regions: [
                        AnnotatedRegion(
                            index: 0,
                            polygon: .init(
                                outer: TinyPicture.box(2, 3, 12, 9).map { .init(x: $0.0, y: $0.1) })
                        )
                    ])))
        // Outlines go before the mask; a case with neither is background.
        let automatic = try data.prepare(to: "automatic")
        #expect(
            try automatic.patches("a").first?.records.map { $0.prompts["box"] } == [[2, 3, 11, 8]])
        #expect(try automatic.patches("b").first?.label.allSatisfy { $0 == 0 } == true)
        data.cases = ["a"]
        #expect(
            try data.prepare(to: "mask") { $0.labelSource = .mask }.patches("a")[0].records.count
                == 4)
        #expect(
            try data.prepare(to: "xml") { $0.labelSource = .outlines }.patches("a")[0].records.count
                == 1)
        data.cases = ["b"]
        for (source, word) in [
            (PatchConfiguration.LabelSource.mask, "label picture"), (.outlines, "annotation"),
        ] {
            let found = failure { _ = try data.prepare(to: "b") { $0.labelSource = source } }
            #expect(found.kind == .missingInput)
            #expect(
                found.text.contains(
                    "found no \(word), expected one under --labels \(source.rawValue)"))
            #expect(found.text.contains("--labels automatic"))
        }
    }

    @Test("files that are no pictures end with one line each and nothing half made")
    func hostile() throws {
        let good = try Self.png(Self.rgb)
        let jpeg = try JPEG.encode(
            try JPEGPicture(
                width: Self.width, height: Self.height, components: 3, samples: Self.rgb))
        let tiff = try TIFFWriter.encode(
            try TIFFPixels(
                width: Self.width, height: Self.height, samplesPerPixel: 3,
                samples: .uint8(Self.rgb)),
            compression: .lzw)
        var files: [[UInt8]] = [[], [0x89], Array("II*\0".utf8), [UInt8](repeating: 0, count: 100)]
        for whole in [good, jpeg, tiff] {
            for part in [8, whole.count / 4, whole.count / 2] {
                files.append(Array(whole.prefix(part)))
            }
        }
        for (n, bytes) in files.enumerated() {
            let data = try dataset("masks/{case}.png")
            try data.write("img/a.png", bytes)
            let found = failure { _ = try data.prepare() }
            // libjpeg and libtiff may show what there is of a cut file.
            if found.kind == nil { continue }
            #expect(found.text.contains("img/a.png"), "\(n): \(found.text)")
            #expect(!found.text.contains("\n") && found.text.count < 600, "\(n): \(found.text)")
            #expect(!FileManager.default.fileExists(atPath: data.folder.path + "/out/cases/a.h5"))
        }
    }
}
