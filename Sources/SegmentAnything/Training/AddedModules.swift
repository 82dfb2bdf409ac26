import Tensors

/// What a recipe of fine-tuning adds to the published architecture.
///
/// Each is absent unless asked for. Their parameters have names of their own beside the published ones.
///
/// | module | parameters |
/// |---|---|
/// | bottleneck adapters | `adapters.<block>.attn.down`, `.up`, `adapters.<block>.mlp.down`, `.up` |
/// | low-rank updates | `lora.<block>.a_q`, `b_q`, `a_v`, `b_v` |
/// | side network | `alpha`, `side.conv1`, `side.bn1`, `side.layer<stage>.<block>.*` |
/// | class head | the published mask tokens, their networks and the quality head |
public struct AddedModules: Codable, Hashable, Sendable {
    /// Hidden features of the adapters in every block of the image encoder; `nil` for none.
    ///
    /// `adapter(x) = up(gelu(down(x)))`: `a += adapter(a)` after the attention, and half of `adapter(z)` beside the MLP, z its
    /// normalised input.
    ///
    /// - Source: Chen et al., "AdaptFormer", NeurIPS 2022; Wu et al., "Medical SAM Adapter", 2023.
    public var adapterWidth: Int?
    /// Rank of the updates of queries and values in every block of the image encoder; `nil` for none.
    ///
    /// `q += b_q(a_q(x))`, `v += b_v(a_v(x))`, scale 1.
    ///
    /// - Source: Hu et al., "LoRA", ICLR 2022, as in SAMed (Zhang and Liu 2023).
    public var lowRank: Int?
    /// The convolutional side branch with its gate; `nil` for none.
    public var sideNetwork: SideNetworkConfiguration?
    /// Classes, background included, that the mask tokens stand for; `nil` to keep the published head.
    ///
    /// - Source: SAMed; SAM-LST (Chai et al. 2023).
    public var classes: Int?

    /// Chooses modules.
    ///
    /// - Parameters:
    ///   - adapterWidth: Hidden features of the adapters in every block of the image encoder.
    ///   - lowRank: Rank of the updates of queries and values.
    ///   - sideNetwork: The convolutional side branch with its gate.
    ///   - classes: Classes, background included, that the mask tokens stand for.
    public init(
        adapterWidth: Int? = nil, lowRank: Int? = nil,
        sideNetwork: SideNetworkConfiguration? = nil, classes: Int? = nil
    ) {
        (self.adapterWidth, self.lowRank) = (adapterWidth, lowRank)
        (self.sideNetwork, self.classes) = (sideNetwork, classes)
    }

    /// The parameters of the modules beside those of the published architecture.
    ///
    /// - Parameter configuration: The architecture.
    /// - Returns: Names and shapes; those of a class head keep their published names and are not among them.
    public func tensorShapes(for configuration: SAMConfiguration) -> [NamedShape] {
        var shapes: [NamedShape] = []
        if case .vit(let encoder) = configuration.encoder {
            let width = encoder.width
            for block in 0..<encoder.depth {
                if let hidden = adapterWidth {
                    for place in ["attn", "mlp"] {
                        let name = "adapters.\(block).\(place)"
                        shapes.append((name + ".down.weight", [hidden, width]))
                        shapes.append((name + ".down.bias", [hidden]))
                        shapes.append((name + ".up.weight", [width, hidden]))
                        shapes.append((name + ".up.bias", [width]))
                    }
                }
                if let lowRank {
                    for part in ["q", "v"] {
                        shapes.append(("lora.\(block).a_\(part).weight", [lowRank, width]))
                        shapes.append(("lora.\(block).b_\(part).weight", [width, lowRank]))
                    }
                }
            }
        }
        if let sideNetwork {
            shapes.append(("alpha", [1]))
            shapes += sideNetwork.tensorShapes
        }
        return shapes
    }

    /// The batch norms of the modules, with their channels.
    var batchNorms: [(name: String, width: Int)] { sideNetwork?.batchNorms ?? [] }

    /// The running statistics of the modules.
    var statisticsShapes: [NamedShape] {
        batchNorms.flatMap {
            [($0.name + ".running_mean", [$0.width]), ($0.name + ".running_var", [$0.width])]
        }
    }

    /// Checks that the modules fit a model.
    func validate(for configuration: SAMConfiguration) throws(SAMError) {
        let limit = 1 << 14
        func check(_ value: Int?, _ name: String) throws(SAMError) {
            guard let value else { return }
            guard (1...limit).contains(value) else {
                throw .configuration("\(name): found \(value), expected 1 to \(limit)")
            }
            guard case .vit = configuration.encoder else {
                throw .configuration(
                    "\(name): found an image encoder without blocks to add to, expected a plain "
                        + "vision transformer; choose another module or model")
            }
        }
        try check(adapterWidth, "adapter width")
        try check(lowRank, "rank")
        try sideNetwork?.validate(for: configuration)
    }
}
