import Foundation
import SafeFiles
import SampleStore
import Testing

@Suite("Records and manifests")
struct RecordTests {
    private func unit(_ id: String) -> UnitRecord {
        var unit = UnitRecord(id: id, caseID: id, patient: id, part: "", key: "k")
        unit.path = "cases/\(id).h5"
        unit.shape = [1, 2, 3]
        unit.spacing = [0.1, 1e-7, 3]
        unit.labels = [UnitRecord.LabelCount(id: 1, name: "a/ü\"", slices: 1, pixels: 2)]
        return unit
    }

    private func manifest(_ ids: [String]) -> Manifest {
        Manifest(dataset: "d", split: "", planSHA256: "x", cases: ids.map(unit))
    }

    @Test("canonical JSON has one form: sorted keys, plain slashes, shortest numbers")
    func canonical() throws {
        struct Value: Encodable {
            var z = 1
            var a = ["k/ü", "b"]
            var m = [0.1, 1e-7, 3, 1e22, -0.0]
            var n: Int? = nil
        }
        let text = String(decoding: try CanonicalJSON.compact(Value()), as: UTF8.self)
        #expect(text == #"{"a":["k/ü","b"],"m":[0.1,1e-07,3,1e+22,-0],"z":1}"#, "\(text)")
        #expect(try CanonicalJSON.sha256(Value()) == ContentDigest.sha256(ofText: text))
        let pretty = String(decoding: try CanonicalJSON.pretty(Value()), as: UTF8.self)
        #expect(pretty.hasSuffix("}\n"))
        #expect(throws: EncodingError.self) { _ = try CanonicalJSON.compact([Double.nan]) }
    }

    @Test("a manifest reads back, its cases sorted whatever the order they came in")
    func roundTrip() throws {
        let folder = try StoreFolder()
        let layout = StoreLayout(root: folder.path + "/")
        #expect(layout.root == folder.path)
        let one = manifest(["b", "a", "c"])
        #expect(one == manifest(["c", "b", "a"]))
        #expect(one.cases.map(\.id) == ["a", "b", "c"])
        try AtomicFile.write(try CanonicalJSON.pretty(one), to: layout.manifest)
        #expect(try Manifest.read(layout) == one)
    }

    @Test("manifests of another version, damaged or hostile are refused with file and key")
    func refusals() throws {
        let folder = try StoreFolder()
        let layout = StoreLayout(root: folder.path)
        let good = String(decoding: try CanonicalJSON.compact(manifest(["a"])), as: UTF8.self)
        let table: [(String, String, String)] = [
            (
                "samdata.manifest/1", "samdata.manifest/2",
                "schema is samdata.manifest/2, this version reads samdata.manifest/1; use the version"
            ),
            ("\"schema\":\"samdata.manifest/1\",", "", "key `schema` is missing at the top"),
            ("\"dataset\":\"d\",", "", "key `dataset` is missing at the top"),
            ("\"slices\":0", "\"slices\":true", "expected Int at cases[0].slices"),
            ("\"slices\":0", "\"slices\":null", "expected Int at cases[0].slices"),
            ("\"slices\":0", "\"slices\":1e300", "manifest.json: "),
            ("\"bytes\":0", "\"bytes\":-1", "unit a: found -1, expected counts and sizes from 0"),
            ("\"bytes\":0", "\"bytes\":9223372036854775807", "unit a: found 9223372036854775807"),
            ("\"pixels\":2", "\"pixels\":9223372036854775807", "unit a: found"),
            (
                "\"path\":\"cases/a.h5\"", "\"path\":\"/etc/passwd\"",
                "cases.path: found /etc/passwd"
            ),
            ("\"id\":\"a\"", "\"id\":\"../a\"", "cases.path: found"),
            ("}", "", "manifest.json: "), ("{", "[", "manifest.json: "),
        ]
        for (from, to, words) in table {
            let bad = good.replacing(from, with: to)
            #expect(bad != good, "\(from)")
            try AtomicFile.write(Array(bad.utf8), to: layout.manifest)
            let error = #expect(throws: StoreError.self, "\(to)") { _ = try Manifest.read(layout) }
            let text = error?.description ?? ""
            #expect(text.contains(words), "\(text)")
            #expect(text.hasPrefix(layout.manifest + ": "))
            #expect(!text.contains("\n"))
        }
        try AtomicFile.write([0xFF, 0xFE, 0], to: layout.manifest)
        #expect(throws: StoreError.self) { _ = try Manifest.read(layout) }
        let deep = String(repeating: "[", count: 200_000)
        try AtomicFile.write(Array(deep.utf8), to: layout.manifest)
        #expect(throws: StoreError.self) { _ = try Manifest.read(layout) }
    }

