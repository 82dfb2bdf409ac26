import MedicalImaging

/// The draws of a chain of MONAI's random transforms.
///
/// Every transform has a NumPy generator of its own. `Compose` seeds them: each takes one 32-bit word of the chain's
/// generator, in the order of the chain; transforms without randomness take none. The chain's generator is seeded by
/// `Compose.set_random_state(seed)`, or by `set_determinism(seed)` when that comes *before* the chain is made;
/// afterwards `set_determinism` no longer reaches it.
///
/// What is drawn when differs between the array and the dictionary transforms:
///
/// | transform | array | dictionary |
/// |---|---|---|
/// | flip | whether | whether |
/// | quarter turn | whether; if so turns | **turns, then whether, always both** |
/// | rotation | whether; if so three angles | whether; and from a twin generator, always: a number unused, three angles |
/// | intensity shift | whether; if so offset | whether; if so, from a twin generator: a number unused, offset |
///
/// A twin generator has the same seed and a place of its own.
///
/// - Source: MONAI 1.6.1, behaviour as released; axis 0 of its arrays runs along our rows, axis 1 along our columns,
///   axis 2 along the slices.
public struct MONAIStream: ReferenceStream {
    /// Array transforms (`RandFlip`) or dictionary transforms (`RandFlipd`).
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// One array.
        case array
        /// Several arrays under names; all are transformed alike.
        case dictionary
    }

    /// Which of the three angles of `RandRotate` turns the rows into the columns.
    public enum Angle: Int, Sendable, Hashable, CaseIterable {
        /// `range_x`, for arrays of two dimensions.
        case x = 0
        /// `range_z`, for arrays of three dimensions.
        case z = 2
    }

    /// A random transform of the chain.
    public enum Step: Hashable, Sendable {
        /// `RandFlip(prob, spatial_axis)`.
        case flip(Flip.Axis, probability: Double)
        /// `RandFlip(prob)`: all axes at once.
        case flipAll(probability: Double)
        /// `RandRotate90(prob, max_k)` in the plane of axes 0 and 1.
        case quarterTurn(most: Int, probability: Double)
        /// `RandRotate(prob, range_x or range_z)` in the plane of axes 0 and 1, radians; the other ranges are 0.
        case rotation(Angle, radians: ClosedRange<Double>, probability: Double)
        /// `RandShiftIntensity(prob, offsets)`.
        case shift(ClosedRange<Double>, probability: Double)
    }

    /// The chain of the term project's code: three flips, quarter turn, intensity shift.
    public static let termProject: [Step] = [
        .flip(.vertical, probability: 0.1), .flip(.horizontal, probability: 0.1),
        .flip(.slices, probability: 0.1), .quarterTurn(most: 3, probability: 0.1),
        .shift(-0.1...0.1, probability: 0.5),
    ]

    /// The chain of the term project's report, with MONAI's defaults and the angle range of
    /// ``AugmentationPreset/termProjectReport``.
    public static let termProjectReport: [Step] = [
        .flipAll(probability: 0.1),
        .rotation(
            .z,
            radians: -AugmentationPreset.reportRadians...AugmentationPreset.reportRadians,
            probability: 0.1),
        .shift(-0.1...0.1, probability: 0.1),
    ]

    /// How many samples have been drawn.
    public private(set) var sampleCount = 0
    /// The chain.
    public let steps: [Step]
    /// Array or dictionary transforms.
    public let form: Form
    private var states: [NumPyRandomState]
    private var twins: [NumPyRandomState]

    /// Starts as after `set_determinism(seed)` followed by the making of the chain, or as after
    /// `Compose.set_random_state(seed)`.
    ///
    /// - Parameters:
    ///   - steps: The random transforms of the chain, in order.
    ///   - form: Array or dictionary transforms.
    ///   - seed: The seed of the chain.
    public init(_ steps: [Step], form: Form = .dictionary, seed: UInt32) {
        var chain = NumPyRandomState(seed: seed)
        self.init(steps, form: form, seeds: steps.map { _ in chain.next() })
    }

    /// Starts as after `set_random_state(seed)` of every transform.
    ///
    /// - Parameters:
    ///   - steps: The random transforms of the chain, in order.
    ///   - form: Array or dictionary transforms.
    ///   - seeds: One seed per transform.
    public init(_ steps: [Step], form: Form = .dictionary, seeds: [UInt32]) {
        precondition(seeds.count == steps.count, "one seed per transform")
        self.steps = steps
        self.form = form
        states = seeds.map { NumPyRandomState(seed: $0) }
        twins = states
    }

    /// Draws the next sample.
    ///
    /// - Parameter extent: The size of the sample; one slice has two axes, several have three.
    /// - Returns: What the chain does.
    public mutating func next(extent: SampleExtent) -> DrawnAugmentation {
        sampleCount += 1
        var transforms: [Transform] = []
        for index in steps.indices {
            switch steps[index] {
            case .flip(let axis, let probability):
                if states[index].random() < probability {
                    transforms.append(.flip(Flip(axis: axis)))
                }
            case .flipAll(let probability):
                guard states[index].random() < probability else { continue }
                var axes: [Flip.Axis] = [.vertical, .horizontal]
                if extent.slices > 1 { axes.append(.slices) }
                transforms += axes.map { .flip(Flip(axis: $0)) }
            case .quarterTurn(let most, let probability):
                guard let turns = turns(index, most: most, probability: probability) else {
                    continue
                }
                transforms.append(.quarterTurn(QuarterTurn(turns: .fixed(Double(turns)))))
            case .rotation(let angle, let radians, let probability):
                guard let angles = angles(index, angle, radians, probability) else { continue }
                // positive angles turn clockwise there, counter-clockwise here
                let degrees = -angles[angle.rawValue] * 180 / .pi
                transforms.append(
                    .rotation(
                        Rotation(degrees: .fixed(degrees), interpolation: .linear, fill: .edge)))
            case .shift(let offsets, let probability):
                guard let offset = offset(index, offsets, probability) else { continue }
                transforms.append(
                    .intensityShift(IntensityShift(offset: .fixed(offset), clips: false)))
            }
        }
        return DrawnAugmentation(transforms: transforms)
    }

    private mutating func turns(_ index: Int, most: Int, probability: Double) -> Int? {
        switch form {
        case .array:
            guard states[index].random() < probability else { return nil }
            return states[index].randint(0, most) + 1
        case .dictionary:
            let turns = states[index].randint(0, most) + 1
            return states[index].random() < probability ? turns : nil
        }
    }

    private mutating func angles(
        _ index: Int, _ angle: Angle, _ radians: ClosedRange<Double>, _ probability: Double
    ) -> [Double]? {
        let happens = states[index].random() < probability
        func three(_ state: inout NumPyRandomState) -> [Double] {
            (0..<3).map {
                let range = $0 == angle.rawValue ? radians : 0...0
                return state.uniform(range.lowerBound, range.upperBound)
            }
        }
        switch form {
        case .array: return happens ? three(&states[index]) : nil
        case .dictionary:
            _ = twins[index].random()
            let angles = three(&twins[index])
            return happens ? angles : nil
        }
    }

    private mutating func offset(
        _ index: Int, _ offsets: ClosedRange<Double>, _ probability: Double
    ) -> Double? {
        guard states[index].random() < probability else { return nil }
        switch form {
        case .array: return states[index].uniform(offsets.lowerBound, offsets.upperBound)
        case .dictionary:
            _ = twins[index].random()
            return twins[index].uniform(offsets.lowerBound, offsets.upperBound)
        }
    }
}
