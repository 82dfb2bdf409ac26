import Tensors

/// The first values of modules that are added to a published model, by a seeded rule.
///
/// | tensor | values |
/// |---|---|
/// | last layer of an adapter (`up`), second factor of a low-rank update (`b_*`) | 0: the model starts as published |
/// | `alpha`, biases, `running_mean` | 0 |
/// | weights of norms, `running_var` | 1 |
/// | convolutions | variance 2 / (outputs x area) (He et al. 2015, fan-out) |
/// | mask tokens | variance 1 |
/// | other matrices | even between ± 1 / √inputs |
///
/// Random values are even, from 24 bits of splitmix64 seeded with seed and name, so they do not depend on the order of modules.
struct InitialWeights: TensorSource {
    let seed: UInt64
    let tensorNames: [String]
    private let shapes: [String: [Int]]

    init(seed: UInt64, tensors: [NamedShape]) {
        self.seed = seed
        tensorNames = tensors.map(\.name)
        shapes = Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
    }

    func shape(of name: String) -> [Int]? { shapes[name] }

    func tensor(named name: String) throws -> Tensor {
        guard let shape = shapes[name] else { throw DeterministicWeights.UnknownTensor(name: name) }
        let (amplitude, centre) = Self.range(of: name, shape: shape)
        return DeterministicWeights.uniform(
            salt: "initial-\(seed)", name: name, shape: shape, amplitude: amplitude, centre: centre)
    }

    static func range(of name: String, shape: [Int]) -> (amplitude: Float, centre: Float) {
        let parts = name.split(separator: ".").map(String.init)
        let last = parts.last ?? name
        if ["alpha", "bias", "running_mean"].contains(last) { return (0, 0) }
        if shape.count == 1 { return (0, 1) }
        if parts.count > 1, ["up", "b_q", "b_v"].contains(parts[parts.count - 2]) { return (0, 0) }
        if shape.count == 4 {
            let outputs = Double(shape[0] * shape[2] * shape[3])
            return (Float((6 / max(outputs, 1)).squareRoot()), 0)
        }
        if name.contains("mask_tokens") { return (Float(3.0.squareRoot()), 0) }
        return (Float(1 / Double(max(shape.last ?? 1, 1)).squareRoot()), 0)
    }
}

/// A source with the tensors of added modules: stored where they are, by rule otherwise.
struct InitialisedSource: TensorSource {
    private let stored: any TensorSource
    private let initial: InitialWeights
    /// Stored tensors that are not used because a class head of another size takes their place.
    private let replaced: Set<String>

    init(
        stored: any TensorSource, new: [NamedShape], configuration: SAMConfiguration,
        replacesClassHead: Bool, seed: UInt64
    ) {
        self.stored = stored
        let tokens = "mask_decoder.mask_tokens.weight"
        let expected = [configuration.decoder.maskTokens, configuration.decoder.width]
        var new = new
        var replaced: Set<String> = []
        if replacesClassHead, stored.shape(of: tokens) != expected {
            // All three together, as the published recipes do: half a head would be of no use.
            let isHead: (String) -> Bool = { name in
                ["mask_tokens", "output_hypernetworks_mlps", "iou_prediction_head"]
                    .contains { name.hasPrefix("mask_decoder." + $0) }
            }
            new += configuration.tensorShapes.filter { isHead($0.name) }
            replaced = Set(stored.tensorNames.filter(isHead))
        }
        initial = InitialWeights(seed: seed, tensors: new)
        self.replaced = replaced
    }

    var tensorNames: [String] { stored.tensorNames.filter { !replaced.contains($0) } }

    private func isStored(_ name: String) -> Bool {
        !replaced.contains(name) && stored.shape(of: name) != nil
    }

    func shape(of name: String) -> [Int]? {
        isStored(name) ? stored.shape(of: name) : initial.shape(of: name)
    }

    func tensor(named name: String) throws -> Tensor {
        isStored(name) ? try stored.tensor(named: name) : try initial.tensor(named: name)
    }
}
