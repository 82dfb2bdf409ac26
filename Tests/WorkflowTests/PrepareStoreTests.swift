import Foundation
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Merging, verifying, looking at and cleaning stores, whole and damaged ones.
@Suite("Preparation: finished and damaged stores")
struct PrepareStoreTests {
    private func flip(_ path: String, at offset: Int? = nil) throws {
        var bytes = try FileReading.contents(of: path)
        bytes[offset ?? bytes.count / 2] ^= 0x10
        try AtomicFile.write(bytes, to: path)
    }

    @Test(
        "verify finds a flipped byte, a missing file, another size, a changed plan and a changed record"
    )
    func verify() throws {
        let data = try TinyDataset()
        _ = try data.run().run()
        let layout = StoreLayout(root: data.output)
        for threads in [1, 4] {
            var run = VerifyRun(layout: layout)
            run.threads = threads
            let whole = try run.run()
            #expect(whole.problems == [])
            #expect(whole.strangers == [])
            #expect(whole.files == 4)
        }
        try flip(layout.caseFile("a"))
        try FileManager.default.removeItem(atPath: layout.caseFile("b"))
        try AtomicFile.write([1, 2, 3], to: layout.caseFile("c"))
        try AtomicFile.write([1], to: layout.cases + "/stranger.h5")
        try AtomicFile.write(
            try FileReading.contents(of: layout.plan) + [UInt8(ascii: " ")], to: layout.plan)
        let found = try VerifyRun(layout: layout).run()
        #expect(found.strangers == ["cases/stranger.h5"])
        #expect(found.problems.count == 4)
        for word in [
            "plan.json: digest differs", "cases/a.h5: found sha256", "cases/b.h5: file is missing",
            "cases/c.h5: found 3 bytes",
        ] {
            #expect(found.problems.contains { $0.hasPrefix(word) }, "\(word) in \(found.problems)")
        }
    }

