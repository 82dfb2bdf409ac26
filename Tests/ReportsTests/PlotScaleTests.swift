import Testing

@testable import SegmentationReports

@Suite("The scale of a drawing")
struct PlotScaleTests {
    @Test("round values stand on the axis")
    func roundTicks() {
        let whole = PlotScale(low: 0.1, high: 4.2, start: 0, end: 100).ticks
        #expect(whole == [1, 2, 3, 4])
        #expect(
            PlotScale(low: -7, high: 12, start: 0, end: 1).ticks
                == [-6, -4, -2, 0, 2, 4, 6, 8, 10, 12])
    }

    private static let hostileEnds: [(Double, Double)] = [
        (-1e308, 1e308), (-.infinity, .infinity), (.nan, 1), (0, 0x1p-1074), (0x1p-1074, 0x1p-1073),
        (1e308, 1e308), (-1e308, -1e308), (1e15, 1e15.nextUp), (3, -3), (0, 0x1p-1030),
        (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
    ]

    /// A score file is bytes from outside: any number may stand in it.
    @Test(
        "numbers at the ends of what a double holds end in finite ticks and positions",
        arguments: PlotScaleTests.hostileEnds)
    func hostile(low: Double, high: Double) {
        let scale = PlotScale(low: low, high: high, start: 10, end: 110)
        #expect(scale.ticks.count <= 20)
        for tick in scale.ticks { #expect(tick.isFinite && (10...110) ~= scale.position(tick)) }
        for value in [low, high, 0, .nan, .infinity] {
            #expect((10...110) ~= scale.position(value), "\(value)")
        }
    }
}
