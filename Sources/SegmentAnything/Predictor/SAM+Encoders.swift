import Tensors

extension SAM {
    /// Makes a model from weights, with the image encoder that its configuration names.
    ///
    /// - Complexity: reads all tensors; each layer keeps its own in the order in which it needs them.
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - source: Where the tensors come from.
    ///   - precision: How exactly the image encoder keeps the factors of its products. Embeddings of different precisions are
    ///     different: do not store them under one name.
    /// - Throws: ``SAMError/configuration(_:)`` for an architecture that is not possible, ``SAMError/weights(_:)`` with everything that is
    ///   missing, unused or of another shape, ``SAMError/source(_:)`` when a tensor cannot be read.
    public init(
        configuration: SAMConfiguration, source: any TensorSource,
        precision: EncoderPrecision = .float32
    ) throws(SAMError) {
        try configuration.validateEncoder()
        try self.init(configuration: configuration, source: source) { weights in
            switch configuration.encoder {
            case .vit(let encoder):
                ViTImageEncoder(
                    configuration: encoder, imageSize: configuration.imageSize,
                    outputWidth: configuration.decoder.width, weights: weights,
                    precision: precision)
            case .tinyViT(let encoder):
                TinyViTImageEncoder(
                    configuration: encoder, imageSize: configuration.imageSize,
                    outputWidth: configuration.decoder.width, weights: weights,
                    precision: precision)
            }
        }
    }
}

extension SAMConfiguration {
    /// Checks what the image encoders take for granted.
    func validateEncoder() throws(SAMError) {
        func check(
            _ condition: Bool, _ name: String, _ found: String, _ expected: String
        ) throws(SAMError) {
            guard condition else {
                throw .configuration("\(name): found \(found), expected \(expected)")
            }
        }
        let widths = 1...(1 << 14)
        let counts = 1...1024
        switch encoder {
        case .vit(let encoder):
            // The prompt side works on cells of 16 pixels.
            try check(encoder.patchSize == 16, "patch size", "\(encoder.patchSize)", "16")
            try check(
                widths ~= encoder.width && counts ~= encoder.heads
                    && encoder.width % encoder.heads == 0, "encoder width and heads",
                "\(encoder.width) and \(encoder.heads)",
                "a width up to \(widths.upperBound) that the heads divide")
            try check(counts ~= encoder.depth, "encoder depth", "\(encoder.depth)", "1 to 1024")
            try check(1...64 ~= encoder.mlpRatio, "MLP ratio", "\(encoder.mlpRatio)", "1 to 64")
            try check(
                counts ~= encoder.windowSize, "window size", "\(encoder.windowSize)", "1 to 1024")
            try check(
                encoder.globalBlocks.allSatisfy { 0..<encoder.depth ~= $0 }, "global blocks",
                "\(encoder.globalBlocks)", "numbers of blocks below \(encoder.depth)")
        case .tinyViT(let encoder):
            let lists = [encoder.widths, encoder.depths, encoder.heads, encoder.windowSizes]
            try check(
                lists.allSatisfy { $0.count == 4 && $0.allSatisfy { widths ~= $0 } },
                "TinyViT stages", "\(lists)", "four lists of four numbers from 1 on")
            try check(
                zip(encoder.widths, encoder.heads).allSatisfy { $0 % $1 == 0 }, "TinyViT heads",
                "\(encoder.heads)", "divisors of the widths \(encoder.widths)")
        }
    }
}
