import Foundation
import HDF5
import MedicalImaging
import SafeFiles
import SampleStore
import Testing

/// A case of invented colour patches with instance maps, as a slide or a picture of nuclei gives.
struct InventedPictures {
    var base: InventedCase
    /// For each patch, the instance of every pixel.
    var instances: [[UInt32]] = []

    init(_ type: InstanceType? = .uint16) {
        base = InventedCase(.uint8, channels: 3)
        base.slices = [0, 1, 2]
        base.description.axis = "plane"
        base.description.orientation = ""
        base.description.window = nil
        base.description.units = ""
        base.description.channelMeaning = .rgb
        base.description.instances = type
        let patches = StoredPatches(
            origins: [[-3, 0], [250, 7], [1 << 20, 99_999]], tissue: [0, 0.25, 1],
            foreground: [0.5, 0, 1], contested: [0, 3, 30], latticeIndices: [4, 17, 1 << 40],
            missing: [0, 0, 2], level: 2, downsample: [4, 4.0002], slideSize: [100_000, 90_001],
            slideMPP: [0.25, 0.2502], rule: "pixel-centre", tissueRecipe: #"{"level":16}"#,
            notes: ["ünder", "two"])
        base.description.patches = patches
        base.description.source = patches.sourceGrid
        base.description.pixelToVoxel = patches.pixelToVoxel
        if type != nil {
            instances = base.labels.indices.map { n in
                base.labels[n].indices.map { p in
                    base.labels[n][p] == 0
                        ? 0 : type == .uint16 ? UInt32(p % 7 + 65_529) : UInt32(p) &* 143_165_576
                }
            }
        }
    }

    /// The case without patches.
    var emptied: InventedPictures {
        var copy = self
        copy.base = base.emptied
        copy.instances = []
        if let patches = base.description.patches {
            copy.base.description.patches = StoredPatches(
                origins: [], tissue: [], foreground: [], contested: [], latticeIndices: [],
                missing: [], level: patches.level, downsample: patches.downsample,
                slideSize: patches.slideSize)
        }
        return copy
    }

    @discardableResult
    func write(to path: String) throws -> (bytes: Int, sha256: String) {
        let writer = try CaseFileWriter(
            base.description, slices: base.slices, areas: base.areas)
        let codec = PlaneCodec()
        for position in base.slices.indices {
            try writer.writeSlice(
                position,
                image: base.planes[position].map { plane in
                    plane.withUnsafeBytes { codec.encode($0, width: 1) }
                },
                label: base.labels[position].withUnsafeBytes { codec.encode($0, width: 1) },
                instances: base.description.instances.map {
                    $0.encode(instances[position], codec)
                })
        }
        try writer.writeRecords(base.records, prompts: base.prompts)
        return try writer.publish(to: path)
    }
}

