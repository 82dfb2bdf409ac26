import Foundation
import HDF5
import JPEGCodec
import SafeFiles
import SamplePreparation
import SampleStore
import Testing
import WholeSlides

@testable import SamdataWorkflow

@Suite("Slides: original JPEG tiles")
struct PictureJPEGTilesTests {
    private static let id = "patient_002_node_1"

    private func slides() throws -> PictureDataset {
        let data = try PictureDataset.slides()
        data.cases = [Self.id]
        return data
    }

    @Test(
        "tiles are the slide's own bytes and show what the lossless store shows", arguments: [0, 1])
    func equality(level: Int) throws {
        let data = try slides()
        let lossless = try data.prepare(to: "lossless") { $0.level = level }
        let store = try data.prepare(to: "jpeg") {
            $0.level = level
            $0.keepsJPEG = true
        }
        #expect(try store.patches(Self.id) == lossless.patches(Self.id))
        let (planes, tiles) = (try lossless.reader(Self.id), try store.reader(Self.id))
        #expect(tiles.count > 10 && tiles.count == planes.count)
        var description = tiles.description
        #expect(description.configuration.contains(#""keepsJPEG":true"#))
        description.configuration = planes.description.configuration
        #expect(description == planes.description)
        #expect(!description.configuration.contains("keepsJPEG"))

        let slide = try WholeSlide(path: "\(data.root)/images/\(Self.id).tif")
        let columns = slide.levels[level].width / 256
        let table = try #require(description.patches)
        var bytes = 0
        for n in 0..<tiles.count {
            let (row, column) = table.latticeIndices[n].quotientAndRemainder(dividingBy: columns)
            let jpeg = try #require(try tiles.jpeg(at: n))
            #expect(try jpeg == slide.jpegTile(level: level, column: column, row: row))
            #expect(try planes.jpeg(at: n) == nil)
            for channel in 0..<3 {
                #expect(
                    try tiles.imageBytes(at: n, channel: channel)
                        == planes.imageBytes(at: n, channel: channel))
            }
            bytes += jpeg.count
        }
        let file = try HDF5Reader(path: store.layout.caseFile(Self.id))
        #expect(try !file.exists("/image"))
        #expect(try file.info("/jpeg/data").shape == [bytes])
        let sizes = [store, lossless].map {
            Folders.size(of: $0.layout.caseFile(Self.id)) ?? 0
        }
        #expect(sizes[0] > bytes && 2 * sizes[0] < sizes[1])
    }

    @Test("threads decide nothing, and pieces hold the tiles of the whole")
    func determinism() throws {
        let data = try slides()
        let digests = try [1, 2].map { threads in
            try data.prepare(to: "t\(threads)", threads: threads) { $0.keepsJPEG = true }
                .manifest.cases.map(\.sha256)
        }
        #expect(digests[0] == digests[1] && digests[0].count == 1)
        let whole = try data.prepare(to: "whole") { $0.keepsJPEG = true }
        let pieces = try data.prepare(to: "pieces") {
            $0.keepsJPEG = true
            $0.pieceBudget = 40
        }
        let parts = try pieces.readers(Self.id)
        #expect(parts.count > 1)
        func tiles(_ readers: [CaseFileReader]) throws -> [[UInt8]?] {
            try readers.flatMap { reader in try (0..<reader.count).map { try reader.jpeg(at: $0) } }
        }
        #expect(try tiles(parts) == tiles(whole.readers(Self.id)))
    }

    @Test("exports of tiles are the files that exports of pixels are", arguments: ["png", "npz"])
    func exports(format: String) throws {
        let data = try slides()
        var contents: [[String: [UInt8]]] = []
        for keepsJPEG in [nil, true] {
            let name = keepsJPEG == nil ? "lossless" : "jpeg"
            let store = try data.prepare(to: name) { $0.keepsJPEG = keepsJPEG }
            let output = data.folder.path + "/export-" + name
            var run = ExportRun(
                layout: store.layout, format: try #require(ExportFormat(rawValue: format)),
                output: output)
            run.threads = 2
            _ = try run.run()
            var files: [String: [UInt8]] = [:]
            let names = try #require(FileManager.default.enumerator(atPath: output))
            for case let file as String in names where file.hasSuffix(format) {
                files[file] = try FileReading.contents(of: "\(output)/\(file)")
            }
            contents.append(files)
        }
        #expect(contents[0].count >= (format == "png" ? 20 : 1))
        #expect(contents[0] == contents[1])
    }

    @Test("what is not one tile per patch is refused, with what to use")
    func refusals() throws {
        let data = try slides()
        let table: [(String, (inout PatchConfiguration) -> Void)] = [
            (
                "patches of 128 over tiles of 256 pixels at level 0, expected --patch 256 --level 0",
                { $0.lattice = PatchRecipe(patch: 128) }
            ),
            (
                "patches of 512 over tiles of 256 pixels at level 1, expected --patch 256 --level 1",
                {
                    $0.lattice = PatchRecipe(patch: 512)
                    $0.level = 1
                }
            ),
            ("whole pictures, expected --patch 256 --level 0", { $0.lattice = nil }),
            ("a stride of 128, expected a multiple of the tile", { $0.lattice?.stride = 128 }),
            (
                "a stride of 256 with a shifted lattice, expected a multiple",
                { $0.lattice?.isDoubled = true }
            ),
            ("--edge cover, expected --edge inside", { $0.lattice?.edge = .cover }),
            ("--edge pad, expected --edge inside", { $0.lattice?.edge = .pad }),
            ("a level that is shrunk", { $0.micronsPerPixel = 0.75 }),
            (
                "--label-budget, which blanks pixels",
                { $0.labelBudget = try? LabelBudget("4%") }
            ),
        ]
        for (found, change) in table {
            let error = #expect(throws: WorkflowError.self) {
                _ = try data.plan {
                    $0.keepsJPEG = true
                    change(&$0)
                }
            }
            let text = error?.description ?? ""
            #expect(error?.kind == .configuration)
            #expect(text.contains(".tif: --keep-jpeg: found \(found)"), "\(text)")
            #expect(text.hasSuffix("or leave out --keep-jpeg") && !text.contains("\n"), "\(text)")
        }
        // Twice the tile is a stride that skips every other one.
        let sparse = try data.prepare {
            $0.keepsJPEG = true
            $0.lattice?.stride = 512
        }
        #expect(try sparse.patches(Self.id).count > 4)
    }

    @Test("pictures that are no slides of JPEG tiles are refused")
    func otherPictures() throws {
        let nuclei = try PictureDataset.nuclei()
        let error = #expect(throws: WorkflowError.self) {
            _ = try nuclei.plan {
                $0.keepsJPEG = true
                $0.lattice = PatchRecipe(patch: 32)
            }
        }
        #expect(
            error?.description.contains("found strips of compression LZW at level 0, expected")
                == true, "\(error?.description ?? "")")
        #expect(error?.kind == .configuration)
    }

    @Test("a missing tile under a patch is refused with its place")
    func missing() throws {
        let data = try PictureDataset(try PictureDataset.card(image: "{case}.tif"))
        var bytes = SlideSparseTests.empty(width: 2048, height: 1024)
        // The value of tag 259, the fourth of the directory: JPEG.
        #expect(bytes[8 + 2 + 3 * 12] == 3 && bytes[8 + 2 + 3 * 12 + 8] == 8)
        bytes[8 + 2 + 3 * 12 + 8] = 7
        try data.write("a.tif", bytes)
        func change(_ patches: inout PatchConfiguration) {
            patches.lattice = PatchRecipe(patch: 512)
            patches.tissue = nil
        }
        #expect(try data.prepare(to: "pixels", change).patches("a").first?.missing == 1)
        let error = #expect(throws: WorkflowError.self) {
            _ = try data.prepare(to: "jpeg") {
                change(&$0)
                $0.keepsJPEG = true
            }
        }
        #expect(
            error?.description.contains(
                "a.tif: --keep-jpeg: tile in column 0, row 0 of level 0: found a missing tile")
                == true, "\(error?.description ?? "")")
        #expect(error?.kind == .configuration)
    }
}
