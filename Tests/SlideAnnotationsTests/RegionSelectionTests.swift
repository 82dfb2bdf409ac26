import MedicalImaging
import Testing

@testable import SlideAnnotations

@Suite struct RegionSelectionTests {
    private let triangle = PlanePolygon(outer: ring(0, 0, 4, 0, 0, 4))

    private func annotation(
        _ groups: [String], declared: [String]? = nil, parents: [String: String] = [:]
    ) -> SlideAnnotation {
        SlideAnnotation(
            format: .asapXML,
            regions: groups.enumerated().map { index, group in
                AnnotatedRegion(
                    index: index, name: "Tumor \(index)", group: group, polygon: triangle)
            }, groups: declared, parentGroups: parents)
    }

    @Test func `groups are matched without case and others are reported once`() {
        let found = annotation(["TUMOR", " _2", "", "Artefact", "_0", "artefact", "Artefact"])
            .selection(groups: ["_0", "_1", "tumor"], backgroundGroups: ["_2", "Exclusion"])
        #expect(found.foreground.map(\.index) == [0, 4])
        #expect(found.background.map(\.index) == [1])
        #expect(found.unlisted.map(\.index) == [2, 3, 5, 6])
        #expect(found.unlistedGroups == ["", "Artefact", "artefact"])
        #expect(found.foregroundPolygons == [triangle, triangle])
        #expect(found.backgroundPolygons == [triangle])
    }

    @Test func `a group counts as the group it is part of and rings of groups end`() {
        let found = annotation(
            ["micro", "nano", "a"],
            parents: ["nano": "micro", "micro": "Tumor", "a": "b", "b": "a"]
        ).selection(groups: ["tumor"])
        #expect(found.foreground.map(\.index) == [0, 1])
        #expect(found.unlistedGroups == ["a"])
    }

    @Test func `negative regions are background and names count where no group is declared`() {
        var negative = annotation(["tumor", "tumor"])
        negative.regions[1].isNegative = true
        let found = negative.selection(groups: ["tumor"])
        #expect(found.foreground.map(\.index) == [0] && found.background.map(\.index) == [1])
        let byName = annotation(["", ""]).selection(groups: ["tumor 1"])
        #expect(byName.foreground.map(\.index) == [1])
        #expect(byName.unlistedGroups == ["Tumor 0"])
    }

    @Test func `bounds span all regions and regions of another slide are found`() throws {
        var annotation = annotation(["a", "b"])
        annotation.regions[1].polygon = PlanePolygon(outer: ring(-3, 5, 990, 1016, 7, 8))
        let bounds = try #require(annotation.bounds)
        #expect(bounds.minimum == PlanePoint(x: -3, y: 0))
        #expect(bounds.maximum == PlanePoint(x: 990, y: 1016))
        #expect(annotation.regionsOutside(width: 1000, height: 1000).isEmpty)
        #expect(
            annotation.regionsOutside(width: 1000, height: 1000, margin: 15.9).map(\.index) == [1])
        #expect(annotation.regionsOutside(width: 3, height: 1000, margin: 2).map(\.index) == [1])
        #expect(annotation.regionsOutside(width: 3, height: 3, margin: 0).count == 2)
    }
}
