import Synchronization

/// Reads one TIFF or BigTIFF file, which may be hostile.
///
/// Describes all images of the file's chain of directories, and decodes rectangles, bands or whole images of them in their
/// own sample type. Every size is compared with ``TIFFLimits`` before memory is asked for; the C library never prints.
/// Images in SubIFDs and text tags are left alone, except ``imageDescription(directory:)``.
///
/// May be used from several threads: calls take turns. Readers do not disturb each other, so for speed open one per thread.
/// Reading two images in turn through one reader makes each forget its last tile; open the file twice instead.
///
/// - Source: TIFF revision 6.0 and its BigTIFF extension; samples are decoded by libtiff.
public final class TIFFReader: Sendable {
    /// The path as the caller gave it, or the name of bytes in memory.
    public let path: String
    /// How much memory and work the file may ask for.
    public let limits: TIFFLimits
    /// Whether the file has 64-bit offsets.
    public let isBigTIFF: Bool
    /// The images of the file, at least one; those that cannot be read say so in ``TIFFDirectory/problem``.
    public let directories: [TIFFDirectory]
    /// The sizes of the first image, largest first; only itself when it is not tiled.
    public let levels: [TIFFLevel]

    private let handle: Mutex<TIFFHandle>

    /// Opens a file and describes its images.
    ///
    /// - Complexity: O(directories); no pixel is read.
    ///
    /// - Parameters:
    ///   - path: The path of a regular file.
    ///   - limits: How much memory and work the file may ask for.
    /// - Throws: ``TIFFError`` when the file is missing, is no TIFF, is cut short, or its chain of directories is damaged.
    public convenience init(path: String, limits: TIFFLimits = .standard) throws(TIFFError) {
        try self.init(ByteFile.reading(path), path, limits)
    }

    /// Opens a TIFF in memory and describes its images.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What error messages call it.
    ///   - limits: How much memory and work the file may ask for.
    /// - Throws: ``TIFFError`` when the bytes are no TIFF, are cut short, or their chain of directories is damaged.
    public convenience init(
        bytes: [UInt8], named name: String = "TIFF data", limits: TIFFLimits = .standard
    ) throws(TIFFError) {
        try self.init(ByteFile(bytes: bytes), name, limits)
    }

    private init(
        _ file: sending ByteFile, _ name: String, _ limits: TIFFLimits
    ) throws(TIFFError) {
        let chain = try DirectoryChain(file, name: name, limit: limits.directories)
        let handle = try TIFFHandle(file, name: name, mode: "r", limits: limits)
        var directories: [TIFFDirectory] = []
        for (index, offset) in chain.offsets.enumerated() {
            directories.append(try handle.describe(index, offset: offset))
        }
        path = name
        self.limits = limits
        isBigTIFF = chain.isBigTIFF
        self.directories = directories
        levels = TIFFLevel.pyramid(of: directories)
        self.handle = Mutex(handle)
    }

    /// Whether bytes begin like a TIFF or BigTIFF file of either byte order.
    ///
    /// - Parameter prefix: The first four bytes of a file, or more.
    /// - Returns: `false` also for fewer than four bytes.
    public static func isTIFF(prefix: some Sequence<UInt8>) -> Bool {
        let start = Array(prefix.prefix(4))
        return start == [0x49, 0x49, 42, 0] || start == [0x4d, 0x4d, 0, 42]
            || start == [0x49, 0x49, 43, 0] || start == [0x4d, 0x4d, 0, 43]
    }

    /// Decodes a rectangle of an image.
    ///
    /// Tiles and strips that the file does not store (byte count 0) give zeros and are counted.
    ///
    /// - Complexity: O(pixels of the tiles or strips that overlap the rectangle); memory for the result and one of them.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``directories``.
    ///   - x: The first column.
    ///   - y: The first row.
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    ///   - reading: Whether to give numbers for masks, the stored numbers or the picture.
    /// - Returns: The samples.
    /// - Throws: ``TIFFError`` when the rectangle does not lie inside the image, is larger than the limits allow, or cannot
    ///   be decoded.
    public func readRegion(
        directory: Int = 0, x: Int, y: Int, width: Int, height: Int,
        as reading: TIFFReading = .values
    ) throws(TIFFError) -> TIFFPixels {
        let image = try image(directory)
        guard x >= 0, y >= 0, width > 0, height > 0, x < image.width, y < image.height,
            width <= image.width - x, height <= image.height - y
        else {
            throw TIFFError(
                .misuse, file: path, place: "directory \(directory)",
                found: "a region of \(width) x \(height) pixels at (\(x), \(y))",
                expected: "one inside \(image.width) x \(image.height); ask for less")
        }
        let region = Region(x: x, y: y, width: width, height: height)
        var samples = TIFFSamples.none
        let missing = try read(image, region, as: reading, into: &samples)
        guard reading == .picture, image.colour == .palette else {
            return TIFFPixels(
                width, height, image.samplesPerPixel, samples, missingBlocks: missing)
        }
        return TIFFPixels(
            width, height, 3, try paint(samples, image), missingBlocks: missing)
    }

