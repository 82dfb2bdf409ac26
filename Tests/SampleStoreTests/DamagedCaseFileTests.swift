import Foundation
import HDF5
import MedicalImaging
import SafeFiles
import SampleStore
import Testing

/// Files that are not what they must be: each says what was found where, and what was expected.
@Suite("Case files of another version, damaged or hostile")
struct DamagedCaseFileTests {
    private func text(_ file: HandmadeFile, _ use: (CaseFileReader) throws -> Void = { _ in })
        throws
        -> String
    {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try file.write(to: path)
        do {
            try use(try CaseFileReader(path: path))
            return "no error"
        } catch {
            let text = "\(error)"
            #expect(text.hasPrefix(path + ": "), "\(text)")
            #expect(!text.contains("\n"))
            return String(text.dropFirst(path.count + 2))
        }
    }

    @Test("a file put together by hand, as the specification says, opens")
    func handmade() throws {
        let found = try text(HandmadeFile()) { reader in
            #expect(reader.count == 2)
            let records = try reader.records()
            #expect(records.count == 1)
            let boxes = try reader.prompts("box").values
            #expect(boxes == .boxes([BoxPrompt(x0: 0, y0: 0, x1: 1, y1: 1)]))
            let label = try reader.label(at: 1)
            #expect(label.samples == [UInt8](repeating: 0, count: 16))
        }
        #expect(found == "no error")
    }

