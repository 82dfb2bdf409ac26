import Foundation
import MedicalDatasets
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Label budgets on the embedded pictures: all but a few regions of the training cases is zero.
@Suite("Pictures: label budgets")
struct PictureBudgetTests {
    private static let train = ["sampleN-0001", "sampleN-0002", "sampleN-0003", "sampleN-0004"]

    private func data() throws -> PictureDataset {
        let data = try PictureDataset.nuclei()
        data.split = try DatasetSplit.named("sample-nuclei-4-1-1")
        return data
    }

    /// The kept rectangles of each case as the plan records them.
    private func kept(_ store: PictureStore) throws -> [String: [PixelRectangle]] {
        var result: [String: [PixelRectangle]] = [:]
        for unit in try PreparePlan.require(store.layout).units {
            result[unit.id] = unit.piece?.kept?.map {
                PixelRectangle(x: $0[0], y: $0[1], width: $0[2], height: $0[3])
            }
        }
        return result
    }

    private func isKept(_ x: Int, _ y: Int, _ rectangles: [PixelRectangle]) -> Bool {
        rectangles.contains {
            x >= $0.x && x < $0.x + $0.width && y >= $0.y && y < $0.y + $0.height
        }
    }

    @Test(
        "image, label and object map are zero outside of the kept regions and unchanged inside",
        arguments: ["4%", "0.5%", "regions=5,side=60,images=2", "regions=7,side=50,images=all"])
    func blanked(budget: String) throws {
        let data = try data()
        let full = try data.prepare(to: "full")
        let store = try data.prepare { $0.labelBudget = try LabelBudget(budget) }
        let kept = try kept(store)
        #expect(kept.keys.sorted() == Self.train)
        let counts = Self.train.map { kept[$0]?.count ?? 0 }.sorted()
        switch budget {
        case "4%": #expect(counts == [1, 1, 1, 1])
        case "0.5%": #expect(counts == [0, 1, 1, 1])
        case "regions=5,side=60,images=2": #expect(counts == [0, 0, 2, 3])
        default: #expect(counts == [1, 2, 2, 2])
        }
        let side = budget.hasSuffix("%") ? 200 : budget.contains("60") ? 60 : 50
        for id in NucleiPhantom.caseIDs {
            let patch = try #require(try store.patches(id).first)
            let before = try #require(try full.patches(id).first)
            guard let rectangles = kept[id] else {
                #expect(patch == before, "\(id) is no training case")
                continue
            }
            #expect(rectangles.allSatisfy { $0.width == side && $0.height == side })
            let width = try store.reader(id).description.columns
            let numbers = try #require(patch.instances)
            let old = try #require(before.instances)
            var wrong = 0
            for n in patch.label.indices {
                let inside = isKept(n % width, n / width, rectangles)
                let pixel = Array(patch.rgb[n * 3..<n * 3 + 3])
                if pixel != (inside ? Array(before.rgb[n * 3..<n * 3 + 3]) : [0, 0, 0]) {
                    wrong += 1
                }
                if patch.label[n] != (inside ? before.label[n] : 0) { wrong += 1 }
                if numbers[n] != (inside ? old[n] : 0) { wrong += 1 }
            }
            #expect(wrong == 0, "\(id)")
            #expect(
                patch.foreground == Float(patch.label.count { $0 != 0 }) / Float(patch.label.count))
            // Prompts are those of what is left.
            let expected = PictureOracle.extents(numbers, width: width)
            #expect(patch.records.map(\.component) == expected.keys.sorted().map(Int.init))
            #expect(patch.records.map(\.area) == expected.keys.sorted().map { expected[$0]?.area })
            #expect((patch.records.isEmpty) == rectangles.isEmpty)
        }
    }

    @Test("regions lie inside of their pictures, apart from each other, and the seed decides where")
    func places() throws {
        var all: [[String: [PixelRectangle]]] = []
        for seed in [0, 0, 1] as [UInt64] {
            let data = try data()
            data.seed = seed
            let planned = try data.plan {
                $0.labelBudget = LabelBudget(regions: 12, images: nil, side: 100)
            }
            #expect(
                planned.findings.contains {
                    "\($0)".contains("12 regions of 100 x 100 pixels in 4 of 4 training images")
                }, "\(planned.findings)")
            var kept: [String: [PixelRectangle]] = [:]
            for unit in planned.plan.units {
                let piece = try #require(unit.piece)
                #expect((piece.kept != nil) == (unit.part == "train"))
                let own = (piece.kept ?? []).map {
                    PixelRectangle(x: $0[0], y: $0[1], width: $0[2], height: $0[3])
                }
                for (n, a) in own.enumerated() {
                    #expect(a.x >= 0 && a.y >= 0 && a.x + 100 <= piece.pictureSize[0])
                    #expect(a.y + 100 <= piece.pictureSize[1])
                    for b in own[..<n] {
                        #expect(abs(a.x - b.x) >= 100 || abs(a.y - b.y) >= 100, "\(unit.id)")
                    }
                }
                kept[unit.id] = own
            }
            all.append(kept)
        }
        #expect(all[0] == all[1] && all[0] != all[2])
        #expect(all[0].values.reduce(0) { $0 + $1.count } == 12)
    }

    @Test("patches share the regions of their picture")
    func patches() throws {
        let data = try data()
        data.cases = ["sampleN-0001", "sampleN-0003"]
        func budget(_ patches: inout PatchConfiguration) {
            patches.labelBudget = LabelBudget(regions: 4, images: nil, side: 90)
        }
        let whole = try data.prepare(to: "whole", budget)
        let cut = try data.prepare(to: "cut") {
            budget(&$0)
            $0.lattice = PatchRecipe(patch: 128, edge: .pad)
        }
        for id in data.cases {
            let picture = try #require(try whole.patches(id).first)
            let width = try whole.reader(id).description.columns
            let height = picture.label.count / width
            for patch in try cut.patches(id) {
                let (x, y) = (patch.origin.x, patch.origin.y)
                // What lies beyond the picture is not kept either.
                #expect(
                    patch.rgb
                        == PictureOracle.crop(
                            picture.rgb, width: width, height: height, x: x, y: y, 128, 128,
                            paint: 0), "\(id) at \(x), \(y)")
            }
        }
    }

    @Test("a budget that the pictures cannot hold is refused, and one without training cases too")
    func refused() throws {
        let large = failure {
            _ = try data().plan {
                $0.labelBudget = LabelBudget(regions: nil, images: nil, side: 600)
            }
        }
        #expect(large.text.contains("label budget: sampleN-000"), "\(large.text)")
        #expect(large.kind == .configuration || large.kind == .usage || large.kind == .data)
        let many = failure {
            _ = try data().plan { $0.labelBudget = LabelBudget(regions: 9, images: 9, side: 20) }
        }
        #expect(many.text.contains("found 4 images, expected at least 9"), "\(many.text)")
        let test = failure {
            let data = try data()
            data.parts = [.test]
            _ = try data.plan { $0.labelBudget = .fourPercent }
        }
        #expect(test.kind == .usage && test.text.contains("no training case"), "\(test.text)")
        #expect(test.text.contains("--part train"))
    }
}
