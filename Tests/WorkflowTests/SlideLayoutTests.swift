import Foundation
import MedicalDatasets
import MedicalImaging
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Camelyon as people have it on their disks: old and new folders of both years, masks, stages, leaking splits.
@Suite("Slides: layouts of Camelyon, masks, stages")
struct SlideLayoutTests {
    private static let (width, height) = (320, 256)
    private static let slide = Result {
        try TinyPicture.slide(
            TinyPicture.rgb(width: width, height: height), width: width, height: height)
    }
    private static let rings: [(group: String, ring: [(Double, Double)])] = [
        ("tumor", TinyPicture.box(20.25, 30.5, 200.75, 180)),
        ("tumor", [(220, 40), (300.5, 90), (230.2, 140.9)]),
        ("hole", TinyPicture.box(60, 60, 110.5, 100.5)),
    ]

    private static func asap(_ year: String) -> [UInt8] {
        let names =
            year == "camelyon16"
            ? ["tumor": "_0", "hole": "_2"] : ["tumor": "metastases", "hole": "normal"]
        return TinyPicture.asap(rings.map { (names[$0.group] ?? "", $0.ring) })
    }

    private static func oracle(
        x: Int = 0, y: Int = 0, width: Int = width, height: Int = height, scale: Double = 1
    ) -> [UInt8] {
        func polygons(_ group: String) -> [PlanePolygon] {
            rings.filter { $0.group == group }.map {
                PlanePolygon(outer: $0.ring.map { PlanePoint(x: $0.0, y: $0.1) })
            }
        }
        return PictureOracle.mask(
            areas: polygons("tumor"), holes: polygons("hole"), x: x, y: y, width: width,
            height: height, scale: scale)
    }

    private static func every(_ patches: inout PatchConfiguration) {
        patches.lattice = PatchRecipe(patch: 64)
        patches.tissue = nil
    }

    @Test(
        "old and new folders of both years are understood, tumor and normal slides",
        arguments: [
            (
                "camelyon16", "bucket", "images/tumor_001.tif", "annotations/tumor_001.xml",
                "images/normal_001.tif"
            ),
            (
                "camelyon16", "bucket-parent", "CAMELYON16/images/tumor_001.tif",
                "CAMELYON16/annotations/tumor_001.xml", "CAMELYON16/images/normal_001.tif"
            ),
            (
                "camelyon16", "training-testing", "training/tumor/tumor_001.tif",
                "training/lesion_annotations/tumor_001.xml", "training/normal/normal_001.tif"
            ),
            (
                "camelyon16", "training-testing", "testing/images/test_001.tif",
                "testing/lesion_annotations/test_001.xml", "testing/images/test_003.tif"
            ),
            (
                "camelyon17", "bucket", "images/patient_004_node_4.tif",
                "annotations/patient_004_node_4.xml", "images/patient_004_node_1.tif"
            ),
            (
                "camelyon17", "bucket-parent", "CAMELYON17/images/patient_004_node_4.tif",
                "CAMELYON17/annotations/patient_004_node_4.xml",
                "CAMELYON17/images/patient_004_node_1.tif"
            ),
            (
                "camelyon17", "training-centers", "training/center_0/patient_004_node_4.tif",
                "training/lesion_annotations/patient_004_node_4.xml",
                "training/center_3/patient_060_node_1.tif"
            ),
        ])
    func layouts(
        year: String, layout: String, tumor: String, annotation: String, normal: String
    ) throws {
        let data = try PictureDataset(try DatasetCard.named(year))
        try data.write(tumor, try Self.slide.get())
        try data.write(annotation, Self.asap(year))
        try data.write(normal, try Self.slide.get())
        let planned = try data.plan(Self.every)
        #expect(planned.layout == layout)
        let store = try data.prepare(Self.every)
        func id(_ path: String) throws -> String {
            String(try #require(path.split(separator: "/").last).dropLast(4))
        }
        #expect(store.manifest.cases.map(\.id) == [try id(tumor), try id(normal)].sorted())
        for patch in try store.patches(id(tumor)) {
            #expect(
                patch.label
                    == Self.oracle(x: patch.origin.x, y: patch.origin.y, width: 64, height: 64))
        }
        let plain = try store.patches(id(normal))
        #expect(plain.count == 20 && plain.allSatisfy { $0.foreground == 0 && $0.records.isEmpty })
        let record = try #require(store.manifest.cases.first { $0.id == (try? id(tumor)) })
        #expect(record.inputs.map(\.role) == ["image", "annotation"])
        #expect(record.inputs.map(\.path) == [tumor, annotation])
        if year == "camelyon17" {
            #expect(record.patient == "004")
        }
    }

