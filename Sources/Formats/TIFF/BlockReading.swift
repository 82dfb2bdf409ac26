internal import CTIFF

/// A rectangle of an image; checked to lie inside it.
struct Region {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
}

extension TIFFHandle {
    /// Decodes a rectangle into interleaved samples of the directory's type; how many blocks were not stored.
    ///
    /// The memory has exactly the bytes of the rectangle.
    func read(
        _ directory: TIFFDirectory, _ region: Region, _ way: DecodingWay,
        into result: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) -> Int {
        if let problem = directory.problem { throw problem }
        precondition(
            result.count == region.width * region.height * directory.pixelBytes,
            "the memory must have the size of the region")
        guard let base = result.baseAddress else { return 0 }
        do throws(TIFFError) {
            try seek(directory.index, offset: directory.offset)
            let layout = try BlockLayout(directory, file: name)
            var missing = 0
            let lastRow = (region.y + region.height - 1) / layout.blockHeight
            let lastColumn = (region.x + region.width - 1) / layout.blockWidth
            for row in (region.y / layout.blockHeight)...lastRow {
                for column in (region.x / layout.blockWidth)...lastColumn {
                    for plane in 0..<layout.planes {
                        let block = BlockPart(directory, layout, column, row, plane, region, base)
                        missing += try read(
                            block, SampleCopy(directory, layout, plane: plane, way))
                    }
                }
            }
            return missing
        } catch {
            // A decoder may be stuck in the middle of a block; opening the directory anew sets it right.
            current = nil
            nextRow = nil
            throw error
        }
    }

    /// Copies one block's share; 1 when the block is not stored, else 0.
    private func read(_ block: BlockPart, _ copy: SampleCopy) throws(TIFFError) -> Int {
        guard try isStored(block) else {
            for row in 0..<block.rows {
                copy.fillRow(columns: block.columns, at: block.target(row))
            }
            return 1
        }
        if block.layout.isTall && block.layout.planes == 1 {
            try readRows(block, copy)
            return 0
        }
        let decoded = try decode(block)
        guard let source = decoded.memory.baseAddress else { return 0 }
        for row in 0..<block.rows {
            copy.copyRow(
                source + (block.firstRow + row) * block.layout.rowBytes, first: block.firstColumn,
                columns: block.columns, to: block.target(row))
        }
        return 0
    }

    /// Whether the file holds bytes for a block.
    private func isStored(_ block: BlockPart) throws(TIFFError) -> Bool {
        try place(ofBlock: block.index, block.directory, noun: block.layout.noun) != nil
    }

    /// Where the file holds the bytes of a block of the current directory, which lie inside the file; `nil` for none.
    func place(
        ofBlock index: Int, _ directory: TIFFDirectory, noun: String
    ) throws(TIFFError) -> Range<UInt64>? {
        func damaged(_ found: String, _ expected: String) -> TIFFError {
            TIFFError(
                .damaged, file: name, place: "directory \(directory.index), \(noun) \(index)",
                found: found, expected: expected + "; fetch or write the file again",
                libraryMessage: errorMessage)
        }
        clearMessages()
        var failed: Int32 = 0
        let count = TIFFGetStrileByteCountWithErr(tiff, UInt32(index), &failed)
        var failedToo: Int32 = 0
        let offset = TIFFGetStrileOffsetWithErr(tiff, UInt32(index), &failedToo)
        guard failed == 0, failedToo == 0 else {
            throw damaged("no offset or byte count", "both for each \(noun)")
        }
        if count == 0 { return nil }
        let (end, overflow) = offset.addingReportingOverflow(count)
        guard offset > 0, !overflow, end <= UInt64(file.size) else {
            throw damaged(
                "\(count) bytes from byte \(offset) in a file of \(file.size)",
                "bytes inside the file"
            )
        }
        return offset..<end
    }

    private func damaged(_ block: BlockPart, _ found: String, _ expected: String) -> TIFFError {
        TIFFError(
            .damaged, file: name,
            place: "directory \(block.directory.index), \(block.layout.noun) \(block.index)",
            found: found, expected: expected + "; fetch or write the file again",
            libraryMessage: errorMessage)
    }

