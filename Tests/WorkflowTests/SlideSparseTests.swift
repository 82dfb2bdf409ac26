import Foundation
import MedicalDatasets
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Slides whose tiles are not there, as scanners leave out glass: huge pictures in small files.
@Suite("Slides: missing tiles")
struct SlideSparseTests {
    /// A TIFF of RGB tiles of 512 x 512 of which none is stored.
    static func empty(width: Int, height: Int) -> [UInt8] {
        let tiles = (width + 511) / 512 * ((height + 511) / 512)
        var file: [UInt8] = Array("II".utf8) + [42, 0, 8, 0, 0, 0]
        func put(_ value: Int, _ bytes: Int) {
            for n in 0..<bytes { file.append(UInt8(truncatingIfNeeded: value >> (8 * n))) }
        }
        let tags: [(tag: Int, type: Int, count: Int, value: Int)] = [
            (256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, 0), (259, 3, 1, 8), (262, 3, 1, 2),
            (277, 3, 1, 3), (282, 5, 1, 1), (283, 5, 1, 1), (284, 3, 1, 1), (296, 3, 1, 3),
            (322, 3, 1, 512), (323, 3, 1, 512), (324, 4, tiles, 2), (325, 4, tiles, 2),
        ]
        // After the directory: three depths, the resolution, a list of zeros that serves both lists.
        let end = 8 + 2 + tags.count * 12 + 4
        let places = [end, end + 8, end + 16]
        put(tags.count, 2)
        for (tag, type, count, value) in tags {
            put(tag, 2)
            put(type, 2)
            put(count, 4)
            put(
                tag == 258
                    ? places[0]
                    : [5, 324, 325].contains(type == 5 ? 5 : tag) ? places[value] : value, 4)
        }
        put(0, 4)
        for depth in [8, 8, 8, 0] { put(depth, 2) }
        put(40_000, 4)
        put(1, 4)
        file += [UInt8](repeating: 0, count: 4 * tiles)
        return file
    }

    @Test(
        "missing tiles are painted with the background and counted, and a large slide is not held")
    func missing() throws {
        let data = try PictureDataset(
            try PictureDataset.card(
                image: "{case}.tif", annotation: "{case}.xml", groups: ["tumor"]))
        let bytes = Self.empty(width: 10_000, height: 5_000)
        #expect(bytes.count < 50_000)
        try data.write("a.tif", bytes)
        try data.write(
            "a.xml", TinyPicture.asap([("tumor", TinyPicture.box(1000, 1000, 2048, 2048))]))
        let store = try data.prepare {
            $0.lattice = PatchRecipe(patch: 512)
            $0.tissue = nil
            $0.background = [9, 8, 7]
            $0.selection = ["": try PatchSelection("negatives=5")]
        }
        let patches = try store.patches("a")
        #expect(patches.count == 9 + 5)
        for patch in patches {
            #expect(patch.missing == 1)
            #expect(
                patch.rgb == [UInt8](repeating: 0, count: 512 * 512).flatMap { _ in [9, 8, 7] })
        }
        let table = try #require(try store.reader("a").description.patches)
        #expect(table.slideMPP == [0.25, 0.25])
        // Glass alone: no tissue, so no patch, and a warning.
        let glass = try data.prepare(to: "glass") {
            $0.lattice = PatchRecipe(patch: 512, tissue: .fraction(0.1))
        }
        #expect(try glass.patches("a").isEmpty)
        #expect(
            glass.manifest.cases[0].warnings.contains {
                $0.contains("one colour, no tissue was found")
            },
            "\(glass.manifest.cases[0].warnings)")
    }

    @Test(
        "polygons of a real slide: its labelled centres lie in tumor, or do not",
        .enabled(if: SharedData.isThere, "real files are not there"),
        arguments: [("Tumor_101", 126_976, 46_080), ("Tumor_110", 63_488, 64_000)])
    func camelyon(id: String, width: Int, height: Int) throws {
        let root = try #require(SharedData.root) + "/camelyon/ncrf/"
        let data = try PictureDataset(
            try PictureDataset.card(
                image: "{case}.tif", annotation: "{case}.json", groups: ["tumor"]))
        try data.write("\(id).tif", Self.empty(width: width, height: height))
        try data.write("\(id).json", try FileReading.contents(of: root + "\(id).json"))
        let store = try data.prepare(threads: 2) {
            $0.lattice = PatchRecipe(patch: 512)
            $0.tissue = nil
            $0.selection = ["": try PatchSelection("positives=70,negatives=10")]
        }
        let patches = try store.patches(id)
        #expect(patches.count == 80)
        let across = width / 512
        let byPlace = Dictionary(uniqueKeysWithValues: patches.map { ($0.lattice, $0) })
        func values(_ list: String) throws -> [UInt8] {
            let text = try String(contentsOfFile: root + list, encoding: .utf8)
            return text.split(separator: "\n").compactMap { line -> UInt8? in
                let fields = line.split(separator: ",")
                guard fields[0] == id, let x = Int(fields[1]), let y = Int(fields[2]),
                    let patch = byPlace[y / 512 * across + x / 512]
                else { return nil }
                return patch.label[y % 512 * 512 + x % 512]
            }
        }
        let tumor = try values("tumor_valid.txt")
        #expect(tumor.count > 20, "\(tumor.count)")
        // One of the 20,000 lies beside its polygon.
        #expect(tumor.count { $0 == 0 } <= 1)
        #expect(try values("normal_valid.txt").allSatisfy { $0 == 0 })
    }
}