    @Test("another minor version opens, another major version is refused with what can be read")
    func versions() throws {
        var file = HandmadeFile()
        file.marks = ["/@encoding-version": "1.7", "/image@encoding-version": "1.9"]
        #expect(try text(file) == "no error")
        for (element, type) in [
            ("/", "samdata-case"), ("/image", "image-stack"), ("/label", "label-stack"),
            ("/slice_index", "slice-index"), ("/organ_area", "organ-area"),
            ("/labels", "label-table"),
            ("/records", "records"), ("/prompts", "prompts"), ("/geometry", "geometry"),
            ("/provenance", "provenance"),
        ] {
            for version in ["2.0", "11.0", "1", "", "x"] {
                file.marks = ["\(element)@encoding-version": version]
                #expect(
                    try text(file)
                        == "\(element) is \(type) \(version), this version reads \(type) 1.x; "
                        + "use the version that wrote it, or prepare again")
            }
            file.marks = ["\(element)@encoding-type": "raster"]
            #expect(
                try text(file).hasPrefix(
                    "\(element) is raster 1.0, this version reads \(type) 1.x;"))
            for name in ["encoding-type", "encoding-version"] {
                file.marks = ["\(element)@\(name)": nil]
                #expect(
                    try text(file).hasPrefix(
                        "\(element): found no encoding-type and encoding-version,"))
            }
        }
    }

    @Test(
        "a missing element is named",
        arguments: [
            "/image", "/label", "/slice_index", "/organ_area", "/labels", "/records", "/prompts",
            "/geometry", "/provenance",
        ])
    func missing(element: String) throws {
        var file = HandmadeFile()
        file.without = [element]
        #expect(
            try text(file) == "\(element): found nothing, expected this element; "
                + "the file is damaged, remove it and prepare again")
    }

    @Test("a missing text is named")
    func missingTexts() throws {
        for key in [
            "/@case", "/@patient", "/@dataset", "/@split", "/@part", "/@axis", "/image@pixels",
            "/image@units", "/geometry@orientation", "/provenance@configuration",
        ] {
            var file = HandmadeFile()
            file.without = [key]
            #expect(try text(file).hasPrefix("\(key): found nothing, expected a text;"), "\(key)")
        }
    }

    @Test("shapes, types, counts and numbers that do not fit are refused")
    func shapes() throws {
        let table: [(String, (inout HandmadeFile) -> Void)] = [
            ("/label: found shape [3, 4, 4], expected", { $0.labelShape = [3, 4, 4] }),
            ("/label: found shape [2, 2, 8], expected", { $0.labelShape = [2, 2, 8] }),
            ("/image: found", { $0.imageType = .float64 }),
            (
                "/image: found chunks [2, 4, 4], expected one chunk per slice",
                {
                    // a chunk of two slices; its bytes are never read
                    $0.chunk = [2, 4, 4]
                }
            ),
            ("/slice_index: found 1 entries, expected 2", { $0.sliceIndex = [0] }),
            ("/labels: found columns of different length", { $0.names = ["a", "b"] }),
            ("/geometry@source_shape: found something else", { $0.sourceShape = [4, 4] }),
            ("/geometry@source_shape: found something else", { $0.sourceShape = [4, -4, 2] }),
            ("/geometry@source_shape: found something else", { $0.sourceShape = [4, .max, 2] }),
            (
                "/geometry@source_affine: found 16 numbers",
                {
                    $0.affine += [0, 0, 0, 1]
                }
            ),
            ("/geometry@source_affine: found", { $0.affine[5] = .nan }),
            ("/geometry@source_affine: found", { $0.affine[5] = .infinity }),
        ]
        for (expected, change) in table {
            var file = HandmadeFile()
            change(&file)
            let found = try text(file)
            #expect(found.hasPrefix(expected), "\(expected): \(found)")
        }
    }

    @Test("records and prompts that do not fit are refused when they are read")
    func tables() throws {
        var file = HandmadeFile()
        for slices: [Int32] in [[2], [-1], [0, 0], []] {
            file.recordSlices = slices
            #expect(
                try text(file) { _ = try $0.records() }
                    .hasPrefix("/records: found columns of different length or slices out of range")
            )
        }
        file = HandmadeFile()
        for value: Float in [.nan, .infinity, 1e30, -1e30] {
            file.box = [0, value, 1, 1]
            #expect(
                try text(file) { _ = try $0.prompts("box") }
                    .hasPrefix("/prompts/box: found a coordinate that is no position in an image"))
        }
        file.box = [0, 0, 1]
        #expect(
            try text(file) { _ = try $0.prompts("box") }.hasPrefix(
                "/prompts/box: found shape [1, 3]"))
        file.box = [0, 0, 1, 1, 0, 0, 1, 1]
        file.boxRecords = 2
        #expect(
            try text(file) { _ = try $0.prompts("box") }
                .hasPrefix(
                    "/prompts/box: found shape [2, 4], expected one entry for each of the records [1]"
                ))
    }

    @Test("a damaged chunk is named with its place")
    func chunks() throws {
        var file = HandmadeFile()
        for bytes in [[UInt8](), [1, 2, 3], [UInt8](repeating: 0, count: 40)] where !bytes.isEmpty {
            file.labelChunk = bytes
            let found = try text(file) { _ = try $0.label(at: 1) }
            #expect(found.hasPrefix("/label[1, 0, 0]: found "), "\(found)")
            #expect(found.contains("expected 16 bytes of pixels"))
        }
    }

    @Test(
        "a file cut at any length, or with any byte flipped, is an error or reads, and never a crash"
    )
    func fuzz() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try InventedCase().write(to: path)
        let whole = try FileReading.contents(of: path)
        func use(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let reader = try CaseFileReader(path: path)
            for position in 0..<min(reader.count, 100) {
                _ = try reader.image(at: position)
                _ = try reader.label(at: position)
            }
            _ = try reader.records()
            for name in try reader.promptNames() { _ = try reader.prompts(name) }
        }
        try use(whole)
        var refused = 0
        var tried = 0
        for n in 0..<120 {
            tried += 1
            do { try use(Array(whole.prefix(whole.count * n / 120))) } catch { refused += 1 }
        }
        #expect(refused == tried, "a shortened file was accepted")
        for n in stride(from: 0, to: whole.count, by: max(1, whole.count / 400)) {
            var bent = whole
            bent[n] ^= 0xFF
            do { try use(bent) } catch {
                #expect(!"\(error)".contains("\n"))
            }
        }
    }

    @Test("a file that is no HDF5 file, or not there, is refused by name")
    func foreign() throws {
        let folder = try StoreFolder()
        for (name, contents) in [("text.h5", Data("hello".utf8)), ("empty.h5", Data())] {
            let path = folder.path + "/" + name
            try contents.write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: HDF5Error.self) { _ = try CaseFileReader(path: path) }
            #expect(error?.description.contains(name) == true)
        }
        #expect(throws: (any Error).self) { _ = try CaseFileReader(path: folder.path + "/none.h5") }
    }
}
