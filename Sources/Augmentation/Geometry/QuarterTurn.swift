import MedicalImaging

/// Turns by multiples of 90 degrees, counter-clockwise as displayed, like `numpy.rot90` on `[row][column]`.
///
/// - Shapes: any; an odd number of turns exchanges rows and columns.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for turns that are not whole;
///   ``AugmentationError/unsuitable(transform:found:expected:)`` for planes of 2³¹ pixels or more or sides beyond 2¹⁸.
/// - Complexity: O(*n*) in the pixels; nothing of its own when a rotation or an affine transform follows, see
///   ``DrawnAugmentation/apply(to:)``.
public struct QuarterTurn: SampleTransform {
    /// The name in recipes and records.
    public static let name = "quarter-turn"
    private static let bounds = -1_000_000_000.0...1_000_000_000.0

    /// How many turns; negative ones go clockwise, four are none.
    public var turns: Amount

    /// Makes the transform.
    ///
    /// - Parameter turns: How many turns, counter-clockwise.
    public init(turns: Amount) { self.turns = turns }

    /// Whether the number of turns is fixed.
    public var isDrawn: Bool { turns.value != nil }

    /// Fixes the number of turns.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when the turns are out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> QuarterTurn {
        guard (try? turns.check("turns", in: Self.bounds, of: Self.name)) != nil else {
            return self
        }
        return QuarterTurn(turns: turns.drawn(from: &random))
    }

    /// Turns image, maps, points and boxes.
    ///
    /// - Parameter sample: The sample.
    /// - Throws: ``AugmentationError`` for a range, for turns that are not whole, and for planes that are too large.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try applyAlone(to: &sample)
    }

    /// The turns back.
    ///
    /// - Parameter extent: The size of the sample; makes no difference.
    /// - Returns: As many turns the other way; `nil` when they are not drawn or not whole.
    public func inverse(extent: SampleExtent) -> Transform? {
        guard let count = try? count() else { return nil }
        return .quarterTurn(QuarterTurn(turns: .fixed(Double((4 - count) % 4))))
    }

    /// The size after the turns.
    ///
    /// - Parameter extent: The size before.
    /// - Returns: Rows and columns exchanged after an odd number of turns; the size before when the turns are not drawn or not
    ///   whole, which applying the transform reports.
    public func extent(after extent: SampleExtent) -> SampleExtent {
        guard let count = try? count(), count % 2 == 1 else { return extent }
        return SampleExtent(
            channels: extent.channels, slices: extent.slices, rows: extent.columns,
            columns: extent.rows)
    }

    /// Turns from 0 to 3.
    private func count() throws(AugmentationError) -> Int {
        let value = try turns.number("turns", in: Self.bounds, of: Self.name)
        guard let whole = Int(exactly: value) else {
            throw .parameter(
                transform: Self.name, name: "turns", found: "\(value)", expected: "a whole number")
        }
        return (whole % 4 + 4) % 4
    }
}

extension QuarterTurn: FusedGeometry {
    func add(
        to pass: inout PlanePass, of sample: inout AugmentationSample
    ) throws(AugmentationError) {
        let count = try count()
        for _ in 0..<count { pass.view.turnCounterClockwise() }
        let map = Self.sourceMap(count: count, extent: sample.extent).inverse
        sample.extent = extent(after: sample.extent)
        sample.movePoints { map($0, $1) }
    }

    func sourceMap(extent: SampleExtent) -> PlaneAffine? {
        guard let count = try? count() else { return nil }
        return Self.sourceMap(count: count, extent: extent)
    }

    private static func sourceMap(count: Int, extent: SampleExtent) -> PlaneAffine {
        let (right, bottom) = (Double(extent.columns - 1), Double(extent.rows - 1))
        return switch count {
        case 1: PlaneAffine(xx: 0, xy: -1, x0: right, yx: 1, yy: 0)
        case 2: PlaneAffine(xx: -1, x0: right, yy: -1, y0: bottom)
        case 3: PlaneAffine(xx: 0, xy: 1, yx: -1, yy: 0, y0: bottom)
        default: PlaneAffine()
        }
    }
}
