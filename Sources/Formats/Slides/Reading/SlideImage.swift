import JPEGCodec
import TIFF

/// One image of the file as a grid of tiles that are decoded one by one.
struct SlideImage: Sendable {
    let directory: TIFFDirectory
    /// What errors call it, for example `level 0`.
    let name: String
    let width: Int
    let height: Int
    /// The columns and rows of a tile in memory: strips are gathered or divided, so this need not be the file's grid.
    let tileWidth: Int
    let tileHeight: Int
    /// Set where tiles are JPEG streams that need no libtiff.
    let jpeg: JPEGTileDecoder?

    /// The bytes of a band of strips in memory.
    private static let bandBytes = 4 << 20

    init(
        _ directory: TIFFDirectory, name: String, width: Int, height: Int, reader: TIFFReader,
        limits: SlideLimits, jpegColour: JPEGColour?
    ) throws(SlideError) {
        self.directory = directory
        self.name = name
        self.width = width
        self.height = height
        let place = "\(name) (image \(directory.index))"
        func error(_ kind: SlideError.Kind, _ found: String, _ expected: String) -> SlideError {
            SlideError(kind, file: reader.path, place: place, found: found, expected: expected)
        }
        if let problem = directory.problem { throw SlideError(problem) }
        try Self.check(directory, error)
        func bytes(_ width: Int, _ height: Int) throws(SlideError) -> Int {
            let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
            guard !overflow, pixels <= limits.tileBytes / 3 else {
                throw error(
                    .tooLarge, "tiles of \(width) x \(height) pixels",
                    "at most \(limits.tileBytes) bytes each; raise the limit if the slide is genuine"
                )
            }
            return pixels * 3
        }
        // Grey where 0 is white, and samples that are not colours, are left to the TIFF room.
        let isStreams =
            directory.compression == .jpeg && !directory.isPlanar && directory.extraSamples == 0
            && [.rgb, .yCbCr, .minIsBlack].contains(directory.colour)
        if directory.isTiled {
            _ = try bytes(directory.blockWidth, directory.blockHeight)
            tileWidth = directory.blockWidth
            tileHeight = directory.blockHeight
        } else {
            tileWidth = directory.width
            let line = try bytes(directory.width, 1)
            let rows = max(1, Self.bandBytes / line)
            let strip = min(directory.blockHeight, directory.height)
            if isStreams && strip <= rows {
                tileHeight = strip
            } else if strip >= 64 || strip > rows {
                tileHeight = min(strip, rows)
            } else {
                tileHeight = max(1, min(rows, 64) / strip) * strip
            }
        }
        guard isStreams, directory.isTiled || tileHeight == min(directory.blockHeight, height)
        else {
            jpeg = nil
            return
        }
        let colour: JPEGColour =
            switch directory.colour {
            case .rgb: jpegColour ?? .rgb
            case .yCbCr: jpegColour ?? .yCbCr
            default: .grey
            }
        do throws(TIFFError) {
            jpeg = JPEGTileDecoder(
                tables: try reader.jpegTables(directory: directory.index) ?? [], colour: colour)
        } catch { throw SlideError(error, at: place) }
    }

    var tilesAcross: Int { (width + tileWidth - 1) / tileWidth }
    var tileBytes: Int { tileWidth * tileHeight * 3 }

    /// Whether each tile in memory is one tile or strip of the file.
    var isFileGrid: Bool { directory.isTiled || tileHeight == directory.blockHeight }

    /// What errors call a tile.
    func place(column: Int, row: Int) -> String {
        directory.isTiled
            ? "\(name), tile \(row * tilesAcross + column) (column \(column), row \(row))"
            : "\(name), rows from \(row * tileHeight) on"
    }

    /// Compares the samples with what can be shown as red, green and blue of 8 bits.
    private static func check(
        _ directory: TIFFDirectory,
        _ error: (SlideError.Kind, String, String) -> SlideError
    ) throws(SlideError) {
        guard directory.sampleFormat == .unsigned, directory.bitsPerSample <= 8 else {
            throw error(
                .unsupported,
                "\(directory.bitsPerSample)-bit \(directory.sampleFormat.rawValue) samples",
                "8-bit colours or grey; convert the slide")
        }
        let colours = directory.samplesPerPixel - directory.extraSamples
        switch directory.colour {
        case .minIsWhite, .minIsBlack, .mask:
            guard directory.samplesPerPixel >= 1 else { break }
            return
        case .palette where directory.samplesPerPixel == 1: return
        case .rgb where colours >= 3 && directory.bitsPerSample == 8: return
        case .yCbCr where colours == 3: return
        default: break
        }
        throw error(
            .unsupported,
            "\(directory.samplesPerPixel) samples per pixel of \(directory.colour.rawValue) colours",
            "grey, RGB, YCbCr or a palette; convert the slide")
    }
}