@Suite("Case files of pictures")
struct PictureCaseFileTests {
    @Test(
        "patches, colours and instances are read back as they were written",
        arguments: [InstanceType.uint16, .uint32, nil])
    func roundTrip(type: InstanceType?) throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        let invented = InventedPictures(type)
        try invented.write(to: path)
        let reader = try CaseFileReader(path: path)
        #expect(reader.description == invented.base.description)
        #expect(reader.description.formatVersion == "1.2")
        #expect(try reader.records() == invented.base.records)
        for n in 0..<3 {
            let planes = invented.base.planes[n]
            let rgb = try reader.rgb(at: n)
            #expect(rgb == (0..<30).flatMap { p in planes.map { $0[p] } })
            #expect(try reader.instances(at: n) == (type == nil ? nil : invented.instances[n]))
            #expect(try reader.label(at: n).samples == invented.base.labels[n])
        }
        #expect(throws: StoreError.self) { _ = try reader.instances(at: 3) }
        #expect(throws: StoreError.self) { _ = try reader.rgb(at: -1) }
        let file = try HDF5Reader(path: path)
        #expect(try file.attribute("encoding-version") == .string("1.2"))
        #expect(try file.attribute("channel_meaning", at: "/image") == .string("rgb"))
        #expect(try file.attribute("source_orientation", at: "/geometry") == .string(""))
        #expect(try file.info("/patches/origin").type == .number(.int64, bigEndian: false))
        #expect(try file.exists("/instance") == (type != nil))
    }

    @Test("the library's own filters undo the chunks of instance maps")
    func ordinaryFilters() throws {
        let folder = try StoreFolder()
        for type in InstanceType.allCases {
            let path = "\(folder.path)/\(type.rawValue).h5"
            let invented = InventedPictures(type)
            try invented.write(to: path)
            let values = try HDF5Reader(path: path).readArray("/instance", as: UInt32.self)
            #expect(values == invented.instances.flatMap { $0 })
            #expect(values.contains { $0 > (type == .uint16 ? 65_530 : 1 << 31) })
        }
    }

    @Test("a piece without patches keeps its shapes, and unknown sizes stay unknown")
    func empty() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        let invented = InventedPictures().emptied
        try invented.write(to: path)
        let reader = try CaseFileReader(path: path)
        #expect(reader.description.patches == invented.base.description.patches)
        #expect(reader.description.patches?.slideMPP == nil)
        #expect(reader.description.instances == .uint16)
        #expect(reader.count == 0)
        let file = try HDF5Reader(path: path)
        #expect(try file.info("/patches/origin").shape == [0, 2])
        #expect(try file.info("/instance").shape == [0, 5, 6])
    }

    @Test("tissue that was not looked for leaves no array behind")
    func withoutTissue() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        var invented = InventedPictures(nil)
        invented.base.description.patches?.tissue = nil
        try invented.write(to: path)
        #expect(
            try CaseFileReader(path: path).description.patches
                == invented.base.description.patches)
        #expect(try HDF5Reader(path: path).exists("/patches/tissue") == false)
    }

    @Test("each addition alone makes a file of version 1.2, and none leaves the versions before")
    func versions() throws {
        let plain = InventedCase().description
        #expect(plain.formatVersion == "1.0")
        var other = plain
        other.augmentation = StoredAugmentation(sourceCase: "c", copy: 1, recipe: "{}", slices: [])
        #expect(other.formatVersion == "1.1")
        other.instances = .uint16
        #expect(other.formatVersion == "1.2")
        other = plain
        other.axis = "plane"
        #expect(other.formatVersion == "1.2")
        other = plain
        other.patches = InventedPictures().base.description.patches
        #expect(other.formatVersion == "1.2")
        other = plain
        other.channelMeaning = .rgb
        #expect(other.formatVersion == "1.2")
    }

    @Test("a grey file says that it has no colours, and no instances")
    func grey() throws {
        let folder = try StoreFolder()
        let path = folder.path + "/c.h5"
        try InventedCase(.uint8, channels: 3).write(to: path)
        let reader = try CaseFileReader(path: path)
        #expect(reader.description.channelMeaning == .neighbours)
        #expect(try reader.instances(at: 0) == nil)
        let error = #expect(throws: StoreError.self) { _ = try reader.rgb(at: 0) }
        #expect(
            error?.description
                == "\(path): there is no colour picture; available: 3 grey channels of axial slices"
        )
    }

    @Test("places on a patch are places on the picture, centres on centres")
    func places() throws {
        let patches = try #require(InventedPictures().base.description.patches)
        // The centre of pixel (1, 0): 1.5 stored pixels from the corner, 6 level-0 pixels at a downsample of 4.
        let place = patches.levelZero(PlanePoint(x: 1.5, y: 0.5), of: 1)
        #expect(place.x == 256)
        #expect(abs(place.y - 9.0001) < 1e-9)
        // As indices of centres: 250 + 1.5 * 4 - 0.5.
        let map = patches.pixelToVoxel.values
        #expect(250 + map[0] * 1 + map[3] == 255.5)
        #expect(patches.sourceGrid.shape == GridShape(100_000, 90_001, 1))
        #expect(patches.sourceGrid.affine.values[0] == 0.00025)
        var unknown = patches
        unknown.slideMPP = nil
        #expect(unknown.sourceGrid.affine == .identity)
    }

    @Test(
        "what earlier versions wrote is written byte for byte",
        arguments: [
            (1, false, "735efe80fe06ae44641a70bdf36d89e3db020154fa817c32dea46b50ce4d8a3a"),
            (1, true, "2e4f7ed74cb2932647ceb4c67b7aebff18e584de67e5ec5a4759dc76a0396315"),
            (3, false, "806d37ad29be7216a6da53967d606485ae50e9b06cb897c8b2e2876295845f96"),
            (3, true, "c9734fa4175d7e124cadeadae91d1b904879404274c81e0781427ab0b9a34397"),
        ])
    func earlierBytes(channels: Int, isAugmented: Bool, digest: String) throws {
        // Without slices, so that the digest does not depend on the compression library.
        // The digests are those of the version before 1.2 was added.
        let folder = try StoreFolder()
        var invented = InventedCase(.int16, channels: channels).emptied
        if isAugmented {
            invented.description.augmentation = StoredAugmentation(
                sourceCase: "c", copy: 2, recipe: "{}", slices: [])
        }
        #expect(try invented.write(to: folder.path + "/c.h5").sha256 == digest)
    }

    @Test("equal pictures give equal bytes")
    func determinism() throws {
        let folder = try StoreFolder()
        let first = try InventedPictures().write(to: folder.path + "/a.h5").sha256
        #expect(try InventedPictures().write(to: folder.path + "/b.h5").sha256 == first)
        var other = InventedPictures()
        other.base.description.patches?.slideMPP = nil
        #expect(try other.write(to: folder.path + "/c.h5").sha256 != first)
    }
}
