import Foundation
import HDF5
import MedicalImaging
import SafeFiles
import SampleStore
import Testing

/// The optional elements of 1.2 put together by hand, so that a test can spoil any of them.
private struct HandmadePictures {
    var channelMeaning: HDF5Attribute? = .string("rgb")
    var imageShape = [2, 3, 4, 4]
    var imageType = HDF5ElementType.uint8
    var instanceShape: [Int]? = [2, 4, 4]
    var instanceType = HDF5ElementType.uint16
    var shuffle = true
    var instanceEncoding = "instance-stack"
    var instanceChunk: [UInt8]?
    var patchesVersion = "1.0"
    var without: Set<String> = []
    var origin: [Int64] = [0, 0, -5, 7]
    var originShape = [2, 2]
    var tissue: [Float] = [0, 1]
    var foreground: [Float] = [0, 1]
    var contested: [Int32] = [0, 1]
    var lattice: [Int64] = [0, 3]
    var missing: [Int32] = [0, 1]
    var attributes: [String: HDF5Attribute] = [
        "level": .integer(0), "downsample": .doubles([1, 1]), "slide_size": .integers([9, 9]),
        "slide_mpp": .doubles([.nan, .nan]), "rule": .string(""), "tissue_recipe": .string(""),
    ]

    /// Adds the elements to a file; also the image, which has three channels here.
    func write(_ writer: HDF5Writer) throws {
        func mark(_ path: String, _ type: String, _ version: String = "1.0") throws {
            try writer.setAttribute("encoding-type", .string(type), at: path)
            try writer.setAttribute("encoding-version", .string(version), at: path)
        }
        let codec = PlaneCodec()
        func chunk(_ width: Int) -> [UInt8] {
            let zeros = [UInt8](repeating: 0, count: 16 * width)
            return zeros.withUnsafeBytes { codec.encode($0, width: 1) }
        }
        try writer.createChunkedDataset(
            "/image", type: imageType, shape: imageShape, chunk: [1, 1, 4, 4],
            shuffle: imageType != .uint8, deflate: 1)
        for n in 0..<2 {
            for c in 0..<imageShape[1] {
                try chunk(imageType.byteCount).withUnsafeBytes {
                    try writer.writeChunk("/image", offset: [n, c, 0, 0], bytes: $0)
                }
            }
        }
        try mark("/image", "image-stack")
        for name in ["pixels", "units"] {
            try writer.setAttribute(name, .string(name), at: "/image")
        }
        if let channelMeaning {
            try writer.setAttribute("channel_meaning", channelMeaning, at: "/image")
        }
        if let shape = instanceShape {
            try writer.createChunkedDataset(
                "/instance", type: instanceType, shape: shape, chunk: [1] + shape.dropFirst(),
                shuffle: shuffle, deflate: 1)
            let bytes = instanceChunk ?? chunk(instanceType.byteCount)
            for n in 0..<shape[0] {
                try bytes.withUnsafeBytes {
                    try writer.writeChunk("/instance", offset: [n, 0, 0], bytes: $0)
                }
            }
            try mark("/instance", instanceEncoding)
        }
        guard !without.contains("group") else { return }
        try writer.createGroup("/patches")
        try mark("/patches", "patches", patchesVersion)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key })
        where !without.contains(name) {
            try writer.setAttribute(name, value, at: "/patches")
        }
        func add<E: HDF5Element>(_ name: String, _ values: [E], _ shape: [Int]? = nil) throws {
            guard !without.contains(name) else { return }
            try writer.writeArray("/patches/\(name)", values, shape: shape ?? [values.count])
        }
        try add("origin", origin, originShape)
        try add("tissue", tissue)
        try add("foreground", foreground)
        try add("contested", contested)
        try add("lattice_index", lattice)
        try add("missing", missing)
    }
}

@Suite("Case files of pictures that are damaged or hostile")
struct HostilePictureTests {
    private func text(
        _ pictures: HandmadePictures, _ use: (CaseFileReader) throws -> Void = { _ in }
    ) throws -> String {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        var file = HandmadeFile()
        file.without = ["/image"]
        try file.write(to: path) { try pictures.write($0) }
        do {
            try use(try CaseFileReader(path: path))
            return "no error"
        } catch let error as StoreError {
            let text = "\(error)"
            #expect(text.hasPrefix(path + ": "), "\(text)")
            #expect(!text.contains("\n"))
            return String(text.dropFirst(path.count + 2))
        } catch {
            return "HDF5: \(try #require(error as? HDF5Error).kind)"
        }
    }

    @Test("what the specification says opens")
    func handmade() throws {
        let found = try text(HandmadePictures()) { reader in
            let patches = try #require(reader.description.patches)
            #expect(patches.origins == [[0, 0], [-5, 7]])
            #expect(patches.latticeIndices == [0, 3])
            #expect(try reader.instances(at: 1) == [UInt32](repeating: 0, count: 16))
            #expect(try reader.rgb(at: 1) == [UInt8](repeating: 0, count: 48))
        }
        #expect(found == "no error")
        var plain = HandmadePictures()
        plain.without = ["group"]
        plain.instanceShape = nil
        plain.channelMeaning = .string("neighbours")
        let foundPlain = try text(plain) { reader in
            #expect(reader.description.patches == nil)
            #expect(reader.description.instances == nil)
            #expect(reader.description.channelMeaning == .neighbours)
        }
        #expect(foundPlain == "no error")
        var later = HandmadePictures()
        later.patchesVersion = "1.8"
        #expect(try text(later) == "no error")
    }

