import MedicalImaging
import Testing

@testable import SlideAnnotations

@Suite struct ASAPXMLTests {
    static func annotation(
        _ attributes: String, _ coordinates: [String]
    ) -> String {
        "<Annotation \(attributes)><Coordinates>"
            + coordinates.map { "<Coordinate \($0) />" }.joined()
            + "</Coordinates></Annotation>"
    }

    static func document(_ annotations: String, groups: String = "") -> String {
        "<?xml version=\"1.0\"?><ASAP_Annotations><Annotations>\(annotations)</Annotations>"
            + "<AnnotationGroups>\(groups)</AnnotationGroups></ASAP_Annotations>"
    }

    static let triangle = [
        "Order=\"0\" X=\"1\" Y=\"2\"", "Order=\"1\" X=\"5\" Y=\"2\"", "Order=\"2\" X=\"1\" Y=\"9\"",
    ]

    @Test func `coordinates are sorted by their order as numbers`() throws {
        let coordinates = (0..<12).map {
            "Order=\"\(($0 * 7) % 12)\" X=\"\(($0 * 7) % 12)\" Y=\"0\""
        }
        let odd = coordinates + ["Order=\"12\" X=\"0\" Y=\"100000.5\""]
        let found = try AnnotationFixtures.read(
            Self.document(Self.annotation("Type=\"Polygon\"", odd)))
        #expect(found.regions[0].polygon.outer.map(\.x) == (0..<12).map(Double.init) + [0])
        #expect(found.regions[0].polygon.outer.last == PlanePoint(x: 0, y: 100_000.5))
    }

    @Test func `coordinates without order keep the order of the document`() throws {
        let found = try AnnotationFixtures.read(
            Self.document(
                Self.annotation("", ["X=\"3\" Y=\"0\"", "X=\"1\" Y=\"0\"", "X=\"2\" Y=\"7,5\""])))
        #expect(found.regions[0].polygon.outer == ring(3, 0, 1, 0, 2, 7.5))
        let error = #expect(throws: AnnotationError.self) {
            try AnnotationFixtures.read(
                Self.document(Self.annotation("", Self.triangle + ["X=\"3\" Y=\"0\""])))
        }
        #expect(error?.message.hasPrefix("found coordinates with and without Order") == true)
    }

    @Test func `areas are read and other types are skipped by name`() throws {
        let types = [
            "Polygon", "Dot", "Spline", "PointSet", "Rectangle", "Measurement", "None", "Cloud",
        ]
        let found = try AnnotationFixtures.read(
            Self.document(
                types.map {
                    Self.annotation("Name=\"\($0) \" Type=\"\($0)\"", Self.triangle)
                }.joined()))
        #expect(found.regions.map(\.index) == [0, 2, 4])
        #expect(found.regions.map(\.kind) == [.polygon, .spline, .rectangle])
        #expect(found.regions.map(\.name) == ["Polygon ", "Spline ", "Rectangle "])
        #expect(found.skipped.map(\.index) == [1, 3, 5, 6, 7])
        #expect(found.skipped[0].reason == "type \"Dot\" is not an area")
        #expect(found.skipped[4].reason == "type \"Cloud\" is not an area")
    }

    @Test func `groups colours and parents are declared and undeclared ones are reported`() throws {
        let found = try AnnotationFixtures.read(
            Self.document(
                Self.annotation("PartOfGroup=\"micro\"", Self.triangle)
                    + Self.annotation("PartOfGroup=\"None\"", Self.triangle)
                    + Self.annotation("PartOfGroup=\"ghost\"", Self.triangle)
                    + Self.annotation("PartOfGroup=\"ghost\"", Self.triangle),
                groups: "<Group Name=\"Metastases\" PartOfGroup=\"None\" Color=\"#0a0B0c\"/>"
                    + "<Group Name=\"micro\" PartOfGroup=\"Metastases\" Color=\"red\"/>"))
        #expect(found.groups == ["Metastases", "micro"])
        #expect(found.parentGroups == ["micro": "Metastases"])
        #expect(
            found.groupColors == ["Metastases": AnnotationColor(red: 10, green: 11, blue: 12)])
        #expect(found.regions.map(\.group) == ["micro", "", "ghost", "ghost"])
        #expect(found.undeclaredGroups == ["ghost"])
    }

    @Test func `a bad order is refused with its place`() {
        let error = #expect(throws: AnnotationError.self) {
            try AnnotationFixtures.read(
                Self.document(
                    Self.annotation("", [Self.triangle[0], "Order=\"x\" X=\"1\" Y=\"1\""])))
        }
        #expect(
            error?.description
                == "case.file: line 1, region 1, vertex 2: found Order=\"x\", expected a decimal "
                + "number; correct the file or export it again")
    }
}
