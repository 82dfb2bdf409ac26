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
    private let blocks: BlockWriting
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
        blocks = try BlockWriting(handle, format)
    }

    deinit {
        // Closing would otherwise write the directory, and the file would look complete, with tiles missing.
        if !isFinished { file.isAbandoned = true }
    }

    /// Writes a TIFF of one image in memory.
    ///
    /// - Parameters:
    ///   - pixels: The image.
    ///   - compression: `none`, `lzw`, `deflate` or `jpeg`.
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
        try format.check(pixels, after: isFinished ? format.height : rows, file: name)
        try pixels.samples.withBytes { bytes throws(TIFFError) in
            try blocks.write(bytes, rows: pixels.height)
        }
        rows += pixels.height
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
        try blocks.finish()
        isFinished = true
        return file.bytes
    }
}
