import Foundation
import MedicalDatasets
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Slides in pieces: what the pieces hold does not depend on how the work is divided.
@Suite("Slides: pieces, shards, resuming")
struct SlidePiecesTests {
    /// Half resolution and small patches, to be quick.
    private static func quick(_ patches: inout PatchConfiguration) {
        patches.micronsPerPixel = 1
        patches.lattice = PatchRecipe(patch: 128, tissue: .fraction(0.1))
    }

    private static func pieces(_ patches: inout PatchConfiguration) {
        quick(&patches)
        patches.pieceBudget = 20
    }

    @Test("the pieces of a slide hold what the slide holds whole: places, pixels, prompts")
    func pieces() throws {
        let data = try PictureDataset.slides()
        let whole = try data.prepare(to: "whole", threads: 2, Self.quick)
        let cut = try data.prepare(to: "cut", threads: 2, Self.pieces)
        #expect(
            whole.manifest.cases.count == 3 && whole.manifest.cases.allSatisfy { $0.piece == nil })
        // 192, 108 and 130 places of the lattice in pieces of 20
        let names = cut.manifest.cases.map(\.id)
        #expect(names.count == 10 + 6 + 7)
        #expect(names.contains("patient_001_node_1.part0010"))
        #expect(cut.manifest.caseIDs == SlidePhantom.caseIDs)
        for id in SlidePhantom.caseIDs {
            let (a, b) = (try whole.patches(id), try cut.patches(id))
            #expect(a == b, "\(id)")
            #expect(a.count > 20, "\(id)")
            for (n, reader) in try cut.readers(id).enumerated() {
                let indices = try #require(reader.description.patches).latticeIndices
                #expect(indices.allSatisfy { $0 / 20 == n }, "\(id) piece \(n)")
                #expect(reader.description.caseID == id)
            }
        }
        // Glass: at least one piece is empty, and it is a sound file all the same.
        #expect(cut.manifest.cases.contains { $0.slices == 0 })
        #expect(try VerifyRun(layout: cut.layout).run().problems == [])
    }

    @Test("one, two and three threads write the same bytes")
    func threads() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_002_node_1"]
        var stores: [[String: Data]] = []
        for threads in 1...3 {
            let store = try data.prepare(to: "t\(threads)", threads: threads, Self.pieces)
            stores.append(try PrepareFolder.contents(of: store.layout.root))
        }
        #expect(stores[0].count == 2 * 7 + 2)
        #expect(stores[0] == stores[1] && stores[0] == stores[2])
    }

    @Test("1, 3 and 8 shards and a merge give the store of a single run")
    func shards() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_001_node_1", "patient_001_node_2"]
        let whole = try data.prepare(to: "whole", Self.pieces)
        let expected = try PrepareFolder.contents(of: whole.layout.root)
        for count in [1, 3, 8] {
            var layout = whole.layout
            for index in (0..<count).reversed() {
                var run = try data.run(to: "shards\(count)", Self.pieces)
                run.shard = (index, count)
                run.threads = 1 + index % 2
                let outcome = try run.run()
                #expect(!outcome.wroteManifest)
                // No shard gets more than its share and one piece.
                #expect(outcome.prepared <= 16 / count + 3, "\(index) of \(count)")
                layout = run.layout
            }
            try MergeRun(layout: layout).run()
            #expect(try PrepareFolder.contents(of: layout.root) == expected, "\(count)")
        }
    }

    @Test("a record that went missing in the middle of a slide is made again, alone")
    func resume() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_002_node_1"]
        let store = try data.prepare(Self.pieces)
        let before = try PrepareFolder.contents(of: store.layout.root)
        for name in [
            "units/patient_002_node_1.part0004.json", "cases/patient_002_node_1.part0002.h5",
        ] {
            try FileManager.default.removeItem(atPath: store.layout.root + "/" + name)
            let outcome = try data.run(to: "out", Self.pieces).run()
            #expect(outcome.prepared == 1 && outcome.skipped == 6)
            #expect(try PrepareFolder.contents(of: store.layout.root) == before, "\(name)")
        }
    }

    @Test("a slide whose pixels changed is prepared again, and so is one whose outlines changed")
    func changed() throws {
        let data = try PictureDataset(
            try PictureDataset.card(
                image: "{case}.tif", annotation: "{case}.xml", groups: ["tumor"]))
        func change(_ patches: inout PatchConfiguration) {
            patches.lattice = PatchRecipe(patch: 64)
            patches.tissue = nil
            patches.pieceBudget = 8
        }
        func slide(_ seed: Int) throws -> [UInt8] {
            try TinyPicture.slide(
                TinyPicture.rgb(width: 256, height: 256, seed: seed), width: 256, height: 256)
        }
        for id in ["a", "b"] {
            try data.write("\(id).tif", try slide(1))
            try data.write(
                "\(id).xml", TinyPicture.asap([("tumor", TinyPicture.box(10, 20, 90, 70))]))
        }
        let first = try data.prepare(change)
        #expect(first.manifest.cases.count == 4)
        // Another box of as many characters.
        try data.write("a.xml", TinyPicture.asap([("tumor", TinyPicture.box(10, 30, 90, 70))]))
        #expect(try data.run(to: "out", change).run().prepared == 2)
        let second = try PictureStore(first.layout, in: data.folder)
        #expect(first.manifest.cases[0].sha256 != second.manifest.cases[0].sha256)
        #expect(first.manifest.cases[2...] == second.manifest.cases[2...])
        #expect(try second.patches("a")[0].label != first.patches("b")[0].label)

        // Pixels of another seed may compress to another size; then the plan itself says what changed.
        try data.write("b.tif", try slide(2))
        let again = try data.plan(change).plan
        if again == (try PreparePlan.require(first.layout)) {
            #expect(try data.run(to: "out", change).run().prepared == 2)
        } else {
            let found = failure { _ = try data.run(to: "out", change).run() }
            #expect(found.kind == .configuration)
            #expect(found.text.contains("files of these cases changed size"), "\(found.text)")
        }
    }

    @Test("a slide that changed its size after the plan was made is refused")
    func otherSize() throws {
        let data = try PictureDataset(
            try PictureDataset.card(image: "{case}.tif", groups: ["tumor"]))
        func write(_ side: Int) throws {
            try data.write(
                "a.tif",
                try TinyPicture.slide(
                    TinyPicture.rgb(width: side, height: side), width: side, height: side))
        }
        try write(256)
        let run = try data.run(to: "out") {
            $0.tissue = nil; $0.lattice?.tissue = .any
        }
        try write(192)
        let found = failure { _ = try run.run() }
        #expect(found.kind == .data)
        #expect(
            found.text.contains("found 192 x 192 pixels, the plan was made for 256 x 256"),
            "\(found.text)")
    }

    @Test("what decides bytes decides the key of a piece, and nothing else does")
    func keys() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_001_node_1"]
        let plan = try data.plan(Self.pieces).plan
        let keys = try plan.units.map { try plan.key(of: $0) }
        #expect(Set(keys).count == keys.count)
        #expect(try data.plan(Self.pieces).plan == plan)
        for change in [
            { $0.background = [0, 0, 0] }, { $0.rule = .asap }, { $0.tolerance = 0.1 },
            { $0.lattice?.stride = 64 }, { $0.tissue = nil }, { $0.labelSource = .outlines },
        ] as [(inout PatchConfiguration) -> Void] {
            let other = try data.plan {
                Self.pieces(&$0)
                change(&$0)
            }.plan
            #expect(try other.key(of: other.units[0]) != keys[0])
        }
    }
}
