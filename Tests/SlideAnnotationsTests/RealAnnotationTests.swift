import MedicalImaging
import Testing

@testable import SlideAnnotations

/// Files that other people made; the numbers were counted with lxml and json when the files were gathered.
@Suite(.enabled(if: AnnotationFixtures.shared != nil, "no shared sample data"))
struct RealAnnotationTests {
    struct MoNuSeg: Sendable {
        var name: String
        var regions: Int
        var vertices: Int
        var micronsPerPixel: Double?
        var low: (Double, Double)
        var high: (Double, Double)
    }

    static let images = [
        MoNuSeg(
            name: "TCGA-AO-A0J2-01A-01-BSA", regions: 356, vertices: 28613,
            micronsPerPixel: 0.2485, low: (0, 0), high: (1000, 999)),
        MoNuSeg(
            name: "TCGA-B0-5710-01Z-00-DX1", regions: 359, vertices: 30069,
            micronsPerPixel: 0.252, low: (-2.925, 3), high: (1002.1, 1001.6)),
        MoNuSeg(
            name: "TCGA-CH-5767-01Z-00-DX1", regions: 294, vertices: 51353,
            micronsPerPixel: 0.252, low: (-2.003, -1.084), high: (1002.1, 1001.9)),
        MoNuSeg(
            name: "TCGA-HC-7209-01A-01-TS1", regions: 325, vertices: 22055,
            micronsPerPixel: 0.2462, low: (1, 1), high: (1001, 999)),
        MoNuSeg(
            name: "TCGA-HT-8564-01Z-00-DX1", regions: 249, vertices: 20810,
            micronsPerPixel: 0.2525, low: (0.907, 2), high: (1000, 999)),
        MoNuSeg(
            name: "TCGA-NH-A8F7-01A-01-TS1", regions: 363, vertices: 81191,
            micronsPerPixel: nil, low: (2.198, 3.5), high: (998.68, 996.04)),
    ]

    @Test(arguments: images)
    func `a MoNuSeg file has its regions vertices pixel size and extent`(_ image: MoNuSeg) throws {
        let found = try AnnotationFixtures.real("monuseg/\(image.name).xml")
        #expect(found.format == .aperioXML)
        #expect(found.regions.count == image.regions)
        #expect(found.regions.map(\.index) == Array(0..<image.regions))
        #expect(found.vertexCount == image.vertices)
        #expect(found.skipped.isEmpty)
        #expect(found.micronsPerPixel == image.micronsPerPixel)
        let bounds = try #require(found.bounds)
        // The extents were noted with five digits.
        #expect(abs(bounds.minimum.x - image.low.0) < 0.05)
        #expect(abs(bounds.minimum.y - image.low.1) < 0.05)
        #expect(abs(bounds.maximum.x - image.high.0) < 0.05)
        #expect(abs(bounds.maximum.y - image.high.1) < 0.05)
        #expect(found.regionsOutside(width: 1000, height: 1000).isEmpty)
    }

    @Test func `an original Camelyon17 file has three tumour polygons with exact vertices`() throws
    {
        let found = try AnnotationFixtures.real("camelyon/patient_004_node_4.xml")
        #expect(found.format == .asapXML)
        #expect(found.regions.map(\.polygon.outer.count) == [8, 15, 12])
        #expect(found.regions.map(\.name) == ["Annotation 0", "Annotation 1", "Annotation 2"])
        #expect(found.groups == ["Tumor"])
        #expect(found.undeclaredGroups.isEmpty)
        #expect(found.groupColors == ["Tumor": AnnotationColor(red: 255, green: 0, blue: 0)])
        #expect(found.regions[0].polygon.outer[0] == PlanePoint(x: 12711.2998, y: 88778.1016))
        let selection = found.selection(
            groups: ["metastases", "tumor", "_0", "_1"],
            backgroundGroups: ["normal", "_2", "exclusion"])
        #expect(selection.foreground.count == 3)
        #expect(selection.background.isEmpty && selection.unlistedGroups.isEmpty)
        // MoNuSeg's images are 1000 pixels wide: this belongs to another image.
        #expect(found.regionsOutside(width: 1000, height: 1000).count == 3)
    }

    @Test(arguments: [("Tumor_103", 7, 0, 992), ("Tumor_107", 2, 3, 493)])
    func `the ASAP and the JSON form of a slide give the same polygons`(
        _ name: String, _ positive: Int, _ negative: Int, _ vertices: Int
    ) throws {
        let asap = try AnnotationFixtures.real("camelyon/derived/\(name).xml")
        let json = try AnnotationFixtures.real("camelyon/ncrf/\(name).json")
        #expect(asap.format == .asapXML && json.format == .ncrfJSON)
        #expect(asap.vertexCount == vertices && json.vertexCount == vertices)
        let groups = ["_0", "_1", "tumor", "metastases"]
        let ours = asap.selection(
            groups: groups, backgroundGroups: ["_2", "exclusion", "normal"])
        let theirs = json.selection(
            groups: groups, backgroundGroups: ["_2", "exclusion", "normal"])
        #expect(ours.foreground.count == positive && ours.background.count == negative)
        #expect(Set(ours.foregroundPolygons) == Set(theirs.foregroundPolygons))
        #expect(Set(ours.backgroundPolygons) == Set(theirs.backgroundPolygons))
        #expect(ours.unlistedGroups.isEmpty && theirs.unlistedGroups.isEmpty)
    }

    @Test(arguments: [
        ("Normal_141", 0, 8, 2140), ("Tumor_101", 8, 0, 3223), ("Tumor_102", 53, 0, 10567),
        ("Tumor_103", 7, 0, 992), ("Tumor_104", 15, 0, 2471), ("Tumor_105", 159, 1, 6674),
        ("Tumor_106", 228, 0, 8852), ("Tumor_107", 2, 3, 493), ("Tumor_108", 13, 1, 4223),
        ("Tumor_109", 20, 0, 2707), ("Tumor_110", 21, 18, 12307),
    ])
    func `an NCRF file has its positive and negative polygons`(
        _ name: String, _ positive: Int, _ negative: Int, _ vertices: Int
    ) throws {
        let found = try AnnotationFixtures.real("camelyon/ncrf/\(name).json")
        #expect(found.regions.count { !$0.isNegative } == positive)
        #expect(found.regions.count { $0.isNegative } == negative)
        #expect(found.vertexCount == vertices)
        #expect(found.skipped.isEmpty)
    }

    @Test(arguments: [
        "monuseg/TCGA-CH-5767-01Z-00-DX1.xml", "camelyon/patient_004_node_4.xml",
        "camelyon/ncrf/Tumor_110.json",
    ])
    func `real regions survive every writer to the bit`(_ name: String) throws {
        let original = try AnnotationFixtures.real(name)
        let polygons = original.regions.map { Self.unclosed($0.polygon) }
        for bytes in [
            GeoJSONWriter.bytes(of: original), ASAPXMLWriter.bytes(of: original),
            AperioXMLWriter.bytes(of: original),
        ] {
            let back = try SlideAnnotation.read(bytes: bytes, named: "back")
            #expect(back.regions.map { Self.unclosed($0.polygon) } == polygons)
            #expect(back.regions.map(\.name) == original.regions.map(\.name))
        }
    }

    /// The polygon without the repeated first vertex, which GeoJSON does not tell from a closed ring.
    private static func unclosed(_ polygon: PlanePolygon) -> PlanePolygon {
        var result = polygon
        if result.outer.count > 1, result.outer.first == result.outer.last {
            result.outer.removeLast()
        }
        return result
    }
}
