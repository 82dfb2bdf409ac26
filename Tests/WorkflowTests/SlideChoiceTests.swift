import Foundation
import MedicalDatasets
import MedicalImaging
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Choosing patches of several slides together by their share of tumor, and EP-SAM's lattice.
@Suite("Slides: chosen patches")
struct SlideChoiceTests {
    private static func quick(_ patches: inout PatchConfiguration) {
        patches.micronsPerPixel = 1
        patches.lattice = PatchRecipe(patch: 64, tissue: .fraction(0.1))
    }

    private func permille(_ patch: PictureStore.Patch) -> Int {
        let covered = patch.label.count { $0 != 0 }
        return covered * 1000 / patch.label.count
    }

    @Test("bins and negatives are counted over all slides of a part")
    func counts() throws {
        let data = try PictureDataset.slides()
        let all = try data.prepare(to: "all", threads: 2, Self.quick)
        let selection = try PatchSelection("bins=3,range=20..90,negatives=25")
        let some = try data.prepare(to: "some", threads: 2) {
            Self.quick(&$0)
            $0.selection = ["": selection]
        }
        var bins: [Int: Int] = [:]
        var (negatives, before, beforeNegatives) = (0, [Int: Int](), 0)
        for id in SlidePhantom.caseIDs {
            let everything = try all.patches(id)
            let chosen = try some.patches(id)
            let known = Dictionary(uniqueKeysWithValues: everything.map { ($0.lattice, $0) })
            for patch in chosen {
                #expect(known[patch.lattice] == patch, "\(id) \(patch.lattice)")
                let share = permille(patch)
                if patch.foreground == 0 {
                    negatives += 1
                } else {
                    #expect(share > 200 && share < 900, "\(id) \(patch.lattice): \(share)")
                    bins[share / 50, default: 0] += 1
                }
            }
            for patch in everything {
                let share = permille(patch)
                if patch.foreground == 0 {
                    beforeNegatives += 1
                } else if share > 200, share < 900 {
                    before[share / 50, default: 0] += 1
                }
            }
        }
        #expect(negatives == 25 && beforeNegatives > 25)
        #expect(!bins.isEmpty)
        for (bin, count) in before {
            // The ends of the range lie on the ends of bins, so a bin is whole or empty but for the first.
            #expect((bins[bin] ?? 0) <= 3)
            if bin > 4 { #expect(bins[bin] ?? 0 == min(3, count), "bin \(bin)") }
        }
    }

    @Test("the choice is kept in the plan and does not depend on shards, pieces or threads")
    func deterministic() throws {
        let data = try PictureDataset.slides()
        func change(_ patches: inout PatchConfiguration) throws {
            Self.quick(&patches)
            patches.pieceBudget = 16
            patches.selection = ["": try PatchSelection("bins=2,negatives=30")]
        }
        let whole = try data.prepare(to: "whole", change)
        let expected = try PrepareFolder.contents(of: whole.layout.root)
        var layout = whole.layout
        for index in [1, 0, 2] {
            var run = try data.run(to: "shards", change)
            run.shard = (index, 3)
            run.threads = 2
            _ = try run.run()
            layout = run.layout
        }
        try MergeRun(layout: layout).run()
        #expect(try PrepareFolder.contents(of: layout.root) == expected)

        let plan = try PreparePlan.require(layout)
        for id in SlidePhantom.caseIDs {
            let pieces = plan.units.filter { $0.sourceID == id }.compactMap(\.piece)
            #expect(
                try whole.patches(id).map(\.lattice) == pieces.flatMap { $0.selected ?? [-1] })
            #expect(pieces.dropLast().allSatisfy { $0.selected?.count == 16 })
        }
        // Another cutting of the work keeps the same patches; another seed does not.
        let large = try data.prepare(to: "large") {
            try change(&$0)
            $0.pieceBudget = 512
        }
        data.seed = 5
        let other = try data.prepare(to: "other", change)
        var isOther = false
        for id in SlidePhantom.caseIDs {
            #expect(try large.patches(id) == whole.patches(id))
            if try other.patches(id).map(\.lattice) != whole.patches(id).map(\.lattice) {
                isOther = true
            }
        }
        #expect(isOther)
    }

    @Test("a part has its own rule, and a part without one is refused by the option's name")
    func parts() throws {
        let data = try PictureDataset.slides()
        data.split = try DatasetSplit.named("sample-slide-2-1")
        let planned = try data.plan {
            Self.quick(&$0)
            $0.selection = [
                "train": try PatchSelection("positives=3,negatives=2"),
                "test": try PatchSelection("positives=0,negatives=4"),
            ]
        }
        var counts: [String: Int] = [:]
        for unit in planned.plan.units {
            counts[unit.part, default: 0] += try #require(unit.piece?.selected).count
        }
        #expect(counts == ["train": 5, "test": 4])
        #expect(planned.findings.contains { "\($0)".contains("selection of train") })
        let found = failure {
            _ = try data.plan {
                Self.quick(&$0)
                $0.selection = ["train": .all]
            }
        }
        #expect(found.kind == .configuration && found.text.contains("`test`"), "\(found.text)")
        #expect(found.text.hasPrefix("--choose: "), "\(found.text)")
    }

