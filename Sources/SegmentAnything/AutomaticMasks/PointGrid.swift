public import MedicalImaging

/// The points at which automatic masks are asked for.
public enum PointGrid {
    /// An even grid over a picture.
    ///
    /// - Parameters:
    ///   - count: Points along each side.
    ///   - size: Size of the picture.
    /// - Returns: Points on the object at ((i + 0.5) / count) of the sides, row by row.
    /// - Source: `build_point_grid` of Segment Anything.
    public static func points(perSide count: Int, size: SliceSize) -> [PointPrompt] {
        precondition(count > 0, "a grid without points")
        func place(_ index: Int, _ length: Int) -> Float {
            Float((Double(index) + 0.5) / Double(count) * Double(length))
        }
        return (0..<count).flatMap { row in
            (0..<count).map { column in
                PointPrompt(x: place(column, size.columns), y: place(row, size.rows))
            }
        }
    }
}
