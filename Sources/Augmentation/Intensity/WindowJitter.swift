import MedicalImaging

/// Moves and widens the window that intensities are seen through.
///
/// The window starts as the range of the sample. Its middle moves by ``level`` times its width, its
/// width is multiplied by ``width``; then what lies in the new window is spread over the range and
/// everything else clipped to it. A level above 0 makes the picture darker, a width above 1 makes
/// it flatter.
///
/// What the range has clipped before cannot come back; apply it to values that go beyond the range,
/// where there are any.
///
/// - Shapes: any.
/// - Units: ``level`` as a fraction of the width of the range, ``width`` as a factor.
/// - Errors: ``AugmentationError/unsuitable(transform:found:expected:)`` for a range without width.
/// - Complexity: O(*n*) in the values, one pass in place.
public struct WindowJitter: SampleTransform {
    /// The name in recipes and records.
    public static let name = "window-jitter"
    static let levels = -100.0...100
    static let widths = 0.001...1000

    /// By how many widths the middle moves, -100 to 100.
    public var level: Amount
    /// The factor of the width, 0.001 to 1000.
    public var width: Amount

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - level: By how many widths the middle moves, -100 to 100.
    ///   - width: The factor of the width, 0.001 to 1000.
    public init(level: Amount, width: Amount) {
        self.level = level
        self.width = width
    }

    /// Whether both numbers are fixed.
    public var isDrawn: Bool { level.value != nil && width.value != nil }

    /// Fixes the level, then the width.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when a number is out of bounds, which applying it
    ///   reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> WindowJitter {
        guard (try? level.check("level", in: Self.levels, of: Self.name)) != nil,
            (try? width.check("width", in: Self.widths, of: Self.name)) != nil
        else { return self }
        let level = level.drawn(from: &random)
        return WindowJitter(level: level, width: width.drawn(from: &random))
    }

    /// Maps and clips the image.
    ///
    /// - Parameter sample: The sample; labels, points, boxes and the range stay.
    /// - Throws: ``AugmentationError`` for a parameter that is a range or out of bounds, or a
    ///   sample whose range has no width.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let map = try map(of: sample)
        sample.image.applyLinear(scale: map.scale, shift: map.shift, clip: sample.range)
    }

    private func map(
        of sample: AugmentationSample
    ) throws(AugmentationError) -> (scale: Float, shift: Float) {
        let level = try level.number("level", in: Self.levels, of: Self.name)
        let factor = try width.number("width", in: Self.widths, of: Self.name)
        try sample.checkRange(for: Self.name)
        let black = Double(sample.range.lowerBound)
        let width = Double(sample.range.upperBound) - black
        // level 0 and factor 1 give exactly black, and with it scale 1 and shift 0
        let low = black + width * (0.5 + level - factor / 2)
        return (Float(1 / factor), Float(black - low / factor))
    }
}

extension WindowJitter: LinearIntensity {
    func linear(
        for sample: AugmentationSample
    ) -> (scale: Float, shift: Float, clip: ClosedRange<Float>?)? {
        guard let map = try? map(of: sample) else { return nil }
        return (map.scale, map.shift, sample.range)
    }
}
