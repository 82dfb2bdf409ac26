import Foundation
import MedicalDatasets
import MedicalImaging
import SafeFiles
import Testing

@testable import SamdataWorkflow

@Suite("Pairing the files of a score")
struct ScoreInputPairingTests {
    private func touch(_ data: ScoreFolder, _ names: [String]) throws {
        for name in names { try data.write(name, "x") }
    }

    private func texts(_ pairing: ScorePairing) -> [String] {
        pairing.cases.map { "\($0.id): \($0.reference.name) \($0.prediction?.name ?? "-")" }
    }

    @Test("two folders are matched by file name, a missing prediction stays a case")
    func byStem() throws {
        let data = try ScoreFolder()
        try touch(data, ["gt/a.nii.gz", "gt/b.nii", "gt/c.png", "gt/readme.txt", "gt/.hidden.nii"])
        try touch(data, ["out/a.nii.gz", "out/c.npy", "out/z.nii.gz", "out/dataset.json"])
        let found = try data.pairs("gt", "out")
        #expect(texts(found) == ["a: a.nii.gz a.nii.gz", "b: b.nii -", "c: c.png c.npy"])
        #expect(found.cases.map(\.cluster) == ["a", "b", "c"])
        let lines = found.findings.map(\.description)
        #expect(lines.count == 2)
        #expect(lines[0].contains("1 of 3 cases have no prediction: b"))
        #expect(lines[1].contains("1 predictions have no reference and are not scored: z.nii.gz"))
    }

