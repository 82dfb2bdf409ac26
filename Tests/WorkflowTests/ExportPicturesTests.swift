import Foundation
import MedicalImaging
import PNGCodec
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

@Suite("Exports of pictures")
struct ExportPicturesTests {
    struct Line: Decodable {
        struct Points: Decodable {
            var coords: [[Float]]
            var labels: [Int]
        }
        var image: String
        var mask: String
        var `case`: String
        var part: String
        var slice: Int
        var label: UInt8
        var name: String
        var component: Int
        var area: Int
        var boxes: [String: [Float]]
        var points: [String: Points]
    }

    struct Coco: Decodable {
        struct Image: Decodable {
            var id: Int
            var file_name: String
            var width: Int
            var height: Int
        }
        struct Annotation: Decodable {
            struct Segmentation: Decodable {
                var counts: String
                var size: [Int]
            }
            var id: Int
            var image_id: Int
            var category_id: UInt8
            var segmentation: Segmentation
            var area: Int
            var bbox: [Int]
            var iscrowd: Int
            var component: Int
            var prompt_boxes: [String: [Float]]
        }
        struct Category: Decodable {
            var id: Int
            var name: String
        }
        var images: [Image]
        var annotations: [Annotation]
        var categories: [Category]
    }

    static func picture(_ store: ExportStoreForTests, _ name: String) throws -> PNGPicture {
        try PNG.decode(try store.bytes(name), as: .values, named: name)
    }

    @Test("png: masks hold the label ids, pictures the bytes that --pixels uint8 stores")
    func pictures() throws {
        var recipe = SliceRecipe(window: .range(low: -160, high: 240))
        let store = try ExportStoreForTests(recipe: recipe)
        recipe.pixels = .uint8
        let bytes = try ExportStoreForTests(recipe: recipe)
        recipe.pixels = .float32
        let floats = try ExportStoreForTests(recipe: recipe)
        let outcome = try store.export(.png)
        try floats.export(.png)
        var files = 0
        for id in ["0031", "0007", "0008", "0002"] {
            let reader = try bytes.reader(id)
            #expect(reader.sliceIndices == [2, 3, 4])
            for position in 0..<reader.count {
                let name = "\(id)_00\(reader.sliceIndices[position]).png"
                let image = try Self.picture(store, "out/images/\(name)")
                #expect(image.width == 40 && image.height == 36 && image.channels == 1)
                #expect(image.bytes == (try reader.imageBytes(at: position)))
                #expect(try Self.picture(floats, "out/images/\(name)") == image)
                let mask = try Self.picture(store, "out/masks/\(name)")
                #expect(mask.bytes == (try reader.label(at: position).samples))
                files += 2
            }
        }
        #expect(outcome.files == files + 2)
        #expect(outcome.notes.isEmpty)
    }

    @Test("png: every record is a line of prompts that names its picture")
    func prompts() throws {
        let prompts = PromptRecipe(kinds: [.centre, .randomPoints(3), .box, .backgroundPoints(2)])
        let store = try ExportStoreForTests(recipe: SliceRecipe(), prompts: prompts)
        try store.export(.png)
        let lines = try store.lines("out/prompts.jsonl").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        let order: [String] = lines.map(\.case).reduce(into: []) {
            if $0.last != $1 { $0.append($1) }
        }
        #expect(order == ["0031", "0007", "0008", "0002"])
        #expect(lines.filter { $0.case == "0031" }.allSatisfy { $0.part == "train" })
        var total = 0
        for id in ["0031", "0007", "0008", "0002"] {
            let reader = try store.reader(id)
            let mine = lines.filter { $0.case == id }
            let records = try reader.records()
            guard case .boxes(let boxes) = try reader.prompts("box").values,
                case .points(let points) = try reader.prompts("random3").values
            else {
                Issue.record("the store lacks a kind")
                return
            }
            try #require(mine.count == records.count)
            for (n, line) in mine.enumerated() {
                #expect(line.label == records[n].label && line.area == records[n].area)
                #expect(line.slice == reader.sliceIndices[records[n].slice])
                #expect(line.name == (line.label == 5 ? "liver" : "spleen"))
                let box = boxes[n]
                let corners = [box.x0, box.y0, box.x1, box.y1]
                #expect(line.boxes == ["box": corners])
                let coords = points[n].map { [$0.x, $0.y] }
                #expect(line.points["random3"]?.coords == coords)
                #expect(line.points["random3"]?.labels == [1, 1, 1])
                #expect(line.points["background2"]?.labels == [0, 0])
                let mask = try Self.picture(store, "out/" + line.mask)
                for point in line.points["centre"]?.coords ?? [] {
                    #expect(mask.bytes?[Int(point[1]) * 40 + Int(point[0])] == line.label)
                }
                #expect(line.image == line.mask.replacingOccurrences(of: "masks", with: "images"))
                total += 1
            }
        }
        #expect(total == lines.count && total > 8)
        struct Entry: Decodable {
            var id: Int
            var name: String
            var color: String
        }
        let labels = try store.json([Entry].self, "out/labels.json")
        #expect(labels.map(\.id) == Array(1...8))
        #expect(labels[4].name == "liver" && labels[4].color == "#911EB4")
    }

