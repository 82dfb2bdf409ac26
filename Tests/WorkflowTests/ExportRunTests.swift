import Foundation
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

@Suite("Running an export")
struct ExportRunTests {
    static let windowed = SliceRecipe(window: .range(low: -160, high: 240))

    @Test("The bytes do not depend on the threads", arguments: [ExportFormat.png, .npz, .coco])
    func threads(format: ExportFormat) throws {
        let store = try ExportStoreForTests(recipe: Self.windowed)
        try store.export(format, to: "one")
        try store.export(format, to: "three") { $0.threads = 3 }
        let digests = try store.digests("one")
        #expect(digests.count > 10)
        #expect(try store.digests("three") == digests)
    }

    @Test(
        "Volumes do not depend on the threads either", arguments: [ExportFormat.nnunet, .transunet])
    func volumeThreads(format: ExportFormat) throws {
        let store = try ExportStoreForTests(
            recipe: SlicePreset.transunet.recipe, preset: .transunet)
        try store.export(format, to: "one")
        try store.export(format, to: "three") { $0.threads = 3 }
        #expect(try store.digests("three") == store.digests("one"))
    }

    @Test("An interrupted export is continued: what is there is kept, the result is the same")
    func resumes() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed, ids: ["0031", "0002"])
        let whole = try store.export(.png)
        #expect(whole.kept == 0)
        let digests = try store.digests("out")
        // What a killed run leaves: the header, some files, a temporary one.
        var record = try store.json(ExportRecord.self, "out/export.json")
        (record.files, record.bytes, record.notes) = (nil, nil, nil)
        try AtomicFile.write(
            try CanonicalJSON.pretty(record), to: store.path("out/export.partial.json"))
        for name in ["export.json", "images/0002_003.png", "prompts.jsonl", "labels.json"] {
            try Folders.removeFile(store.path("out/" + name))
        }
        try AtomicFile.write([1, 2], to: store.path("out/images/x.png.tmp.host.1.2"))
        let rest = try store.export(.png) { $0.threads = 2 }
        #expect(rest.kept == whole.files - 3)
        #expect((rest.files, rest.bytes) == (whole.files, whole.bytes))
        #expect(try store.digests("out") == digests)
    }

    @Test("A finished export is repeated without a change, and counted as there")
    func repeats() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed, ids: ["0031"])
        let first = try store.export(.npz)
        let digests = try store.digests("out")
        let second = try store.export(.npz)
        #expect(second.kept == first.files && second.files == first.files)
        #expect(try store.digests("out") == digests)
        #expect(digests["export.json"] != nil && digests["export.partial.json"] == nil)
    }

    @Test("Events name the cases in the order of the split")
    func events() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed)
        var run = ExportRun(layout: store.store, format: .npz, output: store.path("out"))
        run.parts = ["test"]
        var events: [ExportEvent] = []
        let outcome = try run.run { events.append($0) }
        try #require(events.count == 3)
        #expect(events[0] == .started(cases: 2))
        guard case .exported("0008", 3, let bytes, 1, 2) = events[1],
            case .exported("0002", 3, let more, 2, 2) = events[2]
        else {
            Issue.record("found \(events)")
            return
        }
        #expect(outcome.bytes == bytes + more && outcome.cases == 2)
    }

    static func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch { return "\(error)" }
    }

    @Test("A store that lacks what the form needs is refused with the command that prepares it")
    func requirements() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed, ids: ["0031"])
        let table: [(ExportFormat, String, String)] = [
            (.transunet, "found original pixels, expected float32 pixels", "prepare synapse"),
            (.medsam, "found original pixels, expected uint8 pixels", "--preset medsam"),
            (.nnunet, "found a selection of the slices, expected all slices", "--select all"),
        ]
        for (format, found, command) in table {
            let text = Self.message { try store.export(format) }
            #expect(text.contains(found) && text.contains(command), "\(text)")
            #expect(!text.contains("\n"))
        }
        #expect(!Folders.isFolder(store.path("out")))
        let small = try ExportStoreForTests(
            recipe: SliceRecipe(selection: SliceSelection(.all), size: SliceSize(square: 20)),
            ids: ["0031"])
        let text = Self.message { try small.export(.nnunet) }
        #expect(text.contains("resized to 20 x 20, expected the native size"), "\(text)")
    }

    @Test("Folders with other contents, and folders inside the store, are refused")
    func folders() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed, ids: ["0031", "0002"])
        try store.export(.npz)
        let digests = try store.digests("out")
        var text = Self.message { try store.export(.png) }
        #expect(text.contains("another export is there: format: there npz, asked png"), "\(text)")
        text = Self.message { try store.export(.npz) { $0.cases = ["0002"] } }
        #expect(text.contains("another export is there: cases: there 0031 0002, asked 0002"))
        #expect(try store.digests("out") == digests)

        try Folders.make(store.path("full"))
        try AtomicFile.write([1], to: store.path("full/notes.txt"))
        text = Self.message { try store.export(.npz, to: "full") }
        #expect(text.contains("found `notes.txt`, expected an empty folder"), "\(text)")
        text = Self.message { try store.export(.npz, to: "full/notes.txt") }
        #expect(text.contains("found a file, expected a folder"), "\(text)")
        for name in ["store", "store/cases/new", "store/../store/x", "new/../store/y"] {
            text = Self.message { try store.export(.npz, to: name) }
            #expect(text.contains("lies inside the store"), "\(name): \(text)")
        }
        #expect(try Folders.names(in: store.path("full")) == ["notes.txt"])
    }

    @Test("Names and options that do not fit are refused")
    func options() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed, ids: ["0031", "0002"])
        let table: [(String, (inout ExportRun) -> Void)] = [
            ("no case is in part `validation`; found test, train", { $0.parts = ["validation"] }),
            ("there is no case `0099`; found 0002 0031", { $0.cases = ["0002", "0099"] }),
            (
                "no case is left to export",
                {
                    $0.cases = ["0002"]
                    $0.parts = ["train"]
                }
            ),
            ("a zoomed copy belongs to --format transunet", { $0.zoomed = 224 }),
            ("found data set number 1000, expected 1 to 999", { $0.datasetNumber = 1000 }),
        ]
        for (expected, change) in table {
            let text = Self.message { try store.export(.png, change) }
            #expect(text.contains(expected), "\(text)")
        }
        #expect(!Folders.isFolder(store.path("out")))
    }

    @Test("A damaged case file stops the export, and the folder is not called finished")
    func damage() throws {
        let store = try ExportStoreForTests(recipe: Self.windowed, ids: ["0031", "0002"])
        let path = store.store.caseFile("0002")
        var bytes = try FileReading.contents(of: path)
        bytes[bytes.count / 2] ^= 1
        try AtomicFile.write(bytes, to: path)
        let text = Self.message { try store.export(.npz) }
        #expect(text.contains("cases/0002.h5: digest differs from the manifest"), "\(text)")
        #expect(Folders.isFile(store.path("out/export.partial.json")))
        #expect(!Folders.isFile(store.path("out/export.json")))
    }
}