    @Test("EP-SAM's lattice has centred patches and a second lattice between the first")
    func lattice() throws {
        let data = try PictureDataset(
            try DatasetCard.named("camelyon16"))
        let (width, height) = (1536, 1280)
        // Pink tissue in the middle of white glass.
        var rgb = [UInt8](repeating: 245, count: width * height * 3)
        for y in 200..<1100 {
            for x in 250..<1300 {
                let n = (y * width + x) * 3
                (rgb[n], rgb[n + 1], rgb[n + 2]) = (200, UInt8(60 + (x ^ y) % 40), 170)
            }
        }
        try data.write(
            "images/tumor_001.tif",
            try TinyPicture.slide(rgb, width: width, height: height, tile: 256))
        try data.write(
            "annotations/tumor_001.xml",
            TinyPicture.asap([
                ("_0", TinyPicture.box(400, 400, 900, 800)),
                ("_2", TinyPicture.box(500, 500, 600, 600)),
            ]))
        let recipe = try #require(PatchRecipe.epSAM(dataset: "camelyon16"))
        let store = try data.prepare { $0.lattice = recipe }
        let patches = try store.patches("tumor_001")
        // Six and five strides of 256 fit: 30 places of each lattice, rows of the two in turn.
        let across = 6
        for patch in patches {
            let (pair, column) = (patch.lattice / (2 * across), patch.lattice % (2 * across))
            let shift = column < across ? 0 : 128
            #expect(
                patch.origin
                    == [column % across * 256 - 256 + shift, pair * 256 - 256 + shift])
            #expect(
                patch.rgb
                    == PictureOracle.crop(
                        rgb, width: width, height: height, x: patch.origin.x, y: patch.origin.y,
                        512, 512), "\(patch.lattice)")
            let areas = [PlanePolygon(outer: Self.ring(400, 400, 900, 800))]
            let holes = [PlanePolygon(outer: Self.ring(500, 500, 600, 600))]
            #expect(
                patch.label
                    == PictureOracle.mask(
                        areas: areas, holes: holes, x: patch.origin.x, y: patch.origin.y,
                        width: 512, height: 512, scale: 1))
        }
        #expect(
            patches.contains { $0.lattice % 12 < 6 } && patches.contains { $0.lattice % 12 > 5 })
        #expect(patches.count < 60)

        // The share of tumor that decides is that of the middle square of 256, not of the patch.
        let chosen = try data.prepare(to: "chosen") {
            $0.lattice = recipe
            $0.selection = ["": try PatchSelection("range=20..90,negatives=0")]
        }.patches("tumor_001")
        let expected = patches.filter { patch in
            var covered = 0
            for y in 128..<384 {
                for x in 128..<384 where patch.label[y * 512 + x] != 0 { covered += 1 }
            }
            let share = covered * 1000 / 65536
            return share > 200 && share < 900
        }
        #expect(!chosen.isEmpty && chosen == expected)
    }

    @Test("a mask picture chooses the patches that its outlines choose")
    func masks() throws {
        let data = try PictureDataset(try DatasetCard.named("camelyon16"))
        let (width, height) = (600, 400)
        try data.write(
            "images/tumor_001.tif",
            try TinyPicture.slide(
                TinyPicture.rgb(width: width, height: height), width: width, height: height))
        let areas = [PlanePolygon(outer: Self.ring(333, 121, 477, 290))]
        let mask = PictureOracle.mask(
            areas: areas, holes: [], x: 0, y: 0, width: width, height: height, scale: 1)
        try data.write(
            "masks/tumor_001_mask.tif",
            try TinyPicture.slide(mask, width: width, height: height, tile: 64, samples: 1))
        func change(_ patches: inout PatchConfiguration) throws {
            patches.lattice = PatchRecipe(patch: 50)
            patches.tissue = nil
            patches.selection = ["": try PatchSelection("range=20..90,negatives=3")]
        }
        let fromMask = try data.prepare(to: "mask", change).patches("tumor_001")
        try data.write(
            "annotations/tumor_001.xml",
            TinyPicture.asap([("_0", TinyPicture.box(333, 121, 477, 290))]))
        let fromOutlines = try data.prepare(to: "outlines", change).patches("tumor_001")
        #expect(fromMask.map(\.lattice) == fromOutlines.map(\.lattice))
        // 333...477 and 121...290 cut columns 6 and 9 and rows 2 and 5 of the lattice of 12 columns.
        let positive = fromMask.filter { $0.foreground > 0 }
        #expect(positive.count > 4 && fromMask.count == positive.count + 3)
        #expect(positive.allSatisfy { $0.foreground > 0.2 && $0.foreground < 0.9 })
    }

    private static func ring(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> [PlanePoint]
    {
        TinyPicture.box(x0, y0, x1, y1).map { PlanePoint(x: $0.0, y: $0.1) }
    }
}
