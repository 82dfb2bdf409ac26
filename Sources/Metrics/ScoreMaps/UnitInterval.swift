/// Evenly spaced numbers from 0 to 1 in single precision.
enum UnitInterval {
    /// The points as torch computes them: from both ends towards the middle.
    ///
    /// - Parameter count: At least 2.
    /// - Returns: Ascending numbers, the first 0 and the last 1.
    static func points(_ count: Int) -> [Float] {
        let step = 1 / Float(count - 1)
        return (0..<count).map { place in
            place < count / 2 ? step * Float(place) : 1 - step * Float(count - 1 - place)
        }
    }
}
