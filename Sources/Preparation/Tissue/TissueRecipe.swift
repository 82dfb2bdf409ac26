/// How a tissue mask is made from a small picture of a slide.
///
/// Steps, in this order: saturation of HSV, threshold, closing, median. Each of the last two can be switched off.
///
/// - Source: EP-SAM and the Camelyon17 pipelines it follows: OpenCV's 8-bit saturation, Otsu, a 7 x 7 closing twice,
///   a median of 15 pixels, at one sixteenth of the slide's size.
public struct TissueRecipe: Hashable, Sendable, Codable {
    /// Level-0 pixels per mask pixel that is aimed at, 1...1024; the nearest available level is the caller's choice.
    public var downsample: Double
    /// The saturation (0...255) above which a pixel is tissue; `nil` takes Otsu's threshold of the picture.
    public var fixedThreshold: Int?
    /// The lowest threshold, a saturation of 0...254.
    ///
    /// 0 leaves Otsu alone. A higher one keeps a slide without tissue from
    /// being split at its noise.
    public var minimumSaturation: Int
    /// Side of the square of the closing, odd, 1...255; 1 switches the closing off.
    public var closingSize: Int
    /// How often the square dilates and then erodes, 0...16; 0 switches the closing off.
    public var closingIterations: Int
    /// Side of the square of the median, odd, 1...255; 1 switches it off.
    public var medianSize: Int

    /// The recipe of EP-SAM at one sixteenth.
    public static let standard = TissueRecipe()

    /// Makes a recipe; what is not given is ``standard``.
    ///
    /// - Parameters:
    ///   - downsample: Level-0 pixels per mask pixel.
    ///   - fixedThreshold: A saturation instead of Otsu's.
    ///   - minimumSaturation: The lowest threshold.
    ///   - closingSize: Side of the square of the closing.
    ///   - closingIterations: Repetitions of the closing.
    ///   - medianSize: Side of the square of the median.
    public init(
        downsample: Double = 16, fixedThreshold: Int? = nil, minimumSaturation: Int = 0,
        closingSize: Int = 7, closingIterations: Int = 2, medianSize: Int = 15
    ) {
        self.downsample = downsample
        self.fixedThreshold = fixedThreshold
        self.minimumSaturation = minimumSaturation
        self.closingSize = closingSize
        self.closingIterations = closingIterations
        self.medianSize = medianSize
    }

    /// Half the side of the square that a repeated closing amounts to; 0 when it is switched off.
    var closingRadius: Int { closingSize / 2 * closingIterations }

    /// Checks the ranges stated with each member.
    ///
    /// - Throws: ``TissueError`` naming the member.
    public func validate() throws(TissueError) {
        func check(_ isFine: Bool, _ name: String, _ found: String, _ expected: String)
            throws(TissueError)
        {
            guard !isFine else { return }
            throw TissueError("tissue recipe: \(name): found \(found), expected \(expected)")
        }
        try check(
            downsample >= 1 && downsample <= 1024, "downsample", "\(downsample)",
            "a number from 1 to 1024")
        if let fixedThreshold {
            try check(
                (0...254).contains(fixedThreshold), "threshold", "\(fixedThreshold)",
                "`otsu` or a saturation from 0 to 254")
        }
        try check(
            (0...254).contains(minimumSaturation), "floor", "\(minimumSaturation)",
            "a saturation from 0 to 254")
        try check(
            (1...255).contains(closingSize) && closingSize % 2 == 1, "closing size",
            "\(closingSize)", "an odd number from 1 to 255")
        try check(
            (0...16).contains(closingIterations), "closing iterations", "\(closingIterations)",
            "0 to 16")
        try check(
            (1...255).contains(medianSize) && medianSize % 2 == 1, "median size",
            "\(medianSize)", "an odd number from 1 to 255")
    }
}

extension TissueRecipe: CustomStringConvertible {
    /// The recipe in words, for example `downsample=16,threshold=otsu,floor=0,close=7x2,median=15`; ``init(_:)`` reads it.
    public var description: String {
        let threshold = fixedThreshold.map(String.init) ?? "otsu"
        let whole = downsample.rounded() == downsample && downsample.magnitude < 1e9
        let scale = whole ? String(Int(downsample)) : String(downsample)
        return "downsample=\(scale),threshold=\(threshold),floor=\(minimumSaturation),"
            + "close=\(closingSize)x\(closingIterations),median=\(medianSize)"
    }

    /// Reads the words of ``description``; what is not named is ``standard``, and `standard` alone is allowed.
    ///
    /// - Parameter text: `key=value` pairs with commas; `close=off` and `median=off` switch the steps off.
    /// - Throws: ``TissueError`` naming the pair that is not understood or out of range.
    public init(_ text: String) throws(TissueError) {
        self = .standard
        guard text != "standard" else { return }
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            let key = parts.first.map(String.init) ?? ""
            let value = parts.count == 2 ? String(parts[1]) : ""
            var isRead = false
            switch key {
            case "downsample":
                if let number = Double(value) { (downsample, isRead) = (number, true) }
            case "threshold":
                if value == "otsu" {
                    (fixedThreshold, isRead) = (nil, true)
                } else if let number = Int(value) {
                    (fixedThreshold, isRead) = (number, true)
                }
            case "floor":
                if let number = Int(value) { (minimumSaturation, isRead) = (number, true) }
            case "close":
                let sides = value.split(separator: "x").map { Int($0) }
                if value == "off" {
                    (closingSize, closingIterations, isRead) = (1, 0, true)
                } else if sides.count == 2, let size = sides[0], let times = sides[1] {
                    (closingSize, closingIterations, isRead) = (size, times, true)
                }
            case "median":
                if value == "off" {
                    (medianSize, isRead) = (1, true)
                } else if let number = Int(value) {
                    (medianSize, isRead) = (number, true)
                }
            default: break
            }
            guard isRead else {
                throw TissueError(
                    "tissue recipe: found `\(pair)`, expected pairs such as "
                        + "downsample=16,threshold=otsu,floor=0,close=7x2,median=15")
            }
        }
        try validate()
    }
}
