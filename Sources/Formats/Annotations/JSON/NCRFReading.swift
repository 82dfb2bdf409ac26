internal import MedicalImaging

/// Annotations as the NCRF project stores those of Camelyon16.
///
/// `{"positive": [{"name": ..., "vertices": [[x, y], ...]}, ...], "negative": [...]}`: tumour, and what is cut out of it.
enum NCRFReading {
    static func read(
        _ cursor: inout JSONCursor, into collector: inout RegionCollector
    ) throws(Complaint) {
        var lists = try cursor.object()
        var seen: Set<String> = []
        while let key = try cursor.nextKey(in: &lists) {
            guard key == "positive" || key == "negative" else {
                try cursor.skip()
                continue
            }
            guard seen.insert(key).inserted else {
                throw Complaint(
                    message: "found the list \(Complaint.quoted(key)) twice, expected it once; "
                        + "correct the file or export it anew")
            }
            collector.declare(key)
            var regions = try cursor.list()
            while try cursor.next(in: &regions) {
                let place = "region \(collector.nextIndex + 1)"
                do throws(Complaint) {
                    try region(&cursor, list: key, into: &collector)
                } catch {
                    throw error.placed(at: place)
                }
            }
        }
    }

    private static func region(
        _ cursor: inout JSONCursor, list: String, into collector: inout RegionCollector
    ) throws(Complaint) {
        var name = ""
        var outer: [PlanePoint]?
        var members = try cursor.object()
        while let key = try cursor.nextKey(in: &members) {
            switch key {
            case "name": name = cursor.null() ? "" : try cursor.string()
            case "vertices" where outer == nil: outer = try cursor.ring(into: &collector)
            default: try cursor.skip()
            }
        }
        guard let outer else {
            throw Complaint(
                message:
                    "found no vertices, expected a list of them; correct the file or export it anew"
            )
        }
        collector.add(name: name, group: list, isNegative: list == "negative", outer: outer)
    }
}

extension Complaint {
    /// The same with a place, unless it has one.
    func placed(at place: String) -> Complaint {
        guard self.place.isEmpty else { return self }
        var complaint = self
        complaint.place = place
        return complaint
    }
}
