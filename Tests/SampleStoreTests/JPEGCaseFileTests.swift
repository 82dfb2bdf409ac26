import Foundation
import HDF5
import JPEGCodec
import SafeFiles
import SampleStore
import Testing

/// A case of invented colour pictures, each stored as a JPEG.
struct InventedTiles {
    var base = InventedPictures()
    var tiles: [[UInt8]] = []

    init(isGrey: Bool = false) throws {
        let (rows, columns) = (base.base.description.rows, base.base.description.columns)
        for planes in base.base.planes {
            let samples =
                isGrey ? planes[0] : (0..<rows * columns).flatMap { p in planes.map { $0[p] } }
            tiles.append(
                try JPEG.encode(
                    JPEGPicture(
                        width: columns, height: rows, components: isGrey ? 1 : 3, samples: samples),
                    quality: 95))
        }
    }

    @discardableResult
    func write(to path: String) throws -> (bytes: Int, sha256: String) {
        let about = base.base.description
        let writer = try CaseFileWriter(
            about, slices: base.base.slices, areas: base.base.areas, storage: .jpegTiles)
        let codec = PlaneCodec()
        // The order in which pictures are handed over decides nothing.
        for position in base.base.slices.indices.reversed() {
            try writer.writeSlice(
                position, jpeg: tiles[position],
                label: base.base.labels[position].withUnsafeBytes { codec.encode($0, width: 1) },
                instances: about.instances.map { $0.encode(base.instances[position], codec) })
        }
        try writer.writeRecords(base.base.records, prompts: base.base.prompts)
        return try writer.publish(to: path)
    }
}

