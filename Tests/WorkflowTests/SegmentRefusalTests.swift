import Foundation
import MedicalImaging
import SamplePreparation
import SampleStore
import SegmentAnything
import Testing

@testable import SamdataWorkflow

@Suite("What segmenting refuses")
struct SegmentRefusalTests {
    @Test(
        "without a checkpoint, or with another format, one line says where to get one and how to import it"
    )
    func checkpoints() throws {
        func load(_ path: String?) -> (kind: FailureKind?, text: String) {
            failure { _ = try SegmentationModel.load(path) }
        }
        let none = load(nil)
        #expect(none.kind == .missingInput)
        #expect(none.text.contains("Model Checkpoints") && none.text.contains("checkpoint import"))
        let missing = load("nowhere/sam.h5")
        #expect(missing.kind == .missingInput)
        #expect(missing.text.hasPrefix("nowhere/sam.h5: found no file"))
        let torch = load("models/sam_vit_b.pth")
        #expect(torch.kind == .usage)
        #expect(
            torch.text.hasSuffix(
                "`samdata checkpoint import models/sam_vit_b.pth --to models/sam_vit_b.h5`"))
        let folder = try PrepareFolder()
        let other = folder.path + "/text.h5"
        try Data("no container".utf8).write(to: URL(fileURLWithPath: other))
        #expect(load(other).kind == .data)
        for text in [none.text, missing.text, torch.text, load(other).text] {
            #expect(!text.contains("\n"))
        }
    }

    @Test("another plan, a foreign folder and nested folders are refused, and nothing is written")
    func folders() throws {
        let stored = try SegmentStore(["a"])
        _ = try stored.run()
        let before = try PrepareFolder.contents(of: stored.data.folder.path)
        func refusal(
            to output: String? = nil, _ change: (inout SegmentRun) -> Void = { _ in }
        ) -> (kind: FailureKind?, text: String) {
            failure { _ = try stored.run(to: output, change) }
        }
        let other = refusal { $0.prompts = ["centre"] }
        #expect(other.kind == .configuration)
        #expect(other.text.contains(#"prompts: there ["box"], asked ["centre"]"#), "\(other.text)")
        let best = refusal { $0.masks = .best }
        #expect(best.text.contains("masks: there single, asked best"), "\(best.text)")
        #expect(refusal(to: stored.data.root).kind == .cannotCreate)
        #expect(refusal(to: stored.store.root + "/pred").kind == .configuration)
        #expect(refusal { $0.embeddings = stored.output + "/cache" }.kind == .configuration)
        #expect(refusal { $0.embeddings = stored.store.root + "/cache" }.kind == .configuration)
        #expect(refusal(to: stored.checkpoint).kind == .cannotCreate)
        #expect(try PrepareFolder.contents(of: stored.data.folder.path) == before)
    }

    @Test("prompts that are not stored, or two boxes, stop the run before anything is written")
    func prompts() throws {
        let stored = try SegmentStore(["a"])
        let unknown = failure { _ = try stored.run { $0.prompts = ["circle"] } }
        #expect(unknown.text.contains("prompt `circle`") && unknown.text.contains("box+5"))
        let two = failure { _ = try stored.run { $0.prompts = ["box", "box+5"] } }
        #expect(two.kind == .usage && two.text.contains("two boxes (box, box+5)"))
        #expect(failure { _ = try stored.run { $0.cases = ["z"] } }.kind == .usage)
        #expect(failure { _ = try stored.run { $0.parts = ["test"] } }.kind == .usage)
        #expect(!FileManager.default.fileExists(atPath: stored.output))
    }

    @Test("a damaged case is recorded, the others are finished, and there is no manifest")
    func damagedCase() throws {
        let stored = try SegmentStore(["a", "b"])
        let path = stored.store.caseFile("a")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let stopped = failure { _ = try stored.run() }
        #expect(stopped.kind == .data && stopped.text.contains("digest differs"))
        let outcome = try stored.run { $0.skipsErrors = true }
        #expect(outcome.segmented == 1 && outcome.failures.keys.sorted() == ["a"])
        #expect(outcome.manifest == nil)
        let record = try SegmentationUnit.read(stored.output + "/units/a.json")
        #expect(record.failure?.contains("digest differs") == true)
        #expect(record.failure?.contains(stored.store.root) == false)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let mended = try stored.run()
        #expect(mended.segmented == 1 && mended.skipped == 1 && mended.manifest != nil)
    }

    @Test("a label map larger than allowed is refused before memory is asked for")
    func memory() throws {
        let stored = try SegmentStore(["a"])
        let refused = failure { _ = try stored.run { $0.maxBytes = 100 } }
        #expect(refused.kind == .data && refused.text.contains("--max-memory"))
    }

    @Test("shards share all cases out, each case once, by slices")
    func shards() {
        let units = (0..<11).map { n in
            var unit = UnitRecord(id: "u\(n)", caseID: "u\(n)", patient: "", part: "", key: "")
            unit.slices = n * n
            return unit
        }
        for count in 1...13 {
            let dealt = (0..<count).map { SegmentRun.deal(units, to: $0, of: count) }
            #expect(dealt.flatMap { $0.map(\.id) }.sorted() == units.map(\.id).sorted())
            let loads = dealt.map { $0.reduce(0) { $0 + max($1.slices, 1) } }
            #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 101)
        }
    }
}
