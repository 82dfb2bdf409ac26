/// One kind of prompt that is drawn for every record.
///
/// Each kind has a short name that is used on the command line, in plans and in stores; see ``init(_:)``.
public enum PromptKind: Hashable, Sendable, CustomStringConvertible {
    /// The pixel farthest from the outside of the region (exact Euclidean distance; the first such pixel, row by row). The
    /// border of the image counts as outside. Name: `centre`.
    case centre
    /// The same under OpenCV's 5x5 chamfer distance, where the border of the image is *not* outside: the term project's
    /// point. Name: `centre-chamfer5`.
    case chamferCentre
    /// So many uniform pixels of the region, with replacement. Names: `random1`, `random3`, ...
    case randomPoints(Int)
    /// The tight box, both corners inclusive. Name: `box`.
    case box
    /// The tight box enlarged by so many pixels on each side, clipped to the image. Names: `box+5`, ...
    case enlargedBox(Int)
    /// The tight box, each side moved outwards by its own uniform number of pixels from 0 to the given one, clipped to
    /// the image: MedSAM's box. Names: `box~20`, ...
    case jitteredBox(Int)
    /// So many uniform pixels beside the region: within its box enlarged by 20 pixels, or anywhere when the region fills
    /// that. Names: `background1`, ...
    case backgroundPoints(Int)

    /// The tight box with its far corner exclusive, one more than the last column and row: All-in-SAM's box. Name:
    /// `box-exclusive`.
    case exclusiveBox
    /// One uniform pixel of the region eroded by a square of 10x10 pixels, or of the region itself when nothing is left:
    /// All-in-SAM's point. The square reaches from 5 pixels before to 4 after a pixel, and what lies beyond the image does
    /// not erode, as in OpenCV. Name: `nucleus-point`.
    case nucleusPoint

    /// The five prompts of the BTCV term project.
    public static let termProject: [PromptKind] = [
        .centre, .randomPoints(1), .randomPoints(3), .box, .enlargedBox(5),
    ]

    /// Reads a name.
    ///
    /// - Parameter name: `centre`, `centre-chamfer5`, `randomN`, `box`, `box+N`, `box~N`, `backgroundN`, N from 1 to 1000,
    ///   `box-exclusive` or `nucleus-point`.
    public init?(_ name: String) {
        func number(after prefix: String) -> Int? {
            guard name.hasPrefix(prefix), let value = Int(name.dropFirst(prefix.count)),
                (1...1000).contains(value), name == prefix + String(value)
            else { return nil }
            return value
        }
        if name == "centre" {
            self = .centre
        } else if name == "centre-chamfer5" {
            self = .chamferCentre
        } else if name == "box" {
            self = .box
        } else if name == "box-exclusive" {
            self = .exclusiveBox
        } else if name == "nucleus-point" {
            self = .nucleusPoint
        } else if let count = number(after: "random") {
            self = .randomPoints(count)
        } else if let pixels = number(after: "box+") {
            self = .enlargedBox(pixels)
        } else if let pixels = number(after: "box~") {
            self = .jitteredBox(pixels)
        } else if let count = number(after: "background") {
            self = .backgroundPoints(count)
        } else {
            return nil
        }
    }

    /// The name.
    public var description: String {
        switch self {
        case .centre: "centre"
        case .chamferCentre: "centre-chamfer5"
        case .randomPoints(let count): "random\(count)"
        case .box: "box"
        case .enlargedBox(let pixels): "box+\(pixels)"
        case .jitteredBox(let pixels): "box~\(pixels)"
        case .backgroundPoints(let count): "background\(count)"
        case .exclusiveBox: "box-exclusive"
        case .nucleusPoint: "nucleus-point"
        }
    }

    /// Whether the prompt is a box (four numbers) rather than points.
    public var isBox: Bool {
        switch self {
        case .box, .enlargedBox, .jitteredBox, .exclusiveBox: true
        default: false
        }
    }

    /// The number of points of each record; 0 for a box.
    public var pointCount: Int {
        switch self {
        case .centre, .chamferCentre, .nucleusPoint: 1
        case .randomPoints(let count), .backgroundPoints(let count): count
        default: 0
        }
    }

    /// Whether random numbers are drawn.
    public var isRandom: Bool {
        switch self {
        case .randomPoints, .jitteredBox, .backgroundPoints, .nucleusPoint: true
        default: false
        }
    }

    /// A number that tells the random stream of this kind from any other: FNV-1a of the name.
    var streamCode: UInt32 {
        description.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
