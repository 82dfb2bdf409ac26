/// Stochastic gradient descent, with momentum, Nesterov's look ahead and weight decay.
///
/// `g += decay w`, `v = momentum v + g` (at first `v = g`), `w -= rate v`, or with Nesterov `w -= rate (g + momentum v)`.
///
/// - Source: PyTorch's form, in which the rate is not part of the velocity; dampening 0.
public struct SGD: Optimiser {
    /// The factor of a step.
    public var learningRate: Float
    /// How much of the velocity is kept; 0 for none.
    public var momentum: Float
    /// The factor of the parameter that is added to its gradient.
    public var weightDecay: Float
    /// Whether the step looks ahead along the velocity.
    public var isNesterov: Bool
    /// What is remembered: the velocity of every parameter.
    public private(set) var velocities: [String: Tensor] = [:]

    /// Makes the rule.
    ///
    /// - Parameters:
    ///   - learningRate: The factor of a step.
    ///   - momentum: How much of the velocity is kept.
    ///   - weightDecay: The factor of the parameter that is added to its gradient.
    ///   - isNesterov: Whether the step looks ahead along the velocity.
    public init(
        learningRate: Float, momentum: Float = 0, weightDecay: Float = 0, isNesterov: Bool = false
    ) {
        (self.learningRate, self.momentum) = (learningRate, momentum)
        (self.weightDecay, self.isNesterov) = (weightDecay, isNesterov)
    }

    /// Changes one parameter.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - value: The parameter.
    ///   - gradient: Its gradient.
    public mutating func step(_ name: String, _ value: inout Tensor, gradient: Tensor) {
        precondition(gradient.count == value.count, "\(name) has a gradient of another size")
        let rule = self
        let isFirst = velocities[name] == nil
        var velocity = velocities.removeValue(forKey: name) ?? Tensor(zeros: value.shape)
        let count = value.count
        gradient.reading { gradient in
            value.changing { w in
                velocity.changing { v in
                    ParallelRange.forEach(count: count, piece: Elementwise.cheapPiece) { range in
                        for i in range {
                            let g = gradient[i] + rule.weightDecay * w[i]
                            v[i] = isFirst ? g : rule.momentum * v[i] + g
                            w[i] -=
                                rule.learningRate
                                * (rule.isNesterov ? g + rule.momentum * v[i] : v[i])
                        }
                    }
                }
            }
        }
        if momentum != 0 { velocities[name] = velocity }
    }
}
