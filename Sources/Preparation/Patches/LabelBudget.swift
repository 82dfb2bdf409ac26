/// How much of a training set keeps its pixels and labels: random square regions, everything else is set to zero in the
/// image and in the mask.
///
/// The achieved share is `regions * side^2 / sum of the areas of all images of the part`, images without a region included.
/// With 24 images of 1000x1000, `4%` gives 24 * 200² / (24 * 1000²) = 4 % and `0.5%` gives 3 * 200² / (24 * 1000²) = 0.5 %.
///
/// - Source: All-in-SAM's two settings with few labels; its positions are not published.
public struct LabelBudget: Hashable, Sendable, Codable {
    /// Regions over all images; `nil` takes one in each image that is used.
    public var regions: Int?
    /// Images the regions come from, chosen by rank; `nil` uses all.
    public var images: Int?
    /// Side of a region in pixels.
    public var side: Int

    /// One region of 200x200 in each image: 4 % of images of 1000x1000.
    public static let fourPercent = LabelBudget(regions: nil, images: nil, side: 200)
    /// Three regions of 200x200 from three images: 0.5 % of 24 images of 1000x1000.
    public static let halfPercent = LabelBudget(regions: 3, images: 3, side: 200)

    /// Makes a budget.
    ///
    /// - Parameters:
    ///   - regions: Regions over all images; `nil` takes one in each image that is used.
    ///   - images: Images the regions come from; `nil` uses all.
    ///   - side: Side of a region in pixels.
    public init(regions: Int?, images: Int?, side: Int = 200) {
        self.regions = regions
        self.images = images
        self.side = side
    }

    /// Checks the ranges: counts 1...1,000,000, a side of 1...65,536, no more images than regions.
    ///
    /// - Throws: ``PatchError`` naming the member.
    public func validate() throws(PatchError) {
        for (name, count) in [("regions", regions), ("images", images)] {
            if let count, !(1...1_000_000).contains(count) {
                throw PatchError("label budget: \(name): found \(count), expected 1 to 1000000")
            }
        }
        guard (1...65_536).contains(side) else {
            throw PatchError("label budget: side: found \(side), expected 1 to 65536 pixels")
        }
        if let regions, let images, regions < images {
            throw PatchError(
                "label budget: found \(regions) regions for \(images) images, expected a region for each; "
                    + "take fewer images")
        }
    }
}

extension LabelBudget: CustomStringConvertible {
    /// `4%`, `0.5%`, or `regions=R,side=S,images=K` with `all` for what is not limited; ``init(_:)`` reads it.
    public var description: String {
        if self == .fourPercent { return "4%" }
        if self == .halfPercent { return "0.5%" }
        let words = [regions, images].map { $0.map(String.init) ?? "all" }
        return "regions=\(words[0]),side=\(side),images=\(words[1])"
    }

    /// Reads a budget.
    ///
    /// - Parameter text: `4%` (``fourPercent``), `0.5%` (``halfPercent``) or pairs with commas: `regions=R` over all images
    ///   (`all`: one in each), `side=S` (200), `images=K` they come from (`all`).
    /// - Throws: ``PatchError`` for other words, other percentages included: how many images they need is not stated anywhere.
    public init(_ text: String) throws(PatchError) {
        switch text {
        case "4%": self = .fourPercent
        case "0.5%": self = .halfPercent
        default:
            self = .fourPercent
            for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
                let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
                let value = parts.count == 2 ? String(parts[1]) : ""
                let number = Int(value)
                guard let key = parts.first, number != nil || (value == "all" && key != "side")
                else { throw Self.unknown(String(pair)) }
                switch key {
                case "regions": regions = number
                case "images": images = number
                case "side": side = number ?? 0
                default: throw Self.unknown(String(pair))
                }
            }
            try validate()
        }
    }

    private static func unknown(_ pair: String) -> PatchError {
        PatchError(
            "label budget: found `\(pair)`, expected 4%, 0.5% or regions=R,side=200,images=K "
                + "(R regions over K images, or all)")
    }
}
