/// A PNG reduced to what its samples depend on: header, palette, transparency, data.
///
/// libpng's simplified interface converts samples by the gamma and colour chunks of a file. Leaving these
/// chunks out keeps every sample as stored, and keeps compressed text and profiles away from the decoder.
struct PNGContents {
    let header: PNGHeader
    /// A smaller PNG with only the chunks named above.
    let bytes: [UInt8]
    /// The number of colours in the palette, 0 without one.
    let paletteCount: Int
    let hasTransparency: Bool
    /// Where the first data chunk starts in the file.
    let dataStart: Int
    /// The compressed bytes of all data chunks together.
    let compressedBytes: Int

    /// Walks over the whole file, up to its IEND chunk; without transparency, a tRNS chunk is left out too.
    init(_ file: [UInt8], named name: String, keepingTransparency: Bool) throws(PNGError) {
        var chunks = try PNGChunks(file, file: name)
        let header = try chunks.header()
        let headerEnd = PNGChunks.signature.count + 25
        var kept = Array(file[..<headerEnd])
        var paletteCount = 0
        var hasTransparency = false
        var compressedBytes = 0
        // Data chunks must follow one another; leaving others out must not join what stood apart.
        var dataStart = headerEnd
        var dataEnd: Int?
        walk: while true {
            let chunk = try chunks.next()
            func misplaced(_ expected: String) -> PNGError {
                .damaged(
                    file: name, offset: chunk.whole.startIndex, found: "chunk \(chunk.type)",
                    expected: expected)
            }
            switch chunk.type {
            case "PLTE":
                guard paletteCount == 0, dataEnd == nil else {
                    throw misplaced("one palette before IDAT")
                }
                guard chunk.data.count % 3 == 0, (1...256).contains(chunk.data.count / 3) else {
                    throw .damaged(
                        file: name, offset: chunk.data.startIndex,
                        found: "a palette of \(chunk.data.count) bytes",
                        expected: "3 for each of 1 to 256")
                }
                paletteCount = chunk.data.count / 3
                // For RGB a palette is only a suggestion to the screen.
                if header.colour == .palette { kept += chunk.whole }
            case "tRNS":
                guard dataEnd == nil else { throw misplaced("tRNS before IDAT") }
                if keepingTransparency {
                    hasTransparency = true
                    kept += chunk.whole
                }
            case "IDAT":
                guard header.colour != .palette || paletteCount > 0 else {
                    throw misplaced("PLTE before it")
                }
                guard dataEnd == nil || dataEnd == chunk.whole.startIndex else {
                    throw misplaced("all IDAT chunks together")
                }
                if dataEnd == nil { dataStart = chunk.whole.startIndex }
                dataEnd = chunk.whole.endIndex
                compressedBytes += chunk.data.count
                kept += chunk.whole
            case "IEND":
                guard dataEnd != nil else { throw misplaced("IDAT before it") }
                kept += chunk.whole
                break walk
            default:
                guard !chunk.isCritical else { throw misplaced("a known critical chunk") }
            }
        }
        self.header = header
        self.bytes = kept
        self.paletteCount = paletteCount
        self.hasTransparency = hasTransparency
        self.dataStart = dataStart
        self.compressedBytes = compressedBytes
    }
}