    @Test(
        "a mask as ASAP writes it gives what its outlines give under the rule pixel-centre",
        arguments: ["camelyon16", "camelyon17"])
    func masks(year: String) throws {
        let data = try PictureDataset(try DatasetCard.named(year))
        let id = year == "camelyon16" ? "tumor_001" : "patient_004_node_4"
        try data.write("images/\(id).tif", try Self.slide.get())
        let whole = Self.oracle()
        // The masks of 2017 hold 2 where tissue is cut out.
        let outer = PictureOracle.mask(
            areas: Self.rings.map {
                PlanePolygon(outer: $0.ring.map { PlanePoint(x: $0.0, y: $0.1) })
            },
            holes: [], x: 0, y: 0, width: Self.width, height: Self.height, scale: 1)
        let stored = zip(whole, outer).map {
            $0 == 0 && $1 == 1 && year == "camelyon17" ? UInt8(2) : $0
        }
        #expect(Set(stored) == (year == "camelyon17" ? [0, 1, 2] : [0, 1]))
        try data.write(
            "masks/\(id)_mask.tif",
            try TinyPicture.slide(
                stored, width: Self.width, height: Self.height, tile: 64, samples: 1))
        let fromMask = try data.prepare(to: "mask", Self.every)
        #expect(fromMask.manifest.cases[0].inputs.map(\.role) == ["image", "label"])
        try data.write("annotations/\(id).xml", Self.asap(year))
        let fromOutlines = try data.prepare(to: "outlines", Self.every)
        #expect(fromOutlines.manifest.cases[0].inputs.map(\.role) == ["image", "annotation"])
        #expect(try fromMask.patches(id) == fromOutlines.patches(id))
        let asked = try data.prepare(to: "asked") {
            Self.every(&$0)
            $0.labelSource = .mask
        }
        #expect(try asked.patches(id) == fromMask.patches(id))
        #expect(try asked.reader(id).description.patches?.rule == "")

        // Of a coarser level: the value under the middle of each stored pixel.
        let half = try data.prepare(to: "half") {
            Self.every(&$0)
            $0.labelSource = .mask
            $0.micronsPerPixel = 1
        }
        for patch in try half.patches(id) {
            let (x, y) = (patch.origin.x / 2, patch.origin.y / 2)
            for n in 0..<64 * 64 {
                let place = (2 * (y + n / 64) + 1) * Self.width + 2 * (x + n % 64) + 1
                #expect(patch.label[n] == whole[place])
            }
        }
    }

