import Tensors

/// A residual network of convolutions beside the image encoder, whose output has the size of the embedding.
///
/// A 7 x 7 convolution of stride 2, batch norm, ReLU and 3 x 3 maximum of stride 2; then stages of basic blocks (two 3 x 3
/// convolutions with batch norms and a shortcut), each but the first halving lines and columns. Decoder input is
/// `g embedding + (1 - g) side(x)` with `g = sigmoid(alpha)`.
///
/// - Source: He et al. 2016 (ResNet); Chai et al. 2023 (SAM-LST), which uses the first three stages of ResNet-18:
///   ``resNet18``.
public struct SideNetworkConfiguration: Codable, Hashable, Sendable {
    /// Channels of the three stages; the last are those of the embedding, the first also those of the first convolution.
    public var widths: [Int]
    /// Basic blocks of a stage.
    public var blocks: Int

    /// Makes a configuration.
    ///
    /// - Parameters:
    ///   - widths: Channels of the three stages.
    ///   - blocks: Basic blocks of a stage.
    public init(widths: [Int], blocks: Int = 2) {
        (self.widths, self.blocks) = (widths, blocks)
    }

    /// The first three stages of ResNet-18, for embeddings of 256 features.
    public static let resNet18 = SideNetworkConfiguration(widths: [64, 128, 256])

    /// A convolution with the batch norm after it.
    struct Layer {
        let convolution: String
        let norm: String
        let shape: [Int]
        var stride = 1
    }

    /// A basic block: two convolutions, and one for the shortcut where the shape changes.
    struct Block {
        let first: Layer
        let second: Layer
        let shortcut: Layer?
        var layers: [Layer] { [first, second] + (shortcut.map { [$0] } ?? []) }
    }

    var stem: Layer {
        Layer(
            convolution: "side.conv1", norm: "side.bn1", shape: [widths.first ?? 0, 3, 7, 7],
            stride: 2)
    }

    var residualBlocks: [Block] {
        widths.indices.flatMap { stage in
            (0..<max(blocks, 0)).map { index in
                let name = "side.layer\(stage + 1).\(index)"
                let width = widths[stage]
                let inputs = index == 0 ? widths[max(stage - 1, 0)] : width
                let stride = index == 0 && stage > 0 ? 2 : 1
                let hasShortcut = stride != 1 || inputs != width
                return Block(
                    first: Layer(
                        convolution: name + ".conv1", norm: name + ".bn1",
                        shape: [width, inputs, 3, 3], stride: stride),
                    second: Layer(
                        convolution: name + ".conv2", norm: name + ".bn2",
                        shape: [width, width, 3, 3]),
                    shortcut: hasShortcut
                        ? Layer(
                            convolution: name + ".downsample.0", norm: name + ".downsample.1",
                            shape: [width, inputs, 1, 1], stride: stride) : nil)
            }
        }
    }

    private var layers: [Layer] { [stem] + residualBlocks.flatMap(\.layers) }

    /// The parameters; batch norms also have statistics, which are not trained.
    var tensorShapes: [NamedShape] {
        layers.flatMap { layer -> [NamedShape] in
            let width = layer.shape[0]
            return [
                (layer.convolution + ".weight", layer.shape), (layer.norm + ".weight", [width]),
                (layer.norm + ".bias", [width]),
            ]
        }
    }

    var batchNorms: [(name: String, width: Int)] { layers.map { ($0.norm, $0.shape[0]) } }

    func validate(for configuration: SAMConfiguration) throws(SAMError) {
        let width = configuration.decoder.width
        guard widths.count == 3, widths.allSatisfy({ (1...1 << 14).contains($0) }),
            widths.last == width
        else {
            throw .configuration(
                "side network: found stages of \(widths) channels, expected three that end with "
                    + "\(width), the features of the embedding")
        }
        guard (1...64).contains(blocks) else {
            throw .configuration("side network: found \(blocks) blocks a stage, expected 1 to 64")
        }
    }
}

/// What a side network makes of pictures.
public struct SideFeatures {
    /// Features like an embedding, `[B, C, g, g]`.
    public var features: Variable
    /// The running statistics to keep: moved towards the batch in training, as they were otherwise.
    public var statistics: [String: BatchNorm2D.Statistics]
}

extension TrainableSAM {
    /// Runs the side network, which must have been added.
    ///
    /// - Parameters:
    ///   - images: Prepared pictures, `[B, 3, S, S]`.
    ///   - isTraining: Whether batch norms use the statistics of the batch and move the running ones towards them, by a tenth.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: Features, and statistics to assign to ``statistics`` after the step.
    public func sideFeatures(
        of images: Variable, isTraining: Bool, on tape: Tape?
    ) -> SideFeatures {
        guard let network = added.sideNetwork else {
            preconditionFailure("the model has no side network")
        }
        var run = SideNetworkRun(
            pass: pass(on: tape), isTraining: isTraining, statistics: statistics)
        let features = run(images, network)
        return SideFeatures(features: features, statistics: run.statistics)
    }

    /// Mixes embeddings with the features of the side network by the gate: `g embedding + (1 - g) side`, `g = sigmoid(alpha)`.
    ///
    /// - Parameters:
    ///   - embedding: Embeddings, `[B, C, g, g]`.
    ///   - side: Features of the same shape.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: What the decoder is given, of the same shape.
    public func gated(_ embedding: Variable, side: Variable, on tape: Tape?) -> Variable {
        precondition(
            embedding.shape == side.shape, "embeddings of \(embedding.shape), \(side.shape) beside")
        let pass = pass(on: tape)
        // As side + g (embedding - side): the gradient of the gate is then one sum instead of the difference of two large ones.
        let gate = Sigmoid.apply(pass.reshape(pass["alpha"], []), on: tape)
        let difference = pass.sum(embedding, Scaling.apply(side, by: -1, on: tape))
        return pass.sum(Multiplication.apply(difference, gate, on: tape), side)
    }
}

/// One run of a side network, which collects statistics on its way.
private struct SideNetworkRun {
    let pass: ForwardPass
    let isTraining: Bool
    var statistics: [String: BatchNorm2D.Statistics]

    mutating func callAsFunction(
        _ images: Variable, _ network: SideNetworkConfiguration
    ) -> Variable {
        let stem = ReLU.apply(apply(network.stem, images), on: pass.tape)
        var x = MaxPooling2D.apply(stem, kernel: 3, stride: 2, padding: 1, on: pass.tape)
        for block in network.residualBlocks {
            let hidden = ReLU.apply(apply(block.first, x), on: pass.tape)
            let change = apply(block.second, hidden)
            let shortcut = block.shortcut.map { apply($0, x) } ?? x
            x = ReLU.apply(pass.sum(change, shortcut), on: pass.tape)
        }
        return x
    }

    private mutating func apply(
        _ layer: SideNetworkConfiguration.Layer, _ x: Variable
    ) -> Variable {
        let y = pass.convolution(
            x, layer.convolution, stride: layer.stride, padding: layer.shape[2] / 2)
        guard let running = statistics[layer.norm] else {
            preconditionFailure("no statistics of \(layer.norm)")
        }
        let (output, batch) = BatchNorm2D.apply(
            y, weight: pass[layer.norm + ".weight"], bias: pass[layer.norm + ".bias"],
            running: isTraining ? nil : running, on: pass.tape)
        if isTraining {
            statistics[layer.norm] = running.moved(
                towards: batch, count: y.value.count / layer.shape[0], momentum: 0.1)
        }
        return output
    }
}
