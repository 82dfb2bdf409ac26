/// How masks are found without prompts; the defaults are the reference's.
///
/// - Source: `SamAutomaticMaskGenerator` of Segment Anything.
public struct AutomaticMaskOptions: Hashable, Sendable {
    /// Points along each side of the grid, at (i + 0.5) / n of the picture's sides.
    public var pointsPerSide = 32
    /// Points that are answered together: more need more memory (at 1024 pixels 0.8 MB each) and change nothing else.
    public var pointsPerBatch = 64
    /// Masks stay when the model's own estimate of their IoU is **above** this; every mask does when it is not above 0.
    public var predictedIoUThreshold: Float = 0.88
    /// Masks stay when their stability is **at least** this; every mask does when it is not above 0.
    public var stabilityThreshold: Float = 0.95
    /// How far the stability looks to both sides of the threshold, in logits.
    public var stabilityOffset: Float = 1
    /// Logits above it are object.
    public var maskThreshold: Float = 0
    /// The largest IoU of the boxes of two masks of one crop.
    public var boxOverlap = 0.7
    /// Layers of crops beside the whole picture; layer *l* has 4^l crops, each of which is embedded on its own.
    public var cropLayers = 0
    /// The largest IoU of the boxes of two masks of different crops; the one of the smaller crop stays.
    public var cropBoxOverlap = 0.7
    /// Overlap of the crops of layer 1 over the short side of the picture.
    public var cropOverlap = 512.0 / 1500
    /// Layer *l* has `pointsPerSide` over this to the power of *l* points along each side.
    public var cropPointsDivisor = 1
    /// Holes and islands of fewer pixels are filled and removed; 0 leaves masks as they are.
    public var smallestRegion = 0

    /// Makes the reference's options.
    public init() {}

    /// Why these options cannot be used, on one line; `nil` when they can.
    public var objection: String? {
        func text(_ name: String, _ found: String, _ expected: String) -> String {
            "\(name): found \(found), expected \(expected)"
        }
        if !(1...1024 ~= pointsPerSide) {
            return text("points per side", "\(pointsPerSide)", "1 to 1024")
        }
        if !(1...4096 ~= pointsPerBatch) {
            return text("points per batch", "\(pointsPerBatch)", "1 to 4096")
        }
        let numbers = [
            predictedIoUThreshold, stabilityThreshold, stabilityOffset, maskThreshold,
            Float(boxOverlap), Float(cropBoxOverlap),
        ]
        if !numbers.allSatisfy(\.isFinite) || stabilityOffset < 0 {
            return text("thresholds", "\(numbers)", "finite numbers, the offset not below 0")
        }
        if !(0...4 ~= cropLayers) { return text("crop layers", "\(cropLayers)", "0 to 4") }
        if !(cropOverlap >= 0 && cropOverlap < 1) {
            return text("overlap of crops", "\(cropOverlap)", "0 or more, below 1")
        }
        if !(1...1024 ~= cropPointsDivisor) {
            return text("divisor of crop points", "\(cropPointsDivisor)", "1 to 1024")
        }
        if smallestRegion < 0 { return text("smallest region", "\(smallestRegion)", "0 or more") }
        return nil
    }

    /// Points along each side of the crops of a layer; at least one.
    ///
    /// - Parameter layer: 0 for the whole picture.
    /// - Returns: The number of points.
    public func pointsPerSide(layer: Int) -> Int {
        var points = pointsPerSide
        for _ in 0..<layer { points /= cropPointsDivisor }
        return max(1, points)
    }
}
