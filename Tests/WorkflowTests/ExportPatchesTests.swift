import Foundation
import MedicalImaging
import NumPyFiles
import PNGCodec
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

@Suite("Exports of pictures and patches")
struct ExportPatchesTests {
    static let units = ["nuclei", "cells", "slide.part0001", "slide.part0002"]

    private func picture(_ store: ExportPictureStoreForTests, _ name: String) throws -> PNGPicture {
        try PNG.decode(try store.bytes(name), as: .values, named: name)
    }

    @Test("png: colours, label ids, 16-bit instances, and a line for every patch")
    func png() throws {
        let store = try ExportPictureStoreForTests(offset: 60_000)
        let outcome = try store.export(.png)
        #expect(outcome.cases == 3)
        var files = 0
        var pictures: [String] = []
        for unit in Self.units {
            let reader = try store.reader(unit)
            for n in 0..<reader.count {
                let name = "\(unit)_00\(n).png"
                pictures.append("images/" + name)
                let image = try picture(store, "out/images/" + name)
                let colours = try reader.rgb(at: n)
                #expect(image.channels == 3 && image.bytes == colours)
                let mask = try picture(store, "out/masks/" + name)
                let labels = try reader.label(at: n).samples
                #expect(mask.channels == 1 && mask.bytes == labels)
                if let numbers = try reader.instances(at: n) {
                    let map = try picture(store, "out/instances/" + name)
                    #expect(map.words?.map { UInt32($0) } == numbers)
                    #expect(numbers.contains { $0 > 60_000 })
                    files += 1
                }
                files += 2
            }
        }
        #expect(outcome.files == files + 3)
        struct Line: Decodable {
            var image: String
            var `case`: String
            var lattice: Int
            var origin: [Int]
            var downsample: [Double]
            var microns_per_pixel: [Double]?
            var tissue: Float?
        }
        let lines = try String(decoding: store.bytes("out/patches.jsonl"), as: UTF8.self)
            .split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
        #expect(lines.map(\.image) == pictures)
        #expect(lines.suffix(5).map(\.lattice) == [5, 6, 7, 8, 9])
        #expect(lines[3].origin == [-8, 0] && lines[3].downsample == [2, 2.5])
        #expect(lines[3].case == "slide" && lines[3].tissue == 0.5 && lines[0].tissue == nil)
        #expect(lines[0].microns_per_pixel == [0.25, 0.25])
    }

    @Test("png: an instance that 16 bits cannot hold is refused, npz takes it")
    func wideInstances() throws {
        let store = try ExportPictureStoreForTests(instances: .uint32, offset: 70_000)
        let text = ExportRunTests.message { try store.export(.png) }
        #expect(text.contains("expected at most 65535"), "\(text)")
        #expect(!text.contains("\n"))
        try store.export(.npz, to: "arrays")
        let archive = try NPZReader(try store.bytes("arrays/train/nuclei.npz"))
        let numbers = try archive.array("instance")
        #expect(numbers.type == .uint32)
        #expect(try numbers.values(as: UInt32.self) == store.reader("nuclei").instances(at: 0))
    }

