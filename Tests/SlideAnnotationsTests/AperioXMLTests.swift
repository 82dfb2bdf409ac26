import MedicalImaging
import Testing

@testable import SlideAnnotations

@Suite struct AperioXMLTests {
    /// A document of one layer with these regions.
    static func document(_ regions: String) -> String {
        "<Annotations MicronsPerPixel=\"0.25\"><Annotation Id=\"1\" Name=\"L\"><Regions>\(regions)"
            + "</Regions></Annotation></Annotations>"
    }

    static func region(_ attributes: String, _ vertices: [(String, String)]) -> String {
        "<Region \(attributes)><Attributes/><Vertices>"
            + vertices.map { "<Vertex X=\"\($0.0)\" Y=\"\($0.1)\" Z=\"0\"/>" }.joined()
            + "</Vertices></Region>"
    }

    static let triangle = [("0", "0"), ("4.5", "0"), ("0", "3")]

    @Test func `layers are groups and regions count through all of them`() throws {
        let text =
            "<Annotations MicronsPerPixel=\"0.252\"><Annotation Name=\"nuclei\" LineColor=\"65280\">"
            + "<Regions>" + Self.region("Type=\"0\" Text=\"one\" NegativeROA=\"0\"", Self.triangle)
            + "</Regions></Annotation><Annotation Name=\"empty\"/><Annotation Name=\"\"><Regions>"
            + Self.region("Type=\"1\" NegativeROA=\"1\"", Self.triangle)
            + "</Regions></Annotation></Annotations>"
        let found = try AnnotationFixtures.read(text)
        let polygon = PlanePolygon(outer: ring(0, 0, 4.5, 0, 0, 3))
        #expect(
            found
                == SlideAnnotation(
                    format: .aperioXML,
                    regions: [
                        AnnotatedRegion(index: 0, name: "one", group: "nuclei", polygon: polygon),
                        AnnotatedRegion(
                            index: 1, kind: .rectangle, isNegative: true, polygon: polygon),
                    ], groups: ["nuclei", "empty"],
                    groupColors: ["nuclei": AnnotationColor(red: 0, green: 255, blue: 0)],
                    micronsPerPixel: 0.252))
    }

    @Test func `regions that enclose nothing are skipped and the others keep their number`() throws
    {
        let found = try AnnotationFixtures.read(
            Self.document(
                Self.region("Type=\"0\"", []) + Self.region("Type=\"0\"", Self.triangle)
                    + Self.region("Text=\"dot\"", [("1", "1"), ("1", "1"), ("1", "1")])
                    + Self.region("", [("1", "1"), ("2", "1"), ("1", "1"), ("2", "1")])
                    + Self.region("Type=\"2\"", [("1", "1"), ("9", "9")])
                    + Self.region("Type=\"4\"", Self.triangle)
                    + Self.region("Type=\"0\"", Self.triangle)))
        #expect(found.regions.map(\.index) == [1, 6])
        #expect(found.skipped.map(\.index) == [0, 2, 3, 4, 5])
        #expect(
            found.skipped.map(\.reason) == [
                "0 distinct vertices, an area has at least 3",
                "1 distinct vertex, an area has at least 3",
                "2 distinct vertices, an area has at least 3",
                "an ellipse has the corners of its box, not an outline",
                "type \"4\" is not an area",
            ])
        #expect(
            found.skipped[1].description
                == "region 3 \"dot\": 1 distinct vertex, an area has at least 3")
    }

    @Test func `decimal commas references and closed rings are kept as they are meant`() throws {
        let found = try AnnotationFixtures.read(
            Self.document(
                Self.region(
                    "Text=\"a &lt; b\"",
                    [("1,5", "-2,25"), ("123456.75", "0"), ("0", "1e2"), ("1,5", "-2,25")])))
        #expect(found.regions[0].name == "a < b")
        #expect(
            found.regions[0].polygon.outer == ring(1.5, -2.25, 123456.75, 0, 0, 100, 1.5, -2.25))
    }

    @Test(arguments: ["0", "-1", "", "abc", "nan", "1e999"])
    func `a pixel size that means nothing is none`(_ size: String) throws {
        let found = try AnnotationFixtures.read("<Annotations MicronsPerPixel=\"\(size)\"/>")
        #expect(found.micronsPerPixel == nil)
        #expect(found.regions.isEmpty && found.bounds == nil)
    }

    @Test(arguments: [
        (("NaN", "1"), "found X=\"NaN\", expected a decimal number"),
        (("1", "inf"), "found Y=\"inf\", expected a decimal number"),
        (("1", ""), "found Y=\"\", expected a decimal number"),
        (("1e999", "1"), "found the vertex (inf, 1.0), expected pixels of the slide"),
        (("1", "-1000000001"), "found the vertex (1.0, -1000000001.0), expected pixels"),
    ])
    func `coordinates that cannot be meant are refused with their place`(
        _ vertex: (String, String), _ message: String
    ) {
        let text = Self.document(
            Self.region("", Self.triangle) + "\n\n"
                + Self.region("", [("1", "1"), vertex]))
        let error = #expect(throws: AnnotationError.self) { try AnnotationFixtures.read(text) }
        #expect(error?.kind == .damaged)
        #expect(error?.place == "line 3, region 2, vertex 2")
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func `a vertex without a coordinate and nested regions are refused`() {
        for (inside, message) in [
            ("<Region><Vertices><Vertex X=\"1\"/></Vertices></Region>", "found no attribute Y"),
            ("<Region><Region/></Region>", "found a Region inside a Region"),
        ] {
            let error = #expect(throws: AnnotationError.self) {
                try AnnotationFixtures.read(Self.document(inside))
            }
            #expect(error?.message.hasPrefix(message) == true)
            #expect(error?.place == "line 1, region 1, vertex 1")
        }
    }
}
