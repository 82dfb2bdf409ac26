import Foundation
import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// The bytes of a store depend on input, plan and seed, and on nothing else.
@Suite("Preparation: same bytes, resuming, shards")
struct PrepareDeterminismTests {
    /// Everything that is drawn or computed: many kinds of prompts, components, resized pixels.
    private func demanding(_ data: TinyDataset) -> PrepareConfiguration {
        data.configuration(
            SliceRecipe(
                neighbours: 1, window: .range(low: -100, high: 400), pixels: .float32,
                size: SliceSize(rows: 16, columns: 20)),
            prompts: PromptRecipe(
                kinds: [
                    .centre, .chamferCentre, .randomPoints(3), .box, .enlargedBox(5),
                    .jitteredBox(4),
                    .backgroundPoints(2),
                ], unit: .component8), seed: 7)
    }

    @Test("one, two and three threads write the same bytes")
    func threads() throws {
        let data = try TinyDataset()
        var stores: [[String: Data]] = []
        for threads in 1...3 {
            let output = "\(data.folder.path)/out\(threads)"
            var run = try data.run(demanding(data), to: output)
            run.threads = threads
            #expect(try run.run().wroteManifest)
            stores.append(try PrepareFolder.contents(of: output))
        }
        #expect(
            stores[0].keys.sorted() == [
                "cases/a.h5", "cases/b.h5", "cases/c.h5", "manifest.json", "plan.json",
                "units/a.json", "units/b.json", "units/c.json",
            ])
        #expect(stores[0] == stores[1])
        #expect(stores[0] == stores[2])
    }

    @Test("cases in another order and a store at another place give the same bytes")
    func order() throws {
        let data = try TinyDataset()
        _ = try data.run().run()
        var run = try data.run(to: data.folder.path + "/deeper/down/out")
        var units = run.plan.units
        units.reverse()
        run = PrepareRun(
            plan: PreparePlan(configuration: run.plan.configuration, units: units), card: data.card,
            root: data.root, layout: run.layout)
        _ = try run.run()
        #expect(
            try PrepareFolder.contents(of: data.output)
                == PrepareFolder.contents(of: run.layout.root))
    }

    @Test("no file of a store holds a path of this machine")
    func noPaths() throws {
        let data = try TinyDataset()
        try data.write("b", labelAffine: TinyDataset.affine.moved(by: 5))
        var run = try data.run()
        run.skipsErrors = true
        #expect(try run.run().failures.keys.sorted() == ["b"])
        for (name, bytes) in try PrepareFolder.contents(of: data.output) {
            #expect(bytes.range(of: Data(data.folder.path.utf8)) == nil, "\(name)")
        }
    }

    @Test("1, 3 and 8 shards and a merge give the store of a single run", arguments: [1, 3, 8])
    func shards(count: Int) throws {
        let data = try TinyDataset(["a", "b", "c", "d", "e"])
        _ = try data.run().run()
        let output = data.folder.path + "/sharded"
        var seen: [String] = []
        for index in (0..<count).reversed() {
            var run = try data.run(to: output)
            run.shard = (index, count)
            let outcome = try run.run()
            #expect(!outcome.wroteManifest)
            seen += run.plan.shard(index, of: count).map(\.id)
            #expect(outcome.prepared == run.plan.shard(index, of: count).count)
        }
        #expect(seen.sorted() == ["a", "b", "c", "d", "e"])
        try MergeRun(layout: StoreLayout(root: output)).run()
        #expect(try PrepareFolder.contents(of: data.output) == PrepareFolder.contents(of: output))
        // a further run over all finds nothing to do
        let again = try data.run(to: output).run()
        #expect(again.prepared == 0)
        #expect(again.skipped == 5)
    }

    @Test("shards are balanced by size and never split or lose a unit", arguments: 1...9)
    func balance(count: Int) throws {
        let data = try TinyDataset(["a"])
        let configuration = data.configuration()
        let units = (0..<23).map { n in
            PreparePlan.Unit(
                id: "u\(n)", patient: "u\(n)", part: "", image: "i", label: "l",
                bytes: 1 + (n * n * 37) % 101)
        }
        let plan = PreparePlan(configuration: configuration, units: units)
        let shards = (0..<count).map { plan.shard($0, of: count) }
        #expect(shards.flatMap { $0 }.map(\.id).sorted() == units.map(\.id).sorted())
        let loads = shards.map { $0.reduce(0) { $0 + $1.bytes } }
        // the greedy rule never leaves two shards further apart than the largest unit
        let largest = units.map(\.bytes).max() ?? 0
        #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= largest)
    }

    @Test("a second run skips finished cases and touches no case file")
    func secondRun() throws {
        let data = try TinyDataset()
        _ = try data.run().run()
        let names = ["cases/a.h5", "cases/b.h5", "units/a.json", "plan.json"]
        let old = Date(timeIntervalSince1970: 1_000_000)
        for name in names {
            try FileManager.default.setAttributes(
                [.modificationDate: old], ofItemAtPath: data.output + "/" + name)
        }
        let before = try PrepareFolder.contents(of: data.output)
        let outcome = try data.run().run()
        #expect(outcome.prepared == 0)
        #expect(outcome.skipped == 3)
        #expect(outcome.wroteManifest)
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: data.output + "/" + name)
            #expect(attributes[.modificationDate] as? Date == old, "\(name)")
        }
        #expect(try PrepareFolder.contents(of: data.output) == before)
    }

    @Test(
        "a case file that went missing, or its record, is made again with the same bytes",
        arguments: ["cases/b.h5", "units/b.json"])
    func repair(name: String) throws {
        let data = try TinyDataset()
        _ = try data.run().run()
        let before = try PrepareFolder.contents(of: data.output)
        try FileManager.default.removeItem(atPath: data.output + "/" + name)
        let outcome = try data.run().run()
        #expect(outcome.prepared == 1)
        #expect(try PrepareFolder.contents(of: data.output) == before)
    }

    @Test("a case folder that was thrown away is made again")
    func removedFolder() throws {
        let data = try TinyDataset(["a"])
        _ = try data.run().run()
        let before = try PrepareFolder.contents(of: data.output)
        try FileManager.default.removeItem(atPath: data.output + "/cases")
        #expect(try data.run().run().prepared == 1)
        #expect(try PrepareFolder.contents(of: data.output) == before)
    }

    @Test("a changed input of the same size is prepared again")
    func changedInput() throws {
        let data = try TinyDataset(["a", "b"])
        // uncompressed, so that other contents have the same size
        for id in ["a", "b"] {
            try data.remove("img\(id).nii.gz")
            try NIfTIWriterPlain.write(data, id, seed: 1)
        }
        let first = try #require(try data.run().run().manifest)
        try NIfTIWriterPlain.write(data, "b", seed: 2)
        let outcome = try data.run().run()
        #expect(outcome.prepared == 1)
        let second = try #require(outcome.manifest)
        #expect(first.cases[0] == second.cases[0])
        #expect(first.cases[1].sha256 != second.cases[1].sha256)
        #expect(first.cases[1].inputs[0].sha256 != second.cases[1].inputs[0].sha256)
        #expect(
            try second.cases[1].inputs[0].sha256 == FileReading.sha256(of: data.root + "/imgb.nii"))
    }

    @Test("the seed decides random prompts, and only those")
    func seeds() throws {
        let data = try TinyDataset(["a"])
        let layouts = try [0, 0, 1].enumerated().map { n, seed in
            let run = try data.run(
                data.configuration(seed: UInt64(seed)), to: "\(data.folder.path)/seed\(n)")
            _ = try run.run()
            return run.layout
        }
        let readers = try layouts.map { try CaseFileReader(path: $0.caseFile("a")) }
        for name in try readers[0].promptNames() {
            let values = try readers.map { try $0.prompts(name) }
            #expect(values[0] == values[1], "\(name)")
            #expect((values[0] == values[2]) == !name.hasPrefix("random"), "\(name)")
        }
    }
}

extension Affine {
    /// The affine with its origin moved along x.
    func moved(by millimetres: Double) -> Affine {
        var result = self
        result[0, 3] += millimetres
        return result
    }
}
