/// Writes a slide or a slide's mask as a tiled TIFF with smaller levels, row by row from the top.
///
/// Each level halves the one before, odd sides rounded up, until it fits into one tile; all are made in the same pass, with one
/// row of tiles of each level in memory (twice that of the first). Levels are pages of the main chain behind the first image
/// and marked as reduced (subfile type 1), each with its own pixel size, as OpenSlide, QuPath and ASAP expect; 512 x 512
/// tiles of LZW, ``TIFFFormat`` with `.lzw`, are what ASAP writes for masks.
///
/// The file names no time, host or program: equal calls give equal bytes with the same versions of libtiff and its
/// compressors, however the rows are handed over. It is complete only after ``finish()``; write to a temporary path and
/// rename. Use by one thread at a time.
public final class TIFFPyramidWriter {
    /// How a level is made from the one before.
    public enum Reduction: String, Hashable, Sendable, CaseIterable {
        /// The top left pixel of each 2 x 2: labels stay labels.
        case nearest
        /// The mean of each 2 x 2 (fewer at the edges), halves rounded up; for `uint8`, `uint16` and `float32`.
        case mean
    }

    /// What is being written.
    public let format: TIFFFormat
    /// How levels are made.
    public let reduction: Reduction
    /// The sizes of all levels, the largest first.
    public let levels: [TIFFLevel]
    /// The rows of level 0 written so far.
    public private(set) var rows = 0

    private let file: ByteFile
    private let name: String
    private let isBig: Bool
    private let writing: [PyramidLevelWriting]
    /// Windows through which handles append; the first image writes to the file itself.
    private var windows: [ByteFile] = []
    private var pictures: [BlockWriting] = []
    private var isFinished = false

    /// Starts a file; an existing one is emptied.
    ///
    /// - Parameters:
    ///   - path: Where to write; it stays incomplete until ``finish()``.
    ///   - format: Level 0, in tiles; the other levels have the same tiles and compression.
    ///   - reduction: How levels are made.
    ///   - levels: The most levels, with level 0; as many as needed to fit into one tile unless told.
    /// - Throws: ``TIFFError`` when the place cannot be written or the format cannot be expressed.
    public convenience init(
        path: String, format: TIFFFormat, reduction: Reduction, levels: Int? = nil
    ) throws(TIFFError) {
        let formats = try Self.formats(path, format, reduction, levels)
        try self.init(ByteFile.writing(path), path, formats, reduction)
    }

    /// Starts a TIFF in memory, which ``finish()`` returns.
    ///
    /// - Parameters:
    ///   - format: Level 0, in tiles; the other levels have the same tiles and compression.
    ///   - reduction: How levels are made.
    ///   - levels: The most levels, with level 0; as many as needed to fit into one tile unless told.
    /// - Throws: ``TIFFError`` when the format cannot be expressed.
    public convenience init(
        format: TIFFFormat, reduction: Reduction, levels: Int? = nil
    ) throws(TIFFError) {
        let name = "TIFF data"
        let formats = try Self.formats(name, format, reduction, levels)
        try self.init(ByteFile(bytes: []), name, formats, reduction)
    }

    private init(
        _ file: ByteFile, _ name: String, _ formats: [TIFFFormat], _ reduction: Reduction
    ) throws(TIFFError) {
        let format = formats[0]
        // Levels add a third; compression can make noise a little larger.
        let bytes = try format.check(name)
        let isBig = format.isBigTIFF ?? (bytes > 2 << 30)
        self.format = format
        self.reduction = reduction
        self.file = file
        self.name = name
        self.isBig = isBig
        var writing: [PyramidLevelWriting] = []
        for (number, format) in formats.enumerated() {
            let target =
                number == 0 ? file : ByteFile(windowOn: file, headerBytes: isBig ? 16 : 8)
            if number > 0 { windows.append(target) }
            let handle = try TIFFHandle(
                target, name: name, mode: isBig ? "w8" : "w", limits: .standard)
            writing.append(
                PyramidLevelWriting(
                    try BlockWriting(handle, format), reduction,
                    hasNext: number + 1 < formats.count))
        }
        self.writing = writing
        levels = formats.enumerated().map { number, level in
            let across = Double(format.width) / Double(level.width)
            let down = Double(format.height) / Double(level.height)
            return TIFFLevel(
                directory: number, width: level.width, height: level.height,
                downsample: (across + down) / 2)
        }
    }

    deinit {
        // Closing would otherwise write directories, and the file would look complete, with tiles missing.
        if !isFinished { file.isAbandoned = true }
    }

