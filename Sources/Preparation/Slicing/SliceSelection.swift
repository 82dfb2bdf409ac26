/// Which slices of a volume are kept.
public struct SliceSelection: Hashable, Sendable {
    /// What makes a slice worth keeping.
    public enum Rule: Hashable, Sendable {
        /// Every slice, empty ones too.
        case all
        /// Slices with at least so many labelled pixels (of any label); 1 keeps every slice with an organ.
        case labelled(minimumArea: Int)
    }

    /// What makes a slice worth keeping.
    public var rule: Rule
    /// How many neighbours on each side of a kept slice are kept with it; below 0 counts as 0.
    public var margin: Int

    /// Makes a selection.
    ///
    /// - Parameters:
    ///   - rule: What makes a slice worth keeping.
    ///   - margin: How many neighbours on each side are kept with it.
    public init(_ rule: Rule, margin: Int = 0) {
        self.rule = rule
        self.margin = margin
    }

    /// The slices to keep.
    ///
    /// - Parameter labelledAreas: For each slice of the volume, its number of labelled pixels.
    /// - Returns: Indices in ascending order; none when no slice qualifies.
    /// - Complexity: O(*n*) in the slices, times the margin.
    public func indices(labelledAreas: [Int]) -> [Int] {
        switch rule {
        case .all:
            return Array(labelledAreas.indices)
        case .labelled(let minimumArea):
            let reach = min(max(0, margin), labelledAreas.count)
            var keep = [Bool](repeating: false, count: labelledAreas.count)
            for (index, area) in labelledAreas.enumerated() where area >= max(1, minimumArea) {
                let first = max(0, index - reach)
                let last = min(labelledAreas.count - 1, index + reach)
                for neighbour in first...last { keep[neighbour] = true }
            }
            return keep.indices.filter { keep[$0] }
        }
    }
}
