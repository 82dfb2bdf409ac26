internal import CTIFF

/// Cuts the rows of one image into tiles or strips, and has libtiff compress and write them.
final class BlockWriting {
    let format: TIFFFormat
    /// The rows written so far.
    private(set) var rows = 0

    private let handle: TIFFHandle
    /// The rows of the current row of tiles, and a tile cut out of them.
    private let gathered: DecodedBlock
    private let tile: DecodedBlock
    private var gatheredRows = 0
    private var blockRow = 0

    /// Starts an image in a format that has been checked, through a handle opened for writing.
    init(_ handle: TIFFHandle, _ format: TIFFFormat) throws(TIFFError) {
        self.format = format
        self.handle = handle
        let pixel = format.samplesPerPixel * format.sampleType.bytes
        gathered = DecodedBlock(bytes: format.width * format.blockHeight * pixel)
        tile = DecodedBlock(
            bytes: format.isTiled ? format.blockWidth * format.blockHeight * pixel : 0)
        try setTags()
    }

    /// The bytes of a row of samples.
    var rowBytes: Int { format.width * format.samplesPerPixel * format.sampleType.bytes }

    /// Writes the next rows, whose number has been checked.
    func write(_ bytes: UnsafeRawBufferPointer, rows count: Int) throws(TIFFError) {
        let rowBytes = rowBytes
        precondition(bytes.count == count * rowBytes, "rows must be whole")
        guard let base = bytes.baseAddress, let target = gathered.memory.baseAddress else { return }
        var done = 0
        while done < count {
            let part = min(count - done, format.blockHeight - gatheredRows)
            (target + gatheredRows * rowBytes)
                .copyMemory(from: base + done * rowBytes, byteCount: part * rowBytes)
            gatheredRows += part
            rows += part
            done += part
            if gatheredRows == format.blockHeight || rows == format.height {
                try flush(rowBytes)
                gatheredRows = 0
                blockRow += 1
            }
        }
    }

    /// Writes the directory, after all rows.
    func finish() throws(TIFFError) {
        handle.clearMessages()
        guard TIFFWriteDirectory(handle.tiff) == 1, TIFFFlush(handle.tiff) == 1 else {
            throw failure("the end of the file")
        }
    }

    /// Compresses and writes the gathered rows.
    private func flush(_ rowBytes: Int) throws(TIFFError) {
        handle.clearMessages()
        guard format.isTiled else {
            let bytes = gatheredRows * rowBytes
            guard
                TIFFWriteEncodedStrip(
                    handle.tiff, UInt32(blockRow), gathered.memory.baseAddress, tmsize_t(bytes))
                    == bytes
            else { throw failure("strip \(blockRow)") }
            return
        }
        let tileRow = tile.memory.count / format.blockHeight
        let across = (rowBytes + tileRow - 1) / tileRow
        for column in 0..<across {
            cut(column, rowBytes, tileRow)
            let index = blockRow * across + column
            guard
                TIFFWriteEncodedTile(
                    handle.tiff, UInt32(index), tile.memory.baseAddress,
                    tmsize_t(tile.memory.count)) == tile.memory.count
            else { throw failure("tile \(index)") }
        }
    }

    /// Cuts a tile out of the gathered rows and pads it at the image's edges.
    ///
    /// With zeros, which compress well; for JPEG by repeating the last pixel, as a hard edge would ring into the image.
    private func cut(_ column: Int, _ rowBytes: Int, _ tileRow: Int) {
        guard let source = gathered.memory.baseAddress, let target = tile.memory.baseAddress else {
            return
        }
        let bytes = min(tileRow, rowBytes - column * tileRow)
        let isJPEG = format.compression == .jpeg
        let pixel = format.samplesPerPixel * format.sampleType.bytes
        if !isJPEG && (bytes < tileRow || gatheredRows < format.blockHeight) {
            tile.memory.initializeMemory(as: UInt8.self, repeating: 0)
        }
        for row in 0..<gatheredRows {
            let line = target + row * tileRow
            line.copyMemory(from: source + row * rowBytes + column * tileRow, byteCount: bytes)
            guard isJPEG else { continue }
            for place in stride(from: bytes, to: tileRow, by: pixel) {
                (line + place).copyMemory(from: line + bytes - pixel, byteCount: pixel)
            }
        }
        guard isJPEG else { return }
        for row in gatheredRows..<format.blockHeight {
            (target + row * tileRow)
                .copyMemory(from: target + (gatheredRows - 1) * tileRow, byteCount: tileRow)
        }
    }

