import Foundation
import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamdataWorkflow
import SamplePreparation
import SampleStore
import SlideAnnotations
import TIFF

/// The embedded samples of histology, written once for all tests and removed when the process ends.
enum PictureSamples {
    private static let folder: String = {
        let path = FileManager.default.temporaryDirectory.path + "/samples-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: PictureSamples.folder) }
        return path
    }()

    /// Six pictures of nuclei with their outlines.
    static let nuclei = Result {
        _ = try HistologySampleWriter.writeNuclei(to: folder + "/nuclei")
        return folder + "/nuclei"
    }

    /// Three slides with their outlines.
    static let slides = Result {
        _ = try HistologySampleWriter.writeSlides(to: folder + "/slides", threads: 2)
        return folder + "/slides"
    }
}

/// A data set of pictures or slides in a folder, and the stores prepared from it.
final class PictureDataset {
    let card: DatasetCard
    let root: String
    let folder: PrepareFolder
    var split: DatasetSplit?
    var parts: [SplitPart] = []
    var cases: [String] = []
    var prompts = PromptRecipe(kinds: [.centre, .box, .randomPoints(2)], unit: .instance)
    var seed: UInt64 = 0

    /// A folder that is there.
    init(_ card: DatasetCard, root: String) throws {
        self.card = card
        self.root = root
        folder = try PrepareFolder()
        if PatchConfiguration.describesSlides(card) { prompts.unit = .component8 }
    }