    @Test("a mask of another size, of another kind or with strange values is refused")
    func wrongMask() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon16"))
        try data.write("images/tumor_001.tif", try Self.slide.get())
        func refusal(_ mask: [UInt8]) throws -> String {
            try data.write("masks/tumor_001_mask.tif", mask)
            let found = failure { _ = try data.prepare(to: UUID().uuidString, Self.every) }
            #expect(found.kind == .data)
            #expect(found.text.contains("masks/tumor_001_mask.tif: found "), "\(found.text)")
            #expect(!found.text.contains("\n"))
            return found.text
        }
        let small = try TinyPicture.slide(
            [UInt8](repeating: 1, count: 160 * 128), width: 160, height: 128, tile: 64, samples: 1)
        #expect(
            try refusal(small).contains(
                "a mask of 160 x 128 pixels, expected 320 x 256 as the slide has"))
        #expect(try refusal(try Self.slide.get()).contains("3 samples per pixel"))
        let strange = try TinyPicture.slide(
            [UInt8](repeating: 7, count: Self.width * Self.height), width: Self.width,
            height: Self.height, tile: 64, samples: 1)
        let text = try refusal(strange)
        #expect(text.contains("the value 7") && text.contains("--ignore-label 7"), "\(text)")
    }

    @Test("the outlines of another slide are refused, a stray one is a warning")
    func otherSlide() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon16"))
        try data.write("images/tumor_001.tif", try Self.slide.get())
        let far = Self.rings.map { entry in
            ("_0", entry.ring.map { ($0.0 + 60_000, $0.1 + 100_000) })
        }
        try data.write("annotations/tumor_001.xml", TinyPicture.asap(far))
        let found = failure { _ = try data.prepare(to: "far", Self.every) }
        #expect(found.kind == .data)
        #expect(
            found.text.contains(
                "annotations/tumor_001.xml: 3 of 3 outlines lie outside of the picture of 320 x 256"
            ),
            "\(found.text)")
        #expect(found.text.contains("go on with --allow-outside") && !found.text.contains("\n"))
        let allowed = try data.prepare(to: "allowed") {
            Self.every(&$0)
            $0.allowOutside = true
        }
        #expect(try allowed.patches("tumor_001").allSatisfy { $0.foreground == 0 })
        #expect(allowed.manifest.cases[0].warnings.contains { $0.contains("3 of 3 outlines") })

        // One of ten is a mistake of whoever drew it.
        let mixed = (0..<9).map {
            ("_0", TinyPicture.box(Double($0) * 20, 10, Double($0) * 20 + 9, 30))
        }
        try data.write("annotations/tumor_001.xml", TinyPicture.asap(mixed + [far[0]]))
        let store = try data.prepare(to: "mixed", Self.every)
        #expect(
            store.manifest.cases[0].warnings.contains {
                $0.contains("1 of 10 outlines lie outside")
            }, "\(store.manifest.cases[0].warnings)")
        #expect(try store.patches("tumor_001").contains { $0.foreground > 0 })
    }

    @Test(
        "a group that the card does not know is refused by its name, outlines without one are left out"
    )
    func groups() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon16"))
        try data.write("images/tumor_001.tif", try Self.slide.get())
        try data.write(
            "annotations/tumor_001.xml",
            TinyPicture.asap([
                ("_0", TinyPicture.box(1, 1, 50, 50)), ("Lesions", TinyPicture.box(60, 1, 90, 50)),
            ]))
        let found = failure { _ = try data.prepare(to: "strange", Self.every) }
        #expect(found.kind == .data)
        #expect(
            found.text.contains("annotations/tumor_001.xml: found outlines of the groups Lesions"),
            "\(found.text)")
        #expect(found.text.contains("--card"))
        try data.write(
            "annotations/tumor_001.xml",
            TinyPicture.asap([
                ("_0", TinyPicture.box(1, 1, 50, 50)), ("", TinyPicture.box(60, 1, 90, 50)),
            ]))
        let store = try data.prepare(to: "without", Self.every)
        #expect(
            store.manifest.cases[0].warnings.contains { $0.contains("1 outlines without a group") },
            "\(store.manifest.cases[0].warnings)")
        let covered = try store.patches("tumor_001").reduce(0) { $0 + $1.label.count { $0 == 1 } }
        #expect(covered == 49 * 49)
    }

    @Test("known defects of a slide are warnings of its store")
    func defects() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon16"))
        for id in ["tumor_010", "tumor_001"] {
            try data.write("images/\(id).tif", try Self.slide.get())
        }
        let store = try data.prepare(Self.every)
        #expect(store.manifest.cases.map(\.id) == ["tumor_001", "tumor_010"])
        #expect(store.manifest.cases[0].warnings.isEmpty)
        #expect(
            store.manifest.cases[1].warnings
                == [
                    "known defect: Not exhaustively annotated: pixel metrics count real tumor as false positive."
                ])
    }

    @Test(
        "stages of slide and patient are read under both names and kept with the slide",
        arguments: ["stages.csv", "stage_labels.csv"])
    func stages(name: String) throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon17"))
        for id in ["patient_004_node_4", "patient_004_node_1", "patient_007_node_0"] {
            try data.write("images/\(id).tif", try Self.slide.get())
        }
        try data.write(
            name,
            "patient,stage\r\npatient_004.zip,pN1\r\npatient_004_node_0.tif,negative\r\n"
                + "patient_004_node_4.tif,macro\r\n\r\n")
        let store = try data.prepare(Self.every)
        func notes(_ id: String) throws -> [String] {
            try store.reader(id).description.patches?.notes ?? []
        }
        #expect(
            try notes("patient_004_node_4").suffix(2) == [
                "stage of the slide: macro", "stage of the patient: pN1",
            ])
        #expect(try notes("patient_004_node_1").last == "stage of the patient: pN1")
        #expect(try !notes("patient_007_node_0").contains { $0.hasPrefix("stage") })
        let units = try PreparePlan.require(store.layout).units
        #expect(
            units.map(\.diagnosis) == [
                Diagnosis(slide: "", patient: "pN1"), Diagnosis(slide: "macro", patient: "pN1"),
                nil,
            ])
        // Another stage is another plan.
        try data.write(name, "patient,stage\npatient_004.zip,pN2\n")
        let found = failure { _ = try data.run(to: "out", Self.every).run() }
        #expect(found.kind == .configuration, "\(found.text)")
    }

    @Test("a table of stages that is none, or lists none of the slides, is said so")
    func wrongStages() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon17"))
        try data.write("images/patient_004_node_4.tif", try Self.slide.get())
        for (text, word) in [
            ("patient,stage\npatient_004_node_4.tif\n", "line 2: found `patient_004_node_4.tif`"),
            ("", "found no stage"), ("patient,stage\n", "found no stage"),
        ] {
            try data.write("stages.csv", text)
            let found = failure { _ = try data.plan(Self.every) }
            #expect(found.kind == .data && found.text.contains(word), "\(found.text)")
            #expect(
                found.text.contains("patient_004_node_4.tif,macro") && !found.text.contains("\n"))
        }
        try data.write("stages.csv", [0x70, 0xFF, 0xFE])
        #expect(failure { _ = try data.plan(Self.every) }.text.contains("not UTF-8"))
        try data.write("stages.csv", "patient_050.zip,pN0\n")
        let planned = try data.plan(Self.every)
        #expect(
            planned.findings.contains {
                $0.severity == .warning && $0.line.contains("lists none of the 1 slides")
            }, "\(planned.findings)")
    }

    @Test("the published list of EP-SAM leaks three patients, and using it says so")
    func leaks() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon17"))
        data.split = try DatasetSplit.named("camelyon17-ep-sam")
        for part in SplitPart.allCases {
            for id in data.split?.cases(in: part) ?? [] {
                try data.write("images/\(id).tif", try Self.slide.get())
            }
        }
        let planned = try data.plan(Self.every)
        #expect(planned.plan.units.count == 39)
        for patient in ["015", "017", "046"] {
            #expect(
                planned.findings.contains {
                    $0.severity == .warning
                        && $0.line.contains("patient \(patient) is in more than one part")
                }, "\(planned.findings.map(\.line))")
        }
        #expect(planned.findings.count { $0.line.contains("in more than one part") } == 3)
    }
}
