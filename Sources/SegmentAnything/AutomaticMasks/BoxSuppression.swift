public import MedicalImaging

/// Non-maximum suppression: of boxes that cover the same place, the best stays.
///
/// - Source: `nms` of torchvision, as Segment Anything calls it.
public enum BoxSuppression {
    /// Which boxes stay.
    ///
    /// Boxes are taken from the best score down, equal scores in their order; each removes all after it whose IoU with it is
    /// above the threshold. Sides are `x1 - x0` and `y1 - y0`, without the pixel that inclusive corners would add, and a box
    /// without area removes nothing.
    ///
    /// - Empty: No boxes, nothing stays.
    /// - Complexity: O(boxes x boxes that stay).
    /// - Parameters:
    ///   - boxes: The boxes.
    ///   - scores: One number each, the best is the largest.
    ///   - threshold: The largest IoU two boxes that stay may have.
    /// - Returns: Indices, best first.
    public static func kept(
        _ boxes: [BoxPrompt], scores: [Float], threshold: Double
    ) -> [Int] {
        precondition(boxes.count == scores.count, "one score for each box")
        let order = ranked(scores)
        var isRemoved = [Bool](repeating: false, count: boxes.count)
        var kept: [Int] = []
        for (rank, best) in order.enumerated() where !isRemoved[best] {
            kept.append(best)
            for other in order[(rank + 1)...] where !isRemoved[other] {
                // 0 / 0 is no number and not above the threshold.
                isRemoved[other] = Double(overlap(boxes[best], boxes[other])) > threshold
            }
        }
        return kept
    }

    /// The order of scores, best first.
    ///
    /// - Parameter scores: Any numbers; what is no number comes last.
    /// - Returns: Their indices; equal ones in their order.
    public static func ranked(_ scores: [Float]) -> [Int] {
        let scores = scores.map { $0.isNaN ? -.infinity : $0 }
        return scores.indices.sorted {
            scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
        }
    }

    /// Intersection over union, in Float as the reference; no number for two boxes without area.
    static func overlap(_ a: BoxPrompt, _ b: BoxPrompt) -> Float {
        let width = max(0, min(a.x1, b.x1) - max(a.x0, b.x0))
        let height = max(0, min(a.y1, b.y1) - max(a.y0, b.y0))
        let both = width * height
        func area(_ box: BoxPrompt) -> Float { (box.x1 - box.x0) * (box.y1 - box.y0) }
        return both / (area(a) + area(b) - both)
    }
}
