internal import MedicalImaging

/// Reads the geometries of GeoJSON.
enum GeoJSONGeometry {
    private static let others: Set<String> = [
        "Point", "MultiPoint", "LineString", "MultiLineString",
    ]

    static func isGeometry(_ type: String) -> Bool {
        type == "Polygon" || type == "MultiPolygon" || type == "GeometryCollection"
            || others.contains(type)
    }

    /// Reads a geometry and adds its parts.
    static func read(
        _ cursor: inout JSONCursor, _ parts: inout [GeoJSONReading.Part],
        _ collector: inout RegionCollector
    ) throws(Complaint) {
        var type: String?
        // Coordinates in front of the type are passed over and read when the type is known.
        var later: Int?
        var isRead = false
        var members = try cursor.object()
        while let key = try cursor.nextKey(in: &members) {
            switch key {
            case "type" where type == nil: type = try cursor.string()
            case "coordinates", "geometries":
                guard !isRead, later == nil else {
                    throw Complaint(
                        message: "found \(key) beside other coordinates, expected one list; "
                            + "correct the file or export it anew")
                }
                _ = cursor.peek()
                if let type {
                    isRead = true
                    try contents(type, key, &cursor, &parts, &collector)
                } else {
                    later = cursor.place
                    try cursor.skip()
                }
            default: try cursor.skip()
            }
        }
        if let type, let later {
            let end = cursor.place
            cursor.go(to: later)
            let key = type == "GeometryCollection" ? "geometries" : "coordinates"
            try contents(type, key, &cursor, &parts, &collector)
            cursor.go(to: end)
        } else if !isRead {
            let found = type.map { "no coordinates in a \(Complaint.quoted($0))" } ?? "no type"
            throw Complaint(
                message: "found \(found), expected a geometry with its type and coordinates; "
                    + "correct the file or export it anew")
        }
    }

    private static func contents(
        _ type: String, _ key: String, _ cursor: inout JSONCursor,
        _ parts: inout [GeoJSONReading.Part], _ collector: inout RegionCollector
    ) throws(Complaint) {
        switch (type, key) {
        case ("Polygon", "coordinates"):
            parts.append(try polygon(&cursor, &collector))
        case ("MultiPolygon", "coordinates"):
            var list = try cursor.list()
            let before = parts.count
            while try cursor.next(in: &list) { parts.append(try polygon(&cursor, &collector)) }
            if parts.count == before {
                try collector.countRing()
                parts.append(.other(reason: "a MultiPolygon without parts"))
            }
        case ("GeometryCollection", "geometries"):
            var list = try cursor.list()
            while try cursor.next(in: &list) { try read(&cursor, &parts, &collector) }
        case (let type, "coordinates") where others.contains(type):
            try collector.countRing()
            try cursor.skip()
            parts.append(.other(reason: "a \(type) is not an area"))
        default:
            throw Complaint(
                kind: .unsupported,
                message: "found \(key) in a geometry of type \(Complaint.quoted(type)), expected a "
                    + "Polygon, MultiPolygon or GeometryCollection; export the annotations again")
        }
    }

    private static func polygon(
        _ cursor: inout JSONCursor, _ collector: inout RegionCollector
    ) throws(Complaint) -> GeoJSONReading.Part {
        var rings: [[PlanePoint]] = []
        var list = try cursor.list()
        while try cursor.next(in: &list) {
            var ring = try cursor.ring(into: &collector)
            if ring.count > 1, ring.first == ring.last { ring.removeLast() }
            rings.append(ring)
        }
        if rings.isEmpty { try collector.countRing() }
        return .polygon(rings)
    }
}
