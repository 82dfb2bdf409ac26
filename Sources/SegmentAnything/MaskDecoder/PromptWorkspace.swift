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

    /// Divides memory, or with `nil` only counts it.
    private init(
        _ geometry: DecoderGeometry, tokens: Int, work workCount: Int,
        base: UnsafeMutablePointer<Float>, count: inout Int
    ) {
        var layout = ScratchLayout()
        let heads = geometry.heads * tokens
        let (width, depth) = (geometry.width, geometry.depth)
        func place(_ count: Int) -> UnsafeMutablePointer<Float> { base + layout.reserve(count) }
        self.tokens = tokens
        initial = place(tokens * width)
        current = place(tokens * width)
        coded = place(tokens * width)
        change = place(tokens * width)
        work = place(workCount)
        queries = place(heads * depth)
        foldedQueries = place(heads * width)
        keys = place(heads * depth)
        foldedKeys = place(heads * width)
        offsets = place(heads)
        values = place(heads * width)
        partials = place(geometry.blocks * heads * width)
        maxima = place(geometry.blocks * heads)
        weights = place(geometry.blocks * heads)
        sums = place(heads * width)
        image = place(geometry.positions * width)
        count = layout.count
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
        pool.withScratch(count(geometry, tokens: tokens, work: work)) { memory in
            var count = 0
            return body(
                PromptWorkspace(geometry, tokens: tokens, work: work, base: memory, count: &count))
        }
    }

    private static func count(_ geometry: DecoderGeometry, tokens: Int, work: Int) -> Int {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 1) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            var count = 0
            _ = PromptWorkspace(geometry, tokens: tokens, work: work, base: base, count: &count)
            return count
        }
    }
}
