/// Which gradients of an operation with weight and bias are asked for; a frozen parameter's is not computed.
public struct WantedGradients: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int

    /// Makes a set from its bits.
    ///
    /// - Parameter rawValue: The bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The gradient of the input.
    public static let input = WantedGradients(rawValue: 1)
    /// The gradient of the weight.
    public static let weight = WantedGradients(rawValue: 2)
    /// The gradient of the bias.
    public static let bias = WantedGradients(rawValue: 4)
    /// All three.
    public static let all: WantedGradients = [.input, .weight, .bias]

    /// What variables ask for: the gradients of those that are recorded.
    init(_ input: Variable, _ weight: Variable?, _ bias: Variable?) {
        self = []
        if input.isRecorded { insert(.input) }
        if weight?.isRecorded == true { insert(.weight) }
        if bias?.isRecorded == true { insert(.bias) }
    }
}

/// The gradients of an operation with weight and bias; each `nil` when it was not asked for.
public struct AffineGradients: Sendable {
    /// The gradient of the input, in the input's shape.
    public var input: Tensor?
    /// The gradient of the weight, in the weight's shape.
    public var weight: Tensor?
    /// The gradient of the bias, in the bias's shape.
    public var bias: Tensor?

    /// In the order input, weight, bias, as a tape takes them.
    var list: [Tensor?] { [input, weight, bias] }
}