@Suite("Case files of JPEG tiles")
struct JPEGCaseFileTests {
    @Test("tiles come back byte for byte, and decoded as pixels", arguments: [false, true])
    func roundTrip(isGrey: Bool) throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        let invented = try InventedTiles(isGrey: isGrey)
        try invented.write(to: path)
        let reader = try CaseFileReader(path: path)
        #expect(reader.description == invented.base.base.description)
        #expect(reader.description.formatVersion == "1.2")
        #expect(try reader.records() == invented.base.base.records)
        for n in [2, 0, 0, 1] {
            #expect(try reader.jpeg(at: n) == invented.tiles[n])
            let picture = try JPEG.decode(invented.tiles[n])
            let rgb = try reader.rgb(at: n)
            #expect(
                rgb == (isGrey ? picture.samples.flatMap { [$0, $0, $0] } : picture.samples))
            for channel in 0..<3 {
                let plane = try reader.imageBytes(at: n, channel: channel)
                #expect(plane == (0..<30).map { rgb[3 * $0 + channel] })
                #expect(
                    try reader.image(at: n, channel: channel).samples == plane.map { Float($0) })
            }
            #expect(try reader.label(at: n).samples == invented.base.base.labels[n])
            #expect(try reader.instances(at: n) == invented.base.instances[n])
        }
        #expect(throws: StoreError.self) { _ = try reader.jpeg(at: 3) }
        #expect(throws: StoreError.self) { _ = try reader.rgb(at: -1) }
        #expect(throws: StoreError.self) { _ = try reader.imageBytes(at: 0, channel: 3) }
        let file = try HDF5Reader(path: path)
        #expect(try !file.exists("/image"))
        #expect(try file.attribute("encoding-type", at: "/jpeg") == .string("jpeg-tiles"))
        #expect(try file.attribute("channel_meaning", at: "/jpeg") == .string("rgb"))
        #expect(try file.info("/jpeg/data").filters.isEmpty)
        #expect(try file.info("/jpeg/offset").type == .number(.int64, bigEndian: false))
        let all = try file.readArray("/jpeg/data", as: UInt8.self)
        #expect(all == invented.tiles.flatMap { $0 })
    }

    @Test("a piece without pictures has one offset and no data")
    func empty() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        var invented = try InventedTiles()
        invented.base = invented.base.emptied
        invented.tiles = []
        try invented.write(to: path)
        let reader = try CaseFileReader(path: path)
        #expect(reader.count == 0 && reader.description == invented.base.base.description)
        #expect(try HDF5Reader(path: path).info("/jpeg/offset").shape == [1])
        #expect(throws: StoreError.self) { _ = try reader.jpeg(at: 0) }
    }

    @Test("equal tiles give equal bytes, and a file of planes has no tile")
    func determinism() throws {
        let folder = try StoreFolder()
        let first = try InventedTiles().write(to: folder.path + "/a.h5").sha256
        #expect(try InventedTiles().write(to: folder.path + "/b.h5").sha256 == first)
        try InventedPictures().write(to: folder.path + "/c.h5")
        #expect(try CaseFileReader(path: folder.path + "/c.h5").jpeg(at: 0) == nil)
    }

    @Test("several threads read different tiles at the same time")
    func threads() async throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try InventedTiles().write(to: path)
        let reader = try CaseFileReader(path: path)
        let expected = try (0..<3).map { try reader.rgb(at: $0) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for n in 0..<60 {
                group.addTask {
                    let plane = try reader.imageBytes(at: n % 3, channel: 1)
                    return plane.indices.allSatisfy { plane[$0] == expected[n % 3][3 * $0 + 1] }
                }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }

    /// The group put together by hand in a file of two pictures of 4 x 4 pixels.
    private struct HandmadeTiles {
        var tiles: [[UInt8]]
        var offset: [Int64]
        var encoding = "jpeg-tiles"
        var meaning: String? = "rgb"
        var without: Set<String> = ["/image"]
        var filters = false
        var offsetIsReal = false

        static func tile(_ width: Int, _ height: Int) throws -> [UInt8] {
            try JPEG.encode(
                JPEGPicture(
                    width: width, height: height, components: 3,
                    samples: [UInt8](repeating: 77, count: width * height * 3)))
        }

        init() throws {
            tiles = try [Self.tile(4, 4), Self.tile(4, 4)]
            offset = [0, Int64(tiles[0].count), Int64(tiles[0].count + tiles[1].count)]
        }

        func write(to path: String) throws {
            var file = HandmadeFile()
            file.without = without.filter { $0 == "/image" }
            try file.write(to: path) { writer in
                guard !without.contains("/jpeg") else { return }
                try writer.createGroup("/jpeg")
                for (name, value) in [
                    ("encoding-type", encoding), ("encoding-version", "1.0"), ("pixels", "uint8"),
                    ("units", ""), ("channel_meaning", meaning),
                ] {
                    if let value { try writer.setAttribute(name, .string(value), at: "/jpeg") }
                }
                let data = tiles.flatMap { $0 }
                if filters {
                    try writer.createChunkedDataset(
                        "/jpeg/data", type: .uint8, shape: [data.count], chunk: [data.count],
                        shuffle: false, deflate: 1)
                    let chunk = data.withUnsafeBytes { PlaneCodec().encode($0, width: 1) }
                    try chunk.withUnsafeBytes {
                        try writer.writeChunk("/jpeg/data", offset: [0], bytes: $0)
                    }
                } else if !without.contains("data") {
                    try writer.writeArray("/jpeg/data", data, shape: [data.count])
                }
                if offsetIsReal {
                    try writer.writeArray(
                        "/jpeg/offset", offset.map(Double.init), shape: [offset.count])
                } else if !without.contains("offset") {
                    try writer.writeArray("/jpeg/offset", offset, shape: [offset.count])
                }
            }
        }
    }

    /// What opening and reading every pixel of a spoiled file says, without its path.
    private func text(_ change: (inout HandmadeTiles) throws -> Void) throws -> String {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        var tiles = try HandmadeTiles()
        try change(&tiles)
        try tiles.write(to: path)
        let error = #expect(throws: StoreError.self) {
            let reader = try CaseFileReader(path: path)
            for n in 0..<reader.count { _ = try reader.rgb(at: n) }
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix(path + ": ") && !text.contains("\n"))
        return String(text.dropFirst(path.utf8.count + 2))
    }

    @Test("every spoiled part of the group is a typed error that names it")
    func hostile() throws {
        let folder = try StoreFolder()
        try HandmadeTiles().write(to: folder.path + "/good.h5")
        let good = try CaseFileReader(path: folder.path + "/good.h5")
        #expect(try good.rgb(at: 1).allSatisfy { 75...79 ~= $0 })

        let table: [(String, (inout HandmadeTiles) throws -> Void)] = [
            ("/jpeg: found it beside /image, expected", { $0.without = [] }),
            ("/image: found nothing, expected", { $0.without.insert("/jpeg") }),
            ("/jpeg is jpegs 1.0", { $0.encoding = "jpegs" }),
            ("/jpeg@channel_meaning: found nothing, expected rgb", { $0.meaning = nil }),
            (
                "/jpeg@channel_meaning: found `neighbours`, expected rgb",
                { $0.meaning = "neighbours" }
            ),
            ("/jpeg@channel_meaning is `cmyk`", { $0.meaning = "cmyk" }),
            ("/jpeg/data: found nothing", { $0.without.insert("data") }),
            ("/jpeg/offset: found nothing", { $0.without.insert("offset") }),
            ("/jpeg/data: found ", { $0.filters = true }),
            ("/jpeg/offset: found ", { $0.offsetIsReal = true }),
            ("/jpeg/offset: found ", { $0.offset.removeLast() }),
            ("/jpeg/offset: found ", { $0.offset.append($0.offset[2] + 1) }),
            ("/jpeg/offset: found other values", { $0.offset[0] = 1 }),
            ("/jpeg/offset: found other values", { $0.offset[0] = -1 }),
            ("/jpeg/offset: found other values", { $0.offset[1] = 0 }),
            ("/jpeg/offset: found other values", { $0.offset[1] = $0.offset[2] }),
            ("/jpeg/offset: found other values", { $0.offset[1] = .min }),
            ("/jpeg/offset: found other values", { $0.offset[1] = .max }),
            ("/jpeg/offset: found other values", { $0.offset[2] += 1 }),
            ("/jpeg/offset: found other values", { $0.offset[2] = .max }),
            ("/jpeg[0]: found ", { $0.offset[1] = 5 }),
            (
                "/jpeg[1]: found JPEG data: starts with 000000",
                { $0.tiles[1] = $0.tiles[1].map { _ in 0 } }
            ),
            (
                "/jpeg[1]: found one of 5 x 4 pixels, expected a JPEG of 4 x 4 pixels",
                {
                    $0.tiles[1] = try HandmadeTiles.tile(5, 4)
                    $0.offset[2] = $0.offset[1] + Int64($0.tiles[1].count)
                }
            ),
        ]
        for (expected, change) in table {
            let found = try text(change)
            #expect(found.hasPrefix(expected), "\(expected): \(found)")
        }
    }

    @Test("any byte flipped is an error or reads, and never a crash")
    func fuzz() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try InventedTiles().write(to: path)
        let whole = try FileReading.contents(of: path)
        var (refused, read) = (0, 0)
        for n in stride(from: 0, to: whole.count, by: max(1, whole.count / 600)) {
            var bent = whole
            bent[n] ^= 0xFF
            try Data(bent).write(to: URL(fileURLWithPath: path))
            do {
                let reader = try CaseFileReader(path: path)
                for position in 0..<min(reader.count, 100) { _ = try reader.rgb(at: position) }
                read += 1
            } catch {
                refused += 1
                #expect(!"\(error)".contains("\n"))
            }
        }
        #expect(refused > 50 && read > 50)
    }
}
