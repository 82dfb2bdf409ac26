import JPEGCodec
import TIFF

/// Decodes tiles of one file; any number of threads at once.
struct TileDecoding: Sendable {
    let path: String
    let readers: ReaderPool
    let background: RGBColour

    /// Fills a tile's memory; `false` when the file stores nothing of it.
    func decode(
        _ image: SlideImage, column: Int, row: Int, into tile: Tile
    ) throws(SlideError) -> Bool {
        if let jpeg = image.jpeg {
            return try decode(jpeg, image, column, row, into: tile)
        }
        return try decodeByLibrary(image, column, row, into: tile)
    }

    /// The compressed bytes of a tile of the file's own grid; `nil` for one that is not stored.
    func stream(_ image: SlideImage, column: Int, row: Int) throws(SlideError) -> [UInt8]? {
        let index = image.directory.index
        let block = row * image.directory.blocksAcross + column
        do throws(TIFFError) {
            return try readers.withReader(of: index) { reader throws(TIFFError) in
                try reader.rawBlock(directory: index, index: block)
            }
        } catch { throw SlideError(error, at: image.place(column: column, row: row)) }
    }

    private func decode(
        _ jpeg: JPEGTileDecoder, _ image: SlideImage, _ column: Int, _ row: Int, into tile: Tile
    ) throws(SlideError) -> Bool {
        guard let stream = try stream(image, column: column, row: row) else { return false }
        do throws(JPEGError) {
            var failure: JPEGError?
            stream.withUnsafeBytes { bytes in
                do throws(JPEGError) {
                    try jpeg.decode(
                        bytes, width: image.tileWidth, height: image.tileHeight,
                        visibleWidth: min(
                            image.tileWidth, image.directory.width - column * image.tileWidth),
                        visibleHeight: min(
                            image.tileHeight, image.directory.height - row * image.tileHeight),
                        named: path, into: tile.memory)
                } catch { failure = error }
            }
            if let failure { throw failure }
        } catch {
            throw SlideError(error, file: path, place: image.place(column: column, row: row))
        }
        tile.describe(rowBytes: image.tileWidth * 3, blocks: 1, missing: 0)
        return true
    }

    /// Decodes what lies in tiles and strips of other compressions, strip by strip.
    private func decodeByLibrary(
        _ image: SlideImage, _ column: Int, _ row: Int, into tile: Tile
    ) throws(SlideError) -> Bool {
        let directory = image.directory
        let x = column * image.tileWidth
        let width = min(image.tileWidth, directory.width - x)
        let top = row * image.tileHeight
        let bottom = min(top + image.tileHeight, directory.height)
        let memory = LentMemory(bytes: tile.memory)
        do throws(TIFFError) {
            let (blocks, missing) = try readers.withReader(of: directory.index) {
                reader throws(TIFFError) in
                var blocks = 0
                var missing = 0
                var y = top
                while y < bottom {
                    let blockRow = y / directory.blockHeight
                    let end = min(bottom, (blockRow + 1) * directory.blockHeight)
                    let target = UnsafeMutableRawBufferPointer(
                        rebasing: memory.bytes[((y - top) * width * 3)..<((end - top) * width * 3)])
                    let block = blockRow * directory.blocksAcross + column
                    blocks += 1
                    if try isStored(block, directory, reader) {
                        try read(directory, reader, x, y, width, end - y, into: target)
                    } else {
                        missing += 1
                        background.fill(target)
                    }
                    y = end
                }
                return (blocks, missing)
            }
            if missing == blocks && blocks == 1 { return false }
            tile.describe(rowBytes: width * 3, blocks: blocks, missing: missing)
            return true
        } catch { throw SlideError(error, at: image.place(column: column, row: row)) }
    }

    /// Whether the file holds bytes for a block in each of its planes.
    private func isStored(
        _ block: Int, _ directory: TIFFDirectory, _ reader: TIFFReader
    ) throws(TIFFError) -> Bool {
        let perPlane = directory.blocksAcross * directory.blocksDown
        for plane in 0..<max(1, directory.blockCount / max(1, perPlane))
        where try reader.blockByteCount(
            directory: directory.index, index: block + plane * perPlane) == 0
        { return false }
        return true
    }

    /// Reads a rectangle and makes it red, green and blue.
    private func read(
        _ directory: TIFFDirectory, _ reader: TIFFReader, _ x: Int, _ y: Int, _ width: Int,
        _ height: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) {
        let isPlain =
            directory.samplesPerPixel == 3 && directory.bitsPerSample == 8
            && (directory.colour == .rgb || directory.colour == .yCbCr)
        if isPlain {
            _ = try reader.readRegion(
                directory: directory.index, x: x, y: y, width: width, height: height,
                as: .picture, into: target)
            return
        }
        let pixels = try reader.readRegion(
            directory: directory.index, x: x, y: y, width: width, height: height, as: .picture)
        guard let samples = pixels.uint8 else {
            throw TIFFError(
                .unsupported, file: reader.path, place: "directory \(directory.index)",
                found: "samples of another type", expected: "8 bits; convert the slide")
        }
        let count = pixels.samplesPerPixel
        let isColour =
            count >= 3 && directory.colour != .minIsBlack
            && directory.colour != .minIsWhite && directory.colour != .mask
        // 1, 2 and 4 bits are not scaled by the TIFF room.
        let scale =
            isColour || directory.bitsPerSample == 8 ? 1 : 255 / (1 << directory.bitsPerSample - 1)
        for pixel in 0..<(width * height) {
            for channel in 0..<3 {
                let sample = samples[pixel * count + (isColour ? channel : 0)]
                target[pixel * 3 + channel] = UInt8(clamping: Int(sample) * scale)
            }
        }
    }
}

/// Memory of a tile that one thread fills.
private struct LentMemory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
}

extension RGBColour {
    /// Paints whole pixels.
    func fill(_ memory: UnsafeMutableRawBufferPointer) {
        if red == green && green == blue {
            memory.initializeMemory(as: UInt8.self, repeating: red)
            return
        }
        var offset = 0
        while offset + 2 < memory.count {
            memory[offset] = red
            memory[offset + 1] = green
            memory[offset + 2] = blue
            offset += 3
        }
    }
}