    @Test("png: without a window the case's own extremes are black and white, and that is noted")
    func withoutWindow() throws {
        let store = try ExportStoreForTests(recipe: SliceRecipe(), ids: ["0031", "0002"])
        let outcome = try store.export(.png) { $0.cases = ["0002"] }
        let reader = try store.reader("0002")
        let slices = try (0..<reader.count).map { try reader.image(at: $0).samples }
        let low = try #require(slices.joined().min())
        let high = try #require(slices.joined().max())
        for (position, slice) in slices.enumerated() {
            let name = "out/images/0002_00\(reader.sliceIndices[position]).png"
            #expect(
                try Self.picture(store, name).bytes
                    == slice.map { UInt8(($0 - low) / (high - low) * 255) })
        }
        #expect(outcome.notes.count == 1)
        #expect(outcome.notes.first?.contains("case 0002: no window is recorded") == true)
        let record = try store.json(ExportRecord.self, "out/export.json")
        #expect(record.notes == outcome.notes && record.cases == ["0002"])
    }

    @Test("coco: every labelled pixel is in exactly one annotation, whose ids are in order")
    func coco() throws {
        let store = try ExportStoreForTests(recipe: SliceRecipe(window: .range(low: 0, high: 100)))
        try store.export(.coco)
        var annotations = 0
        var images = 0
        for (part, ids) in [("train", ["0031", "0007"]), ("test", ["0008", "0002"])] {
            let coco = try store.json(Coco.self, "out/annotations/instances_\(part).json")
            #expect(coco.categories.map(\.id) == Array(1...8))
            #expect(coco.images.map(\.id) == Array((images + 1)...(images + coco.images.count)))
            #expect(
                coco.annotations.map(\.id)
                    == Array((annotations + 1)...(annotations + coco.annotations.count)))
            images += coco.images.count
            annotations += coco.annotations.count
            for id in ids {
                let reader = try store.reader(id)
                for position in 0..<reader.count {
                    let name = "\(id)_00\(reader.sliceIndices[position]).png"
                    let image = try #require(coco.images.first { $0.file_name == name })
                    #expect(image.width == 40 && image.height == 36)
                    let picture = try Self.picture(store, "out/images/" + name)
                    #expect(picture.width == 40)
                    var sum = [UInt8](repeating: 0, count: 40 * 36)
                    for entry in coco.annotations where entry.image_id == image.id {
                        let mask = try RunLengthMask(
                            rows: entry.segmentation.size[0], columns: entry.segmentation.size[1],
                            cocoString: entry.segmentation.counts)
                        let pixels = mask.slice(label: entry.category_id).samples
                        sum = zip(sum, pixels).map { $0 + $1 }
                        #expect(entry.area == mask.area && entry.iscrowd == 0)
                        let box = entry.prompt_boxes["box"] ?? []
                        #expect(
                            box.map { Int($0) } == [
                                entry.bbox[0], entry.bbox[1], entry.bbox[0] + entry.bbox[2] - 1,
                                entry.bbox[1] + entry.bbox[3] - 1,
                            ])
                    }
                    let labels = try reader.label(at: position).samples
                    #expect(sum == labels)
                }
            }
        }
        #expect(images == 12)
    }

    @Test("coco: the parts of an organ are annotations of their own under component records")
    func cocoComponents() throws {
        let prompts = PromptRecipe(kinds: [.box], unit: .component8, minimumArea: 15)
        let store = try ExportStoreForTests(
            recipe: SliceRecipe(window: .range(low: 0, high: 100)), prompts: prompts,
            usesSplit: false, ids: ["0002"])
        try store.export(.coco)
        let coco = try store.json(Coco.self, "out/annotations/instances_all.json")
        let image = try #require(coco.images.first { $0.file_name == "0002_003.png" })
        let spleen = coco.annotations.filter { $0.image_id == image.id && $0.category_id == 1 }
        #expect(spleen.map(\.component) == [1, 2])
        // The fixture's second part has 7 x 4 pixels, the first 3 x 5.
        #expect(spleen.map(\.area).sorted() == [15, 28])
        for entry in spleen {
            let box = try #require(entry.prompt_boxes["box"])
            #expect(Int((box[2] - box[0] + 1) * (box[3] - box[1] + 1)) == entry.area)
            #expect(entry.bbox[2] * entry.bbox[3] == entry.area)
        }
    }

    @Test("Parts are numbered as records are, over edges or corners", arguments: [false, true])
    func labelParts(diagonal: Bool) {
        let samples: [UInt8] = [
            0, 0, 3, 0,
            3, 0, 0, 3,
            3, 3, 0, 3,
            0, 0, 3, 0,
        ]
        let slice = LabelSlice(rows: 4, columns: 4, samples: samples)
        let parts = LabelParts(of: 3, in: slice, diagonal: diagonal)
        let areas = (1...parts.count).map { parts.mask(of: $0).area }
        let expected = diagonal ? [7] : [1, 3, 2, 1]
        #expect(areas == expected)
        let recipe = PromptRecipe(kinds: [.box], unit: diagonal ? .component8 : .component4)
        let records = PromptDrawer(recipe: recipe, caseSeed: 0).records(of: slice, sliceIndex: 0)
        #expect(records.map(\.area) == areas)
    }
}
