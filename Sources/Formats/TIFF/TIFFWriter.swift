internal import CTIFF

/// Writes one image as a TIFF, band by band from the top.
///
/// Holds one row of tiles (or one strip) in memory, so that slide-sized masks can be written. The file names no time, host or
/// program: equal calls give equal bytes with the same versions of libtiff and its compressors. It is complete only after
/// ``finish()``; write to a temporary path and rename. Use by one thread at a time.
public final class TIFFWriter {
    /// What is being written.
    public let format: TIFFFormat
    /// The rows written so far.
    public private(set) var rows = 0

    private let file: ByteFile
    private let name: String
    private let handle: TIFFHandle
    /// The rows of the current row of tiles, and a tile cut out of them.
    private let gathered: DecodedBlock
    private let tile: DecodedBlock
    private var gatheredRows = 0
    private var blockRow = 0
    private var isFinished = false

    /// Starts a file; an existing one is emptied.
    ///
    /// - Parameters:
    ///   - path: Where to write; it stays incomplete until ``finish()``.
    ///   - format: What is being written.
    /// - Throws: ``TIFFError`` when the place cannot be written or the format cannot be expressed.
    public convenience init(path: String, format: TIFFFormat) throws(TIFFError) {
        let bytes = try format.check(path)
        try self.init(ByteFile.writing(path), path, format, bytes)
    }

    /// Starts a TIFF in memory, which ``finish()`` returns.
    ///
    /// - Parameter format: What is being written.
    /// - Throws: ``TIFFError`` when the format cannot be expressed.
    public convenience init(format: TIFFFormat) throws(TIFFError) {
        let name = "TIFF data"
        let bytes = try format.check(name)
        try self.init(ByteFile(bytes: []), name, format, bytes)
    }

    private init(
        _ file: ByteFile, _ name: String, _ format: TIFFFormat, _ bytes: Int
    ) throws(TIFFError) {
        // Compression can make noise a little larger, and each block has an offset and a size.
        let isBig = format.isBigTIFF ?? (bytes > 3 << 30)
        let handle = try TIFFHandle(
            file, name: name, mode: isBig ? "w8" : "w", limits: .standard)
        self.format = format
        self.file = file
        self.name = name
        self.handle = handle
        let pixel = format.samplesPerPixel * format.sampleType.bytes
        gathered = DecodedBlock(bytes: format.width * format.blockHeight * pixel)
        tile = DecodedBlock(
            bytes: format.isTiled ? format.blockWidth * format.blockHeight * pixel : 0)
        try setTags()
    }

    deinit {
        // Closing would otherwise write the directory, and the file would look complete, with tiles missing.
        if !isFinished { file.isAbandoned = true }
    }

    /// Writes a TIFF of one image in memory.
    ///
    /// - Parameters:
    ///   - pixels: The image.
    ///   - compression: `none`, `lzw` or `deflate`.
    ///   - layout: How the image is cut; strips of 64 rows unless told.
    /// - Returns: The file.
    /// - Throws: ``TIFFError`` when the image cannot be written.
    public static func encode(
        _ pixels: TIFFPixels, compression: TIFFCompression = .deflate,
        layout: TIFFFormat.Layout = .strips(rows: 64)
    ) throws(TIFFError) -> [UInt8] {
        let writer = try TIFFWriter(
            format: TIFFFormat(
                width: pixels.width, height: pixels.height,
                samplesPerPixel: pixels.samplesPerPixel, sampleType: pixels.samples.type,
                layout: layout, compression: compression))
        try writer.write(pixels)
        return try writer.finish()
    }

    /// Writes the next rows.
    ///
    /// - Parameter pixels: One row or more, as wide as the image and of its type.
    /// - Throws: ``TIFFError`` when the rows do not fit the format, or the disk is full.
    public func write(_ pixels: TIFFPixels) throws(TIFFError) {
        guard !isFinished, pixels.width == format.width,
            pixels.samplesPerPixel == format.samplesPerPixel,
            pixels.samples.type == format.sampleType, pixels.height <= format.height - rows
        else {
            throw TIFFError(
                .misuse, file: name, place: "row \(rows)",
                found:
                    "\(pixels.width) x \(pixels.height) pixels of \(pixels.samplesPerPixel) "
                    + "\(pixels.samples.type.rawValue) samples",
                expected:
                    "at most \(isFinished ? 0 : format.height - rows) rows of \(format.width) pixels of "
                    + "\(format.samplesPerPixel) \(format.sampleType.rawValue) samples")
        }
        var failure: TIFFError?
        pixels.samples.withUnsafeBytes { bytes in
            do throws(TIFFError) { try write(bytes, pixels.height) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Completes the file.
    ///
    /// - Returns: The bytes of a TIFF in memory; none for one on disk.
    /// - Throws: ``TIFFError`` when rows are missing, or the disk is full.
    @discardableResult
    public func finish() throws(TIFFError) -> [UInt8] {
        guard !isFinished, rows == format.height else {
            throw TIFFError(
                .misuse, file: name, place: "row \(rows)",
                found: isFinished ? "a second end" : "an end after \(rows) rows",
                expected: "one end after all \(format.height) rows")
        }
        handle.clearMessages()
        guard TIFFWriteDirectory(handle.tiff) == 1, TIFFFlush(handle.tiff) == 1 else {
            throw failure("the end of the file")
        }
        isFinished = true
        return file.bytes
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ count: Int) throws(TIFFError) {
        let rowBytes = format.width * format.samplesPerPixel * format.sampleType.bytes
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
        guard let source = gathered.memory.baseAddress, let target = tile.memory.baseAddress else {
            return
        }
        let tileRow = tile.memory.count / format.blockHeight
        let across = (rowBytes + tileRow - 1) / tileRow
        for column in 0..<across {
            let bytes = min(tileRow, rowBytes - column * tileRow)
            if bytes < tileRow || gatheredRows < format.blockHeight {
                tile.memory.initializeMemory(as: UInt8.self, repeating: 0)
            }
            for row in 0..<gatheredRows {
                (target + row * tileRow)
                    .copyMemory(
                        from: source + row * rowBytes + column * tileRow, byteCount: bytes)
            }
            let index = blockRow * across + column
            guard
                TIFFWriteEncodedTile(
                    handle.tiff, UInt32(index), target, tmsize_t(tile.memory.count))
                    == tile.memory.count
            else { throw failure("tile \(index)") }
        }
    }

    private func failure(_ place: String) -> TIFFError {
        TIFFError(
            .writing, file: name, place: place, found: "an error while writing",
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
        set(TIFFTAG_IMAGEWIDTH, format.width)
        set(TIFFTAG_IMAGELENGTH, format.height)
        set(TIFFTAG_BITSPERSAMPLE, type.bytes * 8)
        set(TIFFTAG_SAMPLESPERPIXEL, format.samplesPerPixel)
        set(TIFFTAG_SAMPLEFORMAT, Int(kind))
        set(TIFFTAG_COMPRESSION, format.compression.rawValue)
        set(TIFFTAG_PHOTOMETRIC, Int(isRGB ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK))
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
        guard all else { throw failure("tags") }
    }
}
