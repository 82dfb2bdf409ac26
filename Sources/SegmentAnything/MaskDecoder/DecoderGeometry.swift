/// The sizes of one decoder, and how its image tokens are divided into blocks.
///
/// Blocks depend on the grid only, so results have the same bits for any number of threads.
struct DecoderGeometry: Sendable {
    /// Features of a token, C.
    let width: Int
    /// Attention heads, H.
    let heads: Int
    /// Features of all heads of the attention between tokens and picture.
    var inner: Int { width / 2 }
    /// Features of one of these heads, D.
    var depth: Int { inner / heads }
    /// Side of the grid, g.
    let side: Int
    /// Image tokens, N = g².
    var positions: Int { side * side }
    /// Lines of the grid in a block: about 256 tokens, so that what is done to them stays in the second cache.
    let linesOfBlock: Int
    /// Number of blocks.
    var blocks: Int { (side + linesOfBlock - 1) / linesOfBlock }
    /// Tokens of the largest block.
    var blockPositions: Int { linesOfBlock * side }
    /// The same filled up to 64: the distance of rows of positions.
    var blockStride: Int { (blockPositions + 63) / 64 * 64 }
    /// The distance of rows of scores: no power of two, so that the same place of many rows does not share a set of the cache.
    var scoreStride: Int { blockStride + 16 }

    init(configuration: DecoderConfiguration, side: Int) {
        width = configuration.width
        heads = configuration.heads
        self.side = side
        linesOfBlock = max(1, min(side, 256 / side))
    }

    /// The tokens of a block.
    func range(of block: Int) -> Range<Int> {
        let first = block * blockPositions
        return first..<min(first + blockPositions, positions)
    }
}