    @Test("a pattern says where the id stands, for one side or both")
    func byPattern() throws {
        let data = try ScoreFolder()
        try touch(
            data, ["gt/case1/label.nii.gz", "gt/case2/label.nii.gz", "gt/case2/other.nii.gz"])
        try touch(data, ["out/m_case1_x.nii.gz", "out/m_case2_x.nii.gz"])
        let found = try data.pairs("gt", "out") {
            $0.pattern = try? PathPattern("{case}/label.nii[.gz]")
            $0.predictionPattern = try? PathPattern("m_{case}_x.nii.gz")
        }
        #expect(
            texts(found) == [
                "case1: case1/label.nii.gz m_case1_x.nii.gz",
                "case2: case2/label.nii.gz m_case2_x.nii.gz",
            ])
        #expect(found.findings.map(\.description).first?.contains("case2/other.nii.gz") == true)
    }

    @Test("one folder per case gives its name to the case")
    func byFolder() throws {
        let data = try ScoreFolder()
        try touch(data, ["gt/p1/seg.nii.gz", "gt/p2/seg.nii.gz", "out/p2.nii.gz", "out/p1.nii.gz"])
        #expect(
            texts(try data.pairs("gt", "out")) == [
                "p1: p1/seg.nii.gz p1.nii.gz", "p2: p2/seg.nii.gz p2.nii.gz",
            ])
    }

    @Test("names that agree only without their role words are matched, and a note says so")
    func byCore() throws {
        let data = try ScoreFolder()
        try touch(data, ["gt/label0001.nii.gz", "gt/label0002.nii.gz", "gt/label0003.nii.gz"])
        for (folder, names) in [
            ("a", ["img0001.nii.gz", "img0002.nii.gz"]),
            ("b", ["0001_pred.nii.gz", "0002_pred.nii.gz"]),
            ("c", ["case_1.nii.gz", "case_2.nii.gz"]),
        ] {
            try touch(data, names.map { "\(folder)/\($0)" })
            let found = try data.pairs("gt", folder)
            #expect(found.cases.map { $0.prediction?.name } == names.map(Optional.some) + [nil])
            #expect(
                found.findings.contains {
                    $0.severity == .note && $0.message.contains("matched by")
                })
        }
    }

    @Test("numbers that count from another start are no match")
    func numbersOffByOne() throws {
        let data = try ScoreFolder()
        try touch(data, (0...3).map { "gt/liver_GT_00\($0).png" })
        try touch(data, (1...4).map { "out/results00\($0).png" })
        let failed = failure { _ = try data.pairs("gt", "out") }
        #expect(failed.kind == .data)
        #expect(
            failed.text.contains("results001.png") && failed.text.contains("--prediction-pattern"))
    }

    @Test("a card gives ids and patients, in any folder")
    func byCard() throws {
        let data = try ScoreFolder()
        let card = try DatasetCard.named("synapse")
        try touch(data, ["flat/label0001.nii.gz", "flat/label0002.nii.gz"])
        try touch(data, ["raw/RawData/Training/label/label0001.nii.gz"])
        try touch(data, ["raw/RawData/Training/label/label0002.nii.gz"])
        try touch(data, ["out/img0002.nii.gz", "out/img0001.nii.gz"])
        for folder in ["flat", "raw"] {
            let found = try data.pairs(folder, "out") { $0.card = card }
            #expect(found.cases.map(\.id) == ["0001", "0002"])
            #expect(
                found.cases.map { $0.prediction?.name } == ["img0001.nii.gz", "img0002.nii.gz"])
            #expect(found.findings.isEmpty)
        }
        let camelyon = try DatasetCard.named("camelyon17")
        try touch(data, ["m/patient_004_node_4.tif", "m/patient_004_node_2.tif"])
        let slides = try data.pairs("m", "m") { $0.card = camelyon }
        #expect(slides.cases.map(\.cluster) == ["004", "004"])
    }

    @Test("only the cases of a split are scored, and those without reference are named")
    func split() throws {
        let data = try ScoreFolder()
        try touch(
            data, ["gt/a.png", "gt/b.png", "gt/c.png", "out/a.png", "out/b.png", "out/d.png"])
        let found = try data.pairs("gt", "out") { $0.cases = ["b", "e"] }
        #expect(texts(found) == ["b: b.png b.png"])
        #expect(
            found.findings.map(\.message) == [
                "1 of the 2 cases asked for have no reference: e"
            ])
    }

    @Test("two single files need no common name")
    func pair() throws {
        let data = try ScoreFolder()
        try touch(data, ["gt.nii.gz", "pred.nii.gz", "s.npz", "t.h5"])
        #expect(texts(try data.pairs("gt.nii.gz", "pred.nii.gz")) == ["gt: gt.nii.gz pred.nii.gz"])
        #expect(texts(try data.pairs("s.npz:label", "t.h5:/x/y")) == ["s: s.npz:label t.h5:/x/y"])
    }

    @Test("a list of pairs, with ids and patients, relative to its folder")
    func pairList() throws {
        let data = try ScoreFolder()
        try touch(data, ["sub/g1.nii", "sub/g2.nii", "sub/p1.nii", "sub/a,b.npz"])
        try data.write(
            "sub/list.csv",
            "\u{FEFF}# made by hand\r\ng2.nii,p1.nii,two,pat\r\n\r\ng1.nii,\"a,b.npz:seg\",one\r\n")
        let found = try data.pairs("sub/list.csv", "sub/list.csv")
        #expect(texts(found) == ["two: g2.nii p1.nii", "one: g1.nii a,b.npz:seg"])
        #expect(found.cases.map(\.cluster) == ["pat", "one"])
        #expect(
            found.cases.map(\.prediction?.path) == [
                data.path("sub/p1.nii"), data.path("sub/a,b.npz"),
            ])
        // Columns by name, and a prediction that is not there.
        try data.write("sub/n.tsv", "case\tprediction\treference\nx\tgone.nii\tg1.nii\n")
        let named = try data.pairs("sub/n.tsv", "sub/n.tsv")
        #expect(texts(named) == ["x: g1.nii -"])
        #expect(named.findings.contains { $0.message == "prediction gone.nii is not there" })
    }

    @Test("two lists, or a list and a folder, are matched by id")
    func singleLists() throws {
        let data = try ScoreFolder()
        try touch(data, ["g1.nii", "g2.nii", "p/one.nii", "p/two.nii"])
        try data.write("g.txt", "g2.nii,two\ng1.nii,one\n")
        try data.write("p.txt", "p/one.nii\np/two.nii\n")
        for other in ["p.txt", "p"] {
            let found = try data.pairs("g.txt", other)
            #expect(found.cases.map(\.id) == ["two", "one"])
            #expect(
                found.cases.map { FilePath.name(of: $0.prediction?.path ?? "") } == [
                    "two.nii", "one.nii",
                ])
        }
    }

    @Test("sources and lists that cannot be scored say why, on one line")
    func hostile() throws {
        let data = try ScoreFolder()
        try touch(
            data, ["gt/a.nii.gz", "gt/a.png", "one/x.nii.gz", "two/q.nii.gz", "two/r.nii.gz"])
        try touch(data, ["pics/a.jpg", "f.nii", "f.doc", "g.h5"])
        try Folders.make(data.path("empty"))
        try data.write("bytes.csv", [0x67, 0xFF, 0xFE])
        try data.write("quote.csv", "\"f.nii,f.nii\n")
        try data.write("wide.csv", "f.nii,f.nii,a,b,c\n")
        try data.write("none.csv", "# nothing\n\n")
        try data.write("kind.csv", "f.nii,f.doc\n")
        try data.write("twice.csv", "f.nii,f.nii,a\nf.nii,f.nii,a\n")
        try data.write("three.csv", "f.nii,a,p,q\n")
        try data.write("nul.csv", "f.nii,f\u{0}.nii\n")
        let table: [(String, String, FailureKind, String)] = [
            (
                "gt", "one", .data,
                "gt: case `a` has two reference files, a.nii.gz and a.png; remove one"
            ),
            ("one", "gt", .data, "case `a` has two prediction files"),
            ("one", "two", .data, "no prediction belongs to a case of"),
            ("pics", "one", .missingInput, "found only files of other kinds, for example a.jpg"),
            ("empty", "one", .missingInput, "found no file, expected one reference file per case"),
            ("one", "empty", .missingInput, "found no file, expected one prediction file per case"),
            ("nothing", "one", .missingInput, "found nothing there, expected a file, a folder"),
            ("f.doc", "one", .usage, "found a file that is not scored"),
            ("f.nii:x", "one", .usage, "expected an array of an .npz or .h5 file"),
            ("g.h5:", "one", .usage, "expected an array of an .npz or .h5 file"),
            ("bytes.csv", "one", .data, "bytes that are not UTF-8"),
            ("quote.csv", "quote.csv", .data, "line 1: found a quotation mark that is not closed"),
            (
                "wide.csv", "wide.csv", .data,
                "line 1: found 5 fields, expected reference,prediction"
            ),
            (
                "three.csv", "one", .data,
                "line 1: found 4 fields, expected path[,case id[,patient]]"
            ),
            ("none.csv", "one", .data, "found no line with a file"),
            ("kind.csv", "kind.csv", .usage, "line 1: f.doc: found a file that is not scored"),
            ("twice.csv", "twice.csv", .data, "case `a` has two reference files, f.nii and f.nii"),
            ("nul.csv", "nul.csv", .data, "line 1: found 2 fields or control characters"),
        ]
        for (reference, prediction, kind, text) in table {
            let failed = failure { _ = try data.pairs(reference, prediction) }
            #expect(failed.kind == kind, "\(reference) \(prediction): \(failed.text)")
            #expect(failed.text.contains(text), "\(reference) \(prediction): \(failed.text)")
            #expect(!failed.text.contains("\n"))
        }
        let store = failure { _ = try data.pairs("one", "two") { $0.requiresStore = true } }
        #expect(store.kind == .usage && store.text.contains("--from-prepared"))
    }

    @Test("names that would break a line are passed over with a warning")
    func oddNames() throws {
        let data = try ScoreFolder()
        try touch(data, ["gt/a.nii", "gt/b\nc.nii", "gt/d e (2).nii"])
        let found = try data.pairs("gt", "gt")
        #expect(found.cases.map(\.id) == ["a", "d e (2)"])
        #expect(found.findings.count == 2 && found.findings[0].message.contains("1 names"))
    }

    @Test("folders that link into each other are listed once")
    func linkCycle() throws {
        let data = try ScoreFolder()
        try touch(data, ["gt/p1/seg.nii.gz", "gt/p2/seg.nii.gz"])
        try FileManager.default.createSymbolicLink(
            atPath: data.path("gt/p1/up"), withDestinationPath: data.path("gt"))
        #expect(
            try ScoreListing(root: data.path("gt")).files == ["p1/seg.nii.gz", "p2/seg.nii.gz"])
    }
}
