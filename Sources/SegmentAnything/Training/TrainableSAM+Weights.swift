import Tensors

extension TrainableSAM {
    /// The weights as they are now, to run with ``SAM`` or to write to a checkpoint.
    ///
    /// - Complexity: O(1) copies of tensors, which share memory until they are trained on; with low-rank updates merged one product
    ///   for each block.
    /// - Parameter mergesLowRank: Whether low-rank updates are added to the published `qkv` weights and left out, so that the
    ///   published architecture computes the same.
    /// - Returns: All tensors under their names; ``SAM`` reports those of added modules as unused.
    public func weights(mergesLowRank: Bool = false) -> some TensorSource & Sendable {
        var tensors = parameters
        for layer in added.batchNorms {
            tensors[layer.name + ".running_mean"] = statistics[layer.name]?.mean
            tensors[layer.name + ".running_var"] = statistics[layer.name]?.variance
        }
        if mergesLowRank, added.lowRank != nil, case .vit(let encoder) = configuration.encoder {
            for block in 0..<encoder.depth {
                tensors.mergeLowRank(block: block, width: encoder.width)
            }
        }
        return StoredWeights(tensors: tensors)
    }
}

extension ParameterStore {
    /// Adds the low-rank updates of a block to its weight of queries, keys and values, and removes them.
    fileprivate mutating func mergeLowRank(block: Int, width: Int) {
        for (first, letter) in [(0, "q"), (2 * width * width, "v")] {
            let (a, b) = ("lora.\(block).a_\(letter).weight", "lora.\(block).b_\(letter).weight")
            guard let down = self[a], let up = self[b] else { continue }
            let product = BatchedProduct.forward(up, down)
            update("image_encoder.blocks.\(block).attn.qkv.weight") { weight in
                weight.withMutableValues { weight in
                    product.withValues { product in
                        for i in 0..<width * width { weight[first + i] += product[i] }
                    }
                }
            }
            self[a] = nil
            self[b] = nil
        }
    }
}

/// The tensors of a store as a source.
private struct StoredWeights: TensorSource, Sendable {
    let tensors: ParameterStore

    var tensorNames: [String] { tensors.names }

    func shape(of name: String) -> [Int]? { tensors[name]?.shape }

    func tensor(named name: String) throws -> Tensor {
        guard let tensor = tensors[name] else {
            throw DeterministicWeights.UnknownTensor(name: name)
        }
        return tensor
    }
}
