import Foundation
import MedicalDatasets
import MedicalImaging
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// The embedded pictures of nuclei through `prepare`, compared with the phantom they were written from.
@Suite("Pictures: nuclei, whole and in patches")
struct PictureNucleiTests {
    /// What the phantom says, computed once.
    private static let truth: [String: (NucleiPhantom.Picture, ids: [UInt32], contested: Int)] = {
        var result: [String: (NucleiPhantom.Picture, ids: [UInt32], contested: Int)] = [:]
        for id in NucleiPhantom.caseIDs {
            let picture = NucleiPhantom().makeCase(id)
            let map = PictureOracle.instances(
                picture.outlines, width: picture.width, height: picture.height)
            result[id] = (picture, map.ids, map.contested)
        }
        return result
    }()

    private static func crop(
        _ ids: [UInt32], _ picture: NucleiPhantom.Picture, x: Int, y: Int, side: Int
    ) -> [UInt32] {
        var result: [UInt32] = []
        for row in y..<y + side {
            for column in x..<x + side {
                let isInside = column < picture.width && row < picture.height
                result.append(isInside ? ids[row * picture.width + column] : 0)
            }
        }
        return result
    }

    /// Records must describe the objects of the map, all of them and in order.
    private func check(_ patch: PictureStore.Patch, width: Int, _ where: String) throws {
        let ids = try #require(patch.instances)
        let expected = PictureOracle.extents(ids, width: width)
        #expect(
            patch.records.map(\.component) == expected.keys.sorted().map(Int.init), "\(`where`)")
        for record in patch.records {
            let own = try #require(expected[UInt32(record.component)])
            #expect(record.label == 1)
            #expect(record.area == own.area, "\(`where`), object \(record.component)")
            #expect(record.prompts["box"] == own.box, "\(`where`), object \(record.component)")
            for name in ["centre", "random2"] {
                let points = try #require(record.prompts[name])
                for n in stride(from: 0, to: points.count, by: 2) {
                    let (x, y) = (Int(points[n]), Int(points[n + 1]))
                    #expect(ids[y * width + x] == UInt32(record.component), "\(`where`), \(name)")
                }
            }
        }
    }

    @Test("whole pictures: pixels, masks, object numbers, boxes and contested pixels are right")
    func whole() throws {
        let data = try PictureDataset.nuclei()
        let store = try data.prepare(threads: 2)
        #expect(store.manifest.cases.map(\.id) == NucleiPhantom.caseIDs)
        for id in NucleiPhantom.caseIDs {
            let (picture, ids, contested) = try #require(Self.truth[id])
            let patches = try store.patches(id)
            let patch = try #require(patches.first)
            #expect(patches.count == 1 && patch.lattice == 0 && patch.origin == [0, 0])
            #expect(patch.rgb == picture.rgb, "\(id)")
            #expect(patch.instances == ids, "\(id)")
            #expect(patch.label == ids.map { $0 == 0 ? 0 : 1 }, "\(id)")
            #expect(patch.contested == contested && contested > 0, "\(id)")
            let covered = Float(ids.count { $0 != 0 })
            #expect(patch.foreground == covered / Float(picture.width * picture.height))
            #expect(patch.tissue == nil && patch.missing == 0)
            try check(patch, width: picture.width, id)
            let description = try store.reader(id).description
            #expect(description.patches?.slideSize == [picture.width, picture.height])
            // The TIFF does not say its pixel size, the annotation does.
            #expect(description.patches?.slideMPP == [0.25, 0.25])
            #expect(description.patches?.rule == "pixel-centre")
        }
    }

    @Test("a region that encloses nothing keeps its number, so that later ones keep theirs")
    func numbers() throws {
        let store = try PictureDataset.nuclei().prepare()
        for id in ["sampleN-0002", "sampleN-0006"] {
            let (picture, _, _) = try #require(Self.truth[id])
            #expect(picture.outlines[7].outer.count == 2)
            let ids = Set(try #require(try store.patches(id).first?.instances))
            #expect(!ids.contains(8) && ids.contains(7) && ids.contains(9))
            #expect(Int(ids.max() ?? 0) == picture.outlines.count)
            let warnings = try #require(store.manifest.cases.first { $0.id == id }?.warnings)
            #expect(
                warnings.contains { $0.contains("1 region encloses nothing and is left out") },
                "\(warnings)")
        }
        let others = store.manifest.cases.filter {
            !["sampleN-0002", "sampleN-0006"].contains($0.id)
        }
        #expect(others.allSatisfy { $0.warnings.isEmpty }, "\(others.map(\.warnings))")
    }

    @Test(
        "patches of 250: every edge rule gives the same maps as the whole picture",
        arguments: PatchRecipe.Edge.allCases.filter { $0 != .centred })
    func patches(edge: PatchRecipe.Edge) throws {
        let data = try PictureDataset.nuclei()
        let store = try data.prepare(threads: 2) {
            $0.lattice = PatchRecipe(patch: 250, stride: 250, edge: edge)
        }
        for id in NucleiPhantom.caseIDs {
            let (picture, ids, _) = try #require(Self.truth[id])
            func starts(_ size: Int) -> [Int] {
                switch edge {
                case .inside: Array(stride(from: 0, through: size - 250, by: 250))
                case .cover:
                    Array(stride(from: 0, through: size - 250, by: 250))
                        + (size % 250 == 0 ? [] : [size - 250])
                default: Array(stride(from: 0, to: size, by: 250))
                }
            }
            let expected = starts(picture.height).flatMap { y in
                starts(picture.width).map { x in SIMD2(x, y) }
            }
            let patches = try store.patches(id)
            #expect(patches.map(\.origin) == expected, "\(id)")
            #expect(patches.map(\.lattice) == Array(expected.indices))
            for patch in patches {
                let (x, y) = (patch.origin.x, patch.origin.y)
                let place = "\(id) at \(x), \(y)"
                let own = Self.crop(ids, picture, x: x, y: y, side: 250)
                #expect(patch.instances == own, "\(place)")
                #expect(patch.label == own.map { $0 == 0 ? 0 : 1 }, "\(place)")
                #expect(
                    patch.rgb
                        == PictureOracle.crop(
                            picture.rgb, width: picture.width, height: picture.height, x: x, y: y,
                            250, 250), "\(place)")
                // Outlines reach over the edge of the picture, labels and counts do not.
                #expect(
                    patch.contested
                        == PictureOracle.instances(
                            picture.outlines, x: x, y: y, width: min(250, picture.width - x),
                            height: min(250, picture.height - y)
                        ).contested, "\(place)")
                try check(patch, width: 250, place)
            }
        }
    }

    @Test("patches that cover a picture put it together again, pixels and objects")
    func reassembled() throws {
        let data = try PictureDataset.nuclei()
        data.cases = ["sampleN-0001"]
        let (picture, ids, _) = try #require(Self.truth["sampleN-0001"])
        let store = try data.prepare {
            $0.lattice = PatchRecipe(patch: 96, stride: 70, edge: .cover)
        }
        var rgb = [UInt8?](repeating: nil, count: picture.rgb.count)
        var map = [UInt32?](repeating: nil, count: ids.count)
        for patch in try store.patches("sampleN-0001") {
            let numbers = try #require(patch.instances)
            for n in 0..<96 * 96 {
                let place =
                    (patch.origin.y + n / 96) * picture.width + patch.origin.x + n % 96
                #expect(map[place] == nil || map[place] == numbers[n])
                map[place] = numbers[n]
                for channel in 0..<3 { rgb[place * 3 + channel] = patch.rgb[n * 3 + channel] }
            }
        }
        #expect(rgb.compactMap(\.self) == picture.rgb)
        #expect(map.compactMap(\.self) == ids)
    }

    @Test("the rule of outlines decides pixels and is kept with the store")
    func rules() throws {
        let data = try PictureDataset.nuclei()
        data.cases = ["sampleN-0003"]
        var maps: Set<[UInt8]> = []
        for rule in PolygonRule.allCases {
            let store = try data.prepare(to: rule.rawValue) { $0.rule = rule }
            #expect(try store.reader("sampleN-0003").description.patches?.rule == rule.rawValue)
            let patch = try #require(try store.patches("sampleN-0003").first)
            maps.insert(patch.label)
            let window = PatchWindow(width: 512, height: 448)
            let polygons = NucleiPhantom().makeCase("sampleN-0003").outlines
            #expect(patch.label == OutlineRasteriser(polygons, rule: rule).mask(window))
        }
        // With a vertex every few pixels ASAP and its program fill the same ones.
        #expect(maps.count >= PolygonRule.allCases.count - 1)
    }

    @Test("objects of the file, components of the mask, or none at all")
    func instanceKinds() throws {
        let data = try PictureDataset.nuclei()
        data.cases = ["sampleN-0005"]
        let (picture, ids, _) = try #require(Self.truth["sampleN-0005"])
        let mask = ids.map { $0 == 0 ? UInt8(0) : 1 }
        let parts = try data.prepare(to: "components") { $0.instances = .components }
        let patch = try #require(try parts.patches("sampleN-0005").first)
        let found = try #require(patch.instances)
        #expect(patch.label == mask)
        // Two pixels have the same number exactly when a path of neighbours joins them.
        let flood = Self.components(mask, width: picture.width)
        #expect(Set(zip(found, flood).map { [Int($0), $1] }).count == Set(flood).count)
        #expect(Set(found).count == Set(flood).count)
        #expect(Set(flood).count < Set(ids).count, "touching nuclei are one component")
        try check(patch, width: picture.width, "components")

        data.prompts.unit = .component8
        let none = try data.prepare(to: "none") { $0.instances = .none }
        let plain = try #require(try none.patches("sampleN-0005").first)
        #expect(plain.instances == nil && plain.label == mask)
        #expect(plain.records.map(\.area).sorted() == patch.records.map(\.area).sorted())
    }

    /// 8-connected components by flooding; 0 where the mask is 0.
    private static func components(_ mask: [UInt8], width: Int) -> [Int] {
        var result = [Int](repeating: 0, count: mask.count)
        var next = 0
        for start in mask.indices where mask[start] != 0 && result[start] == 0 {
            next += 1
            result[start] = next
            var open = [start]
            while let n = open.popLast() {
                for dy in -1...1 {
                    for dx in -1...1 {
                        let (x, y) = (n % width + dx, n / width + dy)
                        guard x >= 0, x < width, y >= 0, y * width + x < mask.count else {
                            continue
                        }
                        let near = y * width + x
                        if mask[near] != 0, result[near] == 0 {
                            result[near] = next
                            open.append(near)
                        }
                    }
                }
            }
        }
        return result
    }

    @Test("a pixel size given for the files goes before that of the annotation")
    func pixelSize() throws {
        let data = try PictureDataset.nuclei()
        data.cases = ["sampleN-0001"]
        let given = try data.prepare { $0.slideMicronsPerPixel = 0.4 }
        #expect(try given.reader("sampleN-0001").description.patches?.slideMPP == [0.4, 0.4])
        // Half the resolution of the annotation's 0.25, which makes every pixel the mean of four.
        let half = try data.prepare(to: "half") { $0.micronsPerPixel = 0.5 }
        let patch = try #require(try half.patches("sampleN-0001").first)
        let (picture, _, _) = try #require(Self.truth["sampleN-0001"])
        let (width, height) = (picture.width / 2, picture.height / 2)
        #expect(patch.label.count == width * height)
        var wrong = 0
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var sum = 2
                    for n in 0..<4 {
                        let place = (2 * y + n / 2) * picture.width + 2 * x + n % 2
                        sum += Int(picture.rgb[place * 3 + channel])
                    }
                    if patch.rgb[(y * width + x) * 3 + channel] != UInt8(sum / 4) { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
        let mask = PictureOracle.mask(
            areas: picture.outlines.filter { $0.outer.count > 2 }, holes: [], x: 0, y: 0,
            width: width, height: height, scale: 2)
        #expect(patch.label == mask)
    }
}
