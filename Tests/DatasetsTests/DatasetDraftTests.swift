import Testing

@testable import MedicalDatasets

@Suite("Drafted cards")
struct DatasetDraftTests {
    /// Drafts a card, reads its text again and scans the folder with it.
    private func draftAndScan(_ folder: TemporaryDataset, requireImages: Bool = true) throws
        -> (card: DatasetCard, scan: DatasetScan, findings: [Finding])
    {
        let (card, findings) = try DatasetDraft.draft(
            name: "mine", root: folder.root, labelValues: [0: 100, 1: 5, 7: 3],
            labelNames: [7: "liver"])
        let read = try DatasetCard(json: Array(card.jsonText.utf8), file: "mine.json")
        #expect(read == card)
        let scan = try DatasetFolder.scan(
            card: read, root: folder.root, requireImages: requireImages)
        return (read, scan, findings)
    }

    static let conventions: [(files: [String], image: String, label: String, ids: [String])] = [
        (
            ["imagesTr/a.nii.gz", "imagesTr/b.nii.gz", "labelsTr/a.nii.gz", "labelsTr/b.nii.gz"],
            "imagesTr/{case}.nii[.gz]", "labelsTr/{case}.nii[.gz]", ["a", "b"]
        ),
        (
            [
                "imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "imagesTr/b_0000.nii.gz",
                "labelsTr/b.nii.gz",
            ],
            "imagesTr/{case}_0000.nii[.gz]", "labelsTr/{case}.nii[.gz]", ["a", "b"]
        ),
        (
            ["img/img0001.nii.gz", "label/label0001.nii.gz"],
            "img/img{case}.nii[.gz]", "label/label{case}.nii[.gz]", ["0001"]
        ),
        (
            ["images/7.nii", "labels/7.nii", "images/8.nii.gz", "labels/8.nii.gz"],
            "images/{case}.nii[.gz]", "labels/{case}.nii[.gz]", ["7", "8"]
        ),
        (["p1_ct.nii.gz", "p1_seg.nii.gz"], "{case}_ct.nii[.gz]", "{case}_seg.nii[.gz]", ["p1"]),
        (["p1_image.nii", "p1_gt.nii"], "{case}_image.nii[.gz]", "{case}_gt.nii[.gz]", ["p1"]),
        (
            ["p1.nii", "p1_mask.nii", "p2.nii", "p2_mask.nii"],
            "{case}.nii[.gz]", "{case}_mask.nii[.gz]", ["p1", "p2"]
        ),
        (
            ["volume-0.nii", "segmentation-0.nii", "volume-1.nii", "segmentation-1.nii"],
            "volume-{case}.nii[.gz]", "segmentation-{case}.nii[.gz]", ["0", "1"]
        ),
        (["img0001.nii", "label0001.nii"], "img{case}.nii[.gz]", "label{case}.nii[.gz]", ["0001"]),
        (
            ["p1/ct.nii.gz", "p1/label.nii.gz", "p2/ct.nii.gz", "p2/label.nii.gz"],
            "{case}/ct.nii[.gz]", "{case}/label.nii[.gz]", ["p1", "p2"]
        ),
        (
            ["p1/p1_ct.nii.gz", "p1/p1_seg.nii.gz", "p2/p2_ct.nii.gz", "p2/p2_seg.nii.gz"],
            "{case}/{case}_ct.nii[.gz]", "{case}/{case}_seg.nii[.gz]", ["p1", "p2"]
        ),
        (
            ["train/images/x.nii", "train/masks/x.nii"],
            "train/images/{case}.nii[.gz]", "train/masks/{case}.nii[.gz]", ["x"]
        ),
    ]

    @Test("the usual conventions become one pattern pair", arguments: conventions)
    func patterns(files: [String], image: String, label: String, ids: [String]) throws {
        let folder = try TemporaryDataset(files)
        let (card, scan, findings) = try draftAndScan(folder)
        #expect(card.layouts.map { $0.image.map(\.text) } == [[image]])
        #expect(card.layouts.map { $0.label.map(\.text) } == [[label]])
        #expect(scan.cases.map(\.id) == ids)
        #expect(scan.cases.allSatisfy { $0.image != nil && $0.label != nil })
        #expect(findings.isEmpty && scan.findings.isEmpty, "\(findings) \(scan.findings)")
    }

