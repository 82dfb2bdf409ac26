import Testing

@testable import MedicalDatasets

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Data set folders")
struct DatasetFolderTests {
    private func btcv() throws -> DatasetCard { try DatasetCard.named("btcv") }

    @Test(
        "every layout of BTCV is recognised",
        arguments: [
            ("raw", "RawData/Training/img/img", "RawData/Training/label/label"),
            ("training-folder", "img/img", "label/label"),
            ("decathlon", "imagesTr/img", "labelsTr/label"),
            ("flat", "img", "label"),
        ])
    func layouts(name: String, image: String, label: String) throws {
        let folder = try TemporaryDataset(
            ["0002", "0001"].flatMap { ["\(image)\($0).nii.gz", "\(label)\($0).nii.gz"] })
        let scan = try DatasetFolder.scan(card: btcv(), root: folder.root)
        #expect(scan.layout == name)
        #expect(
            scan.cases
                == ["0001", "0002"].map {
                    CaseFiles(id: $0, image: "\(image)\($0).nii.gz", label: "\(label)\($0).nii.gz")
                })
        #expect(scan.findings.map(\.severity) == [.note], "\(scan.findings)")
        #expect(scan.findings[0].message == "found 2 cases, a complete copy has 30")
    }

    @Test("what is missing, double or not understood is reported, errors first")
    func findings() throws {
        let folder = try TemporaryDataset([
            "img/img0001.nii.gz", "img/img0001.nii", "label/label0001.nii.gz",
            "img/img0002.nii.gz", "label/label0003.nii.gz", "img/readme.txt",
            "img/._img0009.nii.gz",
            "other/img0004.nii.gz", "img/img-5.nii.gz", "img/img0035.nii.gz",
            "label/label0035.nii.gz",
        ])
        let scan = try DatasetFolder.scan(card: btcv(), root: folder.root)
        #expect(scan.cases.map(\.id) == ["0001", "0002", "0003", "0035"])
        let lines = scan.findings.map(\.description)
        #expect(lines.prefix(3).allSatisfy { $0.hasPrefix("error: ") })
        #expect(lines.dropFirst(3).allSatisfy { $0.hasPrefix("note: ") })
        for part in [
            "0001: two images: img/img0001.nii and img/img0001.nii.gz",
            "0002: image img/img0002.nii.gz has no label map",
            "0003: label map label/label0003.nii.gz has no image",
            "0035: No voxel is labelled gallbladder",
            "img/readme.txt: file belongs to no case", "img/img-5.nii.gz: file belongs to no case",
        ] {
            #expect(lines.contains { $0.contains(part) }, "\(part) in \(lines)")
        }
        #expect(!lines.contains { $0.contains("0004") || $0.contains("0009") })
    }

    @Test("label maps alone are fine when no image is asked for")
    func labelsOnly() throws {
        let folder = try TemporaryDataset(["label0001.nii.gz", "label0003.nii.gz"])
        let scan = try DatasetFolder.scan(
            card: DatasetCard.named("synapse"), root: folder.root, requireImages: false)
        #expect(scan.layout == "flat")
        #expect(scan.cases.map(\.label) == ["label0001.nii.gz", "label0003.nii.gz"])
        #expect(scan.cases.allSatisfy { $0.image == nil })
        #expect(scan.findings.allSatisfy { $0.severity == .note })
        let strict = try DatasetFolder.scan(card: DatasetCard.named("synapse"), root: folder.root)
        #expect(strict.findings.filter { $0.severity == .error }.count == 2)
    }

    @Test("of several layouts the one with most cases is taken, and that is said")
    func severalLayouts() throws {
        var files = ["img0001.nii.gz", "label0001.nii.gz"]
        files += (1...3).flatMap {
            ["imagesTr/img000\($0).nii.gz", "labelsTr/label000\($0).nii.gz"]
        }
        let scan = try DatasetFolder.scan(card: btcv(), root: TemporaryDataset(files).root)
        #expect(scan.layout == "decathlon" && scan.cases.count == 3)
        #expect(
            scan.findings.contains {
                $0.message == "layout chosen with 3 cases; others match too: flat (1 cases)"
            })
    }

    @Test("a folder one level off is answered with the right one")
    func betterRoot() throws {
        let folder = try TemporaryDataset([
            "Abdomen/RawData/Training/img/img0001.nii.gz",
            "Abdomen/RawData/Training/label/label0001.nii.gz",
        ])
        let above = #expect(throws: DatasetError.self) {
            try DatasetFolder.scan(card: btcv(), root: folder.root)
        }
        #expect(above?.kind == .missing)
        #expect(
            above?.description.contains(
                "pass --from \(folder.root)/Abdomen, which holds 1 cases in the layout raw")
                == true,
            "\(String(describing: above))")
        let below = try DatasetFolder.scan(
            card: btcv(), root: folder.root + "/Abdomen/RawData/Training/img")
        #expect(
            below.findings.contains {
                $0.severity == .error && $0.message == "no case is complete in this folder"
                    && $0.repair.contains("Training, which holds 1 cases")
            }, "\(below.findings)")
    }

    @Test("a missing folder, a file in its place and an empty folder are errors of one line")
    func nothingThere() throws {
        let folder = try TemporaryDataset(["file"])
        for path in ["/none", "/file"] {
            let error = #expect(throws: DatasetError.self) {
                try DatasetFolder.scan(card: btcv(), root: folder.root + path)
            }
            #expect(error?.description.contains("no folder there") == true)
        }
        let empty = #expect(throws: DatasetError.self) {
            try DatasetFolder.scan(card: btcv(), root: folder.root)
        }
        #expect(
            empty?.description.contains("RawData/Training/img/img{case}.nii[.gz] (raw)") == true)
        #expect(empty?.description.contains("`samdata datasets` says") == true)
    }

    @Test("a link out of the folder is refused, a link inside it is followed, a loop ends")
    func links() throws {
        let outside = try TemporaryDataset(["img0007.nii.gz"])
        let folder = try TemporaryDataset([
            "store/a.nii.gz", "img/img0001.nii.gz", "label/label0001.nii.gz",
            "label/label0002.nii.gz",
        ])
        try folder.link("img/img0002.nii.gz", to: "../store/a.nii.gz")
        try folder.link("img/img0007.nii.gz", to: outside.root + "/img0007.nii.gz")
        try folder.link("img/img0008.nii.gz", to: "nowhere")
        try folder.link("RawData", to: ".")
        try folder.link("Training", to: ".")
        let scan = try DatasetFolder.scan(card: btcv(), root: folder.root)
        #expect(scan.layout == "training-folder")
        #expect(scan.cases.map(\.id) == ["0001", "0002"])
        #expect(
            scan.findings.contains {
                $0.severity == .error && $0.place == "img/img0007.nii.gz"
                    && $0.message.contains("leads out of the data set folder")
            })
        #expect(scan.findings.contains { $0.place == "img/img0008.nii.gz" })
    }

    @Test(
        "a subfolder that cannot be read is an error, the rest is listed",
        .enabled(if: getuid() != 0))
    func unreadable() throws {
        let folder = try TemporaryDataset(["img/img0001.nii.gz", "label/label0001.nii.gz"])
        chmod(folder.root + "/label", 0)
        defer { chmod(folder.root + "/label", 0o755) }
        let scan = try DatasetFolder.scan(card: btcv(), root: folder.root)
        #expect(scan.findings.contains { $0.place == "label/" && $0.severity == .error })
    }

    @Test("names that are not UTF-8 or hold control characters are passed over with a warning")
    func strangeNames() throws {
        let folder = try TemporaryDataset(["img0001.nii", "label0001.nii"])
        for bytes: [UInt8] in [[0x69, 0xFF, 0x2E], [0x69, 0x1B, 0x5B]] {
            let path = Array(folder.root.utf8) + [0x2F] + bytes + [0]
            let descriptor = creat(path.map { CChar(bitPattern: $0) }, 0o644)
            #expect(descriptor >= 0)
            close(descriptor)
        }
        let scan = try DatasetFolder.scan(card: btcv(), root: folder.root)
        let warnings = scan.findings.filter { $0.severity == .warning }
        #expect(warnings.count == 2)
        #expect(!warnings.contains { $0.description.contains("\u{1B}") })
    }

    @Test("histology layouts pair images, masks and outlines of several folders")
    func camelyon() throws {
        let card = try DatasetCard.named("camelyon16")
        let folder = try TemporaryDataset([
            "training/normal/normal_001.tif", "training/tumor/tumor_001.tif",
            "training/lesion_annotations/tumor_001.xml", "testing/images/test_001.tif",
        ])
        let scan = try DatasetFolder.scan(card: card, root: folder.root)
        #expect(scan.layout == "training-testing")
        #expect(scan.cases.map(\.id) == ["normal_001", "test_001", "tumor_001"])
        #expect(scan.cases[2].annotation == "training/lesion_annotations/tumor_001.xml")
        #expect(!scan.findings.contains { $0.severity == .error })
        let monuseg = try TemporaryDataset([
            "MoNuSeg 2018 Training Data/Tissue Images/TCGA-HE-7128-01Z-00-DX1.tif",
            "MoNuSeg 2018 Training Data/Annotations/TCGA-HE-7128-01Z-00-DX1.xml",
            "MoNuSegTestData/TCGA-2Z-A9J9-01A-01-TS1.tif",
        ])
        let nuclei = try DatasetFolder.scan(card: DatasetCard.named("monuseg"), root: monuseg.root)
        #expect(nuclei.cases.map(\.patient) == ["TCGA-2Z-A9J9", "TCGA-HE-7128"])
        #expect(
            nuclei.findings.filter { $0.severity == .error }.map(\.place) == [
                "TCGA-2Z-A9J9-01A-01-TS1"
            ])
    }

    @Test("a thousand files are listed in well under a tenth of a second")
    func speed() throws {
        let folder = try TemporaryDataset(
            (0..<500).flatMap { ["imagesTr/img\($0).nii.gz", "labelsTr/label\($0).nii.gz"] })
        let card = try btcv()
        var count = 0
        let time = try ContinuousClock().measure {
            count = try DatasetFolder.scan(card: card, root: folder.root).cases.count
        }
        #expect(count == 500)
        #expect(time < .milliseconds(100))
    }
}
