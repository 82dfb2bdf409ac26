import Foundation
import MedicalImaging
import Testing

@testable import SlideAnnotations

@Suite struct AnnotationWriterTests {
    private let sample = SlideAnnotation(
        format: .asapXML,
        regions: [
            AnnotatedRegion(
                index: 0, name: "a<\"&'\n\u{1}>\u{e4}", group: "Tumor",
                polygon: PlanePolygon(
                    outer: ring(0, 0, 10.5, 0, 10.5, 0.1, 123456.75, 1e-7),
                    holes: [ring(2, 2, 2, 4, 4, 4, 2, 2)])),
            AnnotatedRegion(
                index: 1, group: "no", kind: .rectangle, isNegative: true,
                polygon: PlanePolygon(outer: ring(1, 1, 2, 1, 2, 2, 1, 2))),
            AnnotatedRegion(
                index: 2, group: "Tumor", polygon: PlanePolygon(outer: ring(-1, -1, 3, 0, 0, 3))),
        ], groups: ["Tumor", "no"], parentGroups: ["no": "Tumor"],
        groupColors: ["Tumor": AnnotationColor(red: 1, green: 2, blue: 3)], micronsPerPixel: 0.25)

    @Test func `GeoJSON has the very bytes that QuPath reads`() {
        #expect(
            String(decoding: GeoJSONWriter.bytes(of: sample), as: UTF8.self) == """
                {"type":"FeatureCollection","features":[
                {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[10.5,0],[10.5,0.1],\
                [123456.75,1e-07],[0,0]],[[2,2],[2,4],[4,4],[2,2]]]},"properties":{"objectType":"annotation",\
                "name":"a<\\"&'\\n\\u0001>\u{e4}","classification":{"name":"Tumor","color":[1,2,3]}}},
                {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,2],[1,1]]]},\
                "properties":{"objectType":"annotation","classification":{"name":"no","color":[60,180,75]},\
                "isNegative":true}},
                {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[-1,-1],[3,0],[0,3],[-1,-1]]]},\
                "properties":{"objectType":"annotation","classification":{"name":"Tumor","color":[1,2,3]}}}
                ]}

                """)
    }

    @Test func `GeoJSON is JSON and keeps everything but the kind`() throws {
        let bytes = GeoJSONWriter.bytes(
            of: sample, objectType: .detection,
            colors: ["no": AnnotationColor(red: 9, green: 9, blue: 9)])
        let root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect((root?["features"] as? [Any])?.count == 3)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"objectType\":\"detection\""))
        let back = try SlideAnnotation.read(bytes: bytes, named: "back")
        var expected = sample
        expected.format = .geoJSON
        expected.parentGroups = [:]
        expected.micronsPerPixel = nil
        expected.groupColors["no"] = AnnotationColor(red: 9, green: 9, blue: 9)
        expected.regions[0].polygon.holes[0].removeLast()
        expected.regions[1].kind = .polygon
        #expect(back == expected)
    }

    @Test func `ASAP XML keeps areas and moves holes and negatives to their group`() throws {
        let bytes = ASAPXMLWriter.bytes(of: sample, holeGroup: "_2")
        let back = try SlideAnnotation.read(bytes: bytes, named: "back")
        #expect(back.format == .asapXML)
        #expect(back.groups == ["Tumor", "no", "_2"] && back.undeclaredGroups.isEmpty)
        #expect(back.parentGroups == ["no": "Tumor"])
        #expect(back.regions.map(\.group) == ["Tumor", "_2", "_2", "Tumor"])
        #expect(back.regions.map(\.kind) == [.polygon, .polygon, .rectangle, .polygon])
        // XML cannot hold U+0001.
        #expect(back.regions[0].name == "a<\"&'\n\u{FFFD}>\u{e4}")
        #expect(
            back.regions.map(\.polygon.outer) == [
                sample.regions[0].polygon.outer, sample.regions[0].polygon.holes[0],
                sample.regions[1].polygon.outer, sample.regions[2].polygon.outer,
            ])
        let selection = back.selection(groups: ["tumor"], backgroundGroups: ["_2"])
        #expect(selection.foreground.count == 2 && selection.background.count == 2)
        #expect(selection.unlistedGroups.isEmpty)
    }

    @Test func `Aperio XML keeps the order groups signs and pixel size`() throws {
        let back = try SlideAnnotation.read(
            bytes: AperioXMLWriter.bytes(of: sample), named: "back")
        #expect(back.format == .aperioXML)
        #expect(back.micronsPerPixel == 0.25)
        #expect(back.groups == ["Tumor", "no"])
        #expect(back.groupColors["Tumor"] == AnnotationColor(red: 1, green: 2, blue: 3))
        #expect(back.regions.map(\.group) == ["Tumor", "Tumor", "no", "Tumor"])
        #expect(back.regions.map(\.isNegative) == [false, true, true, false])
        #expect(back.regions.map(\.kind) == [.polygon, .polygon, .rectangle, .polygon])
        #expect(back.regions[3].polygon == sample.regions[2].polygon)
    }

    @Test func `an annotation without regions is written and read by every form`() throws {
        let empty = SlideAnnotation(format: .geoJSON, regions: [])
        for bytes in [
            GeoJSONWriter.bytes(of: empty), ASAPXMLWriter.bytes(of: empty),
            AperioXMLWriter.bytes(of: empty),
        ] {
            #expect(try SlideAnnotation.read(bytes: bytes, named: "empty").regions.isEmpty)
        }
    }

    @Test func `any coordinates survive every form to the bit`() throws {
        var random = SeededNumbers(seed: 3)
        var numbers: [Double] = [0, -0.0, 0.1, 1e9, -1e9, 5e-300, 1 / 3, 123456.789]
        for _ in 0..<2000 { numbers.append(Double.random(in: -1e9...1e9, using: &random)) }
        for _ in 0..<2000 {
            numbers.append(Double.random(in: 0...1e5, using: &random).rounded() / 16)
        }
        let outer = zip(numbers, numbers.reversed()).map { PlanePoint(x: $0, y: $1) }
        let original = SlideAnnotation(
            format: .geoJSON,
            regions: [AnnotatedRegion(index: 0, polygon: PlanePolygon(outer: outer))])
        for bytes in [
            GeoJSONWriter.bytes(of: original), ASAPXMLWriter.bytes(of: original),
            AperioXMLWriter.bytes(of: original),
        ] {
            let back = try SlideAnnotation.read(bytes: bytes, named: "back")
            #expect(back.regions[0].polygon.outer == outer)
        }
    }

    @Test func `colours are read from seven characters only`() {
        #expect(AnnotationColor("#ff0A00")?.description == "#FF0A00")
        for text in ["ff0A00", "#ff0A0", "#ff0A000", "#+f0A00", "#gg0000", ""] {
            #expect(AnnotationColor(text) == nil)
        }
    }
}
