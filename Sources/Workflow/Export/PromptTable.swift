import MedicalImaging
import SampleStore

/// The records of a case with their prompts, slice by slice.
struct PromptTable: Sendable {
    /// A record with its prompts by kind.
    struct Row: Sendable {
        var record: StoredRecord
        var boxes: [String: BoxPrompt] = [:]
        var points: [String: [PointPrompt]] = [:]
    }

    /// The kinds that are boxes, sorted by name.
    let boxKinds: [String]
    /// The kinds that are points, sorted by name, with the number of points of each record.
    let pointKinds: [(name: String, count: Int)]

    private let rows: [Int: [Row]]

    /// Reads the records and prompts of a case.
    init(_ reader: CaseFileReader) throws {
        var rows = try reader.records().map { Row(record: $0) }
        var boxKinds: [String] = []
        var pointKinds: [(name: String, count: Int)] = []
        for name in try reader.promptNames() {
            switch try reader.prompts(name).values {
            case .boxes(let boxes):
                try Self.check(
                    boxes.count, rows.count, boxes.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1] }, name,
                    reader)
                boxKinds.append(name)
                for (n, box) in boxes.enumerated() { rows[n].boxes[name] = box }
            case .points(let points):
                try Self.check(
                    points.count, rows.count, points.flatMap { $0.flatMap { [$0.x, $0.y] } }, name,
                    reader)
                pointKinds.append((name, points.first?.count ?? 0))
                for (n, list) in points.enumerated() { rows[n].points[name] = list }
            }
        }
        self.boxKinds = boxKinds
        self.pointKinds = pointKinds
        self.rows = Dictionary(grouping: rows) { $0.record.slice }
    }

    /// The records of one slice.
    subscript(position: Int) -> [Row] { rows[position] ?? [] }

    private static func check(
        _ count: Int, _ expected: Int, _ numbers: [Float], _ name: String, _ reader: CaseFileReader
    ) throws {
        guard count == expected, numbers.allSatisfy(\.isFinite) else {
            throw StoreError.malformed(
                path: reader.path, key: "/prompts/\(name)",
                found: count == expected ? "a coordinate that is no number" : "\(count) entries",
                expected: "finite coordinates for each of \(expected) records")
        }
    }
}

extension PromptTable.Row {
    /// The boxes as JSON: kind to `[x0, y0, x1, y1]`, corners inclusive, as SAM's predictor takes them.
    var boxNumbers: [String: [Float]] {
        boxes.mapValues { [$0.x0, $0.y0, $0.x1, $0.y1] }
    }

    /// The points as JSON: kind to coordinates and SAM's labels.
    var pointNumbers: [String: Points] { points.mapValues(Points.init) }

    /// Points in the two lists SAM's predictor takes.
    struct Points: Encodable, Sendable {
        /// `[x, y]` of each point.
        var coords: [[Float]]
        /// 1 on the object, 0 beside it, -1 for a background point that does not exist (SAM leaves it out).
        var labels: [Int]

        init(_ points: [PointPrompt]) {
            coords = points.map { [$0.x, $0.y] }
            labels = points.map { $0.samLabel }
        }
    }
}

extension PointPrompt {
    /// 1 on the object, 0 beside it, -1 for a background point that does not exist.
    var samLabel: Int { x < 0 || y < 0 ? -1 : isForeground ? 1 : 0 }
}
