import MedicalImaging

/// A class of the label map as exports write it.
struct LabelTableEntry: Encodable, Sendable {
    var id: Int
    var name: String
    /// `#RRGGBB`.
    var color: String
}

extension Sequence where Element == LabelClass {
    /// The name of each id.
    var namesByID: [Int: String] {
        Dictionary(map { ($0.id, $0.name) }) { first, _ in first }
    }
}
