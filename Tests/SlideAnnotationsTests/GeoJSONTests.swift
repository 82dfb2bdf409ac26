import MedicalImaging
import Testing

@testable import SlideAnnotations

@Suite struct GeoJSONTests {
    static let square = "[[0,0],[10,0],[10,10],[0,10],[0,0]]"
    static let hole = "[[2,2],[2,4],[4,4],[2,2]]"
    static let area = PlanePolygon(
        outer: ring(0, 0, 10, 0, 10, 10, 0, 10), holes: [ring(2, 2, 2, 4, 4, 4)])

    static func feature(_ geometry: String, _ properties: String = "{}") -> String {
        "{\"type\":\"Feature\",\"id\":\"x\",\"geometry\":\(geometry),\"properties\":\(properties)}"
    }

    static let polygon = "{\"type\":\"Polygon\",\"coordinates\":[\(square),\(hole)]}"

    @Test func `a collection as QuPath writes it gives classes colours names and holes`() throws {
        let properties =
            "{\"objectType\":\"annotation\",\"name\":\"n\\u00fc \\ud83d\\ude00\",\"classification\":"
            + "{\"name\":\"Tumor\",\"color\":[200,0,10]},\"isLocked\":false,\"measurements\":[]}"
        let text = """
            { "type": "FeatureCollection", "features": [
              \(Self.feature(Self.polygon, properties)),
              \(Self.feature(Self.polygon, "{\"classification\":{\"name\":\"Stroma\",\"colorRGB\":-6895466}}")),
              \(Self.feature(Self.polygon, "{\"classification\":{\"names\":[\"A\",\"B\"]}}")),
              \(Self.feature(Self.polygon, "{\"classification\":\"plain\",\"name\":null}")),
              \(Self.feature(Self.polygon, "null"))
            ] }
            """
        let found = try AnnotationFixtures.read(text)
        #expect(found.format == .geoJSON)
        #expect(found.regions.map(\.polygon) == Array(repeating: Self.area, count: 5))
        #expect(found.regions.map(\.name) == ["n\u{fc} \u{1F600}", "", "", "", ""])
        #expect(found.regions.map(\.group) == ["Tumor", "Stroma", "A: B", "plain", ""])
        #expect(found.groups == ["Tumor", "Stroma", "A: B", "plain"])
        // -6895466 is 0xFF96C896.
        #expect(
            found.groupColors == [
                "Tumor": AnnotationColor(red: 200, green: 0, blue: 10),
                "Stroma": AnnotationColor(red: 0x96, green: 0xC8, blue: 0x96),
            ])
        #expect(found.skipped.isEmpty)
    }

    @Test(arguments: [
        polygon, feature(polygon), "[\(feature(polygon))]", "\u{FEFF} \n\(polygon)\n",
        "{\"type\":\"MultiPolygon\",\"coordinates\":[[\(square),\(hole)]]}",
        "{\"coordinates\":[\(square),\(hole)],\"bbox\":[0,0,1,1],\"type\":\"Polygon\"}",
        "{\"features\":[\(feature(polygon))],\"type\":\"FeatureCollection\"}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[\(polygon)]}",
        "{\"geometries\":[{\"coordinates\":[\(square),\(hole)],\"type\":\"Polygon\"}],"
            + "\"type\":\"GeometryCollection\"}",
        "{\"crs\":{\"a\":[1,{}]},\"geometry\":\(polygon),\"type\":\"Feature\"}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0,7],[10,0,7,8],[1.0e1,10],[0,10]],\(hole)]}",
    ])
    func `every root and every order of keys gives the same polygon`(_ text: String) throws {
        let found = try AnnotationFixtures.read(text)
        #expect(found.regions == [AnnotatedRegion(index: 0, polygon: Self.area)])
    }

    @Test func `parts are regions of their own and what is no area is skipped`() throws {
        let multi =
            "{\"type\":\"MultiPolygon\",\"coordinates\":[[\(Self.square)],[[[1,1],[2,2]]],[\(Self.square)]]}"
        let mixed =
            "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1,2]},"
            + "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]},\(Self.polygon)]}"
        let empty = [
            "null", "{\"type\":\"Polygon\",\"coordinates\":[]}",
            "{\"type\":\"MultiPolygon\",\"coordinates\":[]}",
        ]
        let features = ([multi, mixed] + empty).map { Self.feature($0, "{\"name\":\"f\"}") }
        let found = try AnnotationFixtures.read(
            "{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ","))]}")
        #expect(found.regions.map(\.index) == [0, 2, 5])
        #expect(found.skipped.map(\.index) == [1, 3, 4, 6, 7, 8])
        #expect(
            found.skipped.map(\.reason) == [
                "2 distinct vertices, an area has at least 3", "a Point is not an area",
                "a LineString is not an area", "a feature without a geometry",
                "0 distinct vertices, an area has at least 3", "a MultiPolygon without parts",
            ])
        #expect(found.skipped.allSatisfy { $0.name == "f" })
    }

    @Test func `a hole that encloses nothing is left out`() throws {
        let found = try AnnotationFixtures.read(
            "{\"type\":\"Polygon\",\"coordinates\":[\(Self.square),[[1,1],[1,1],[2,2],[1,1]],\(Self.hole)]}"
        )
        #expect(found.regions[0].polygon == Self.area)
    }

    @Test(arguments: [
        ("{\"type\":\"Topology\"}", "found the type \"Topology\", expected FeatureCollection"),
        ("{\"type\":\"FeatureCollection\"}", "found the type \"FeatureCollection\", expected"),
        (
            "[{\"type\":\"Polygon\",\"coordinates\":[]}]",
            "found the type \"Polygon\", expected Feature"
        ),
        ("[1]", "found `1`, expected an object"),
        ("{\"a\":1,\"b\":[]}", "found the keys \"a\", \"b\", expected GeoJSON"),
        ("{}", "found an empty object, expected GeoJSON"),
        ("{\"type\":\"Polygon\"}", "found no coordinates in a \"Polygon\""),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[1]]]}", "found a vertex with fewer than two"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[1,2]]}", "found `1`, expected a list"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[1,NaN]]]}", "found `N`, expected a number"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":[[[1,-Infinity]]]}",
            "found `-`, expected a number"
        ),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[1,01]]]}", "found `0`, expected a number"),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[1,\"2\"]]]}", "found `\"`, expected a number"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":[[[1,2e9]]]}",
            "found the vertex (1.0, 2000000000.0)"
        ),
        ("{\"type\":\"Polygon\",\"coordinates\":[[[1,1e999]]]}", "found the vertex (1.0, inf)"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":[],\"coordinates\":[]}",
            "found coordinates beside"
        ),
        ("{\"type\":\"Polygon\",\"coordinates\":[]} x", "found `x`, expected the end of the file"),
        (
            "{\"type\":\"Polygon\",\"coordinates\":[],}",
            "found `}`, expected a value after the comma"
        ),
        ("{\"type\":\"Polygon\" \"coordinates\":[]}", "found `\"`, expected a comma or }"),
        ("{\"type\" \"Polygon\"}", "found `\"`, expected a colon"),
        ("{\"type\":\"\\q\"}", "found the escape \\q"),
        ("{\"type\":\"\\ud800x\"}", "found half of a surrogate pair"),
        ("{\"type\":\"Point\",\"coordinates\":tru}", "found `t`, expected a value"),
        ("{\"type\":\"GeometryCollection\",\"coordinates\":[]}", "found coordinates in a geometry"),
    ])
    func `what is not GeoJSON is refused with the reason`(_ text: String, _ message: String) {
        let error = #expect(throws: AnnotationError.self) { try AnnotationFixtures.read(text) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.place.hasPrefix("line 1") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `an error names the line and the region`() {
        let features = [Self.feature(Self.polygon), Self.feature("{\"type\":\"Polygon\"}")]
        let text =
            "{\"type\":\"FeatureCollection\",\"features\":[\n\(features.joined(separator: ",\n"))]}"
        let error = #expect(throws: AnnotationError.self) { try AnnotationFixtures.read(text) }
        #expect(error?.place == "line 3, region 2")
    }

    @Test func `NCRF lists give negatives and degenerate polygons keep their number`() throws {
        let found = try AnnotationFixtures.read(
            "{\"negative\":[{\"name\":\"h\",\"vertices\":[[1,1],[2,1],[1,2]]}],\"note\":{},"
                + "\"positive\":[{\"vertices\":[[1,1],[1,1]]},{\"name\":null,\"vertices\":[[0,0],[9,0],[0,9.5]]}]}"
        )
        #expect(found.format == .ncrfJSON)
        #expect(
            found.regions == [
                AnnotatedRegion(
                    index: 0, name: "h", group: "negative", isNegative: true,
                    polygon: PlanePolygon(outer: ring(1, 1, 2, 1, 1, 2))),
                AnnotatedRegion(
                    index: 2, group: "positive",
                    polygon: PlanePolygon(outer: ring(0, 0, 9, 0, 0, 9.5))),
            ])
        #expect(found.skipped.map(\.index) == [1])
        for text in [
            "{\"positive\":[{}]}", "{\"positive\":{}}", "{\"positive\":[],\"positive\":[]}",
        ] {
            #expect(throws: AnnotationError.self) { try AnnotationFixtures.read(text) }
        }
    }
}
