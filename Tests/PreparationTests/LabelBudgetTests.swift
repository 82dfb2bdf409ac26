import Foundation
import Testing

@testable import SamplePreparation

@Suite struct LabelBudgetTests {
    static let images = (0..<24).map {
        LabelBudgetPlan.Image(id: "TCGA-\($0)", width: 1000, height: 1000)
    }

    @Test("4 % keeps one region of 200x200 in each of 24 images, exactly 4 %")
    func fourPercent() throws {
        let plan = try LabelBudget("4%").plan(Self.images, seed: 1)
        #expect(plan.fraction == 0.04)
        #expect(plan.keptPixels == 960_000 && plan.pixels == 24_000_000)
        #expect(plan.kept.count == 24)
        #expect(plan.kept.values.allSatisfy { $0.count == 1 })
        for rectangle in plan.kept.values.flatMap({ $0 }) {
            #expect(rectangle.width == 200 && rectangle.height == 200)
            #expect((0...800).contains(rectangle.x) && (0...800).contains(rectangle.y))
        }
        #expect(Set(plan.kept.values.map { $0[0] }).count > 20)
    }

    @Test("0.5 % keeps three regions of three images, exactly 0.5 %, the others empty")
    func halfPercent() throws {
        let plan = try LabelBudget("0.5%").plan(Self.images, seed: 1)
        #expect(plan.fraction == 0.005)
        #expect(plan.kept.count == 24)
        #expect(plan.kept.values.count { $0.count == 1 } == 3)
        #expect(plan.kept.values.count { $0.isEmpty } == 21)
        let chosen = (0..<40 as Range<UInt64>).map { seed -> [String] in
            let plan = try? LabelBudget.halfPercent.plan(Self.images, seed: seed)
            return (plan?.kept.filter { !$0.value.isEmpty }.keys.sorted()) ?? []
        }
        #expect(Set(chosen).count > 30)
        #expect(Set(chosen.joined()).count == 24)
    }

    @Test("Regions depend on the seed and the case alone, not on the order of images")
    func orderDoesNotMatter() throws {
        for text in ["4%", "0.5%", "regions=7,side=90,images=3"] {
            let budget = try LabelBudget(text)
            let plan = try budget.plan(Self.images, seed: 9)
            #expect(try budget.plan(Self.images.reversed(), seed: 9) == plan)
            #expect(try budget.plan(Self.images, seed: 10) != plan)
        }
        let all = try LabelBudget.fourPercent.plan(Self.images, seed: 9)
        let some = try LabelBudget.fourPercent.plan(Array(Self.images.prefix(5)), seed: 9)
        for (id, rectangles) in some.kept { #expect(all.kept[id] == rectangles) }
        // the 0.5 % regions are those of the 4 % setting
        let few = try LabelBudget.halfPercent.plan(Self.images, seed: 9)
        for (id, rectangles) in few.kept where !rectangles.isEmpty {
            #expect(all.kept[id] == rectangles)
        }
    }

    @Test("Regions are dealt out in turn and do not overlap")
    func regionsDoNotOverlap() throws {
        let plan = try LabelBudget("regions=50,side=150,images=4").plan(Self.images, seed: 3)
        let counts = plan.kept.values.map(\.count).sorted()
        #expect(counts.suffix(4) == [12, 12, 13, 13] && counts.prefix(20).allSatisfy { $0 == 0 })
        for rectangles in plan.kept.values {
            for (n, one) in rectangles.enumerated() {
                for other in rectangles.dropFirst(n + 1) { #expect(!one.overlaps(other)) }
            }
        }
        #expect(plan.keptPixels == 50 * 150 * 150)
        #expect(throws: PatchError.self) {
            try LabelBudget("regions=30,side=500,images=1").plan(Self.images, seed: 3)
        }
    }

    @Test("Positions reach both ends and nothing beyond")
    func positionsReachBothEnds() throws {
        let image = [LabelBudgetPlan.Image(id: "a", width: 202, height: 200)]
        let found = try (0..<60 as Range<UInt64>).map { seed in
            try LabelBudget.fourPercent.plan(image, seed: seed).kept["a"]
        }
        #expect(
            Set(found)
                == Set(
                    (0...2).map { [PixelRectangle(x: $0, y: 0, width: 200, height: 200)] }))
    }

