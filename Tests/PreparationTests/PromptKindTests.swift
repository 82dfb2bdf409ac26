import Testing

@testable import SamplePreparation

@Suite struct PromptKindTests {
    static let all: [PromptKind] =
        [.centre, .chamferCentre, .box, .exclusiveBox, .nucleusPoint]
        + (1...1000).flatMap { n -> [PromptKind] in
            [.randomPoints(n), .enlargedBox(n), .jitteredBox(n), .backgroundPoints(n)]
        }

    @Test("Every name leads back to its kind")
    func roundTrip() {
        for kind in Self.all { #expect(PromptKind(kind.description) == kind) }
        #expect(
            PromptKind.termProject.map(\.description) == [
                "centre", "random1", "random3", "box", "box+5",
            ])
    }

    @Test(
        "Other names are refused",
        arguments: [
            "", "center", "Centre", "centre ", "centre-chamfer3", "random", "random0", "random1001",
            "random01", "random+1", "random-1", "random 1", "random1.0", "random１", "box+", "box+0",
            "box-5", "box++5", "box~", "box~0", "box~1001", "boxes", "background", "background0",
            "background99999999999999999999", "box-exclusive1", "box-inclusive", "nucleus-point1",
            "nucleus",
        ])
    func refused(name: String) {
        #expect(PromptKind(name) == nil)
    }

    @Test("No two kinds share a random stream")
    func streams() {
        #expect(Set(Self.all.map(\.streamCode)).count == Self.all.count)
    }

    /// Published prompts depend on these numbers: they must never change.
    @Test("Stream codes are FNV-1a of the names")
    func codes() {
        // FNV-1a, 32 bits, computed with the reference parameters 2166136261 and 16777619.
        #expect(PromptKind.randomPoints(1).streamCode == 0x4b70_66a9)
        #expect(PromptKind.jitteredBox(20).streamCode == 0x909b_5956)
        #expect(PromptKind.backgroundPoints(3).streamCode == 0xcd86_19ea)
    }

    @Test("Kinds know what they are")
    func properties() {
        let expected: [(PromptKind, Bool, Int, Bool)] = [
            (.centre, false, 1, false), (.chamferCentre, false, 1, false),
            (.randomPoints(3), false, 3, true), (.box, true, 0, false),
            (.enlargedBox(5), true, 0, false), (.jitteredBox(20), true, 0, true),
            (.backgroundPoints(2), false, 2, true), (.exclusiveBox, true, 0, false),
            (.nucleusPoint, false, 1, true),
        ]
        for (kind, isBox, points, isRandom) in expected {
            #expect(kind.isBox == isBox && kind.pointCount == points && kind.isRandom == isRandom)
        }
    }
}