    @Test("verify finds a record that was changed")
    func verifyRecord() throws {
        let data = try TinyDataset(["a"])
        _ = try data.run().run()
        let layout = StoreLayout(root: data.output)
        let text = String(decoding: try FileReading.contents(of: layout.record("a")), as: UTF8.self)
        try AtomicFile.write(
            Array(text.replacing("\"ball\"", with: "\"bell\"").utf8), to: layout.record("a"))
        #expect(
            try VerifyRun(layout: layout).run().problems
                == ["units/a.json: differs from the manifest"])
    }

    @Test("merge names every unit that is missing, damaged or of another plan")
    func merge() throws {
        let data = try TinyDataset(["a", "b", "c", "d", "e"])
        _ = try data.run().run()
        let layout = StoreLayout(root: data.output)
        try FileManager.default.removeItem(atPath: layout.manifest)
        try FileManager.default.removeItem(atPath: layout.record("a"))
        try FileManager.default.removeItem(atPath: layout.caseFile("b"))
        try flip(layout.caseFile("c"))
        try AtomicFile.write(Array("{".utf8), to: layout.record("d"))
        var record = try UnitRecord.read(layout.record("e"))
        record.key = String(repeating: "0", count: 64)
        try AtomicFile.write(try CanonicalJSON.pretty(record), to: layout.record("e"))

        let quick = failure { try MergeRun(layout: layout).run() }
        #expect(quick.kind == .data)
        for word in [
            "4 of 5 units are not finished", "a, b (file is missing)", "d (",
            "e (made by another plan)",
        ] { #expect(quick.text.contains(word), "\(quick.text)") }
        var thorough = MergeRun(layout: layout)
        thorough.rehashes = true
        let slow = failure { try thorough.run() }
        #expect(slow.text.contains("c (file has another digest than recorded)"), "\(slow.text)")
        #expect(!FileManager.default.fileExists(atPath: layout.manifest))
        thorough.allowsMissing = true
        #expect(try thorough.run().missing == ["a", "b", "c", "d", "e"])

        // preparing again mends everything but the flipped byte, whose file has the right size
        #expect(try data.run().run().prepared == 4)
        #expect(try VerifyRun(layout: layout).run().problems.count == 1)
    }

    @Test("a folder that is no store is refused with the next step")
    func noStore() throws {
        let data = try TinyDataset(["a"])
        let layout = StoreLayout(root: data.root)
        for body in [
            { _ = try VerifyRun(layout: layout).run() }, { _ = try StoreSummary(of: layout) },
            { _ = try StoreStatus(of: layout) }, { _ = try MergeRun(layout: layout).run() },
            { _ = try StoreCleaning.strangers(in: layout) },
        ] {
            let found = failure(body)
            #expect(found.kind == .data)
            #expect(found.text.hasPrefix(data.root + ": has no "), "\(found.text)")
            #expect(!found.text.contains("\n"))
        }
    }

    @Test("temporary files and strangers are listed and removed, the store is left alone")
    func cleaning() throws {
        let data = try TinyDataset(["a"])
        _ = try data.run().run()
        let before = try PrepareFolder.contents(of: data.output)
        let layout = StoreLayout(root: data.output)
        let left = [
            "cases/a.h5.tmp.node.1.ff", "cases/zz.h5", "manifest.json.tmp.node.2.0",
            "units/a.json.tmp.n.3.1", "units/zz.json",
        ]
        for name in left { try AtomicFile.write([0], to: layout.root + "/" + name) }
        #expect(try StoreStatus(of: layout).temporaries.count == 3)
        let found = try StoreCleaning.temporaries(in: layout) + StoreCleaning.strangers(in: layout)
        #expect(found.sorted() == left)
        try StoreCleaning.remove(found, in: layout)
        #expect(try PrepareFolder.contents(of: data.output) == before)
    }

    @Test("plans and manifests with wild numbers, ids or versions are refused, not believed")
    func hostileJSON() throws {
        let data = try TinyDataset(["a"])
        _ = try data.run().run()
        let layout = StoreLayout(root: data.output)
        let plan = String(decoding: try FileReading.contents(of: layout.plan), as: UTF8.self)
        let manifest = String(
            decoding: try FileReading.contents(of: layout.manifest), as: UTF8.self)
        let table: [(path: String, text: String, from: String, to: String, word: String)] = [
            (layout.plan, plan, "\"id\" : \"a\"", "\"id\" : \"../../a\"", "units.id"),
            (layout.plan, plan, "samdata.plan/1", "samdata.plan/2", "samdata.plan/2"),
            (layout.manifest, manifest, "samdata.manifest/1", "x/7", "x/7"),
            (layout.manifest, manifest, "\"cases/a.h5\"", "\"../a.h5\"", "../a.h5"),
            (
                layout.manifest, manifest, "\"slices\" : 5", "\"slices\" : 9223372036854775807",
                "counts"
            ),
            (layout.manifest, manifest, "\"slices\" : 5", "\"slices\" : -5", "counts"),
            (layout.manifest, manifest, "\"slices\" : 5", "\"slices\" : 1e400", "manifest.json"),
            (layout.manifest, manifest, "\"slices\" : 5", "\"slices\" : \"5\"", "cases[0].slices"),
            (layout.manifest, manifest, "\"missing\"", "\"missin\"", "`missing` is missing"),
        ]
        for (path, text, from, to, word) in table {
            let changed = text.replacing(from, with: to)
            #expect(changed != text, "\(from)")
            try AtomicFile.write(Array(changed.utf8), to: path)
            let found = failure { _ = try StoreSummary(of: layout) }
            #expect(found.kind == .data, "\(to): \(found.text)")
            #expect(
                found.text.contains(word) && found.text.contains(FilePath.name(of: path)),
                "\(found.text)")
            #expect(!found.text.contains("\n"))
            try AtomicFile.write(Array(text.utf8), to: path)
        }
        #expect(try StoreSummary(of: layout).slices == 5)
    }

    @Test("a sheet is drawn of every prepared case, in the stored and in the usual frame")
    func sheet() throws {
        let data = try TinyDataset(["a"])
        let reader = try data.reader(SliceRecipe(axis: .sagittal))
        var sheet = CaseSheet(reader)
        sheet.limit = 3
        #expect(sheet.defaultPositions().count == 3)
        for stored in [false, true] {
            sheet.showsStoredFrame = stored
            let canvas = try sheet.render(positions: sheet.defaultPositions())
            #expect(canvas.width > 0 && canvas.height > 0)
        }
        #expect(try sheet.position(ofSlice: reader.sliceIndices[2]) == 2)
        let found = failure { _ = try sheet.position(ofSlice: 999) }
        #expect(found.text.contains("there is no slice 999; available: "), "\(found.text)")
    }
}
