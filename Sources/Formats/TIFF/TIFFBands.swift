/// Walks an image from top to bottom in bands of full rows, with memory for one band and one row of tiles.
///
/// Each tile or strip is decoded once, whatever the height of the bands. Two walks, for example of a prediction and its
/// reference, are kept in step by asking both for the same number of rows; give each its own ``TIFFReader``.
public struct TIFFBands {
    /// The image that is walked.
    public let image: TIFFDirectory
    /// The rows of a band unless told otherwise: of a tile, or about 64 where the image is in strips.
    public let naturalRows: Int
    /// The first row that has not been given yet; the image's height at the end.
    public private(set) var nextRow = 0

    private let reader: TIFFReader
    private let way: DecodingWay
    /// A row of tiles of which only a part has been given yet, and its first row.
    private var held: (y: Int, height: Int, missing: Int, samples: TIFFSamples)?

    init(_ reader: TIFFReader, _ image: TIFFDirectory, _ way: DecodingWay) {
        self.reader = reader
        self.image = image
        self.way = way
        naturalRows = Self.naturalRows(of: image)
    }

    private static func naturalRows(of image: TIFFDirectory) -> Int {
        if image.isTiled { return min(image.blockHeight, image.height) }
        let strip = image.blockHeight
        let rows = strip >= 64 ? min(strip, 256) : (63 / strip + 1) * strip
        return min(rows, image.height)
    }

    /// Decodes the next band.
    ///
    /// - Parameter rows: The most rows to give; the band is lower at the end of the image.
    /// - Returns: The band, or `nil` after the last row.
    /// - Throws: ``TIFFError`` when the rows cannot be decoded or are more than the limits allow.
    public mutating func next(rows: Int? = nil) throws(TIFFError) -> TIFFBand? {
        var pixels: TIFFPixels?
        guard let y = try fill(&pixels, rows: rows), let pixels else { return nil }
        return TIFFBand(y: y, pixels: pixels)
    }

    /// Decodes the next band into the memory of an earlier one; its first row, or `nil` after the last.
    mutating func fill(_ pixels: inout TIFFPixels?, rows: Int?) throws(TIFFError) -> Int? {
        let asked = rows ?? naturalRows
        guard asked > 0 else {
            throw TIFFError(
                .misuse, file: reader.path, place: "directory \(image.index)",
                found: "bands of \(asked) rows", expected: "1 or more")
        }
        let y = nextRow
        guard y < image.height else { return nil }
        let band = Region(x: 0, y: y, width: image.width, height: min(asked, image.height - y))
        let count = try reader.sampleCount(of: band, in: image)
        var samples = pixels?.samples ?? .none
        pixels = nil
        var missing = 0
        try samples.refill(image.sampleType ?? .uint8, count: count) { memory throws(TIFFError) in
            missing = try fill(memory, band)
        }
        nextRow = y + band.height
        pixels = TIFFPixels(
            band.width, band.height, image.samplesPerPixel, samples, missingBlocks: missing)
        return y
    }

    private mutating func fill(
        _ memory: UnsafeMutableRawBufferPointer, _ band: Region
    ) throws(TIFFError) -> Int {
        // Strips are remembered by the handle; tiles of a row are more than it remembers.
        guard image.isTiled else {
            return try reader.read(image, band, way, into: memory)
        }
        let rowBytes = image.width * image.pixelBytes
        var missing = 0
        var y = band.y
        let end = band.y + band.height
        while y < end {
            let top = y / image.blockHeight * image.blockHeight
            let bottom = min(top + image.blockHeight, image.height)
            let rows = min(bottom, end) - y
            let target = UnsafeMutableRawBufferPointer(
                rebasing: memory[((y - band.y) * rowBytes)..<((y - band.y + rows) * rowBytes)])
            if rows == bottom - top {
                let region = Region(x: 0, y: y, width: image.width, height: rows)
                missing += try reader.read(image, region, way, into: target)
            } else {
                missing += try hold(top, bottom - top)
                held?.samples.withUnsafeBytes { source in
                    target.copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: source[((y - top) * rowBytes)..<((y - top + rows) * rowBytes)]
                        ))
                }
                if y + rows == bottom { held?.y = -1 }
            }
            y += rows
        }
        return missing
    }

    /// Decodes a row of tiles unless it is held already; how many of its tiles are missing.
    private mutating func hold(_ top: Int, _ height: Int) throws(TIFFError) -> Int {
        if let held, held.y == top { return held.missing }
        var samples = held?.samples ?? .none
        held = nil
        let region = Region(x: 0, y: top, width: image.width, height: height)
        let missing = try reader.read(image, region, way, into: &samples)
        held = (top, height, missing, samples)
        return missing
    }
}

extension TIFFReader {
    /// Starts a walk over an image in bands of full rows.
    ///
    /// Palettes give indices, also with the reading `picture`.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``.
    ///   - reading: Whether to give numbers for masks or the stored numbers.
    ///   - missing: What pixels get that the file does not store.
    /// - Returns: A walk that stands before the first row.
    /// - Throws: ``TIFFError`` when there is no such image or it cannot be read.
    public func bands(
        directory: Int = 0, as reading: TIFFReading = .values, missing: TIFFFill = .zeros
    ) throws(TIFFError) -> TIFFBands {
        let image = try image(directory)
        return TIFFBands(
            self, image, DecodingWay(reading, try missing.pixel(of: image, file: path)))
    }

    /// Walks an image from top to bottom in bands of full rows.
    ///
    /// The memory of a band is used again for the next one unless the closure keeps it.
    ///
    /// - Complexity: O(pixels); memory for one band, one tile or strip, and one row of tiles when `rows` cuts through tiles.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``.
    ///   - rows: The rows of a band; those of a tile, or about 64 for strips, unless told.
    ///   - reading: Whether to give numbers for masks or the stored numbers.
    ///   - missing: What pixels get that the file does not store.
    ///   - body: What to do with each band.
    /// - Throws: ``TIFFError`` when rows cannot be decoded, and whatever the closure throws.
    public func forEachBand(
        directory: Int = 0, rows: Int? = nil, as reading: TIFFReading = .values,
        missing: TIFFFill = .zeros, _ body: (TIFFBand) throws -> Void
    ) throws {
        var bands = try bands(directory: directory, as: reading, missing: missing)
        var pixels: TIFFPixels?
        while let y = try bands.fill(&pixels, rows: rows), let filled = pixels {
            try body(TIFFBand(y: y, pixels: filled))
        }
    }
}