    @Test("pairs that no pattern tells apart are listed one by one; by-products are left out")
    func listed() throws {
        let folder = try TemporaryDataset([
            "example_ct.nii.gz", "example_ct_labels.nii.gz", "example_ct_sm.nii.gz",
            "example_ct_sm_labels.nii.gz", "example_ct_sm_labels_fast.nii.gz", "dicom512_ct.nii.gz",
            "dicom512_labels.nii.gz", "example_ct_sm_labels_fast.statistics.json",
        ])
        let (card, scan, findings) = try draftAndScan(folder)
        #expect(card.layouts.isEmpty)
        #expect(scan.layout == "listed")
        #expect(
            scan.cases == [
                CaseFiles(
                    id: "dicom512", image: "dicom512_ct.nii.gz", label: "dicom512_labels.nii.gz"),
                CaseFiles(
                    id: "example_ct", image: "example_ct.nii.gz", label: "example_ct_labels.nii.gz"),
                CaseFiles(
                    id: "example_ct_sm", image: "example_ct_sm.nii.gz",
                    label: "example_ct_sm_labels.nii.gz"),
            ])
        #expect(findings.contains { $0.place == "example_ct_sm_labels_fast.nii.gz" })
        #expect(scan.findings.allSatisfy { $0.severity == .note })
        #expect(
            card.labels.map { "\($0.id) \($0.name) \($0.values)" } == [
                "1 label-1 [1]", "7 liver [7]",
            ])
        #expect(card.labels[0].color != card.labels[1].color)
    }

    @Test("a listed file that has gone is an error")
    func listedGone() throws {
        let folder = try TemporaryDataset(["a.nii", "a_seg.nii", "b_ct.nii", "b_seg.nii"])
        let (card, _) = try DatasetDraft.draft(name: "mine", root: folder.root)
        #expect(card.cases.count == 2)
        let other = try TemporaryDataset(["a.nii", "a_seg.nii", "b_ct.nii"])
        let scan = try DatasetFolder.scan(card: card, root: other.root)
        #expect(
            scan.findings.filter { $0.severity == .error }.map(\.description) == [
                "error: b: the card lists the label map b_seg.nii, which is not there; "
                    + "restore the file or correct the card",
                "error: b: image b_ct.nii has no label map; "
                    + "fetch the label map, or leave the case out with a split",
            ])
    }

    @Test("label maps alone give a card with a guessed image pattern and a warning")
    func labelsOnly() throws {
        let folder = try TemporaryDataset(["label0001.nii.gz", "label0003.nii.gz"])
        let (card, scan, findings) = try draftAndScan(folder, requireImages: false)
        #expect(card.layouts[0].label.map(\.text) == ["label{case}.nii[.gz]"])
        #expect(card.layouts[0].image.map(\.text) == ["img{case}.nii[.gz]"])
        #expect(scan.cases.map(\.id) == ["0001", "0003"])
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings[0].message.contains("no image was found"))
    }

    @Test("an image without label map is noted and does not spoil the pattern")
    func lonelyImage() throws {
        let folder = try TemporaryDataset(["images/a.nii", "images/b.nii", "labels/a.nii"])
        let (card, scan, findings) = try draftAndScan(folder)
        #expect(card.layouts.count == 1 && card.caseCount == 1)
        #expect(findings.map(\.place) == ["images/b.nii"])
        #expect(scan.cases.map(\.id) == ["a", "b"])
    }

    @Test("equal names in different folders become different cases")
    func equalNames() throws {
        let folder = try TemporaryDataset([
            "x/a_ct.nii", "x/a_seg.nii", "y/a_ct.nii", "y/a_seg.nii", "my scan_ct.nii",
            "my scan_seg.nii",
        ])
        let (card, scan, _) = try draftAndScan(folder)
        #expect(card.cases.map(\.id) == ["a", "my_scan", "y_a"])
        #expect(scan.cases.allSatisfy { $0.image != nil && $0.label != nil })
    }

    @Test("label tables with odd names, many values or values beyond 255 still give a valid card")
    func labels() throws {
        let draft = try DatasetDraft(lookingAt: TemporaryDataset(["a.nii", "a_seg.nii"]).root)
        let values = [1: 1, 2: 1, 3: 1, 300: 1, -4: 1]
        let names = [
            1: "liver", 2: " liver", 3: "a/b\n", 300: String(repeating: "n", count: 90), -4: "",
        ]
        let card = try draft.card(named: "m", labelValues: values, labelNames: names)
        #expect(card.labels.map(\.values) == [[-4], [1], [2], [3], [300]])
        #expect(card.labels.map { Int($0.id) } == [1, 2, 3, 4, 5])
        #expect(
            card.labels.map(\.name) == [
                "label--4", "liver", "liver-2", "a-b", String(repeating: "n", count: 64),
            ])
        let many = Dictionary(uniqueKeysWithValues: (1...256).map { ($0, 1) })
        let error = #expect(throws: DatasetError.self) {
            try draft.card(named: "m", labelValues: many)
        }
        #expect(error?.description.contains("256 different values") == true)
        #expect(try draft.card(named: "m").labels.map(\.values) == [[1]])
        let name = #expect(throws: DatasetError.self) { try draft.card(named: "../m") }
        #expect(name?.kind == .usage)
    }

    @Test(
        "a folder without volumes, or without label maps, is an error that says what is looked for")
    func nothing() throws {
        for (files, part) in [
            (["a.txt"], "no .nii or .nii.gz file"), (["a.nii"], "1 volumes, no label map"),
        ] {
            let folder = try TemporaryDataset(files)
            let error = #expect(throws: DatasetError.self) {
                try DatasetDraft(lookingAt: folder.root)
            }
            #expect(error?.kind == .missing)
            #expect(error?.description.contains(part) == true)
        }
    }
}
