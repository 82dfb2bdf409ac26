import Foundation
import MedicalDatasets
import MedicalImaging
import SafeFiles
import SamplePreparation
import SampleStore
import Testing
import WholeSlides

@testable import SamdataWorkflow

/// The embedded slides through `prepare`, compared with the slide reader and with outlines filled pixel by pixel.
@Suite("Slides: patches, tissue, tumor")
struct SlidePatchesTests {
    private static let ids = SlidePhantom.caseIDs

    /// The ring polygons of a slide: tumors, and what is cut out of them.
    private static func outlines(
        _ id: String
    ) -> (areas: [PlanePolygon], holes: [PlanePolygon]) {
        let all = SlidePhantom().slide(id).outlines
        return (all.filter(\.isTumor).map(\.polygon), all.filter { !$0.isTumor }.map(\.polygon))
    }

    private func open(_ data: PictureDataset, _ id: String) throws -> WholeSlide {
        try WholeSlide(path: "\(data.root)/images/\(id).tif")
    }

    @Test("patches show the pixels of their places, and tumor without its holes")
    func content() throws {
        let data = try PictureDataset.slides()
        let store = try data.prepare(threads: 2)
        #expect(store.manifest.cases.map(\.id) == Self.ids)
        for id in Self.ids {
            let slide = try open(data, id)
            let size = slide.levels[0]
            let (areas, holes) = Self.outlines(id)
            let patches = try store.patches(id)
            let description = try store.reader(id).description
            let table = try #require(description.patches)
            #expect(table.slideSize == [size.width, size.height])
            #expect(table.slideMPP == [0.5, 0.5] && table.downsample == [1, 1])
            #expect(table.level == 0 && description.instances == nil)
            let columns = size.width / 256
            #expect(patches.count > 20 && patches.count < columns * (size.height / 256))
            var tumor = 0
            for patch in patches {
                let (x, y) = (patch.lattice % columns * 256, patch.lattice / columns * 256)
                #expect(patch.origin == [x, y])
                #expect(
                    try patch.rgb
                        == slide.read(level: 0, x: x, y: y, width: 256, height: 256)
                        .samples, "\(id) \(patch.lattice)")
                let mask = PictureOracle.mask(
                    areas: areas, holes: holes, x: x, y: y, width: 256, height: 256, scale: 1)
                #expect(patch.label == mask, "\(id) \(patch.lattice)")
                #expect(patch.foreground == Float(mask.count { $0 == 1 }) / 65536)
                tumor += mask.count { $0 == 1 }
            }
            #expect((tumor > 0) == !areas.isEmpty)
        }
        // A slide without outlines shows no tumor, and is no mistake.
        let plain = try #require(store.manifest.cases.first { $0.id == "patient_001_node_2" })
        #expect(plain.records == 0 && plain.inputs.map(\.role) == ["image"])
        #expect(plain.warnings.allSatisfy { $0.hasPrefix("tissue: ") }, "\(plain.warnings)")
    }

    @Test("there is a patch in a hole that would be tumor without it")
    func holes() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_001_node_1"]
        let store = try data.prepare {
            $0.lattice = PatchRecipe(patch: 96, tissue: .any)
            $0.tissue = nil
        }
        let (areas, holes) = Self.outlines("patient_001_node_1")
        var cut = 0
        for patch in try store.patches("patient_001_node_1") {
            let (x, y) = (patch.origin.x, patch.origin.y)
            let outer = PictureOracle.mask(
                areas: areas, holes: [], x: x, y: y, width: 96, height: 96, scale: 1)
            let mask = PictureOracle.mask(
                areas: areas, holes: holes, x: x, y: y, width: 96, height: 96, scale: 1)
            #expect(patch.label == mask)
            if !outer.contains(0), !mask.contains(1) { cut += 1 }
        }
        #expect(cut > 0)
    }

    @Test("the least tissue decides which patches are kept, by the mask of the whole slide")
    func tissue() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_001_node_1"]
        let all = try data.prepare(to: "all") {
            $0.lattice = PatchRecipe(patch: 256, tissue: .fraction(0))
        }.patches("patient_001_node_1")
        #expect(all.count == 16 * 12)
        let fractions = try all.map { try #require($0.tissue) }
        #expect(fractions.min() == 0 && fractions.max() ?? 0 > 0.95)
        for least in [0.1, 0.5, 0.9] {
            let some = try data.prepare(to: "\(least)") {
                $0.lattice = PatchRecipe(patch: 256, tissue: .fraction(least))
            }.patches("patient_001_node_1")
            #expect(some == all.filter { Double($0.tissue ?? 0) >= least })
            #expect(some.count > 0 && some.count < all.count)
        }
        let none = try data.prepare(to: "none") {
            $0.lattice = PatchRecipe(patch: 256, tissue: .any)
            $0.tissue = nil
        }
        #expect(try none.patches("patient_001_node_1").map(\.lattice) == Array(0..<192))
        #expect(try none.patches("patient_001_node_1").allSatisfy { $0.tissue == nil })
    }

    @Test("1 micrometre per pixel reads level 1 as it is")
    func level() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_002_node_1"]
        for (name, change) in [
            ("mpp", { $0.micronsPerPixel = 1 }), ("near", { $0.micronsPerPixel = 0.97 }),
            ("level", { $0.level = 1 }),
        ] as [(String, (inout PatchConfiguration) -> Void)] {
            let store = try data.prepare(to: name, change)
            let slide = try open(data, "patient_002_node_1")
            let table = try #require(
                try store.reader("patient_002_node_1").description.patches)
            #expect(table.level == 1 && table.downsample == [2, 2])
            let (areas, holes) = Self.outlines("patient_002_node_1")
            let patches = try store.patches("patient_002_node_1")
            #expect(patches.count > 10)
            for patch in patches {
                let (x, y) = (patch.lattice % 6 * 256, patch.lattice / 6 * 256)
                #expect(patch.origin == [2 * x, 2 * y])
                #expect(
                    try patch.rgb
                        == slide.read(level: 1, x: x, y: y, width: 256, height: 256)
                        .samples)
                #expect(
                    patch.label
                        == PictureOracle.mask(
                            areas: areas, holes: holes, x: x, y: y, width: 256, height: 256,
                            scale: 2))
            }
        }
    }

    @Test("0.75 micrometres per pixel averages level 0 down by one and a half")
    func resampled() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_002_node_1"]
        let store = try data.prepare { $0.micronsPerPixel = 0.75 }
        let table = try #require(try store.reader("patient_002_node_1").description.patches)
        #expect(table.level == 0 && table.downsample == [1.5, 1.5])
        let slide = try open(data, "patient_002_node_1")
        let (areas, holes) = Self.outlines("patient_002_node_1")
        // 3500 / 1.5 is 2333 pixels: nine patches across.
        for (n, patch) in try store.patches("patient_002_node_1").enumerated() {
            let (x, y) = (patch.lattice % 9 * 256, patch.lattice / 9 * 256)
            #expect(patch.origin == [x * 3 / 2, y * 3 / 2])
            #expect(
                patch.label
                    == PictureOracle.mask(
                        areas: areas, holes: holes, x: x, y: y, width: 256, height: 256,
                        scale: 1.5), "\(patch.lattice)")
            guard n % 8 == 0 else { continue }
            let source = try slide.read(
                level: 0, x: x * 3 / 2, y: y * 3 / 2, width: 384, height: 384
            ).samples
            // Two pixels of the result lie over three of level 0: the middle one belongs half to each.
            var worst = 0
            for row in 0..<256 {
                for column in 0..<256 {
                    for channel in 0..<3 {
                        var sum = 0
                        for i in 0..<3 {
                            for j in 0..<3 {
                                let wi = i == 1 ? 1 : (row % 2 == 0) == (i == 0) ? 2 : 0
                                let wj = j == 1 ? 1 : (column % 2 == 0) == (j == 0) ? 2 : 0
                                let place =
                                    (row / 2 * 3 + i) * 384 + column / 2 * 3 + j
                                sum += wi * wj * Int(source[place * 3 + channel])
                            }
                        }
                        let mean = (2 * sum + 9) / 18
                        let found = Int(patch.rgb[(row * 256 + column) * 3 + channel])
                        worst = max(worst, abs(found - mean))
                    }
                }
            }
            #expect(worst <= 1, "\(patch.lattice)")
        }
    }

    @Test("beyond the picture there is background, of the colour asked for")
    func background() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_002_node_1"]
        let store = try data.prepare {
            $0.lattice = PatchRecipe(patch: 1024, edge: .pad)
            $0.tissue = nil
            $0.background = [1, 2, 3]
        }
        let slide = try open(data, "patient_002_node_1")
        let patches = try store.patches("patient_002_node_1")
        #expect(patches.count == 12)
        let last = try #require(patches.last)
        #expect(last.origin == [3072, 2048])
        let inside = try slide.read(level: 0, x: 3072, y: 2048, width: 428, height: 652).samples
        for row in stride(from: 0, to: 1024, by: 3) {
            for column in stride(from: 0, to: 1024, by: 5) {
                let found = Array(
                    last.rgb[(row * 1024 + column) * 3..<(row * 1024 + column) * 3 + 3])
                if row < 652, column < 428 {
                    let start = (row * 428 + column) * 3
                    #expect(found == Array(inside[start..<start + 3]))
                } else {
                    #expect(found == [1, 2, 3])
                }
            }
        }
    }

    @Test("a slide smaller than a patch is said so and gives no patch, or a padded one")
    func small() throws {
        let data = try PictureDataset.slides()
        data.cases = ["patient_001_node_2"]
        let planned = try data.plan { $0.lattice = PatchRecipe(patch: 4096) }
        #expect(
            planned.findings.contains {
                $0.severity == .warning && $0.line.contains("smaller than a patch of 4096")
                    && $0.line.contains("--edge pad")
            }, "\(planned.findings)")
        let store = try data.prepare { $0.lattice = PatchRecipe(patch: 4096) }
        #expect(try store.patches("patient_001_node_2").isEmpty)
        #expect(try VerifyRun(layout: store.layout).run().problems == [])
    }

    @Test("a level or a pixel size that the slide does not have is refused with what it has")
    func noLevel() throws {
        let data = try PictureDataset.slides()
        let deep = failure { _ = try data.plan { $0.level = 9 } }
        #expect(deep.kind == .data)
        #expect(deep.text.contains("found 5 levels, expected one numbered 9"), "\(deep.text)")
        let fine = failure { _ = try data.plan { $0.micronsPerPixel = 0.2 } }
        #expect(fine.kind != nil && fine.text.contains("0.5"), "\(fine.text)")
        #expect(!fine.text.contains("\n"))
    }
}
