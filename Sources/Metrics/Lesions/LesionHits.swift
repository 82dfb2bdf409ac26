/// What the detections of one slide hit.
public struct LesionHits: Sendable {
    /// The scores of detections on background; on a normal slide all of them.
    public let falsePositives: [Double]
    /// The highest score on every counted lesion, by lesion; nil for a missed one.
    public let targets: [Double?]
    /// Lesions up to the largest number of the map that are not counted.
    let uncounted: Int
    /// The largest number of the map less the number of excluded ones: how the challenge's script counts targets.
    let scriptTargets: Int

    /// Compares detections with the lesions of a slide.
    ///
    /// Several hits of one lesion count once with the highest score; hits of excluded lesions count nowhere.
    ///
    /// - Parameters:
    ///   - detections: The points, in pixels of the map.
    ///   - lesions: The lesions.
    /// - Throws: ``MetricError/invalidArgument(name:found:expected:)`` when a point lies outside of the map.
    public init(detections: DetectionList, lesions: LesionMap) throws(MetricError) {
        var falsePositives: [Double] = []
        var best: [Int32: Double] = [:]
        for (place, one) in detections.detections.enumerated() {
            guard one.row < lesions.height, one.column < lesions.width else {
                throw .invalidArgument(
                    name: "detection \(place)", found: "row \(one.row), column \(one.column)",
                    expected: "inside of the lesion map of \(lesions.height) rows and "
                        + "\(lesions.width) columns")
            }
            let label = lesions.labels[one.row * lesions.width + one.column]
            if label == 0 {
                falsePositives.append(one.score)
            } else if !lesions.excluded.contains(label) {
                best[label] = max(best[label] ?? one.score, one.score)
            }
        }
        self.falsePositives = falsePositives
        targets = lesions.targets.map { best[$0] }
        uncounted = Int(lesions.largestLabel) - lesions.targets.count
        scriptTargets = Int(lesions.largestLabel) - lesions.excluded.count
    }

    /// Takes the detections of a slide without lesions: all are false positives.
    ///
    /// - Parameter detections: The points; where they lie does not matter.
    public init(normalSlide detections: DetectionList) {
        falsePositives = detections.detections.map(\.score)
        targets = []
        uncounted = 0
        scriptTargets = 0
    }
}
