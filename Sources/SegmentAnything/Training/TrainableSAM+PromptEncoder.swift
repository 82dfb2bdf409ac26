import MedicalImaging
import Tensors

/// Prompts as the trainable mask decoder takes them.
public struct PromptFeatures {
    /// One row for each point, padding included, and for each corner of the box: `[B, T, C]`; T may be 0.
    public var sparse: Variable
    /// What is added to the image tokens: `[B, g g, C]`, or `[C]` when no prompt has a mask.
    public var dense: Variable

    /// Collects features.
    ///
    /// - Parameters:
    ///   - sparse: `[B, T, C]`.
    ///   - dense: `[B, g g, C]` or `[C]`.
    public init(sparse: Variable, dense: Variable) {
        (self.sparse, self.dense) = (sparse, dense)
    }
}

extension TrainableSAM {
    /// Encodes prompts, one for each picture of a batch or several for one picture.
    ///
    /// The codes of positions are fixed; what is learned is added to them. Without a box, points are followed by one padding point,
    /// as in the reference.
    ///
    /// - Empty: A prompt with nothing in it has no sparse rows.
    /// - Parameters:
    ///   - prompts: In pixels of the model input. All have as many points, all a box or none, all a mask (4g x 4g) or none: fill up
    ///     points with padding.
    ///   - tape: Where to record; `nil` to compute only.
    /// - Returns: The features.
    public func promptFeatures(of prompts: [EncoderPrompt], on tape: Tape?) -> PromptFeatures {
        let pass = pass(on: tape)
        return PromptFeatures(
            sparse: sparse(prompts, pass), dense: dense(prompts.map(\.mask), pass))
    }

    /// The learned vectors in the order of their use: kinds of points, corners of boxes, padding.
    private static let vectors =
        (0..<4).map { "prompt_encoder.point_embeddings.\($0).weight" }
        + ["prompt_encoder.not_a_point_embed.weight"]

    private func sparse(_ prompts: [EncoderPrompt], _ pass: ForwardPass) -> Variable {
        let tokens = prompts.map(tokens)
        let count = tokens.first?.count ?? 0
        precondition(
            tokens.allSatisfy { $0.count == count }, "prompts of different numbers of tokens")
        let width = configuration.decoder.width
        let shape = [prompts.count, count, width]
        guard count > 0 else { return Variable(Tensor(zeros: shape)) }
        // Every row is its code plus one of the vectors: a product with a matrix of one 1 in each row.
        let kinds = Self.vectors.count
        var choice = [Float](repeating: 0, count: prompts.count * count * kinds)
        var codes: [Float] = []
        codes.reserveCapacity(prompts.count * count * width)
        for (row, token) in tokens.joined().enumerated() {
            choice[row * kinds + token.kind] = 1
            codes += token.code ?? [Float](repeating: 0, count: width)
        }
        let vectors = Concatenation.apply(
            Self.vectors.map { pass[$0] }, axis: 0, on: pass.tape)
        let chosen = BatchedProduct.apply(
            Variable(Tensor(choice, shape: [prompts.count * count, kinds])), vectors,
            on: pass.tape)
        return pass.sum(pass.reshape(chosen, shape), Variable(Tensor(codes, shape: shape)))
    }

    /// The kind of each token of a prompt and the code of its place; padding has none.
    private func tokens(of prompt: EncoderPrompt) -> [(kind: Int, code: [Float]?)] {
        let side = Double(configuration.imageSize)
        func code(_ x: Float, _ y: Float) -> [Float] {
            positions.code(x: (Double(x) + 0.5) / side, y: (Double(y) + 0.5) / side)
        }
        var tokens: [(kind: Int, code: [Float]?)] = prompt.points.map { point in
            switch point.label {
            case .padding: (4, nil)
            case .background: (0, code(point.x, point.y))
            case .foreground: (1, code(point.x, point.y))
            }
        }
        if let box = prompt.box {
            tokens.append((2, code(box.x0, box.y0)))
            tokens.append((3, code(box.x1, box.y1)))
        } else if !prompt.points.isEmpty {
            tokens.append((4, nil))
        }
        return tokens
    }

    private func dense(_ masks: [Tensor?], _ pass: ForwardPass) -> Variable {
        let given = masks.compactMap { $0 }
        let width = configuration.decoder.width
        guard !given.isEmpty else {
            return pass.reshape(pass["prompt_encoder.no_mask_embed.weight"], [width])
        }
        precondition(given.count == masks.count, "prompts with and without a mask")
        let side = 4 * configuration.gridSize
        precondition(
            given.allSatisfy { $0.count == side * side }, "a mask prompt that is not \(side) square"
        )
        let name = "prompt_encoder.mask_downscaling"
        var x = Variable(Tensor(given.flatMap(\.values), shape: [given.count, 1, side, side]))
        for layer in [0, 3] {
            x = pass.convolution(x, "\(name).\(layer)", stride: 2)
            x = GELU.apply(pass.norm2D(x, "\(name).\(layer + 1)"), on: pass.tape)
        }
        return pass.rows(pass.convolution(x, name + ".6"))
    }
}
