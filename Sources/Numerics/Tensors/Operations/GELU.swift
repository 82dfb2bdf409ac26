#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The Gaussian error linear unit of every value.
///
/// - Shapes: any; `x`, `y`, `dy` and `dx` have the same.
/// - Source: Hendrycks and Gimpel 2016; the ``Form/erf`` form is the one in SAM.
public enum GELU {
    /// Which formula.
    public enum Form: Sendable {
        /// The exact one.
        case erf
        /// The approximation by a hyperbolic tangent.
        case tanh
    }

    private static let densityAtZero: Float = 0.398_942_28
    private static let slope: Float = 0.797_884_56
    private static let cubic: Float = 0.044_715

    /// `y = x Φ(x)`, with the distribution function of the normal distribution or its approximation.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - form: Which formula.
    /// - Returns: The output.
    public static func forward(_ x: Tensor, form: Form = .erf) -> Tensor {
        switch form {
        case .erf:
            Elementwise.mapPieces(x) { Kernels.gelu($0, into: $1, count: $2) }
        case .tanh:
            Elementwise.map(x, piece: Elementwise.costlyPiece) {
                0.5 * $0 * (1 + tanhf(slope * ($0 + cubic * $0 * $0 * $0)))
            }
        }
    }

    /// The gradient of the input: `dy (Φ(x) + x φ(x))`, or that of the approximation.
    ///
    /// - Parameters:
    ///   - dy: The gradient of the output.
    ///   - x: The input of the forward pass.
    ///   - form: Which formula.
    /// - Returns: The gradient of the input.
    public static func backward(_ dy: Tensor, x: Tensor, form: Form = .erf) -> Tensor {
        switch form {
        case .erf:
            Elementwise.mapPieces(dy, x) { dy, x, dx, count in
                withScratch(2 * count) { density in
                    let y = density + count
                    for i in 0..<count { density[i] = -0.5 * x[i] * x[i] }
                    Kernels.exp(density, into: density, count: count)
                    Kernels.gelu(x, into: y, count: count)
                    for i in 0..<count {
                        // Φ is y / x; near 0, where that has no digits, the start of its series.
                        let x = x[i]
                        let near = 0.5 + densityAtZero * x * (1 - x * x / 6)
                        let share = abs(x) > 0.01 ? y[i] / x : near
                        dx[i] = dy[i] * (share + x * densityAtZero * density[i])
                    }
                }
            }
        case .tanh:
            Elementwise.map(dy, x, piece: Elementwise.costlyPiece) {
                let t = tanhf(slope * ($1 + cubic * $1 * $1 * $1))
                let inner = slope * (1 + 3 * cubic * $1 * $1)
                return $0 * (0.5 * (1 + t) + 0.5 * $1 * (1 - t) * (1 + t) * inner)
            }
        }
    }

    /// The function on a variable; recorded when there is a tape and the variable is recorded.
    ///
    /// - Parameters:
    ///   - x: The input.
    ///   - form: Which formula.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The output.
    public static func apply(_ x: Variable, form: Form = .erf, on tape: Tape?) -> Variable {
        tape.record(forward(x.value, form: form), from: [x]) {
            let input = x.value
            return { [backward($0, x: input, form: form)] }
        }
    }
}