    @Test("an unfinished store and a folder that is none are told apart")
    func unfinished() throws {
        let folder = try StoreFolder()
        let layout = StoreLayout(root: folder.path)
        let none = #expect(throws: StoreError.self) { _ = try Manifest.read(layout) }
        #expect(none?.description.contains("not a prepared store") == true)
        try AtomicFile.write([], to: layout.plan)
        let begun = #expect(throws: StoreError.self) { _ = try Manifest.read(layout) }
        #expect(begun?.description.contains("preparation is not finished") == true)
    }

    @Test("records of another version or with wild numbers are refused")
    func records() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/a.json"
        try AtomicFile.write(try CanonicalJSON.pretty(unit("a")), to: path)
        #expect(try UnitRecord.read(path) == unit("a"))
        var later = unit("a")
        later.schema = "samdata.unit/2"
        try AtomicFile.write(try CanonicalJSON.pretty(later), to: path)
        let error = #expect(throws: StoreError.self) { _ = try UnitRecord.read(path) }
        #expect(
            error?.description.contains("samdata.unit/2, this version reads samdata.unit/1") == true
        )
        var wild = unit("a")
        wild.shape = [1, .max]
        try AtomicFile.write(try CanonicalJSON.pretty(wild), to: path)
        #expect(throws: StoreError.self) { _ = try UnitRecord.read(path) }
    }

    @Test("a unit without pieces says nothing of them, as before")
    func wholeCases() throws {
        let text = String(decoding: try CanonicalJSON.compact(unit("a")), as: UTF8.self)
        #expect(!text.contains("piece"))
        #expect(
            manifest(["a"]).caseFormat == "1.0"
                && Manifest(dataset: "d", split: "", planSHA256: "", cases: [], caseFormat: "1.2")
                    .caseFormat == "1.2"
        )
    }

    @Test("pieces of one case are one case, and have to fit together")
    func pieces() throws {
        #expect(UnitRecord.Piece(index: 1, of: 2).unitID(of: "tumor_001") == "tumor_001.part0001")
        #expect(UnitRecord.Piece(index: 12_345, of: 20_000).unitID(of: "t") == "t.part12345")
        let folder = try StoreFolder()
        let layout = StoreLayout(root: folder.path)
        func write(_ pieces: [(index: Int, of: Int)]) throws {
            var units = [unit("b")]
            for (n, piece) in pieces.enumerated() {
                let value = UnitRecord.Piece(index: piece.index, of: piece.of)
                var record = unit("a.part000\(n + 1)")
                record.caseID = "a"
                record.piece = value
                units.append(record)
            }
            let manifest = Manifest(dataset: "d", split: "", planSHA256: "x", cases: units)
            try AtomicFile.write(try CanonicalJSON.pretty(manifest), to: layout.manifest)
        }
        try write([(1, 3), (2, 3), (3, 3)])
        let manifest = try Manifest.read(layout)
        #expect(manifest.cases.count == 4)
        #expect(manifest.caseIDs == ["a", "b"])
        #expect(manifest.cases[1].piece == UnitRecord.Piece(index: 2, of: 3))
        for (wrong, words) in [
            (
                [(1, 2), (1, 2)],
                "unit a.part0002: found piece 1 of 2, expected each piece of case a once"
            ),
            (
                [(1, 2), (2, 3)],
                "unit a.part0002: found piece 2 of 3, expected the number of pieces"
            ),
            ([(0, 2)], "unit a.part0001: found piece 0 of 2, expected pieces counted from 1"),
            ([(3, 2)], "unit a.part0001: found piece 3 of 2"),
            ([(1, .max)], "unit a.part0001: found piece 1 of"),
        ] as [([(index: Int, of: Int)], String)] {
            try write(wrong)
            let error = #expect(throws: StoreError.self) { _ = try Manifest.read(layout) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }
}
