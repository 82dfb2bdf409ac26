import Foundation
import MedicalDatasets
import MedicalImaging
import PNGCodec
import SafeFiles
import SamplePreparation
import SampleStore
import Testing
import WholeSlides

@testable import SamdataWorkflow

/// Real pictures and slides through `prepare`, compared with what other people made of them.
@Suite("Pictures: real files", .enabled(if: SharedData.isThere, "real files are not there"))
struct PictureRealTests {
    private func dataset(
        _ folder: String, image: String, label: String? = nil, annotation: String? = nil,
        groups: [String] = []
    ) throws -> PictureDataset {
        let data = try PictureDataset(
            try PictureDataset.card(
                image: image, label: label, annotation: annotation, groups: groups),
            root: try #require(SharedData.root) + "/" + folder)
        return data
    }

    /// The digest of decoded samples that the table of expected values holds for a file.
    private func expected(_ path: String) throws -> String {
        let table = try String(
            contentsOfFile: try #require(SharedData.root) + "/EXPECTED.tsv", encoding: .utf8)
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            if fields[0] == path { return String(fields[7]) }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    private func foreign(_ name: String) throws -> [UInt8] {
        let path = try #require(SharedData.root) + "/monuseg/" + name
        let picture = try PNG.decode(
            try FileReading.contents(of: path), as: .values, named: name)
        guard case .bytes(let values) = picture.samples else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return values.map { $0 == 0 ? 0 : 1 }
    }

    @Test(
        "six pictures of MoNuSeg: pixels, nuclei, and the masks of other people by the rule they used",
        arguments: [
            ("TCGA-AO-A0J2-01A-01-BSA", "lvit", PolygonRule.poly2mask, 356, 0, 1.0),
            ("TCGA-HC-7209-01A-01-TS1", "lvit", .poly2mask, 325, 0, 1.0),
            ("TCGA-HT-8564-01Z-00-DX1", "lvit", .poly2mask, 249, 0, 1.0),
            ("TCGA-CH-5767-01Z-00-DX1", "skimage", .skimage, 294, 14, 1.0000),
            ("TCGA-NH-A8F7-01A-01-TS1", "skimage", .skimage, 363, 335, 0.9994),
            ("TCGA-B0-5710-01Z-00-DX1", "skimage", .skimage, 359, 11446, 0.9485),
        ] as [(String, String, PolygonRule, Int, Int, Double)])
    func monuseg(
        id: String, maker: String, rule: PolygonRule, nuclei: Int, differing: Int, dice: Double
    ) throws {
        let data = try dataset("monuseg", image: "{case}.tif", annotation: "{case}.xml")
        data.cases = [id]
        let store = try data.prepare(threads: 2) { $0.rule = rule }
        let patch = try #require(try store.patches(id).first)
        #expect(ContentDigest.sha256(of: patch.rgb) == (try expected("monuseg/\(id).tif")))
        let mask = try foreign("\(id).\(maker)-mask.png")
        var (both, sum, wrong) = (0, 0, 0)
        for n in mask.indices {
            both += Int(patch.label[n] & mask[n])
            sum += Int(patch.label[n] + mask[n])
            if patch.label[n] != mask[n] { wrong += 1 }
        }
        #expect(wrong == differing)
        #expect(abs(Double(2 * both) / Double(sum) - dice) < 0.00005)
        // Every nucleus has pixels, and the number of its region.
        let numbers = Set(try #require(patch.instances)).subtracting([0])
        #expect(numbers == Set(1...UInt32(nuclei)))
        #expect(patch.records.count == nuclei)

        // Patches hold the same nuclei under the same numbers.
        let cut = try data.prepare(to: "cut", threads: 2) {
            $0.rule = rule
            $0.lattice = PatchRecipe(patch: 250)
        }
        let whole = try #require(patch.instances)
        let patches = try cut.patches(id)
        #expect(patches.count == 16)
        for part in patches {
            let own = try #require(part.instances)
            var wrong = 0
            for n in own.indices
            where own[n] != whole[(part.origin.y + n / 250) * 1000 + part.origin.x + n % 250] {
                wrong += 1
            }
            #expect(wrong == 0, "\(part.origin)")
        }
        #expect(patches.reduce(0) { $0 + $1.contested } == patch.contested)
        if id.hasPrefix("TCGA-NH") {
            let centres = try data.prepare(to: "centres")
            #expect(try centres.patches(id).first?.contested == 60)
        }
    }

    @Test("the masks of LViT alone give the same pixels, their components as nuclei")
    func maskOnly() throws {
        let data = try dataset("monuseg", image: "{case}.tif", label: "{case}.lvit-mask.png")
        data.cases = ["TCGA-HT-8564-01Z-00-DX1"]
        let store = try data.prepare(threads: 2)
        let patch = try #require(try store.patches(data.cases[0]).first)
        #expect(try patch.label == foreign("TCGA-HT-8564-01Z-00-DX1.lvit-mask.png"))
        // Nuclei that touch become one.
        #expect(patch.records.count > 150 && patch.records.count < 249)
        #expect(patch.records.reduce(0) { $0 + $1.area } == patch.label.count { $0 == 1 })
    }

    @Test("a real slide and a pyramid made of it: pixels, patches, tissue")
    func slides() throws {
        for (folder, name, image) in [
            ("camelyon", "CMU-1-Small-Region", "{case}.svs"),
            ("camelyon/derived", "CMU-1_pyramid_ycbcr420", "{case}.tif"),
        ] {
            let data = try dataset(folder, image: image, groups: ["tumor"])
            data.cases = [name]
            let path = "\(folder)/\(image.replacing("{case}", with: name))"
            let slide = try WholeSlide(path: try #require(SharedData.root) + "/" + path)
            let store = try data.prepare(to: name, threads: 2) {
                $0.lattice = PatchRecipe(patch: 256, edge: .cover, tissue: .any)
                $0.pieceBudget = 40
            }
            // 2220 x 2967: nine columns and twelve rows, the last ones moved inwards
            let patches = try store.patches(name)
            #expect(patches.count == 9 * 12 && store.manifest.cases.count == 3)
            var rgb = [UInt8](repeating: 0, count: 2220 * 2967 * 3)
            for patch in patches {
                for row in 0..<256 {
                    let start = ((patch.origin.y + row) * 2220 + patch.origin.x) * 3
                    rgb.replaceSubrange(
                        start..<start + 768, with: patch.rgb[row * 768..<(row + 1) * 768])
                }
            }
            // JPEG is decoded alike by all who use libjpeg-turbo with its defaults.
            let whole = try slide.read(level: 0, x: 0, y: 0, width: 2220, height: 2967)
            #expect(rgb == whole.samples, "\(path)")
            #expect(ContentDigest.sha256(of: rgb) == (try expected(path)), "\(path)")
            let table = try #require(try store.readers(name).first?.description.patches)
            let size = try #require(table.slideMPP)
            #expect(abs(size.x - 0.499) < 1e-6 && abs(size.y - 0.499) < 1e-6)
            let tissue = try patches.map { try #require($0.tissue) }
            #expect(tissue.contains { $0 < 0.05 } && tissue.contains { $0 > 0.95 }, "\(tissue)")
        }
        // About one micrometre is level 1 of the pyramid and the mean of four pixels of the slide.
        let pyramid = try dataset("camelyon/derived", image: "{case}.tif", groups: ["tumor"])
        pyramid.cases = ["CMU-1_pyramid_ycbcr420"]
        let half = try pyramid.prepare { $0.micronsPerPixel = 1 }
        #expect(try half.reader("CMU-1_pyramid_ycbcr420").description.patches?.level == 1)
        let single = try dataset("camelyon", image: "{case}.svs", groups: ["tumor"])
        single.cases = ["CMU-1-Small-Region"]
        let shrunk = try single.prepare { $0.micronsPerPixel = 1 }
        let table = try shrunk.reader("CMU-1-Small-Region").description.patches
        #expect(table?.level == 0 && table?.downsample == [1 / 0.499, 1 / 0.499])
    }

    @Test("an original annotation of Camelyon17 does not fit a small slide and says so")
    func otherSlide() throws {
        let root = try #require(SharedData.root)
        let data = try PictureDataset(try DatasetCard.named("camelyon17"))
        for (from, to) in [
            ("camelyon/derived/CMU-1_pyramid_ycbcr420.tif", "images/patient_004_node_4.tif"),
            ("camelyon/patient_004_node_4.xml", "annotations/patient_004_node_4.xml"),
            ("camelyon/stage_labels.csv", "stage_labels.csv"),
        ] { try data.write(to, try FileReading.contents(of: "\(root)/\(from)")) }
        let found = failure { _ = try data.prepare() }
        #expect(found.kind == .data)
        #expect(found.text.contains("3 of 3 outlines lie outside"), "\(found.text)")
        #expect(found.text.contains("--allow-outside"))
        // The table of all five hundred slides knows this one.
        #expect(
            try data.plan().plan.units.first?.diagnosis
                == Diagnosis(slide: "itc", patient: "pN0(i+)"))
    }

    @Test("numbers of a fluorescence picture's label TIFF are its objects")
    func stardist() throws {
        let data = try dataset(
            "nuclei-other", image: "{case}_img2d.tif", label: "{case}_mask2d.tif")
        data.cases = ["stardist"]
        let found = failure {
            let store = try data.prepare()
            let patch = try #require(try store.patches("stardist").first)
            #expect(patch.records.count == 125)
            #expect(Set(try #require(patch.instances)).count == 126)
        }
        // 16-bit grey is no picture of histology; if it is not read, the message says what it is.
        if found.kind != nil { #expect(found.text.contains("16"), "\(found.text)") }
    }
}
