import Testing

@testable import MedicalDatasets

@Suite("Cards of other people")
struct CardErrorTests {
    /// A card of ten lines, as a lab would write it.
    static let tenLines = """
        {
          "schema": "samdata.dataset/1",
          "name": "lab",
          "modality": "CT",
          "units": "HU",
          "layouts": [{ "name": "ours", "image": "ct/{case}.nii.gz", "label": "seg/{case}.nii.gz" }],
          "labels": [
            { "id": 1, "name": "liver", "color": "#112233", "values": [7, 8] }
          ]
        }
        """

    private func read(_ text: String) throws(DatasetError) -> DatasetCard {
        try DatasetCard(json: Array(text.utf8), file: "lab.json")
    }

    @Test("ten lines are enough")
    func minimal() throws {
        let card = try read(Self.tenLines)
        #expect(card.title == "lab" && card.collection == "lab")
        #expect(card.licence.name == "unknown" && !card.licence.redistribution)
        #expect(card.labels[0].color == LabelColor(red: 0x11, green: 0x22, blue: 0x33))
        #expect(card.labels[0].color.description == "#112233")
        #expect(card.layouts[0].labelRequired)
        #expect(try read(card.jsonText).labels == card.labels)
    }

    static let broken: [(old: String, new: String, expected: [String])] = [
        (
            "\"units\"", "\"unit\"",
            ["line 5, top level", "unknown key \"unit\"", "did you mean \"units\"?"]
        ),
        ("\"color\"", "\"colour\"", ["line 8, labels[0]", "did you mean \"color\"?"]),
        (
            "\"name\": \"lab\",", "\"name\": \"lab\", \"name\": \"b\",",
            ["line 3", "the key \"name\" a second time"]
        ),
        ("samdata.dataset/1", "samdata.dataset/2", ["line 2, schema", "use a version of samdata"]),
        ("samdata.dataset/1", "samdata.split/1", ["check that this is the right file"]),
        ("\"modality\": \"CT\",", "", ["no key \"modality\"", "add the key"]),
        ("\"CT\"", "7", ["line 4, modality", "found the number 7, expected a text"]),
        ("\"lab\"", "\"../lab\"", ["line 3, name", "not starting with . or -"]),
        ("\"id\": 1", "\"id\": 0", ["labels[0].id", "the number 0", "from 1 to 255"]),
        ("\"id\": 1", "\"id\": 256", ["the number 256", "from 1 to 255"]),
        ("\"id\": 1", "\"id\": 1.5", ["the number 1.5"]),
        ("\"id\": 1", "\"id\": 99999999999999999999", ["a number that JSON allows"]),
        ("#112233", "red", ["labels[0].color", "found \"red\"", "six hexadecimal digits"]),
        ("#112233", "#11223G", ["six hexadecimal digits"]),
        ("[7, 8]", "[7, 7]", ["the value 7 for \"liver\" and for \"liver\""]),
        ("[7, 8]", "[0]", ["the value 0 for \"liver\" and for \"background\""]),
        ("[7, 8]", "[]", ["labels[0].values", "no value"]),
        ("[7, 8]", "[9223372036854775807]", ["from -2147483648 to 2147483647"]),
        ("\"liver\"", "\"a/b\"", ["labels[0].name", "without slashes"]),
        ("\"liver\"", "\"li\\nver\"", ["labels[0].name", "without control characters"]),
        (
            "\"values\": [7, 8] }",
            "\"values\": [7] }, { \"id\": 1, \"name\": \"x\", \"color\": \"#000000\", \"values\": [9] }",
            ["labels[1].id", "the id 1, which \"liver\" already has"]
        ),
        (
            "\"values\": [7, 8] }",
            "\"values\": [7] }, { \"id\": 2, \"name\": \"Liver\", \"color\": \"#000000\", \"values\": [9] }",
            ["labels[1].name", "which \"liver\" already has"]
        ),
        ("\"labels\": [", "\"backgroundValues\": [7], \"labels\": [", ["for \"background\""]),
        ("\"labels\": [", "\"backgroundValues\": [3, 3], \"labels\": [", ["the value 3 twice"]),
        (
            "\"labels\": [",
            "\"knownDefects\": [{ \"case\": \"-x\", \"note\": \"n\" }], \"labels\": [",
            ["knownDefects[0].case", "the case id \"-x\""]
        ),
        ("\"labels\": [", "\"patientPattern\": \"p_{x}\", \"labels\": [", ["{patient} once"]),
        ("\"labels\": [", "\"caseCount\": 0, \"labels\": [", ["caseCount", "the number 0"]),
        ("\"schema\"", "schema", ["line 2", "a key in quotation marks"]),
        ("\"HU\",", "\"HU\"", ["line 6", "a comma or a closing brace"]),
        ("]\n}", "]\n} x", ["line 10", "the end of the text"]),
        ("]\n}", "]", ["the end of the file"]),
        ("[7, 8]", String(repeating: "[", count: 60), ["too deep"]),
    ]

