internal import MedicalImaging

/// Annotations in GeoJSON (RFC 7946), with the properties that QuPath adds.
///
/// Accepted at the root: a `FeatureCollection`, a `Feature`, a list of features, or a geometry. Every part of a `MultiPolygon` and of a
/// `GeometryCollection` is a region of its own, in order. Inner rings are holes; the closing vertex of a ring is left out.
enum GeoJSONReading {
    /// One geometry, before the properties beside it are known.
    enum Part {
        case polygon([[PlanePoint]])
        case other(reason: String)
    }

    static func read(
        _ cursor: inout JSONCursor, into collector: inout RegionCollector
    ) throws(Complaint) {
        if cursor.peek() == UInt8(ascii: "[") {
            try features(&cursor, into: &collector)
        } else {
            try element(&cursor, isFeature: false, into: &collector)
        }
    }

    private static func features(
        _ cursor: inout JSONCursor, into collector: inout RegionCollector
    ) throws(Complaint) {
        var list = try cursor.list()
        while try cursor.next(in: &list) {
            try element(&cursor, isFeature: true, into: &collector)
        }
    }

    /// Reads a feature, or at the root also a collection of them or a geometry.
    private static func element(
        _ cursor: inout JSONCursor, isFeature: Bool, into collector: inout RegionCollector
    ) throws(Complaint) {
        let place = "region \(collector.nextIndex + 1)"
        do throws(Complaint) {
            let start = start(of: &cursor)
            var properties = FeatureProperties()
            var parts: [Part] = []
            var type: String?
            var sawFeatures = false
            var hasGeometry = false
            var members = try cursor.object()
            while let key = try cursor.nextKey(in: &members) {
                switch key {
                case "type": type = try cursor.string()
                case "features" where !isFeature && !sawFeatures:
                    sawFeatures = true
                    try features(&cursor, into: &collector)
                case "geometry" where !hasGeometry:
                    hasGeometry = true
                    if !cursor.null() { try GeoJSONGeometry.read(&cursor, &parts, &collector) }
                case "properties":
                    if !cursor.null() { properties = try FeatureProperties(&cursor) }
                default: try cursor.skip()
                }
            }
            switch type {
            case "Feature":
                properties.declare(in: &collector)
                if parts.isEmpty {
                    try collector.countRing()
                    parts = [.other(reason: "a feature without a geometry")]
                }
                for part in parts { add(part, properties, to: &collector) }
            case "FeatureCollection" where !isFeature && sawFeatures: break
            case let type? where !isFeature && GeoJSONGeometry.isGeometry(type):
                cursor.go(to: start)
                try GeoJSONGeometry.read(&cursor, &parts, &collector)
                for part in parts { add(part, properties, to: &collector) }
            default: throw wrongType(type, isFeature: isFeature)
            }
        } catch {
            throw isFeature ? error.placed(at: place) : error
        }
    }

    private static func start(of cursor: inout JSONCursor) -> Int {
        _ = cursor.peek()
        return cursor.place
    }

    private static func wrongType(_ type: String?, isFeature: Bool) -> Complaint {
        let found = type.map { "the type \(Complaint.quoted($0))" } ?? "no type"
        let expected =
            isFeature ? "Feature" : "FeatureCollection with features, Feature, or a geometry"
        return Complaint(
            kind: .unsupported,
            message: "found \(found), expected \(expected); export the annotations as GeoJSON")
    }

    private static func add(
        _ part: Part, _ properties: FeatureProperties, to collector: inout RegionCollector
    ) {
        switch part {
        case .other(let reason): collector.skip(name: properties.name, reason: reason)
        case .polygon(let rings):
            collector.add(
                name: properties.name, group: properties.group,
                isNegative: properties.isNegative, outer: rings.first ?? [],
                holes: Array(rings.dropFirst()))
        }
    }
}