    /// The formats of all levels.
    private static func formats(
        _ name: String, _ format: TIFFFormat, _ reduction: Reduction, _ levels: Int?
    ) throws(TIFFError) -> [TIFFFormat] {
        func misuse(_ found: String, _ expected: String) -> TIFFError {
            TIFFError(.misuse, file: name, place: "format", found: found, expected: expected)
        }
        guard format.isTiled else { throw misuse("a pyramid in strips", "tiles") }
        guard levels ?? 1 > 0 else { throw misuse("\(levels ?? 0) levels", "1 or more") }
        let means: [TIFFSampleType] = [.uint8, .uint16, .float32]
        guard reduction == .nearest || means.contains(format.sampleType) else {
            throw misuse(
                "means of \(format.sampleType.rawValue) samples", "uint8, uint16 or float32")
        }
        _ = try format.check(name)
        var all = [format]
        while all.count < levels ?? 40, let last = all.last,
            last.width > format.blockWidth || last.height > format.blockHeight
        {
            var next = last
            next.width = (last.width + 1) / 2
            next.height = (last.height + 1) / 2
            next.subfileType = 1
            next.imageDescription = nil
            next.pixelSize = format.pixelSize.map { size in
                TIFFDirectory.PixelSize(
                    x: size.x * Double(format.width) / Double(next.width),
                    y: size.y * Double(format.height) / Double(next.height))
            }
            all.append(next)
        }
        return all
    }

    /// Writes the next rows of level 0, and what they add to the other levels.
    ///
    /// - Complexity: O(pixels).
    ///
    /// - Parameter pixels: One row or more, as wide as the image and of its type.
    /// - Throws: ``TIFFError`` when the rows do not fit the format, or the disk is full.
    public func write(_ pixels: TIFFPixels) throws(TIFFError) {
        try format.check(pixels, after: isFinished ? format.height : rows, file: name)
        try pixels.samples.withBytes { bytes throws(TIFFError) in
            let rowBytes = bytes.count / pixels.height
            // Up to the end of a row of tiles at a time: that keeps what the levels hold in between small, and the order of
            // the tiles in the file the same for all bands.
            var done = 0
            while done < pixels.height {
                let count = min(
                    format.blockHeight - rows % format.blockHeight, pixels.height - done)
                try pass(
                    UnsafeRawBufferPointer(
                        rebasing: bytes[(done * rowBytes)..<((done + count) * rowBytes)]),
                    rows: count, to: 0)
                done += count
                rows += count
            }
        }
    }

    /// Hands rows to a level, and what it makes of them to the next.
    private func pass(
        _ bytes: UnsafeRawBufferPointer, rows: Int, to level: Int
    ) throws(TIFFError) {
        try writing[level].write(bytes, rows: rows)
        try writing[level].withMade { made, count throws(TIFFError) in
            try pass(made, rows: count, to: level + 1)
        }
    }

    /// Adds a picture beside the pyramid, such as a label or a macro picture, as a page in strips behind the levels.
    ///
    /// - Parameters:
    ///   - pixels: The whole picture.
    ///   - compression: `none`, `lzw`, `deflate` or `jpeg`.
    ///   - subfileType: The NewSubfileType tag; Aperio has 1 for labels and 9 for macro pictures.
    ///   - imageDescription: The text of the ImageDescription tag, by which readers tell what it is.
    /// - Throws: ``TIFFError`` when the picture cannot be expressed, or the disk is full.
    public func addPicture(
        _ pixels: TIFFPixels, compression: TIFFCompression = .lzw, subfileType: Int = 0,
        imageDescription: String? = nil
    ) throws(TIFFError) {
        guard !isFinished else {
            throw TIFFError(
                .misuse, file: name, place: "picture \(pictures.count)",
                found: "a picture after the end", expected: "pictures before the end")
        }
        var format = TIFFFormat(
            width: pixels.width, height: pixels.height, samplesPerPixel: pixels.samplesPerPixel,
            sampleType: pixels.samples.type, layout: .strips(rows: 64), compression: compression)
        format.subfileType = subfileType
        format.imageDescription = imageDescription
        _ = try format.check(name)
        let window = ByteFile(windowOn: file, headerBytes: isBig ? 16 : 8)
        let handle = try TIFFHandle(
            window, name: name, mode: isBig ? "w8" : "w", limits: .standard)
        let blocks = try BlockWriting(handle, format)
        try pixels.samples.withBytes { bytes throws(TIFFError) in
            try blocks.write(bytes, rows: pixels.height)
        }
        windows.append(window)
        pictures.append(blocks)
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
        for level in writing { try level.blocks.finish() }
        for picture in pictures { try picture.finish() }
        try file.chainDirectories(windows, isBig: isBig, name: name)
        isFinished = true
        return file.bytes
    }
}