    /// A folder to be filled.
    init(_ card: DatasetCard) throws {
        self.card = card
        folder = try PrepareFolder()
        root = folder.path + "/in"
        if PatchConfiguration.describesSlides(card) { prompts.unit = .component8 }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    static func nuclei() throws -> PictureDataset {
        try PictureDataset(.named("sample-nuclei"), root: PictureSamples.nuclei.get())
    }

    static func slides() throws -> PictureDataset {
        try PictureDataset(.named("sample-slide"), root: PictureSamples.slides.get())
    }

    /// A copy of the folder that a test may change.
    func copied() throws -> PictureDataset {
        let copy = try PictureDataset(card)
        try FileManager.default.removeItem(atPath: copy.root)
        try FileManager.default.copyItem(atPath: root, toPath: copy.root)
        return copy
    }

    /// A card of one label for files in one folder.
    static func card(
        name: String = "own", image: String = "{case}.png", label: String? = nil,
        annotation: String? = nil, groups: [String] = [], values: String = "[1, 255]",
        background: [String] = []
    ) throws -> DatasetCard {
        func list(_ words: [String]) -> String {
            "[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        }
        return try DatasetCard(
            json: Array(
                """
                { "schema": "samdata.dataset/1", "name": "\(name)", "title": "Own pictures", "modality": "histology",
                  "units": "RGB", "licence": { "name": "none", "redistribution": true },
                  "layouts": [ { "name": "flat", "image": "\(image)"\
                \(label.map { ", \"label\": \"\($0)\"" } ?? "")\
                \(annotation.map { ", \"annotation\": \"\($0)\"" } ?? ""), "labelRequired": false } ],
                  "labels": [ { "id": 1, "name": "thing", "color": "#FF0000", "values": \(values)\
                \(groups.isEmpty ? "" : ", \"groups\": \(list(groups))") } ]\
                \(background.isEmpty ? "" : ", \"backgroundGroups\": \(list(background))") }
                """.utf8), file: "own.json")
    }

    func configuration(
        _ change: (inout PatchConfiguration) throws -> Void = { _ in }
    ) rethrows -> PrepareConfiguration {
        var patches = PatchConfiguration(card: card)
        try change(&patches)
        return PrepareConfiguration(
            card: card, split: split, patches: patches, prompts: prompts, seed: seed)
    }

    func plan(
        _ change: (inout PatchConfiguration) throws -> Void = { _ in }
    ) throws -> PreparePlanner.Outcome {
        var planner = PreparePlanner(card: card, split: split)
        planner.parts = parts
        planner.cases = cases
        return try planner.plan(root: root, configuration: try configuration(change))
    }

    func run(
        to name: String, _ change: (inout PatchConfiguration) throws -> Void = { _ in }
    ) throws -> PrepareRun {
        PrepareRun(
            plan: try plan(change).plan, card: card, root: root,
            layout: StoreLayout(root: "\(folder.path)/\(name)"))
    }

    /// Prepares everything and opens the store.
    func prepare(
        to name: String = "out", threads: Int = 1,
        _ change: (inout PatchConfiguration) throws -> Void = { _ in }
    ) throws -> PictureStore {
        var run = try run(to: name, change)
        run.threads = threads
        _ = try run.run()
        return try PictureStore(run.layout, in: folder)
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let path = root + "/" + name
        try FileManager.default.createDirectory(
            atPath: FilePath.folder(of: path), withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }
}

/// A finished store of pictures, all patches of a case in one list whatever pieces they lie in.
struct PictureStore {
    let layout: StoreLayout
    let manifest: Manifest
    /// Keeps the folder of the store as long as the store is looked at.
    private let folder: PrepareFolder

    init(_ layout: StoreLayout, in folder: PrepareFolder) throws {
        self.layout = layout
        self.folder = folder
        manifest = try Manifest.read(layout)
    }

    /// One stored patch with everything known of it.
    struct Patch: Equatable {
        var lattice: Int
        var origin: SIMD2<Int>
        var rgb: [UInt8]
        var label: [UInt8]
        var instances: [UInt32]?
        var foreground: Float
        var tissue: Float?
        var contested: Int
        var missing: Int
        var records: [Record]
    }

    struct Record: Equatable {
        var label: UInt8
        var component: Int
        var area: Int
        /// Every kind of prompt by name, as numbers.
        var prompts: [String: [Float]]
    }

    func readers(_ id: String) throws -> [CaseFileReader] {
        try manifest.cases.filter { $0.caseID == id }
            .sorted { ($0.piece?.index ?? 0) < ($1.piece?.index ?? 0) }
            .map { try CaseFileReader(path: layout.caseFile($0.id)) }
    }

    func reader(_ id: String) throws -> CaseFileReader {
        try CaseFileReader(path: layout.caseFile(id))
    }

    func patches(_ id: String) throws -> [Patch] { try readers(id).flatMap(Self.patches) }

    static func patches(_ reader: CaseFileReader) throws -> [Patch] {
        guard let table = reader.description.patches else { return [] }
        var records = [[Record]](repeating: [], count: reader.count)
        var prompts: [String: [[Float]]] = [:]
        for name in try reader.promptNames() {
            switch try reader.prompts(name).values {
            case .boxes(let boxes): prompts[name] = boxes.map { [$0.x0, $0.y0, $0.x1, $0.y1] }
            case .points(let points):
                prompts[name] = points.map { $0.flatMap { [$0.x, $0.y] } }
            }
        }
        for (n, record) in try reader.records().enumerated() {
            records[record.slice].append(
                Record(
                    label: record.label, component: record.component, area: record.area,
                    prompts: prompts.mapValues { $0[n] }))
        }
        return try (0..<reader.count).map { n in
            Patch(
                lattice: table.latticeIndices[n], origin: table.origins[n],
                rgb: try reader.rgb(at: n), label: try reader.label(at: n).samples,
                instances: try reader.instances(at: n), foreground: table.foreground[n],
                tissue: table.tissue?[n], contested: table.contested[n],
                missing: table.missing[n], records: records[n])
        }
    }
}

/// Polygons filled pixel by pixel, slow, and independent of the rasteriser.
///
/// A pixel is inside when a ray from its centre to the left crosses the ring an odd number of times.
enum PictureOracle {
    /// Where the rings cross the horizontal line `y`.
    private static func crossings(_ ring: [PlanePoint], _ y: Double) -> [Double] {
        var result: [Double] = []
        for n in ring.indices {
            let (a, b) = (ring[n], ring[(n + 1) % ring.count])
            guard (a.y > y) != (b.y > y) else { continue }
            result.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
        }
        return result
    }

    /// Calls back for every covered pixel of a window, whose first pixel begins at (x, y) stored pixels.
    private static func cover(
        _ ring: [PlanePoint], x: Int, y: Int, width: Int, height: Int, scale: Double,
        _ body: (Int) -> Void
    ) {
        guard let low = ring.map(\.y).min(), let high = ring.map(\.y).max() else { return }
        for row in 0..<height {
            let centre = (Double(y + row) + 0.5) * scale
            guard centre >= low, centre <= high else { continue }
            let found = crossings(ring, centre)
            guard let first = found.min(), let last = found.max() else { continue }
            let from = max(0, Int((first / scale).rounded(.down)) - x - 1)
            let to = min(width, Int((last / scale).rounded(.up)) - x + 2)
            guard from < to else { continue }
            for column in from..<to {
                let place = (Double(x + column) + 0.5) * scale
                if found.count(where: { $0 <= place }) % 2 == 1 { body(row * width + column) }
            }
        }
    }

    /// The number of the first polygon at each pixel, from 1, and the pixels that several cover.
    static func instances(
        _ polygons: [PlanePolygon], x: Int = 0, y: Int = 0, width: Int, height: Int
    ) -> (ids: [UInt32], contested: Int) {
        var ids = [UInt32](repeating: 0, count: width * height)
        var claims = [UInt16](repeating: 0, count: width * height)
        for (n, polygon) in polygons.enumerated() where polygon.outer.count > 2 {
            cover(polygon.outer, x: x, y: y, width: width, height: height, scale: 1) {
                claims[$0] += 1
                if ids[$0] == 0 { ids[$0] = UInt32(n + 1) }
            }
        }
        return (ids, claims.count { $0 > 1 })
    }

    /// The union of areas minus the union of holes.
    static func mask(
        areas: [PlanePolygon], holes: [PlanePolygon], x: Int, y: Int, width: Int, height: Int,
        scale: Double
    ) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: width * height)
        for (polygons, value) in [(areas, UInt8(1)), (holes, 0)] {
            for polygon in polygons {
                cover(polygon.outer, x: x, y: y, width: width, height: height, scale: scale) {
                    result[$0] = value
                }
            }
        }
        return result
    }

    /// Columns and rows of each number, inclusive, with its pixels.
    static func extents(
        _ ids: [UInt32], width: Int
    ) -> [UInt32: (box: [Float], area: Int)] {
        var result: [UInt32: (box: [Float], area: Int)] = [:]
        for (n, id) in ids.enumerated() where id != 0 {
            let (x, y) = (Float(n % width), Float(n / width))
            guard let old = result[id] else {
                result[id] = ([x, y, x, y], 1)
                continue
            }
            result[id] = (
                [min(old.box[0], x), min(old.box[1], y), max(old.box[2], x), max(old.box[3], y)],
                old.area + 1
            )
        }
        return result
    }

    /// A rectangle of a picture of three bytes per pixel; `paint` beyond it.
    static func crop(
        _ rgb: [UInt8], width: Int, height: Int, x: Int, y: Int, _ columns: Int, _ rows: Int,
        paint: UInt8 = 255
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(columns * rows * 3)
        for row in y..<y + rows {
            for column in x..<x + columns {
                guard column >= 0, column < width, row >= 0, row < height else {
                    result += [paint, paint, paint]
                    continue
                }
                let start = (row * width + column) * 3
                result += rgb[start..<start + 3]
            }
        }
        return result
    }
}

/// Small pictures made of formulas, and the files that hold them.
enum TinyPicture {
    /// A pixel that is different everywhere.
    static func rgb(width: Int, height: Int, seed: Int = 0) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let n = x * 7 + y * 13 + seed * 31
                result += [
                    UInt8(truncatingIfNeeded: n), UInt8(truncatingIfNeeded: x ^ y),
                    UInt8(truncatingIfNeeded: x * 3 + seed),
                ]
            }
        }
        return result
    }

    /// A pyramid of tiles without loss.
    static func slide(
        _ rgb: [UInt8], width: Int, height: Int, micronsPerPixel: Double? = 0.5, tile: Int = 128,
        samples: Int = 3, levels: Int? = nil
    ) throws -> [UInt8] {
        let writer = try TIFFPyramidWriter(
            format: TIFFFormat(
                width: width, height: height, samplesPerPixel: samples,
                layout: .tiles(width: tile, height: tile), compression: .lzw,
                pixelSize: micronsPerPixel.map { TIFFDirectory.PixelSize(x: $0, y: $0) }),
            reduction: samples == 3 ? .mean : .nearest, levels: levels)
        try writer.write(
            try TIFFPixels(
                width: width, height: height, samplesPerPixel: samples, samples: .uint8(rgb)))
        return try writer.finish()
    }

    /// An ASAP file of rings with the names of their groups.
    static func asap(_ rings: [(group: String, ring: [(Double, Double)])]) -> [UInt8] {
        ASAPXMLWriter.bytes(
            of: SlideAnnotation(
                format: .asapXML,
                regions: rings.enumerated().map { n, entry in
                    AnnotatedRegion(
                        index: n, name: "Annotation \(n)", group: entry.group,
                        polygon: PlanePolygon(
                            outer: entry.ring.map { PlanePoint(x: $0.0, y: $0.1) }))
                }))
    }

    /// The ring of a rectangle.
    static func box(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> [(Double, Double)] {
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    }
}