    private func failure(_ place: String) -> TIFFError {
        TIFFError(
            .writing, file: handle.name, place: place, found: "an error while writing",
            expected: "room on the disk; free some and write again",
            libraryMessage: handle.errorMessage)
    }

    private func setTags() throws(TIFFError) {
        let type = format.sampleType
        let isRGB =
            format.samplesPerPixel == 3 && (type == .uint8 || type == .uint16)
        let kind =
            switch type {
            case .uint8, .uint16, .uint32, .uint64: SAMPLEFORMAT_UINT
            case .int8, .int16, .int32, .int64: SAMPLEFORMAT_INT
            case .float32, .float64: SAMPLEFORMAT_IEEEFP
            }
        var all = true
        func set(_ tag: Int32, _ value: Int) {
            all = samdata_tiff_set_uint32(handle.tiff, UInt32(tag), UInt32(value)) == 1 && all
        }
        handle.clearMessages()
        // Numbers of 16 and 32 bits travel alike through the variadic call.
        if format.subfileType != 0 { set(TIFFTAG_SUBFILETYPE, format.subfileType) }
        set(TIFFTAG_IMAGEWIDTH, format.width)
        set(TIFFTAG_IMAGELENGTH, format.height)
        set(TIFFTAG_BITSPERSAMPLE, type.bytes * 8)
        set(TIFFTAG_SAMPLESPERPIXEL, format.samplesPerPixel)
        set(TIFFTAG_SAMPLEFORMAT, Int(kind))
        set(TIFFTAG_COMPRESSION, format.compression.rawValue)
        let isJPEG = format.compression == .jpeg
        let colours = isJPEG ? PHOTOMETRIC_YCBCR : PHOTOMETRIC_RGB
        set(TIFFTAG_PHOTOMETRIC, Int(isRGB ? colours : PHOTOMETRIC_MINISBLACK))
        set(TIFFTAG_PLANARCONFIG, Int(PLANARCONFIG_CONTIG))
        if format.samplesPerPixel > 1 && !isRGB {
            all =
                samdata_tiff_set_unspecified_samples(
                    handle.tiff, UInt16(format.samplesPerPixel - 1)) == 1 && all
        }
        if format.isTiled {
            set(TIFFTAG_TILEWIDTH, format.blockWidth)
            set(TIFFTAG_TILELENGTH, format.blockHeight)
        } else {
            set(TIFFTAG_ROWSPERSTRIP, format.blockHeight)
        }
        if let size = format.pixelSize {
            set(TIFFTAG_RESOLUTIONUNIT, Int(RESUNIT_CENTIMETER))
            for (tag, value) in [(TIFFTAG_XRESOLUTION, size.x), (TIFFTAG_YRESOLUTION, size.y)] {
                all =
                    samdata_tiff_set_double(handle.tiff, UInt32(tag), 10_000 / value) == 1 && all
            }
        }
        if let text = format.imageDescription {
            all =
                samdata_tiff_set_text(handle.tiff, UInt32(TIFFTAG_IMAGEDESCRIPTION), text) == 1
                && all
        }
        if isJPEG {
            all =
                samdata_tiff_set_jpeg(handle.tiff, Int32(format.jpegQuality), isRGB ? 1 : 0) == 1
                && all
        }
        guard all else { throw failure("tags") }
    }
}
