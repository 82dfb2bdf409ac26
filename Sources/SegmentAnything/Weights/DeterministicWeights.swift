import Tensors

/// Weights by a fixed rule instead of training, for tests and demonstrations: the model runs, its masks mean nothing.
///
/// Every value follows from a salt, the tensor's name and its place, so that any language gives the same bits. Standard deviations
/// are those of a usual initialisation, so activations stay of order 1 through the whole network.
///
/// - Source: rule `det-v1`: `w[i] = c + a x(i)`, x(i) from 24 bits of splitmix64 seeded with the FNV-1a hash of
///   `salt:name`; a and c by kind of tensor.
public struct DeterministicWeights: TensorSource, Sendable {
    /// Distinguishes one set of weights from another.
    public let salt: String
    private let shapes: [String: [Int]]
    /// The names there are, in the order given.
    public let tensorNames: [String]

    /// Makes the weights of a list of tensors.
    ///
    /// - Parameters:
    ///   - salt: Distinguishes one set of weights from another.
    ///   - tensors: Names and shapes; of a name given twice the last shape counts.
    public init(salt: String, tensors: some Sequence<(name: String, shape: [Int])>) {
        self.salt = salt
        var shapes: [String: [Int]] = [:]
        var names: [String] = []
        for (name, shape) in tensors where shapes.updateValue(shape, forKey: name) == nil {
            names.append(name)
        }
        self.shapes = shapes
        tensorNames = names
    }

    /// The shape of a tensor.
    ///
    /// - Parameter name: The published name.
    /// - Returns: The dimensions; `nil` when it was not in the list.
    public func shape(of name: String) -> [Int]? { shapes[name] }

    /// Computes a tensor; in parallel, about 1 ns a value.
    ///
    /// - Parameter name: The published name.
    /// - Returns: Its values.
    /// - Throws: ``UnknownTensor`` when it was not in the list.
    public func tensor(named name: String) throws -> Tensor {
        guard let shape = shapes[name] else { throw UnknownTensor(name: name) }
        guard !name.hasSuffix("num_batches_tracked") else { return Tensor(zeros: shape) }
        let (amplitude, centre) = Self.range(of: name, shape: shape)
        return Self.uniform(
            salt: salt, name: name, shape: shape, amplitude: amplitude, centre: centre)
    }

    /// A tensor that was asked for but is not in the list.
    public struct UnknownTensor: Error, CustomStringConvertible {
        /// Its name.
        public let name: String
        /// One line on what to do.
        public var description: String {
            "tensor \(name): not in the list of these deterministic weights; add it with its shape"
        }
    }

    /// Numbers of even distribution by the rule.
    ///
    /// - Parameters:
    ///   - salt: Distinguishes one set from another.
    ///   - name: The name.
    ///   - shape: The dimensions.
    ///   - amplitude: Half the width of the distribution.
    ///   - centre: Its middle.
    /// - Returns: `centre + amplitude x`, x from -1 to 1 (excluding), rounded once from double precision.
    public static func uniform(
        salt: String, name: String, shape: [Int], amplitude: Float, centre: Float
    ) -> Tensor {
        var tensor = Tensor(uninitialized: shape)
        let seed = hash("\(salt):\(name)")
        let a = Double(amplitude) * 0x1p-23
        let c = Double(centre)
        tensor.withMutableValues { values in
            guard let base = values.baseAddress else { return }
            nonisolated(unsafe) let output = base
            ParallelRange.forEach(count: values.count, piece: 1 << 17) { range in
                for index in range {
                    // 24 bits times 24 bits is exact in Double, so fused multiply-add would not change the result.
                    let k = Int64(truncatingIfNeeded: random(seed, index) >> 40) - (1 << 23)
                    output[index] = Float(c + a * Double(k))
                }
            }
        }
        return tensor
    }

    /// FNV-1a, 64 bits, of the UTF-8 bytes of a text.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Output number `index` (from 0) of splitmix64 with an initial state.
    static func random(_ state: UInt64, _ index: Int) -> UInt64 {
        var z = state &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension DeterministicWeights {
    private static let unitVariance = [
        "iou_token", "mask_tokens", "point_embeddings", "not_a_point_embed", "no_mask_embed",
    ]

    /// Amplitude and centre of a tensor; the first rule that fits decides.
    static func range(of name: String, shape: [Int]) -> (amplitude: Float, centre: Float) {
        /// Half the width of the even distribution of variance `gain / inputs`.
        func fan(_ inputs: Int, _ gain: Double) -> Float {
            Float((3 * gain / Double(max(inputs, 1))).squareRoot())
        }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        switch last {
        case "running_mean": return (0.125, 0)
        case "running_var": return (0.25, 1)
        case "rel_pos_h", "rel_pos_w": return (fan(shape.last ?? 1, 0.25), 0)
        case "pos_embed", "attention_biases": return (0.75, 0)
        case "positional_encoding_gaussian_matrix": return (fan(1, 1), 0)
        case "alpha": return (0.5, 0)
        default: break
        }
        if unitVariance.contains(where: name.contains) { return (fan(1, 1), 0) }
        if last == "bias" { return (0.125, 0) }
        if shape.count == 1 { return (0.25, 1) }
        if name.contains("output_upscaling") { return (fan(shape.first ?? 1, 1), 0) }
        let inputs = shape.dropFirst().reduce(1, *)
        if name.hasSuffix("attn.qkv.weight") { return (fan(inputs, 2), 0) }
        // A convolution before a batch norm.
        if shape.count == 4, name.hasSuffix(".c.weight") || name.contains("side.") {
            return (fan(inputs, 2), 0)
        }
        return (fan(inputs, 1), 0)
    }
}
