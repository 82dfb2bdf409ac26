import Testing

@testable import MedicalDatasets

@Suite("Built-in splits")
struct BuiltInSplitTests {
    @Test("every split is listed under the name of its file and rewrites to the same bytes")
    func canonical() throws {
        #expect(EmbeddedFile.splits.map(\.name) == DatasetSplit.builtIn.map(\.name))
        for (file, split) in zip(EmbeddedFile.splits, DatasetSplit.builtIn) {
            #expect(split.jsonText == String(decoding: file.bytes, as: UTF8.self), "\(file.name)")
        }
    }

    @Test("every split was written against the card as it is now", arguments: DatasetSplit.builtIn)
    func fresh(split: DatasetSplit) throws {
        let card = try DatasetCard.named(split.dataset)
        #expect(
            split.cardSHA256 == card.sha256,
            "the card changed: put \"\(card.sha256)\" into \"cardSHA256\" of Splits/\(split.name).json"
        )
    }

    @Test(
        "the parts have the published sizes",
        arguments: [
            ("btcv-24-6", 24, 6, 0), ("synapse-18-12", 18, 0, 12), ("monuseg-24-6-14", 24, 6, 14),
            ("camelyon16-ep-sam", 47, 6, 15), ("camelyon17-ep-sam", 27, 3, 9),
            ("camelyon16-official", 270, 0, 129), ("camelyon17-official", 500, 0, 500),
            ("sample-4-2", 4, 2, 0), ("sample-nuclei-4-1-1", 4, 1, 1),
            ("sample-slide-2-1", 2, 0, 1),
        ])
    func sizes(name: String, train: Int, validation: Int, test: Int) throws {
        let split = try DatasetSplit.named(name)
        #expect(split.cases(in: .train).count == train)
        #expect(split.cases(in: .validation).count == validation)
        #expect(split.cases(in: .test).count == test)
        #expect(split.allCases.count == train + validation + test)
        for part in SplitPart.allCases {
            for id in split.cases(in: part) { #expect(split.part(of: id) == part) }
        }
        #expect(split.part(of: "nobody") == nil)
    }

    @Test("the 18 training cases of Synapse have 2,211 slices")
    func sliceCounts() throws {
        let split = try DatasetSplit.named("synapse-18-12")
        #expect(Set(split.caseSliceCounts.keys) == Set(split.cases(in: .train)))
        #expect(split.caseSliceCounts.values.reduce(0, +) == 2_211)
        #expect(split.cases(in: .train).prefix(3) == ["0031", "0007", "0009"])
        #expect(split.cases(in: .test).prefix(3) == ["0008", "0022", "0038"])
        #expect(split.sliceCountFinding(case: "0005", found: 117) == nil)
        #expect(split.sliceCountFinding(case: "0008", found: 1) == nil)
        let wrong = try #require(split.sliceCountFinding(case: "0005", found: 116))
        #expect(wrong.severity == .error)
        #expect(wrong.message.contains("found 116 slices, expected 117"))
    }

    @Test("BTCV and Synapse divide the same thirty scans")
    func sameScans() throws {
        let btcv = try DatasetSplit.named("btcv-24-6")
        let synapse = try DatasetSplit.named("synapse-18-12")
        #expect(Set(btcv.allCases) == Set(synapse.allCases))
        #expect(btcv.allCases.count == 30)
        #expect(btcv.cases(in: .validation) == ["0035", "0036", "0037", "0038", "0039", "0040"])
    }

    @Test("a model of one protocol may not be tested under the other")
    func conflicts() throws {
        let btcv = try DatasetSplit.named("btcv-24-6")
        let synapse = try DatasetSplit.named("synapse-18-12")
        #expect(
            DatasetSplit.conflicts(evaluating: btcv, trainedUnder: synapse)
                == ["0037", "0039", "0040"])
        #expect(
            DatasetSplit.conflicts(evaluating: synapse, trainedUnder: btcv).sorted() == [
                "0001", "0002", "0003", "0004", "0008", "0022", "0025", "0029", "0032",
            ])
        #expect(DatasetSplit.conflicts(evaluating: btcv, trainedUnder: btcv) == [])
        // Equal case ids of different scans are no conflict: the sample also has a case 0005.
        let sample = try DatasetSplit.named("sample-4-2")
        #expect(sample.cases(in: .validation).contains("0005"))
        #expect(DatasetSplit.conflicts(evaluating: sample, trainedUnder: btcv) == [])
        // Without the cards nobody knows that the two data sets show the same scans.
        #expect(
            DatasetSplit.conflicts(evaluating: btcv, trainedUnder: synapse, cards: []) == [])
    }

    @Test("only the EP-SAM lists of Camelyon17 share patients between parts, and they say so")
    func leakage() throws {
        for split in DatasetSplit.builtIn {
            let findings = split.findings(for: try DatasetCard.named(split.dataset))
            if split.name == "camelyon17-ep-sam" {
                #expect(findings.map(\.severity) == [.warning, .warning, .warning])
                #expect(
                    findings.map { $0.message.prefix(11) }
                        == ["patient 015", "patient 017", "patient 046"])
            } else {
                #expect(findings.isEmpty, "\(split.name): \(findings)")
            }
        }
    }

    @Test(
        "the EP-SAM slides all exist in the official lists, and on annotated or tumor slides only")
    func subsets() throws {
        let official16 = Set(try DatasetSplit.named("camelyon16-official").cases(in: .train))
        let ours16 = try DatasetSplit.named("camelyon16-ep-sam").allCases
        #expect(ours16.allSatisfy(official16.contains))
        #expect(ours16.allSatisfy { $0.hasPrefix("tumor_") })
        let marked = try DatasetCard.named("camelyon16").knownDefects.map(\.case)
        #expect(ours16.count(where: marked.contains) == 15)
        let official17 = Set(try DatasetSplit.named("camelyon17-official").cases(in: .train))
        #expect(
            try DatasetSplit.named("camelyon17-ep-sam").allCases.allSatisfy(official17.contains))
        #expect(!official16.contains("normal_086"))
    }

    @Test("a misspelt name is answered with the one that was meant")
    func misspelt() {
        let error = #expect(throws: DatasetError.self) { try DatasetSplit.named("btcv-24-5") }
        #expect(error?.description.contains("did you mean \"btcv-24-6\"?") == true)
        #expect(error?.description.contains("--split FILE") == true)
    }
}
