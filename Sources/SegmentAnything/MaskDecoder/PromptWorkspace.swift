import Tensors

/// The memory of one prompt on its way through the transformer: where each intermediate value lies.
///
/// - Shapes: T = tokens, H = heads, D = features of a head, C = features of a token, N = image tokens.
struct PromptWorkspace: @unchecked Sendable {
    let tokens: Int
    /// The tokens as they enter: their code, T x C.
    let initial: UnsafeMutablePointer<Float>
    /// The tokens, T x C.
    let current: UnsafeMutablePointer<Float>
    /// The tokens plus their code, T x C.
    let coded: UnsafeMutablePointer<Float>
    /// What a layer adds to the tokens, T x C.
    let change: UnsafeMutablePointer<Float>
    /// For token layers.
    let work: UnsafeMutablePointer<Float>
    /// Queries for the picture, H x T x D, and folded, H x T x C.
    let queries: UnsafeMutablePointer<Float>
    let foldedQueries: UnsafeMutablePointer<Float>
    /// Keys for the picture, H x T x D, folded, H x T x C, and the summand of their scores, H x T.
    let keys: UnsafeMutablePointer<Float>
    let foldedKeys: UnsafeMutablePointer<Float>
    let offsets: UnsafeMutablePointer<Float>
    /// Values for the picture, H x T x C.
    let values: UnsafeMutablePointer<Float>
    /// Sums over each block, H x T x C at most, with the maxima and sums of their weights, H x T.
    let partials: UnsafeMutablePointer<Float>
    let maxima: UnsafeMutablePointer<Float>
    let weights: UnsafeMutablePointer<Float>
    /// Sums over all blocks, H x T x C at most.
    let sums: UnsafeMutablePointer<Float>
    /// The image tokens, N x C.
    let image: UnsafeMutablePointer<Float>

    /// Divides memory of the sizes that ``sizes(_:tokens:work:)`` lists.
    private init(tokens: Int, sizes: [Int], base: UnsafeMutablePointer<Float>) {
        var layout = ScratchLayout()
        let parts = sizes.map { base + layout.reserve($0) }
        self.tokens = tokens
        (initial, current, coded, change, work) = (parts[0], parts[1], parts[2], parts[3], parts[4])
        (queries, foldedQueries, keys, foldedKeys) = (parts[5], parts[6], parts[7], parts[8])
        (offsets, values, partials, maxima) = (parts[9], parts[10], parts[11], parts[12])
        (weights, sums, image) = (parts[13], parts[14], parts[15])
    }

    /// Floats of each part, in the order of ``init(tokens:sizes:base:)``.
    private static func sizes(_ geometry: DecoderGeometry, tokens: Int, work: Int) -> [Int] {
        let rows = geometry.heads * tokens
        let (width, depth, blocks) = (geometry.width, geometry.depth, geometry.blocks)
        let size = tokens * width
        return [
            size, size, size, size, work,
            rows * depth, rows * width, rows * depth, rows * width,
            rows, rows * width, blocks * rows * width, blocks * rows,
            blocks * rows, rows * width, geometry.positions * width,
        ]
    }

    /// Lends a workspace.
    ///
    /// - Parameters:
    ///   - pool: Where its memory comes from.
    ///   - geometry: The sizes of the decoder.
    ///   - tokens: T.
    ///   - work: Floats for token layers.
    ///   - body: Called once.
    /// - Returns: What the body returns.
    static func with<Result>(
        _ pool: ScratchPool, _ geometry: DecoderGeometry, tokens: Int, work: Int,
        _ body: (PromptWorkspace) -> Result
    ) -> Result {
        let sizes = sizes(geometry, tokens: tokens, work: work)
        var layout = ScratchLayout()
        for size in sizes { _ = layout.reserve(size) }
        return pool.withScratch(layout.count) { memory in
            body(PromptWorkspace(tokens: tokens, sizes: sizes, base: memory))
        }
    }
}