    /// Decodes a whole image.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``directories``.
    ///   - reading: Whether to give numbers for masks, the stored numbers or the picture.
    /// - Returns: The samples.
    /// - Throws: ``TIFFError`` when the image is larger than the limits allow or cannot be decoded.
    public func readAll(
        directory: Int = 0, as reading: TIFFReading = .values
    ) throws(TIFFError) -> TIFFPixels {
        let image = try image(directory)
        return try readRegion(
            directory: directory, x: 0, y: 0, width: image.width, height: image.height, as: reading)
    }

    /// The text of an image's ImageDescription tag, where vendors keep pixel sizes.
    ///
    /// It may name patients and hold pictures of labels; do not print or copy it.
    ///
    /// - Parameter directory: The number of the image in ``directories``.
    /// - Returns: The text with invalid UTF-8 repaired; `nil` when there is none.
    /// - Throws: ``TIFFError`` when there is no such directory.
    public func imageDescription(directory: Int = 0) throws(TIFFError) -> String? {
        guard directories.indices.contains(directory) else { throw noDirectory(directory) }
        let offset = directories[directory].offset
        return try handle.withLock { handle throws(TIFFError) in
            try handle.seek(directory, offset: offset)
            return handle.text(270)
        }
    }

    /// The description of an image that can be read.
    func image(_ directory: Int) throws(TIFFError) -> TIFFDirectory {
        guard directories.indices.contains(directory) else { throw noDirectory(directory) }
        if let problem = directories[directory].problem { throw problem }
        return directories[directory]
    }

    private func noDirectory(_ directory: Int) -> TIFFError {
        TIFFError(
            .misuse, file: path, place: "directory \(directory)",
            found: "\(directories.count) directories",
            expected: "a number of 0 to \(directories.count - 1)")
    }

    /// Decodes a rectangle that lies inside the image; palettes stay indices.
    func read(
        _ image: TIFFDirectory, _ region: Region, as reading: TIFFReading,
        into samples: inout TIFFSamples
    ) throws(TIFFError) -> Int {
        let count = try sampleCount(of: region, in: image)
        var missing = 0
        try samples.refill(image.sampleType ?? .uint8, count: count) { memory throws(TIFFError) in
            missing = try read(image, region, as: reading, into: memory)
        }
        return missing
    }

    /// Decodes a rectangle that lies inside the image into memory of its size.
    func read(
        _ image: TIFFDirectory, _ region: Region, as reading: TIFFReading,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) -> Int {
        let memory = LentMemory(bytes: memory)
        return try handle.withLock { handle throws(TIFFError) in
            try handle.read(image, region, as: reading, into: memory.bytes)
        }
    }

    /// The samples of a rectangle, compared with the limit.
    func sampleCount(of region: Region, in image: TIFFDirectory) throws(TIFFError) -> Int {
        guard let bytes = TIFFLimits.product(region.width, region.height, image.pixelBytes),
            bytes <= limits.bytes
        else {
            throw TIFFError(
                .tooLarge, file: path, place: "directory \(image.index)",
                found: "\(region.width) x \(region.height) pixels of \(image.pixelBytes) bytes",
                expected: "at most \(limits.bytes) bytes at once; read in bands or raise the limit")
        }
        return region.width * region.height * image.samplesPerPixel
    }

    /// Looks indices up in the palette.
    private func paint(
        _ samples: TIFFSamples, _ image: TIFFDirectory
    ) throws(TIFFError) -> TIFFSamples {
        let indices: [Int] =
            switch samples {
            case .uint8(let values) where image.samplesPerPixel == 1: values.map(Int.init)
            case .uint16(let values) where image.samplesPerPixel == 1: values.map(Int.init)
            default: []
            }
        let bits = image.bitsPerSample
        let colours = try handle.withLock { handle throws(TIFFError) in
            try handle.seek(image.index, offset: image.offset)
            return handle.colours(bits: bits)
        }
        guard let colours, !indices.isEmpty else {
            throw TIFFError(
                .damaged, file: path, place: "directory \(image.index)",
                found: "a palette without colours", expected: "a colour table; read it as values")
        }
        var painted: [UInt8] = []
        painted.reserveCapacity(indices.count * 3)
        // The table has an entry for every number the bits can express.
        for index in indices { painted += colours[(index * 3)..<(index * 3 + 3)] }
        return .uint8(painted)
    }
}

/// Memory of a caller who waits until it is written.
private struct LentMemory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
}
