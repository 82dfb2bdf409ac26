#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Adaptive moment estimation: Adam, AdamW and AMSGrad.
///
/// `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g²`, `w -= rate m' / (√v' + epsilon)` with m' and v' corrected for their
/// start at zero.
///
/// - Source: Kingma and Ba 2015; Loshchilov and Hutter 2019 for the decoupled decay; Reddi et al. 2018 for AMSGrad. Order
///   and place of epsilon as in PyTorch.
public struct Adam: Optimiser {
    /// How parameters are drawn towards zero.
    public enum Decay: Hashable, Sendable {
        /// By adding a multiple of the parameter to its gradient.
        case gradient(Float)
        /// By shrinking the parameter before the step (AdamW).
        case decoupled(Float)
    }

    /// What is remembered of a parameter.
    public struct Moments: Sendable {
        /// The mean of the gradient.
        public var first: Tensor
        /// The mean of its square.
        public var second: Tensor
        /// The largest mean of the square so far; only for AMSGrad.
        public var largest: Tensor?
        /// Steps taken.
        public var steps: Int

        fileprivate init(_ shape: [Int], _ isAMSGrad: Bool) {
            (first, second, steps) = (Tensor(zeros: shape), Tensor(zeros: shape), 0)
            largest = isAMSGrad ? Tensor(zeros: shape) : nil
        }
    }

    /// The factor of a step.
    public var learningRate: Float
    /// How much of the first and second moment is kept.
    public var betas: (first: Float, second: Float)
    /// Added to the root of the second moment.
    public var epsilon: Float
    /// How parameters are drawn towards zero; `nil` for not at all.
    public var decay: Decay?
    /// Whether the largest second moment so far is used.
    public var isAMSGrad: Bool
    /// What is remembered of every parameter.
    public private(set) var moments: [String: Moments] = [:]

    /// Makes the rule.
    ///
    /// - Parameters:
    ///   - learningRate: The factor of a step.
    ///   - betas: How much of the first and second moment is kept.
    ///   - epsilon: Added to the root of the second moment.
    ///   - decay: How parameters are drawn towards zero.
    ///   - isAMSGrad: Whether the largest second moment so far is used.
    public init(
        learningRate: Float = 1e-3, betas: (first: Float, second: Float) = (0.9, 0.999),
        epsilon: Float = 1e-8, decay: Decay? = nil, isAMSGrad: Bool = false
    ) {
        (self.learningRate, self.betas, self.epsilon) = (learningRate, betas, epsilon)
        (self.decay, self.isAMSGrad) = (decay, isAMSGrad)
    }

    /// Changes one parameter.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - value: The parameter.
    ///   - gradient: Its gradient.
    public mutating func step(_ name: String, _ value: inout Tensor, gradient: Tensor) {
        precondition(gradient.count == value.count, "\(name) has a gradient of another size")
        var memory = moments.removeValue(forKey: name) ?? Moments(value.shape, isAMSGrad)
        memory.steps += 1
        // Corrections in Double: 1 - 0.999 has three digits fewer in Float.
        let (b1, b2) = (Double(betas.first), Double(betas.second))
        let steps = Double(memory.steps)
        let size = Float(Double(learningRate) / (1 - pow(b1, steps)))
        let correction = Float(1 / (1 - pow(b2, steps)).squareRoot())
        let (keep1, keep2, epsilon) = (betas.first, betas.second, epsilon)
        let (new1, new2) = (Float(1 - b1), Float(1 - b2))
        var (l2, shrink): (Float, Float) = (0, 1)
        switch decay {
        case .gradient(let factor): l2 = factor
        case .decoupled(let factor): shrink = 1 - learningRate * factor
        case nil: break
        }
        let (ofGradient, ofValue) = (l2, shrink)
        let count = value.count
        // Taken out of the memory: a second owner would make the change below copy it.
        var largest = memory.largest ?? Tensor(zeros: [0])
        memory.largest = nil
        let usesLargest = isAMSGrad
        gradient.reading { gradient in
            value.changing { w in
                memory.first.changing { m in
                    memory.second.changing { v in
                        largest.changing { top in
                            ParallelRange.forEach(
                                count: count, piece: Elementwise.cheapPiece
                            ) { range in
                                for i in range {
                                    let g = gradient[i] + ofGradient * w[i]
                                    m[i] = keep1 * m[i] + new1 * g
                                    v[i] = keep2 * v[i] + new2 * (g * g)
                                    if usesLargest { top[i] = max(top[i], v[i]) }
                                    let root = (usesLargest ? top[i] : v[i]).squareRoot()
                                    w[i] =
                                        w[i] * ofValue - size * m[i] / (root * correction + epsilon)
                                }
                            }
                        }
                    }
                }
            }
        }
        if isAMSGrad { memory.largest = largest }
        moments[name] = memory
    }
}