    @Test("values, shapes, types and counts that do not fit are refused by name")
    func refused() throws {
        typealias Change = (inout HandmadePictures) -> Void
        let table: [(String, Change)] = [
            ("/image@channel_meaning is `cmyk`", { $0.channelMeaning = .string("cmyk") }),
            ("/image@channel_meaning is no text", { $0.channelMeaning = .integer(3) }),
            (
                "/image@channel_meaning: found rgb with 4 channels of uint8",
                { $0.imageShape = [2, 4, 4, 4] }
            ),
            (
                "/image@channel_meaning: found rgb with 3 channels of int16",
                { $0.imageType = .int16 }
            ),
            ("/instance: found shape [2, 2, 8], expected", { $0.instanceShape = [2, 2, 8] }),
            ("/instance: found shape [3, 4, 4], expected", { $0.instanceShape = [3, 4, 4] }),
            ("/instance: found number", { $0.instanceType = .int32 }),
            ("/instance: found number", { $0.instanceType = .float32 }),
            ("/instance: found filters", { $0.shuffle = false }),
            ("/instance is image-stack 1.0", { $0.instanceEncoding = "image-stack" }),
            (
                "/patches is patches 2.0, this version reads patches 1.x",
                { $0.patchesVersion = "2.0" }
            ),
            ("/patches/origin: found shape [1, 4], expected [2, 2]", { $0.originShape = [1, 4] }),
            (
                "/patches/origin: found shape [3, 2], expected",
                {
                    $0.origin += [1, 1]
                    $0.originShape = [3, 2]
                }
            ),
            ("/patches/origin: found other values", { $0.origin[1] = .min }),
            ("/patches/origin: found other values", { $0.origin[3] = .max }),
            ("/patches/tissue: found shape [1]", { $0.tissue = [0] }),
            ("/patches/tissue: found other values", { $0.tissue[1] = .nan }),
            ("/patches/tissue: found other values", { $0.tissue[1] = 1.01 }),
            ("/patches/foreground: found shape [3]", { $0.foreground = [0, 0, 0] }),
            ("/patches/foreground: found other values", { $0.foreground[0] = -.infinity }),
            ("/patches/contested: found shape [0]", { $0.contested = [] }),
            ("/patches/contested: found other values", { $0.contested[0] = -1 }),
            ("/patches/lattice_index: found other values", { $0.lattice = [-1, 3] }),
            ("/patches/lattice_index: found other values", { $0.lattice = [3, 3] }),
            ("/patches/lattice_index: found shape [1]", { $0.lattice = [3] }),
            ("/patches/missing: found other values", { $0.missing[1] = .min }),
            ("/patches@level: ", { $0.attributes["level"] = .integer(-1) }),
            ("/patches@level: ", { $0.attributes["level"] = .double(0.5) }),
            ("/patches@slide_size: ", { $0.attributes["slide_size"] = .integers([0, 9]) }),
            ("/patches@slide_size: ", { $0.attributes["slide_size"] = .integers([.max, 9]) }),
            ("/patches@slide_size: ", { $0.attributes["slide_size"] = .integers([9, 9, 9]) }),
            ("/patches@downsample: ", { $0.attributes["downsample"] = .doubles([0, 1]) }),
            ("/patches@downsample: ", { $0.attributes["downsample"] = .doubles([1, .nan]) }),
            ("/patches@downsample: ", { $0.attributes["downsample"] = .doubles([.infinity, 1]) }),
            ("/patches@downsample: ", { $0.attributes["downsample"] = .doubles([1]) }),
            ("/patches@slide_mpp: ", { $0.attributes["slide_mpp"] = .doubles([.nan, 0.5]) }),
            ("/patches@slide_mpp: ", { $0.attributes["slide_mpp"] = .doubles([0.5, -1]) }),
            ("/patches@rule: ", { $0.attributes["rule"] = .integer(1) }),
        ]
        for (expected, change) in table {
            var pictures = HandmadePictures()
            change(&pictures)
            let found = try text(pictures)
            #expect(found.hasPrefix(expected), "\(expected): \(found)")
        }
    }

    @Test(
        "a missing array or attribute is named",
        arguments: [
            "origin", "foreground", "contested", "lattice_index", "missing", "level", "downsample",
            "slide_size", "slide_mpp", "rule", "tissue_recipe",
        ])
    func missing(name: String) throws {
        var pictures = HandmadePictures()
        pictures.without = [name]
        let found = try text(pictures)
        let isAttribute = pictures.attributes[name] != nil
        #expect(
            found.hasPrefix(
                isAttribute ? "/patches@\(name): found " : "/patches/\(name): found no"),
            "\(found)")
    }

    @Test("a damaged chunk of the instance map is named with its place")
    func chunks() throws {
        var pictures = HandmadePictures()
        for bytes in [[1, 2, 3], [UInt8](repeating: 0, count: 40)] {
            pictures.instanceChunk = bytes
            let found = try text(pictures) { _ = try $0.instances(at: 1) }
            #expect(found.hasPrefix("/instance[1, 0, 0]: found "), "\(found)")
        }
    }

    @Test("any byte flipped is an error or reads, and never a crash")
    func fuzz() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try InventedPictures().write(to: path)
        let whole = try FileReading.contents(of: path)
        func use(_ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let reader = try CaseFileReader(path: path)
            for position in 0..<min(reader.count, 100) {
                _ = try reader.instances(at: position)
                if reader.description.channelMeaning == .rgb { _ = try reader.rgb(at: position) }
            }
            if let patches = reader.description.patches {
                #expect(patches.origins.count == reader.count)
            }
        }
        try use(whole)
        var refused = 0
        for n in stride(from: 0, to: whole.count, by: max(1, whole.count / 600)) {
            var bent = whole
            bent[n] ^= 0xFF
            do { try use(bent) } catch {
                refused += 1
                #expect(!"\(error)".contains("\n"))
            }
        }
        #expect(refused > 100)
    }
}
