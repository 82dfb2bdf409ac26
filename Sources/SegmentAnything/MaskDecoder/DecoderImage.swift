import Tensors

/// What the mask decoder computes once for a picture and shares among all prompts.
///
/// Without a mask prompt, the image tokens that enter the first layer do not depend on the prompt. So neither do its projections of
/// them: they are made here.
public struct DecoderImage: Sendable {
    /// The embedding as image tokens, N x C.
    let embedding: Tensor
    /// Image tokens that enter the first layer without a mask prompt: the embedding plus the no-mask vector, N x C.
    let tokens: Tensor
    /// Position codes, turned: for each block of the grid panels of its cells; see ``Kernels/transposedPanels(_:plus:rows:width:into:)``.
    let codePanels: Tensor
    /// Keys of the first layer's attention from tokens to picture, without bias: C/2 rows of N.
    let keys: Tensor
    /// Its values, likewise.
    let values: Tensor
    /// Queries of the first layer's attention from picture to tokens, without bias: C/2 rows of N.
    let queries: Tensor

    init(
        embedding: Tensor, noMask: [Float], codes: Tensor, first: TwoWayAttentionBlock,
        geometry: DecoderGeometry
    ) {
        let (width, inner, positions) = (geometry.width, geometry.inner, geometry.positions)
        precondition(
            embedding.count == width * positions,
            "an embedding of \(embedding.shape), not \(width) x \(geometry.side) x \(geometry.side)"
        )
        var rows = Tensor(uninitialized: [positions, width])
        var tokens = Tensor(uninitialized: [positions, width])
        var projections = (0..<3).map { _ in Tensor(uninitialized: [inner, positions]) }
        func address(_ tensor: inout Tensor) -> UnsafeMutablePointer<Float> {
            tensor.withMutableValues { values in
                guard let base = values.baseAddress else { preconditionFailure("no memory") }
                return base
            }
        }
        // Addresses stay valid: the tensors are not shared and live to the end of this function.
        nonisolated(unsafe) let rowsAt = address(&rows)
        nonisolated(unsafe) let tokensAt = address(&tokens)
        nonisolated(unsafe) let keysAt = address(&projections[0])
        nonisolated(unsafe) let valuesAt = address(&projections[1])
        nonisolated(unsafe) let queriesAt = address(&projections[2])
        embedding.withValues { sourceValues in
            codes.withValues { codeValues in
                guard let sourceBase = sourceValues.baseAddress,
                    let codeBase = codeValues.baseAddress
                else { return }
                nonisolated(unsafe) let source = sourceBase
                nonisolated(unsafe) let codes = codeBase
                ParallelRange.forEach(count: positions, piece: 256) { range in
                    let (start, count) = (range.lowerBound, range.count)
                    let at = start * width
                    Kernels.transpose(
                        source + start, rows: width, columns: count, inputStride: positions,
                        into: rowsAt + at)
                    for row in range {
                        Kernels.add(
                            rowsAt + row * width, noMask, into: tokensAt + row * width,
                            count: width)
                    }
                    let coded = [Float](unsafeUninitializedCapacity: count * width) { buffer, n in
                        if let coded = buffer.baseAddress {
                            Kernels.add(
                                tokensAt + at, codes + at, into: coded, count: count * width)
                        }
                        n = count * width
                    }
                    func project(
                        _ weight: FixedWeight, _ rows: UnsafePointer<Float>,
                        _ output: UnsafeMutablePointer<Float>
                    ) {
                        MatrixProduct.multiply(
                            rows: inner, columns: count, inner: width, weight.values,
                            stride: width, .plain, rows, stride: width, .transposed,
                            into: output + start, stride: positions)
                    }
                    project(first.tokenToImage.keyWeight, coded, keysAt)
                    project(first.tokenToImage.valueWeight, tokensAt + at, valuesAt)
                    project(first.imageToToken.queryWeight, coded, queriesAt)
                }
            }
        }
        self.embedding = rows
        self.tokens = tokens
        codePanels = Self.panels(codes, geometry)
        (keys, values, queries) = (projections[0], projections[1], projections[2])
    }

    private static func panels(_ codes: Tensor, _ geometry: DecoderGeometry) -> Tensor {
        let (width, stride) = (geometry.width, geometry.blockStride)
        var result = Tensor(uninitialized: [geometry.blocks, stride, width])
        result.withMutableValues { result in
            codes.withValues { codes in
                guard let result = result.baseAddress, let codes = codes.baseAddress else { return }
                nonisolated(unsafe) let (input, output) = (codes, result)
                ParallelRange.forEach(count: geometry.blocks, piece: 1) { blocks in
                    for block in blocks {
                        let range = geometry.range(of: block)
                        Kernels.transposedPanels(
                            input + range.lowerBound * width, plus: nil, rows: range.count,
                            width: width, into: output + block * stride * width)
                    }
                }
            }
        }
        return result
    }
}
