import Foundation
import MedicalImaging
import Testing

@testable import SlideAnnotations

@Suite struct HostileAnnotationTests {
    @Test(arguments: [
        ("", "found an empty file"), ("hello", "found bytes that start neither XML nor JSON"),
        ("II*\u{0}", "found bytes that start neither"),
        ("<svg/>", "found the root element \"svg\", expected Annotations"),
        ("<svg k=\"&amp;\"/>", "found the root element \"svg\", expected Annotations"),
        ("<!DOCTYPE a [<!ENTITY e \"x\">]><Annotations/>", "found a document type declaration"),
        ("<Annotations><!DOCTYPE a></Annotations>", "found not well-formed (invalid token)"),
        ("<Annotations>", "found no element found"),
        ("<Annotations><a></Annotations>", "found mis"),
        ("<Annotations>" + String(repeating: "<a>", count: 99), "found more than 32 elements"),
        ("{\"a\":" + String(repeating: "[", count: 99), "found more than 32 lists or objects"),
        ("[", "found the end of the file"), ("{\"type\":\"", "found the end of the file"),
    ])
    func `what is no annotation file is refused on one line with the next step`(
        _ text: String, _ message: String
    ) {
        let error = #expect(throws: AnnotationError.self) { try AnnotationFixtures.read(text) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("expected") == true)
        #expect(error?.message.contains(";") == true)
        #expect(error?.description.contains("\n") == false)
    }

    static let small: [(AnnotationFormat, String)] = [
        (
            .aperioXML,
            AperioXMLTests.document(
                AperioXMLTests.region("Text=\"a\"", AperioXMLTests.triangle)
                    + AperioXMLTests.region("", AperioXMLTests.triangle))
        ),
        (
            .asapXML,
            ASAPXMLTests.document(
                ASAPXMLTests.annotation("PartOfGroup=\"g\"", ASAPXMLTests.triangle)
                    + ASAPXMLTests.annotation("", ASAPXMLTests.triangle),
                groups: "<Group Name=\"g\"/>")
        ),
        (
            .geoJSON,
            "["
                + GeoJSONTests.feature(
                    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[0,1]]]}")
                + ","
                + GeoJSONTests.feature(
                    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[0,1]]]}")
                + "]"
        ),
        (
            .ncrfJSON,
            "{\"positive\":[{\"vertices\":[[0,0],[1,0],[0,1]]}],\"negative\":[{\"vertices\":[[0,0],[1,0],[0,1]]}]}"
        ),
    ]

    @Test(arguments: small)
    func `each form is told from its contents and its limits hold`(
        _ format: AnnotationFormat, _ text: String
    ) throws {
        let found = try AnnotationFixtures.read(text)
        #expect(found.format == format)
        #expect(found.regions.count == 2 && found.vertexCount == 6)
        var exact = AnnotationLimits()
        exact.bytes = text.utf8.count
        exact.regions = 2
        exact.vertices = 6
        #expect(try AnnotationFixtures.read(text, limits: exact) == found)
        for (shrink, word) in [
            (\AnnotationLimits.bytes, "bytes"), (\.regions, "regions"), (\.vertices, "vertices"),
            (\.depth, "inside each other"),
        ] {
            var limits = exact
            limits[keyPath: shrink] = shrink == \.depth ? 2 : limits[keyPath: shrink] - 1
            let error = #expect(throws: AnnotationError.self, "\(word)") {
                try AnnotationFixtures.read(text, limits: limits)
            }
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
        }
    }

    @Test(arguments: small)
    func `cutting a file anywhere is an error and never a crash`(
        _ format: AnnotationFormat, _ text: String
    ) {
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            #expect(throws: AnnotationError.self, "\(length)") {
                try SlideAnnotation.read(bytes: Array(bytes[..<length]), named: "cut")
            }
        }
    }

    @Test(arguments: small)
    func `changed bytes give regions or an error and finite coordinates only`(
        _ format: AnnotationFormat, _ text: String
    ) {
        var state: UInt64 = 17
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        let original = Array(text.utf8)
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0..<(1 + next() % 4) {
                bytes[next() % bytes.count] =
                    next() % 3 == 0
                    ? UInt8(next() % 256) : original[next() % original.count]
            }
            guard let found = try? SlideAnnotation.read(bytes: bytes, named: "changed") else {
                continue
            }
            for region in found.regions {
                for point in region.polygon.outer + region.polygon.holes.joined() {
                    #expect(abs(point.x) <= 1e9 && abs(point.y) <= 1e9, "\(bytes)")
                }
            }
        }
    }

    @Test func `depth beyond the stack is not reached whatever the limit says`() {
        var limits = AnnotationLimits()
        limits.depth = .max
        let open = String(repeating: "[", count: 1_000_000)
        let error = #expect(throws: AnnotationError.self) {
            try AnnotationFixtures.read("{\"a\":\(open)", limits: limits)
        }
        #expect(error?.message.contains("more than 512") == true)
    }

    @Test func `an error shows control characters of the file as question marks`() {
        let error = #expect(throws: AnnotationError.self) {
            try AnnotationFixtures.read("{\"\\u001b[31m\":1}")
        }
        #expect(error?.description.contains("\"?[31m\"") == true)
    }

    @Test func `a file is read from its path whatever its name and a missing one is an error`()
        throws
    {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("annotation-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("misleading.json").path
        try Data(Self.small[1].1.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try SlideAnnotation.read(path: path).format == .asapXML)
        var limits = AnnotationLimits()
        limits.bytes = 10
        let large = #expect(throws: AnnotationError.self) {
            try SlideAnnotation.read(path: path, limits: limits)
        }
        #expect(large?.kind == .tooLarge)
        let absent = #expect(throws: AnnotationError.self) {
            try SlideAnnotation.read(path: path + ".gone")
        }
        #expect(absent?.kind == .missing)
        let whole = #expect(throws: AnnotationError.self) {
            try SlideAnnotation.read(path: folder.path)
        }
        #expect(whole?.kind == .missing)
    }
}
