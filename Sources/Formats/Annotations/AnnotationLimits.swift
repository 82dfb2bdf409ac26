/// How much an annotation file may ask for.
public struct AnnotationLimits: Hashable, Sendable {
    /// Bytes of the file.
    public var bytes = 1 << 28
    /// Regions, skipped ones and rings of holes included.
    public var regions = 2_000_000
    /// Vertices of all regions together; one takes 16 bytes.
    public var vertices = 50_000_000
    /// Elements, objects or lists inside each other; more than 512 is taken as 512.
    public var depth = 32

    /// The largest distance from the origin that a coordinate may have, in pixels.
    ///
    /// The widest slides have some 300,000 pixels.
    public static let largestCoordinate = 1e9

    /// The usual limits: 256 MiB, 2 million regions, 50 million vertices, 32 levels.
    public static let standard = AnnotationLimits()

    /// The usual limits, to be changed.
    public init() {}

    var usableDepth: Int { min(max(depth, 1), 512) }
}
