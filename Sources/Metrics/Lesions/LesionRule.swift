/// How lesions are made of a tumour mask, in micrometres.
public struct LesionRule: Hashable, Sendable {
    /// Tumour regions at most this far apart are one lesion.
    public let mergingDistance: Double
    /// Lesions with a shorter major axis are isolated tumour cells and not counted.
    public let shortestMajorAxis: Double
    /// Whether a pixel at exactly half of the merging distance stays outside.
    public let isStrict: Bool

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - mergingDistance: Tumour regions at most this far apart are one lesion.
    ///   - shortestMajorAxis: Lesions with a shorter major axis are not counted.
    ///   - isStrict: Whether a pixel at exactly half of the merging distance stays outside.
    public init(mergingDistance: Double, shortestMajorAxis: Double, isStrict: Bool = false) {
        self.mergingDistance = mergingDistance
        self.shortestMajorAxis = shortestMajorAxis
        self.isStrict = isStrict
    }

    /// 75 µm, about five tumour cells, and 275 µm.
    public static let standard = LesionRule(mergingDistance: 75, shortestMajorAxis: 275)
    /// The script of Camelyon16: the same distances, a pixel at exactly 37.5 µm stays outside.
    public static let camelyon16 = LesionRule(
        mergingDistance: 75, shortestMajorAxis: 275, isStrict: true)
}