    /// The decoded bytes of a block, from memory when it was the last one.
    private func decode(_ block: BlockPart) throws(TIFFError) -> DecodedBlock {
        let layout = block.layout
        // Tiles of several planes take turns in one memory; strips keep one each, as bands return to them.
        let together = TIFFLimits.product(layout.blockBytes, layout.planes) ?? .max
        let key = layout.isTiled || together > limits.blockBytes ? 0 : block.plane
        let target: DecodedBlock
        if let kept = decoded[key], kept.memory.count >= layout.blockBytes {
            if let content = kept.content, content == (block.directory.index, block.index) {
                return kept
            }
            target = kept
        } else {
            decoded[key] = nil
            target = DecodedBlock(bytes: layout.blockBytes)
            decoded[key] = target
        }
        target.content = nil
        if block.directory.compression.mayLeaveGaps {
            target.memory.initializeMemory(as: UInt8.self, repeating: 0)
        }
        clearMessages()
        let bytes = layout.rowBytes * block.storedRows
        let size = tmsize_t(bytes)
        let done = Int(
            layout.isTiled
                ? TIFFReadEncodedTile(tiff, UInt32(block.index), target.memory.baseAddress, size)
                : TIFFReadEncodedStrip(tiff, UInt32(block.index), target.memory.baseAddress, size))
        nextRow = nil
        guard done == bytes else {
            throw damaged(
                block, done < 0 ? "bytes the decoder refuses" : "\(done) decoded bytes",
                "\(bytes) bytes of sound \(block.directory.compression) data")
        }
        try checkRepairs(block)
        target.content = (block.directory.index, block.index)
        return target
    }

    /// Decoders of pictures for the eye hide damage; a mask or a slide must not be made up.
    private func checkRepairs(_ block: BlockPart) throws(TIFFError) {
        guard let message = repairMessage else { return }
        throw TIFFError(
            .damaged, file: name,
            place: "directory \(block.directory.index), \(block.layout.noun) \(block.index)",
            found: "damage the decoder filled in",
            expected: "sound \(block.directory.compression) data; fetch or write the file again",
            libraryMessage: message)
    }

    /// Decodes rows of a strip that is too large to be held, going on where the last call ended.
    private func readRows(_ block: BlockPart, _ copy: SampleCopy) throws(TIFFError) {
        let layout = block.layout
        let key = 0
        if decoded[key].map({ $0.memory.count < layout.rowBytes }) ?? true {
            decoded[key] = nil
            decoded[key] = DecodedBlock(bytes: layout.rowBytes)
        }
        guard let kept = decoded[key], let line = kept.memory.baseAddress else { return }
        kept.content = nil
        if block.directory.compression.mayLeaveGaps {
            kept.memory.initializeMemory(as: UInt8.self, repeating: 0)
        }
        var row = 0
        if let next = nextRow, next.strip == block.index, next.row <= block.firstRow {
            row = next.row
        } else {
            // libtiff cannot go to a row of a compressed strip; a fresh directory starts at the strip's top.
            let index = block.directory.index
            current = nil
            try seek(index, offset: block.directory.offset)
        }
        nextRow = nil
        clearMessages()
        let top = block.blockRow * layout.blockHeight
        while row < block.firstRow + block.rows {
            guard TIFFReadScanline(tiff, line, UInt32(top + row), 0) == 1 else {
                throw damaged(
                    block, "bytes the decoder refuses at row \(top + row)",
                    "sound \(block.directory.compression) data")
            }
            if row >= block.firstRow {
                copy.copyRow(
                    line, first: block.firstColumn, columns: block.columns,
                    to: block.target(row - block.firstRow))
            }
            row += 1
        }
        try checkRepairs(block)
        nextRow = (block.index, row)
    }
}

/// The share of a block in a rectangle, and where it goes.
private struct BlockPart {
    let directory: TIFFDirectory
    let layout: BlockLayout
    let plane: Int
    let blockRow: Int
    /// The number of the block in the file.
    let index: Int
    /// The first wanted row and column inside the block, and how many.
    let firstRow: Int
    let firstColumn: Int
    let rows: Int
    let columns: Int

    private let start: UnsafeMutableRawPointer
    private let stride: Int

    init(
        _ directory: TIFFDirectory, _ layout: BlockLayout, _ column: Int, _ row: Int, _ plane: Int,
        _ region: Region, _ base: UnsafeMutableRawPointer
    ) {
        self.directory = directory
        self.layout = layout
        self.plane = plane
        blockRow = row
        index = layout.index(column: column, row: row, plane: plane)
        let left = column * layout.blockWidth
        let top = row * layout.blockHeight
        let x = max(left, region.x)
        let y = max(top, region.y)
        firstColumn = x - left
        firstRow = y - top
        columns = min(left + layout.blockWidth, region.x + region.width) - x
        rows = min(top + layout.blockHeight, region.y + region.height) - y
        stride = region.width * directory.pixelBytes
        start = base + (y - region.y) * stride + (x - region.x) * directory.pixelBytes
    }

    var storedRows: Int {
        layout.storedRows(ofBlockRow: blockRow, imageHeight: directory.height)
    }

    /// Where a wanted row goes.
    func target(_ row: Int) -> UnsafeMutableRawPointer { start + row * stride }
}
