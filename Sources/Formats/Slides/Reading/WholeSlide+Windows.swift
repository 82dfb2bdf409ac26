extension WholeSlide {
    /// Reads a rectangle of a level.
    ///
    /// - Complexity: O(pixels of the tiles that are touched and not in the cache, and of the rectangle).
    ///
    /// - Parameters:
    ///   - level: The number of the level.
    ///   - x: The first column, in pixels of the level; may lie outside.
    ///   - y: The first row, in pixels of the level; may lie outside.
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    /// - Returns: The pixels; background where the file stores none.
    /// - Throws: ``SlideError`` when there is no such level, the rectangle is larger than the limits allow, or a tile is
    ///   damaged; the error names the tile.
    public func read(
        level: Int, x: Int, y: Int, width: Int, height: Int
    ) throws(SlideError) -> RGBPixels {
        try read(try image(level), x: x, y: y, width: width, height: height)
    }

    /// Reads a rectangle of a level into memory of the caller.
    ///
    /// - Parameters:
    ///   - level: The number of the level.
    ///   - x: The first column, in pixels of the level; may lie outside.
    ///   - y: The first row, in pixels of the level; may lie outside.
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    ///   - memory: Exactly width × height × 3 bytes, laid out as ``RGBPixels``.
    /// - Returns: How many tiles were touched, and how many of them the file does not store.
    /// - Throws: ``SlideError`` as ``read(level:x:y:width:height:)``, also for memory of another size; it is then undefined.
    @discardableResult
    public func read(
        level: Int, x: Int, y: Int, width: Int, height: Int,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(SlideError) -> SlideReadCounts {
        let image = try image(level)
        let bytes = try byteCount(image, x: x, y: y, width: width, height: height)
        guard bytes == memory.count else {
            throw SlideError(
                .misuse, file: path, place: image.name,
                found: "\(memory.count) bytes for \(width) x \(height) pixels",
                expected: "\(bytes) bytes")
        }
        return try fill(image, x: x, y: y, width: width, height: height, into: memory)
    }

    func read(
        _ image: SlideImage, x: Int, y: Int, width: Int, height: Int
    ) throws(SlideError) -> RGBPixels {
        let bytes = try byteCount(image, x: x, y: y, width: width, height: height)
        var failure: SlideError?
        let samples = [UInt8](unsafeUninitializedCapacity: bytes) { memory, done in
            do throws(SlideError) {
                _ = try fill(
                    image, x: x, y: y, width: width, height: height,
                    into: UnsafeMutableRawBufferPointer(memory))
                done = bytes
            } catch { failure = error }
        }
        if let failure { throw failure }
        return RGBPixels(width: width, height: height, samples: samples)
    }

    /// The bytes of a rectangle, compared with the limits; its far corner can be counted too.
    func byteCount(
        _ image: SlideImage, x: Int, y: Int, width: Int, height: Int
    ) throws(SlideError) -> Int {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, pixels <= limits.readBytes / 3,
            !x.addingReportingOverflow(width).overflow,
            !y.addingReportingOverflow(height).overflow
        else {
            throw SlideError(
                width > 0 && height > 0 ? .tooLarge : .misuse, file: path, place: image.name,
                found: "a rectangle of \(width) x \(height) pixels at (\(x), \(y))",
                expected: "1 pixel or more and at most \(limits.readBytes) bytes; ask for less")
        }
        return pixels * 3
    }

    /// Fills memory of the right size with a rectangle whose corners can be counted.
    func fill(
        _ image: SlideImage, x: Int, y: Int, width: Int, height: Int,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(SlideError) -> SlideReadCounts {
        var counts = SlideReadCounts()
        let left = max(x, 0)
        let right = min(x + width, image.width)
        let top = max(y, 0)
        let bottom = min(y + height, image.height)
        guard left < right, top < bottom, let base = memory.baseAddress else {
            background.fill(memory)
            counts.outsidePixels = width * height
            return counts
        }
        counts.outsidePixels = width * height - (right - left) * (bottom - top)
        if counts.outsidePixels > 0 { background.fill(memory) }
        for row in (top / image.tileHeight)...((bottom - 1) / image.tileHeight) {
            for column in (left / image.tileWidth)...((right - 1) / image.tileWidth) {
                let tile = try tile(image, column: column, row: row)
                let part = TilePart(
                    left: max(left, column * image.tileWidth),
                    right: min(right, (column + 1) * image.tileWidth),
                    top: max(top, row * image.tileHeight),
                    bottom: min(bottom, (row + 1) * image.tileHeight))
                counts.tiles += tile.blocks
                counts.missingTiles += tile.missing
                let byteWidth = (part.right - part.left) * 3
                for line in part.top..<part.bottom {
                    let target = base + ((line - y) * width + part.left - x) * 3
                    if let source = tile.rowBytes == 0 ? nil : tile.memory.baseAddress {
                        target.copyMemory(
                            from: source + (line - row * image.tileHeight) * tile.rowBytes
                                + (part.left - column * image.tileWidth) * 3,
                            byteCount: byteWidth)
                    } else {
                        background.fill(
                            UnsafeMutableRawBufferPointer(start: target, count: byteWidth))
                    }
                }
            }
        }
        return counts
    }

    private func tile(_ image: SlideImage, column: Int, row: Int) throws(SlideError) -> Tile {
        let key = TileKey(
            slide: slideNumber, directory: image.directory.index,
            block: row * image.tilesAcross + column)
        return try cache.tile(key, bytes: image.tileBytes) { tile throws(SlideError) in
            try decoding.decode(image, column: column, row: row, into: tile)
        }
    }
}

/// The share of a tile in a rectangle, in pixels of the image.
private struct TilePart {
    let left: Int
    let right: Int
    let top: Int
    let bottom: Int
}
