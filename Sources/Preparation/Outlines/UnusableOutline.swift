/// A ring that encloses nothing and is left out.
public struct UnusableOutline: Hashable, Sendable, CustomStringConvertible {
    /// Why a ring is left out.
    public enum Reason: Hashable, Sendable {
        /// Fewer than three vertices.
        case tooFewVertices(Int)
        /// A vertex that is not a number, infinite, or more than 2³² pixels away.
        case notAPlace
    }

    /// Position of the polygon in the list, from 0.
    public let index: Int
    /// Position of the hole; `nil` for the outer ring, which takes its holes along.
    public let hole: Int?
    /// Why it is left out.
    public let reason: Reason

    /// What and why, in words.
    public var description: String {
        let place = hole.map { "hole \($0) of polygon \(index)" } ?? "polygon \(index)"
        switch reason {
        case .tooFewVertices(let count):
            return "\(place) has \(count) vertices, and at least 3 enclose an area"
        case .notAPlace:
            return "\(place) has a vertex that is no place in an image"
        }
    }
}
