internal import MedicalImaging

/// Annotations in JSON: the keys of the root say which form it is.
enum JSONAnnotationReading {
    static func read(
        _ bytes: [UInt8], named name: String, limits: AnnotationLimits
    ) throws(AnnotationError) -> SlideAnnotation {
        let result: Result<SlideAnnotation, AnnotationError> = bytes.withUnsafeBufferPointer {
            var cursor = JSONCursor($0, depthLimit: limits.usableDepth)
            var collector = RegionCollector(limits: limits)
            do throws(Complaint) {
                let format = try recognise(cursor)
                switch format {
                case .ncrfJSON: try NCRFReading.read(&cursor, into: &collector)
                default: try GeoJSONReading.read(&cursor, into: &collector)
                }
                try cursor.endDocument()
                return .success(
                    SlideAnnotation(
                        format: format, regions: collector.regions, groups: collector.groups,
                        groupColors: collector.groupColors, skipped: collector.skipped))
            } catch {
                let region = error.place.isEmpty ? "" : ", \(error.place)"
                return .failure(
                    AnnotationError(
                        error.kind, file: name, place: "line \(cursor.line)\(region)",
                        message: error.message))
            }
        }
        return try result.get()
    }

    /// The form of the document at its start; the cursor is a copy, so nothing is read for good.
    private static func recognise(_ document: JSONCursor) throws(Complaint) -> AnnotationFormat {
        var cursor = document
        // Older QuPath writes a bare list of features.
        if cursor.peek() == UInt8(ascii: "[") { return .geoJSON }
        var members = try cursor.object()
        var found: [String] = []
        while let key = try cursor.nextKey(in: &members) {
            switch key {
            case "positive", "negative": return .ncrfJSON
            case "type", "features", "geometry", "geometries", "coordinates": return .geoJSON
            default: break
            }
            if found.count < 4 { found.append(Complaint.quoted(key)) }
            try cursor.skip()
        }
        let keys = found.isEmpty ? "an empty object" : "the keys " + found.joined(separator: ", ")
        throw Complaint(
            kind: .unsupported,
            message: "found \(keys), expected GeoJSON (type, features) or NCRF JSON (positive, "
                + "negative); name an annotation file")
    }
}

extension JSONCursor {
    /// Reads a vertex: a list of two or more numbers, of which the first two count.
    mutating func vertex(into collector: inout RegionCollector) throws(Complaint) -> PlanePoint {
        var coordinates = try list()
        guard try next(in: &coordinates) else { throw Self.shortVertex }
        let x = try number()
        guard try next(in: &coordinates) else { throw Self.shortVertex }
        let y = try number()
        while try next(in: &coordinates) { _ = try number() }
        return try collector.vertex(x: x, y: y)
    }

    private static var shortVertex: Complaint {
        Complaint(
            message:
                "found a vertex with fewer than two coordinates, expected x and y; correct the "
                + "file or export it anew")
    }

    /// Reads a ring: a list of vertices.
    mutating func ring(into collector: inout RegionCollector) throws(Complaint) -> [PlanePoint] {
        try collector.countRing()
        var ring: [PlanePoint] = []
        var elements = try list()
        while try next(in: &elements) { ring.append(try vertex(into: &collector)) }
        return ring
    }
}