    @Test(
        "what is wrong is said with file, line, key, found, expected and next step",
        arguments: broken)
    func brokenCards(old: String, new: String, expected: [String]) {
        let text = Self.tenLines.replacing(old, with: new, maxReplacements: 1)
        #expect(text != Self.tenLines)
        let error = #expect(throws: DatasetError.self) { try read(text) }
        let line = error?.description ?? ""
        #expect(line.hasPrefix("lab.json: "), "\(line)")
        #expect(!line.contains("\n"), "\(line)")
        #expect(error?.kind == .configuration)
        for part in expected { #expect(line.contains(part), "\(line)") }
    }

    static let tricks: [String] = [
        "/etc/{case}.nii", "../{case}.nii", "a/../../{case}.nii", "a/..", "a//{case}.nii",
        "./{case}.nii", "a\\\\{case}.nii", "a\\u0000{case}.nii", "a\\u001b[2J{case}.nii",
        "a\\u202e{case}.nii", "{case}/../x.nii", "{case}.nii/", "", "ct/scan.nii", "{patient}.nii",
        "{case", "case}", "a[b", "a]{case}", "[]{case}", "[a/b]{case}", "[{case}]", "[[a]]{case}",
        "[a][a][a][a][a]{case}", String(repeating: "x", count: 2_000) + "{case}",
    ]

    @Test("a pattern that is no plain relative path is refused", arguments: tricks)
    func patternTricks(pattern: String) {
        for key in ["image", "label"] {
            let good = key == "image" ? "ct/{case}.nii.gz" : "seg/{case}.nii.gz"
            let text = Self.tenLines.replacing(good, with: pattern)
            let error = #expect(throws: DatasetError.self) { try read(text) }
            let line = error?.description ?? ""
            #expect(line.contains("line 6, layouts[0].\(key)"), "\(line)")
            #expect(!line.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202E })
        }
    }

    static let pathTricks: [String] = [
        "/etc/passwd", "../x.nii", "a/../../x.nii", "a\\\\x.nii", "a\\u0000.nii", "a//x.nii", "a/",
        "./x.nii", "",
    ]

    @Test("a listed file that is no plain relative path is refused", arguments: pathTricks)
    func listedTricks(path: String) {
        let text = Self.tenLines.replacing(
            "\"labels\": [",
            with: "\"cases\": [{ \"id\": \"a\", \"image\": \"x.nii\", \"label\": \"\(path)\" }], "
                + "\"labels\": [")
        let error = #expect(throws: DatasetError.self) { try read(text) }
        #expect(
            error?.description.contains("cases[0].label") == true, "\(String(describing: error))")
    }

    @Test("a listed case or file cannot be there twice, nor without any file")
    func listedTwice() {
        for (list, part) in [
            (
                "{ \"id\": \"a\", \"image\": \"x\" }, { \"id\": \"a\", \"image\": \"y\" }",
                "the case \"a\" again"
            ),
            (
                "{ \"id\": \"a\", \"image\": \"x\" }, { \"id\": \"b\", \"image\": \"x\" }",
                "the file \"x\" again"
            ),
            ("{ \"id\": \"a\" }", "neither an image nor a label map"),
            ("{ \"id\": \".a\", \"image\": \"x\" }", "the case id \".a\""),
        ] {
            let text = Self.tenLines.replacing(
                "\"labels\": [", with: "\"cases\": [\(list)], \"labels\": [")
            let error = #expect(throws: DatasetError.self) { try read(text) }
            #expect(error?.description.contains(part) == true, "\(String(describing: error))")
        }
    }

    @Test("a card that is missing, empty, too large or not UTF-8 is an error, never a trap")
    func files() throws {
        let folder = try TemporaryDataset()
        let missing = #expect(throws: DatasetError.self) {
            try DatasetCard(contentsOfFile: folder.root + "/none.json")
        }
        #expect(missing?.kind == .missing)
        #expect(throws: DatasetError.self) { try DatasetCard(contentsOfFile: folder.root) }
        try folder.add("empty.json")
        let empty = #expect(throws: DatasetError.self) {
            try DatasetCard(contentsOfFile: folder.root + "/empty.json")
        }
        #expect(empty?.description.contains("the end of the file") == true)
        try folder.add("large.json", String(repeating: " ", count: DatasetCard.largestFile + 1))
        #expect(throws: DatasetError.self) {
            try DatasetCard(contentsOfFile: folder.root + "/large.json")
        }
        #expect(throws: DatasetError.self) { try DatasetCard(json: [0xFF, 0xFE, 0x7B], file: "x") }
        try folder.add("good.json", Self.tenLines)
        #expect(try DatasetCard(contentsOfFile: folder.root + "/good.json").name == "lab")
    }

    @Test("no damage to one byte of a card makes the reader trap")
    func damage() throws {
        let bytes = EmbeddedFile.cards[1].bytes
        var refused = 0
        for position in stride(from: 0, to: bytes.count, by: 7) {
            for value: UInt8 in [0, 0x22, 0x5C, 0x7B, 0x7D, 0x80, 0xFF] {
                var damaged = bytes
                damaged[position] = value
                do { _ = try DatasetCard(json: damaged, file: "x") } catch { refused += 1 }
            }
            do { _ = try DatasetCard(json: Array(bytes[..<position]), file: "x") } catch {
                refused += 1
            }
        }
        #expect(refused > 1_000)
    }
}