    @Test("npz: all patches of a unit in one archive, colours last")
    func npz() throws {
        let store = try ExportPictureStoreForTests()
        let outcome = try store.export(.npz) { $0.threads = 2 }
        #expect(outcome.files == 4)
        for (unit, part) in zip(Self.units, ["train", "validation", "test", "test"]) {
            let reader = try store.reader(unit)
            let about = reader.description
            let patches = try #require(about.patches)
            let archive = try NPZReader(try store.bytes("out/\(part)/\(unit).npz"))
            let image = try archive.array("image")
            #expect(image.shape == [reader.count, about.rows, about.columns, 3])
            let colours = try (0..<reader.count).flatMap { try reader.rgb(at: $0) }
            #expect(try image.values(as: UInt8.self) == colours)
            let label = try archive.array("label")
            #expect(label.shape == [reader.count, about.rows, about.columns])
            let labels = try (0..<reader.count).flatMap { try reader.label(at: $0).samples }
            #expect(try label.values(as: UInt8.self) == labels)
            #expect(archive.names.contains("instance") == (about.instances != nil))
            #expect(archive.names.contains("tissue") == (patches.tissue != nil))
            let origin = try archive.array("origin")
            #expect(
                try origin.values(as: Int64.self)
                    == patches.origins.flatMap { [Int64($0.x), Int64($0.y)] })
            #expect(
                try archive.array("lattice_index").values(as: Int64.self)
                    == patches.latticeIndices.map { Int64($0) })
            let records = try reader.records()
            #expect(
                try archive.array("record_slice").values(as: Int32.self)
                    == records.map { Int32($0.slice) })
            guard case .boxes(let boxes) = try reader.prompts("box").values else {
                Issue.record("no boxes")
                continue
            }
            #expect(try archive.array("prompts/box").shape == [records.count, 4])
            #expect(
                try archive.array("boxes").values(as: Float.self)
                    == boxes.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1] })
        }
    }

    @Test("coco: one annotation per instance, boxes as COCO counts them, prompts beside them")
    func coco() throws {
        let store = try ExportPictureStoreForTests()
        try store.export(.coco)
        var seen = 0
        for (part, units) in [
            ("train", ["nuclei"]), ("validation", ["cells"]),
            ("test", ["slide.part0001", "slide.part0002"]),
        ] {
            let coco = try store.json(
                ExportPicturesTests.Coco.self, "out/annotations/instances_\(part).json")
            #expect(coco.categories.map(\.name) == ["nucleus", "tumour"])
            for unit in units {
                let reader = try store.reader(unit)
                for n in 0..<reader.count {
                    let image = try #require(
                        coco.images.first { $0.file_name == "\(unit)_00\(n).png" })
                    let labels = try reader.label(at: n).samples
                    var sum = [UInt8](repeating: 0, count: labels.count)
                    var numbers = [UInt32](repeating: 0, count: labels.count)
                    for entry in coco.annotations where entry.image_id == image.id {
                        seen += 1
                        let mask = try RunLengthMask(
                            rows: entry.segmentation.size[0],
                            columns: entry.segmentation.size[1],
                            cocoString: entry.segmentation.counts
                        ).slice().samples
                        let inside = mask.indices.filter { mask[$0] > 0 }
                        for pixel in inside {
                            sum[pixel] += entry.category_id
                            numbers[pixel] += UInt32(entry.component)
                        }
                        let (xs, ys) = (
                            inside.map { $0 % image.width }, inside.map { $0 / image.width }
                        )
                        let (x0, x1) = (try #require(xs.min()), try #require(xs.max()))
                        let (y0, y1) = (try #require(ys.min()), try #require(ys.max()))
                        #expect(entry.bbox == [x0, y0, x1 - x0 + 1, y1 - y0 + 1])
                        #expect(entry.area == inside.count && entry.iscrowd == 0)
                        if reader.description.instances != nil {
                            #expect(
                                entry.prompt_boxes["box"]
                                    == [Float(x0), Float(y0), Float(x1), Float(y1)])
                        }
                    }
                    #expect(sum == labels)
                    if let expected = try reader.instances(at: n) { #expect(numbers == expected) }
                }
            }
        }
        #expect(seen > 60)
    }

    private struct Features: Decodable {
        struct Feature: Decodable {
            struct Geometry: Decodable {
                var type: String
                var polygons: [[[[Double]]]]

                enum CodingKeys: String, CodingKey { case type, coordinates }

                init(from decoder: any Decoder) throws {
                    let container = try decoder.container(keyedBy: CodingKeys.self)
                    type = try container.decode(String.self, forKey: .type)
                    polygons =
                        type == "Polygon"
                        ? [try container.decode([[[Double]]].self, forKey: .coordinates)]
                        : try container.decode([[[[Double]]]].self, forKey: .coordinates)
                }
            }
            struct Properties: Decodable {
                struct Classification: Decodable {
                    var name: String
                    var color: [Int]
                }
                var objectType: String
                var classification: Classification
                var patch: Int
                var instance: UInt32?
            }
            var type: String
            var geometry: Geometry
            var properties: Properties
        }
        var type: String
        var features: [Feature]
    }

    @Test("geojson: the outlines hold exactly the pixels of every patch, in level-0 pixels")
    func geojson() throws {
        let store = try ExportPictureStoreForTests()
        let outcome = try store.export(.geojson) { $0.threads = 3 }
        #expect(outcome.files == 3 && outcome.cases == 3 && outcome.notes.isEmpty)
        for (caseID, units) in [
            ("nuclei", ["nuclei"]), ("cells", ["cells"]),
            ("slide", ["slide.part0001", "slide.part0002"]),
        ] {
            let file = try store.json(Features.self, "out/\(caseID).geojson")
            #expect(file.type == "FeatureCollection")
            var used = 0
            for unit in units {
                let reader = try store.reader(unit)
                let patches = try #require(reader.description.patches)
                for n in 0..<reader.count {
                    let labels = try reader.label(at: n)
                    let numbers = try reader.instances(at: n)
                    var found = [UInt8](repeating: 0, count: labels.samples.count)
                    var foundNumbers = [UInt32](repeating: 0, count: found.count)
                    let mine = file.features.filter {
                        $0.properties.patch == patches.latticeIndices[n]
                    }
                    used += mine.count
                    for feature in mine {
                        #expect(feature.type == "Feature")
                        let isTumour = feature.properties.classification.name == "tumour"
                        #expect(
                            feature.properties.classification.color
                                == (isTumour ? [0, 255, 1] : [255, 0, 128]))
                        #expect(
                            feature.properties.objectType
                                == (numbers == nil ? "annotation" : "detection"))
                        #expect(
                            feature.geometry.type
                                == (feature.geometry.polygons.count == 1
                                    ? "Polygon" : "MultiPolygon"))
                        for rings in feature.geometry.polygons {
                            #expect(rings.allSatisfy { $0.count >= 5 && $0.first == $0.last })
                            let points = rings.map { ring in
                                ring.dropLast().map { PlanePoint(x: $0[0], y: $0[1]) }
                            }
                            let polygon = PlanePolygon(
                                outer: points[0], holes: Array(points.dropFirst()))
                            for pixel in found.indices {
                                // The centre of the pixel on level 0, by the formula of the specification.
                                let x = Double(pixel % labels.columns) + 0.5
                                let y = Double(pixel / labels.columns) + 0.5
                                let place = (
                                    Double(patches.origins[n].x) + x * patches.downsample.x,
                                    Double(patches.origins[n].y) + y * patches.downsample.y
                                )
                                guard ExportOutlineTests.isInside(polygon, place.0, place.1) else {
                                    continue
                                }
                                found[pixel] += isTumour ? 2 : 1
                                foundNumbers[pixel] += feature.properties.instance ?? 0
                            }
                        }
                    }
                    #expect(found == labels.samples)
                    if let numbers { #expect(foundNumbers == numbers) }
                }
            }
            #expect(used == file.features.count && used > 5)
        }
    }

    @Test("a whole picture without a table of patches lies at its origin")
    func withoutPatches() throws {
        let store = try ExportPictureStoreForTests(placesWhole: false)
        let placed = try ExportPictureStoreForTests()
        for other in [store, placed] {
            try other.export(.geojson) { $0.cases = ["nuclei"] }
            try other.export(.lvit, to: "lvit") { $0.cases = ["nuclei"] }
            try other.export(.png, to: "png") { $0.cases = ["nuclei"] }
        }
        #expect(try store.reader("nuclei").description.patches == nil)
        #expect(try store.bytes("out/nuclei.geojson") == placed.bytes("out/nuclei.geojson"))
        let name = "lvit/Train_Folder/img/nuclei.png"
        #expect(try store.bytes(name) == placed.bytes(name))
        #expect(try store.bytes("png/patches.jsonl").isEmpty)
    }

    @Test("geojson: slices of volumes are refused, a lacking piece is noted")
    func geojsonNeeds() throws {
        let volumes = try ExportStoreForTests(recipe: ExportRunTests.windowed, ids: ["0031"])
        let text = ExportRunTests.message { try volumes.export(.geojson) }
        #expect(text.contains("found slices of volumes, expected pictures"), "\(text)")
        let store = try ExportPictureStoreForTests(lackingPiece: true)
        #expect(
            try store.export(.geojson).notes == ["case slide: not all of its pieces are exported"])
    }

    @Test("lvit: pictures and 0/255 masks under one name, in the folders of the parts")
    func lvit() throws {
        let store = try ExportPictureStoreForTests()
        let outcome = try store.export(.lvit)
        let files = try store.digests("out").keys.filter { $0.hasSuffix(".png") }.sorted()
        #expect(outcome.files == files.count)
        #expect(
            files.filter { $0.contains("/img/") }.map {
                $0.replacingOccurrences(of: "/img/", with: "/labelcol/")
            } == files.filter { $0.contains("/labelcol/") })
        for (unit, part) in zip(
            Self.units, ["Train_Folder", "Val_Folder", "Test_Folder", "Test_Folder"])
        {
            let reader = try store.reader(unit)
            for n in 0..<reader.count {
                // The one picture that is stored whole is called by its case.
                let name = unit == "nuclei" ? "nuclei.png" : "\(unit)_00\(n).png"
                let image = try picture(store, "out/\(part)/img/\(name)")
                #expect(try image.bytes == reader.rgb(at: n))
                let mask = try picture(store, "out/\(part)/labelcol/\(name)")
                #expect(
                    try mask.bytes == reader.label(at: n).samples.map { $0 == 0 ? 0 : 255 })
            }
        }
    }

    @Test("lvit: slices of volumes are grey, those without a part count as training")
    func lvitVolumes() throws {
        let store = try ExportStoreForTests(
            recipe: ExportRunTests.windowed, usesSplit: false, ids: ["0031"])
        let outcome = try store.export(.lvit)
        #expect(outcome.notes.contains { $0.contains("Train_Folder") })
        let reader = try store.reader("0031")
        let index = reader.sliceIndices[0]
        let name = "0031_00\(index).png"
        let image = try PNG.decode(
            try store.bytes("out/Train_Folder/img/\(name)"), as: .values, named: name)
        #expect(image.channels == 1 && image.width == 40)
    }

    @Test(
        "forms that need volumes say so",
        arguments: [ExportFormat.transunet, .medsam, .nnunet])
    func volumesOnly(format: ExportFormat) throws {
        let store = try ExportPictureStoreForTests()
        let text = ExportRunTests.message { try store.export(format) }
        #expect(text.contains("found pictures, expected slices of volumes"), "\(text)")
        #expect(!Folders.isFolder(store.path("out")))
    }

    @Test(
        "the bytes do not depend on the threads, and a second run keeps what is there",
        arguments: [ExportFormat.png, .npz, .coco, .geojson, .lvit])
    func determinism(format: ExportFormat) throws {
        let store = try ExportPictureStoreForTests()
        try store.export(format, to: "one")
        let digests = try store.digests("one")
        try store.export(format, to: "three") { $0.threads = 3 }
        #expect(try store.digests("three") == digests)
        try store.export(format, to: "one")
        #expect(try store.digests("one") == digests)
    }

    @Test("a case is chosen by its id or by that of a piece, and its pieces stay together")
    func choice() throws {
        let store = try ExportPictureStoreForTests()
        let whole = try store.export(.lvit, to: "a") { $0.cases = ["slide"] }
        #expect(whole.cases == 1 && whole.files == 10)
        let piece = try store.export(.lvit, to: "b") { $0.cases = ["slide.part0002"] }
        #expect(piece.cases == 1 && piece.files == 4)
        let record = try store.json(ExportRecord.self, "a/export.json")
        #expect(record.cases == ["slide.part0001", "slide.part0002"])
    }
}
