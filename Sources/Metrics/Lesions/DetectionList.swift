/// The detections of one slide: points with a score, in pixels of the lesion map they are compared with.
public struct DetectionList: Sendable {
    /// One point.
    public struct Detection: Hashable, Sendable {
        /// How sure the model is; only the order of scores counts.
        public let score: Double
        /// The row (y) of the pixel that is hit.
        public let row: Int
        /// The column (x) of the pixel that is hit.
        public let column: Int

        /// Makes a detection.
        ///
        /// - Parameters:
        ///   - score: How sure the model is.
        ///   - row: The row (y) of the pixel that is hit.
        ///   - column: The column (x) of the pixel that is hit.
        public init(score: Double, row: Int, column: Int) {
            self.score = score
            self.row = row
            self.column = column
        }
    }

    /// The points, as given.
    public let detections: [Detection]

    /// Takes the detections of one slide.
    ///
    /// - Parameters:
    ///   - detections: The points; an empty list is a slide on which nothing was found.
    ///   - downsampling: By how much the pixels of the points are finer than those of the lesion map, for example 32
    ///     for points of level 0 and a map of level 5; rows and columns are divided by it and rounded down.
    /// - Throws: ``MetricError`` when a score is not finite, a coordinate is negative or `downsampling` is below 1.
    public init(_ detections: [Detection], downsampling: Int = 1) throws(MetricError) {
        guard downsampling >= 1 else {
            throw .invalidArgument(
                name: "downsampling", found: "\(downsampling)", expected: "at least 1")
        }
        for (place, one) in detections.enumerated() {
            guard one.score.isFinite else {
                throw .invalidScore(what: "detection", index: place, found: "\(one.score)")
            }
            guard one.row >= 0, one.column >= 0 else {
                throw .invalidArgument(
                    name: "detection \(place)", found: "row \(one.row), column \(one.column)",
                    expected: "coordinates of at least 0")
            }
        }
        self.detections =
            downsampling == 1
            ? detections
            : detections.map {
                Detection(
                    score: $0.score, row: $0.row / downsampling, column: $0.column / downsampling)
            }
    }
}
