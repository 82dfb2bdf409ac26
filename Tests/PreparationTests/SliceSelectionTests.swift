import MedicalImaging
import SamplePreparation
import Testing

@Suite struct SliceSelectionTests {
    private let areas = [0, 0, 3, 0, 0, 0, 10, 1, 0]

    @Test("Every slice is kept, empty ones too")
    func all() {
        #expect(SliceSelection(.all).indices(labelledAreas: areas) == Array(0..<9))
        #expect(SliceSelection(.all, margin: 3).indices(labelledAreas: areas) == Array(0..<9))
        #expect(SliceSelection(.all).indices(labelledAreas: []) == [])
    }

    @Test(
        "Slices with enough pixels are kept",
        arguments: [
            (-1, [2, 6, 7]), (0, [2, 6, 7]), (1, [2, 6, 7]), (2, [2, 6]), (3, [2, 6]), (4, [6]),
            (10, [6]), (11, []), (Int.max, []),
        ])
    func minimumArea(minimum: Int, kept: [Int]) {
        #expect(
            SliceSelection(.labelled(minimumArea: minimum)).indices(labelledAreas: areas) == kept)
    }

    @Test(
        "A margin adds neighbours, once, and stops at the ends",
        arguments: [
            (-4, [2, 6, 7]), (0, [2, 6, 7]), (1, [1, 2, 3, 5, 6, 7, 8]),
            (2, [0, 1, 2, 3, 4, 5, 6, 7, 8]), (Int.max, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
            (Int.min, [2, 6, 7]),
        ])
    func margin(margin: Int, kept: [Int]) {
        let selection = SliceSelection(.labelled(minimumArea: 1), margin: margin)
        #expect(selection.indices(labelledAreas: areas) == kept)
    }

    @Test("Without labels nothing is kept, whatever the margin")
    func empty() {
        let selection = SliceSelection(.labelled(minimumArea: 1), margin: 5)
        #expect(selection.indices(labelledAreas: [0, 0, 0]) == [])
        #expect(selection.indices(labelledAreas: []) == [])
    }
}