    @Test("Everything outside the kept regions becomes zero, in images and in instance maps")
    func blanking() {
        let kept = [
            PixelRectangle(x: 1, y: 1, width: 2, height: 1),
            PixelRectangle(x: 3, y: 2, width: 9, height: 9),
        ]
        var rgb = (1...60).map { UInt8($0) }
        LabelBudgetPlan.blank(&rgb, width: 5, height: 4, channels: 3, keeping: kept)
        for n in 0..<60 {
            let (y, x) = (n / 15, n / 3 % 5)
            let stays = (y == 1 && (1...2).contains(x)) || (y >= 2 && x >= 3)
            #expect(rgb[n] == (stays ? UInt8(n + 1) : 0))
        }
        var ids = (1...20).map { UInt32($0) }
        LabelBudgetPlan.blank(&ids, width: 5, height: 4, keeping: [])
        #expect(ids.allSatisfy { $0 == 0 })
        var same = (1...20).map { UInt16($0) }
        LabelBudgetPlan.blank(
            &same, width: 5, height: 4,
            keeping: [PixelRectangle(x: -3, y: -2, width: 50, height: 60)])
        #expect(same == (1...20).map { UInt16($0) })
        LabelBudgetPlan.blank(
            &same, width: 5, height: 4, keeping: [PixelRectangle(x: 2, y: 7, width: 5, height: 5)])
        #expect(same.allSatisfy { $0 == 0 })
    }

    @Test("Budgets and plans are read back")
    func roundTrip() throws {
        for text in [
            "4%", "0.5%", "regions=5,side=64,images=2", "regions=all,side=100,images=6",
            "regions=9,side=200,images=all",
        ] {
            let budget = try LabelBudget(text)
            #expect(budget.description == text)
            let data = try JSONEncoder().encode(budget)
            #expect(try JSONDecoder().decode(LabelBudget.self, from: data) == budget)
        }
        #expect(try LabelBudget("regions=3,images=3") == .halfPercent)
        #expect(try LabelBudget("regions=5,images=2").side == 200)
        let plan = try LabelBudget.fourPercent.plan(Self.images, seed: 2)
        let data = try JSONEncoder().encode(plan)
        #expect(try JSONDecoder().decode(LabelBudgetPlan.self, from: data) == plan)
        let spread = try LabelBudget("regions=9,images=all").plan(Self.images, seed: 2)
        #expect(spread.kept.values.count { $0.count == 1 } == 9)
    }

    @Test(
        "Words that mean nothing are refused",
        arguments: [
            "", "4", "5%", "4 %", "regions", "regions=0", "regions=2,images=3", "side=0",
            "side=all",
            "side=99999999", "images=-1", "regions=3,images=3,", "patches=3",
        ])
    func nonsenseIsRefused(_ text: String) {
        let error = #expect(throws: PatchError.self) { try LabelBudget(text) }
        #expect(error?.description.contains("\n") == false)
    }

    @Test("Images that do not fit are refused with their name")
    func imagesThatDoNotFit() throws {
        func refuse(_ text: String, _ images: [LabelBudgetPlan.Image], _ words: String) throws {
            let budget = try LabelBudget(text)
            let error = #expect(throws: PatchError.self) { try budget.plan(images, seed: 1) }
            #expect(error?.description.contains(words) == true)
        }
        let good = LabelBudgetPlan.Image(id: "good", width: 300, height: 300)
        try refuse("4%", [], "0 images")
        try refuse("0.5%", [good], "expected at least 3")
        try refuse("4%", [good, good], "good twice")
        try refuse("4%", [.init(id: "small", width: 300, height: 199)], "small: found 300x199")
        try refuse("4%", [.init(id: "none", width: 0, height: 300)], "none: found 0x300")
        try refuse("4%", [.init(id: "huge", width: .max, height: .max)], "huge")
    }
}
