/// Free-response receiver operating characteristic: sensitivity against false positives per slide.
///
/// The curve has a point per threshold, from the lowest score up, and ends at (0, 0) above the highest. The thresholds
/// are the distinct scores of false positives and the highest scores of hit lesions.
public struct FrocCurve: Sendable {
    /// Which thresholds make the curve, and in which precision scores are compared.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        /// All thresholds, double precision.
        case standard
        /// The challenge's thresholds in double precision: missed and excluded lesions count as a score of 0, and the
        /// lowest score of all is dropped from the curve.
        case dropLowest
        /// The script of Camelyon16 and MONAI: as ``dropLowest``, with the scores of hits rounded to single precision,
        /// so that a hit and a false positive of equal score make two thresholds.
        case camelyon16
    }

    /// One threshold.
    public struct Point: Hashable, Sendable {
        /// Detections of at least this score are taken; infinity for none.
        public let threshold: Double
        /// False positives per slide.
        public let falsePositivesPerImage: Double
        /// The share of lesions that are hit; NaN without lesions.
        public let sensitivity: Double
    }

    /// The false positives per slide at which Camelyon16 averages sensitivities.
    public static let camelyon16Rates: [Double] = [0.25, 0.5, 1, 2, 4, 8]

    /// The points, from the lowest threshold to none taken.
    public let points: [Point]
    /// Slides, normal ones included.
    public let imageCount: Int
    /// Lesions that are counted.
    public let targetCount: Int
    /// Which thresholds were taken.
    public let rule: Rule

    /// Makes the curve of a set of slides.
    ///
    /// - Parameters:
    ///   - images: The hits of every slide, normal slides included.
    ///   - rule: Which thresholds are taken.
    /// - Complexity: O(*n* log *n*) for *n* detections.
    public init(images: [LesionHits], rule: Rule = .standard) {
        let falsePositives = images.flatMap(\.falsePositives).sorted()
        var hits: [Double]
        switch rule {
        case .standard:
            hits = images.flatMap { $0.targets.compactMap { $0 } }
            targetCount = images.reduce(0) { $0 + $1.targets.count }
        case .dropLowest, .camelyon16:
            // The script keeps an array of zeros, one per lesion, excluded ones included.
            hits = images.flatMap { image in
                image.targets.map { max(0, $0 ?? 0) }
                    + [Double](repeating: 0, count: image.uncounted)
            }
            if rule == .camelyon16 { hits = hits.map { Double(Float($0)) } }
            targetCount = images.reduce(0) { $0 + $1.scriptTargets }
        }
        hits.sort()
        var thresholds: [Double] = []
        for score in (falsePositives + hits).sorted() where thresholds.last != score {
            thresholds.append(score)
        }
        if rule != .standard, !thresholds.isEmpty { thresholds.removeFirst() }

        imageCount = images.count
        self.rule = rule
        let (slides, lesions) = (Double(images.count), Double(targetCount))
        var points: [Point] = []
        var (falseStart, hitStart) = (0, 0)
        for threshold in thresholds {
            while falseStart < falsePositives.count, falsePositives[falseStart] < threshold {
                falseStart += 1
            }
            while hitStart < hits.count, hits[hitStart] < threshold { hitStart += 1 }
            points.append(
                Point(
                    threshold: threshold,
                    falsePositivesPerImage: Double(falsePositives.count - falseStart) / slides,
                    sensitivity: Double(hits.count - hitStart) / lesions))
        }
        points.append(
            Point(threshold: .infinity, falsePositivesPerImage: 0, sensitivity: 0 / lesions))
        self.points = points
    }

    /// The sensitivity at a rate of false positives per slide: linear between points, the end values held.
    ///
    /// At a rate that several points share, the one with the lowest threshold counts.
    ///
    /// - Parameter rate: False positives per slide.
    /// - Returns: No value without lesions.
    public func sensitivity(at rate: Double) -> MetricValue {
        guard targetCount > 0 else { return .na }
        // Points run from high to low rates.
        guard let right = points.lastIndex(where: { $0.falsePositivesPerImage > rate }) else {
            return MetricValue(.value, points[0].sensitivity)
        }
        guard right + 1 < points.count else {
            return MetricValue(.value, points[points.count - 1].sensitivity)
        }
        let (a, b) = (points[right + 1], points[right])
        let slope =
            (b.sensitivity - a.sensitivity)
            / (b.falsePositivesPerImage - a.falsePositivesPerImage)
        return MetricValue(.value, slope * (rate - a.falsePositivesPerImage) + a.sensitivity)
    }

    /// The mean sensitivity at several rates of false positives per slide: the score of Camelyon16.
    ///
    /// - Parameter rates: False positives per slide.
    /// - Returns: No value without lesions or rates.
    public func score(at rates: [Double] = FrocCurve.camelyon16Rates) -> MetricValue {
        guard targetCount > 0, !rates.isEmpty else { return .na }
        let sum = rates.reduce(0) { $0 + sensitivity(at: $1).number }
        return MetricValue(.value, sum / Double(rates.count))
    }
}
