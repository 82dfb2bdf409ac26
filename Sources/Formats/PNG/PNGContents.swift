/// A PNG reduced to what its samples depend on: header, palette, transparency, data.
///
/// libpng's simplified interface converts samples by the gamma and colour chunks of a file. Leaving these
/// chunks out keeps every sample as stored, and keeps compressed text and profiles away from the decoder.
struct PNGContents {
    let header: PNGHeader
    /// A smaller PNG with only the chunks named above.
    let bytes: [UInt8]
    /// Red, green and blue of each colour, empty without a palette.
    let palette: [UInt8]
    /// The alpha of the first colours of the palette; the others are opaque.
    let paletteAlpha: [UInt8]
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
        var palette: [UInt8] = []
        var paletteAlpha: [UInt8] = []
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
                guard palette.isEmpty, dataEnd == nil else {
                    throw misplaced("one palette before IDAT")
                }
                guard chunk.data.count % 3 == 0, (1...256).contains(chunk.data.count / 3) else {
                    throw .damaged(
                        file: name, offset: chunk.data.startIndex,
                        found: "a palette of \(chunk.data.count) bytes",
                        expected: "3 for each of 1 to 256")
                }
                palette = Array(chunk.data)
                // For RGB a palette is only a suggestion to the screen.
                if header.colour == .palette { kept += chunk.whole }
            case "tRNS":
                guard dataEnd == nil else { throw misplaced("tRNS before IDAT") }
                guard keepingTransparency else { continue }
                hasTransparency = true
                if header.colour == .palette {
                    // libpng only gives indices here; the colours are put in by `colours(of:)`.
                    guard (1...256).contains(chunk.data.count),
                        chunk.data.count <= palette.count / 3
                    else { throw misplaced("at most one alpha for each colour before it") }
                    paletteAlpha = Array(chunk.data)
                } else {
                    kept += chunk.whole
                }
            case "IDAT":
                guard header.colour != .palette || !palette.isEmpty else {
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
        self.palette = palette
        self.paletteAlpha = paletteAlpha
        self.hasTransparency = hasTransparency
        self.dataStart = dataStart
        self.compressedBytes = compressedBytes
    }

    /// The RGB samples of palette indices, or RGBA with transparency; every index must be in the palette.
    func colours(of indices: [UInt8]) -> [UInt8] {
        let channels = hasTransparency ? 4 : 3
        return [UInt8](unsafeUninitializedCapacity: indices.count * channels) { buffer, count in
            for (pixel, index) in indices.enumerated() {
                for channel in 0..<3 {
                    buffer[pixel * channels + channel] = palette[Int(index) * 3 + channel]
                }
                if hasTransparency {
                    buffer[pixel * 4 + 3] =
                        Int(index) < paletteAlpha.count ? paletteAlpha[Int(index)] : 255
                }
            }
            count = indices.count * channels
        }
    }
}
