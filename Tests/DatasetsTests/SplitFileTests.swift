import Testing

@testable import MedicalDatasets

@Suite("Splits of other people")
struct SplitFileTests {
    static let text = """
        {
          "schema": "samdata.split/1",
          "name": "mine",
          "dataset": "camelyon17",
          "parts": {
            "train": ["patient_001_node_0", "patient_002_node_0"],
            "validation": ["patient_003_node_0"],
            "test": ["patient_001_node_4"]
          }
        }
        """

    private func read(_ text: String) throws(DatasetError) -> DatasetSplit {
        try DatasetSplit(json: Array(text.utf8), file: "mine.json")
    }

    @Test("a patient in two parts is an error until the split admits it")
    func leakage() throws {
        let card = try DatasetCard.named("camelyon17")
        let findings = try read(Self.text).findings(for: card)
        #expect(findings.map(\.severity) == [.error])
        #expect(
            findings[0].message == "patient 001 is in more than one part: "
                + "patient_001_node_0 (train), patient_001_node_4 (test)")
        let admitted = Self.text.replacing(
            "\"parts\"", with: "\"knownLeaks\": [\"001\"], \"parts\"")
        #expect(try read(admitted).findings(for: card).map(\.severity) == [.warning])
    }

    @Test("a split of another data set or of an older card is reported")
    func otherCard() throws {
        let card = try DatasetCard.named("btcv")
        let findings = try read(Self.text).findings(for: card)
        #expect(findings.first?.severity == .error)
        #expect(findings.first?.message.contains("the card is \"btcv\"") == true)
        let digest = String(repeating: "0", count: 64)
        let stale = Self.text.replacing("camelyon17", with: "btcv")
            .replacing("\"parts\"", with: "\"cardSHA256\": \"\(digest)\", \"parts\"")
        let warnings = try read(stale).findings(for: card)
        #expect(warnings.map(\.severity) == [.warning])
        #expect(warnings[0].message.contains(card.sha256))
    }

    @Test("cases that were not found are named, and cases of no part are noted")
    func missing() throws {
        let split = try read(Self.text)
        let found = ["patient_001_node_0", "patient_001_node_4", "patient_003_node_0", "stranger"]
        let findings = split.findings(forCases: found)
        #expect(findings.map(\.severity) == [.error, .note])
        #expect(findings[0].message == "1 of 2 cases were not found: patient_002_node_0")
        #expect(findings[1].message == "1 cases belong to no part: stranger")
    }

    static let broken: [(old: String, new: String, expected: String)] = [
        ("patient_003_node_0", "patient_001_node_0", "which is in train already"),
        ("patient_002_node_0", "patient_001_node_0", "which is in train already"),
        ("\"validation\"", "\"val\"", "did you mean \"validation\"?"),
        ("patient_003_node_0", "../x", "the case id \"../x\""),
        ("patient_003_node_0", "a/b", "the case id \"a/b\""),
        ("patient_003_node_0", "-rf", "the case id \"-rf\""),
        ("patient_003_node_0", "a\\u0000b", "without control characters"),
        ("patient_003_node_0", String(repeating: "x", count: 129), "the case id"),
        ("[\"patient_003_node_0\"]", "\"patient_003_node_0\"", "a list in square brackets"),
        ("\"parts\"", "\"cardSHA256\": \"abc\", \"parts\"", "64 lower-case hexadecimal digits"),
        ("\"parts\"", "\"caseSliceCounts\": { \"z\": 3 }, \"parts\"", "a case of one of the parts"),
        (
            "\"parts\"", "\"caseSliceCounts\": { \"patient_003_node_0\": -3 }, \"parts\"",
            "caseSliceCounts.patient_003_node_0: found the number -3"
        ),
        ("samdata.split/1", "samdata.dataset/1", "check that this is the right file"),
    ]

    @Test("what is wrong is said on one line", arguments: broken)
    func brokenSplits(old: String, new: String, expected: String) {
        let text = Self.text.replacing(old, with: new)
        let error = #expect(throws: DatasetError.self) { try read(text) }
        let line = error?.description ?? ""
        #expect(line.hasPrefix("mine.json: line ") && line.contains(expected), "\(line)")
    }

    @Test("a split without any case is refused")
    func empty() {
        let text = """
            { "schema": "samdata.split/1", "name": "m", "dataset": "d", "parts": { "test": [] } }
            """
        let error = #expect(throws: DatasetError.self) { try read(text) }
        #expect(error?.description.contains("no case in any part") == true)
    }
}
