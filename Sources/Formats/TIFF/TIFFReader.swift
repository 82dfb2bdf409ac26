import Synchronization

/// Reads one TIFF or BigTIFF file, which may be hostile.
///
/// Describes all images of the file's chain of directories and of their SubIFDs, and decodes rectangles, bands or whole
/// images of them in their own sample type. Every size is compared with ``TIFFLimits`` before memory is asked for; the C
/// library never prints.
///
/// May be used from several threads: calls take turns. Readers do not disturb each other, so for speed make one per thread
/// with ``reopened()``. Reading two images in turn through one reader makes each forget its last tile; use two instead.
///
/// - Source: TIFF revision 6.0 and its BigTIFF extension; samples are decoded by libtiff.
public final class TIFFReader: Sendable {
    /// The path as the caller gave it, or the name of bytes in memory.
    public let path: String
    /// How much memory and work the file may ask for.
    public let limits: TIFFLimits
    /// Whether the file has 64-bit offsets.
    public var isBigTIFF: Bool { index.isBigTIFF }
    /// The images of the file's main chain, at least one; those that cannot be read say so in ``TIFFDirectory/problem``.
    public var directories: [TIFFDirectory] { index.chain }
    /// The images of the main chain, then those in SubIFDs; the numbers of both are what reading takes.
    public var allDirectories: [TIFFDirectory] { index.all }
    /// The sizes of the first image, largest first; only itself when it is not tiled.
    ///
    /// They are pages of the main chain or SubIFDs of the first; ``TIFFLevel`` says which images count.
    public var levels: [TIFFLevel] { index.levels }

    private let index: TIFFIndex
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
        path = name
        self.limits = limits
        index = try TIFFIndex(chain, handle)
        self.handle = Mutex(handle)
    }

    private init(sharing other: TIFFReader, _ file: sending ByteFile) throws(TIFFError) {
        path = other.path
        limits = other.limits
        index = other.index
        handle = Mutex(
            try TIFFHandle(file, name: other.path, mode: "r", limits: other.limits))
    }

    /// Another reader of the same file, with a place and a memory of tiles of its own.
    ///
    /// It shares the descriptions and the open file: nothing is opened by name again, so that a file that was replaced in the
    /// meantime does no harm. One for each thread lets threads decode at once.
    ///
    /// - Complexity: O(1); the header is read again.
    ///
    /// - Returns: A reader that does not wait for this one.
    /// - Throws: ``TIFFError`` when the file has been damaged since it was opened.
    public func reopened() throws(TIFFError) -> TIFFReader {
        try TIFFReader(sharing: self, handle.withLock { $0.file.again() })
    }

    /// The images that a directory names in its SubIFDs, in the file's order.
    ///
    /// - Parameter directory: The number of the image in ``allDirectories``.
    /// - Returns: None also when there is no such directory.
    public func subdirectories(of directory: Int) -> [TIFFDirectory] {
        index.all.filter { $0.parent == directory }
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
    /// Tiles and strips that the file does not store (byte count 0) are filled as asked and counted.
    ///
    /// - Complexity: O(pixels of the tiles or strips that overlap the rectangle); memory for the result and one of them.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``.
    ///   - x: The first column.
    ///   - y: The first row.
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    ///   - reading: Whether to give numbers for masks, the stored numbers or the picture.
    ///   - missing: What pixels get that the file does not store.
    /// - Returns: The samples.
    /// - Throws: ``TIFFError`` when the rectangle does not lie inside the image, is larger than the limits allow, or cannot
    ///   be decoded.
    public func readRegion(
        directory: Int = 0, x: Int, y: Int, width: Int, height: Int,
        as reading: TIFFReading = .values, missing: TIFFFill = .zeros
    ) throws(TIFFError) -> TIFFPixels {
        let image = try image(directory)
        let region = try region(image, x, y, width, height)
        let way = DecodingWay(reading, try missing.pixel(of: image, file: path))
        var samples = TIFFSamples.none
        let absent = try read(image, region, way, into: &samples)
        guard reading == .picture, image.colour == .palette else {
            return TIFFPixels(
                width, height, image.samplesPerPixel, samples, missingBlocks: absent)
        }
        return TIFFPixels(width, height, 3, try paint(samples, image), missingBlocks: absent)
    }

    /// Decodes a rectangle of an image into memory of the caller.
    ///
    /// - Complexity: As ``readRegion(directory:x:y:width:height:as:missing:)``; no memory for the result.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``.
    ///   - x: The first column.
    ///   - y: The first row.
    ///   - width: The number of columns; 1 or more.
    ///   - height: The number of rows; 1 or more.
    ///   - reading: Whether to give numbers for masks or the stored numbers; palettes give indices, also as `picture`.
    ///   - missing: What pixels get that the file does not store.
    ///   - memory: Exactly width × height × samples per pixel × bytes per sample, laid out as ``TIFFPixels``.
    /// - Returns: How many tiles or strips under the rectangle are not stored.
    /// - Throws: ``TIFFError`` when the rectangle does not lie inside the image, the memory has another size, or the image
    ///   cannot be decoded; the memory is then undefined.
    public func readRegion(
        directory: Int = 0, x: Int, y: Int, width: Int, height: Int,
        as reading: TIFFReading = .values, missing: TIFFFill = .zeros,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) -> Int {
        let image = try image(directory)
        let region = try region(image, x, y, width, height)
        guard TIFFLimits.product(width, height, image.pixelBytes) == memory.count else {
            throw TIFFError(
                .misuse, file: path, place: "directory \(directory)",
                found: "\(memory.count) bytes for \(width) x \(height) pixels",
                expected: "\(image.pixelBytes) bytes for each")
        }
        let way = DecodingWay(reading, try missing.pixel(of: image, file: path))
        return try read(image, region, way, into: memory)
    }

    /// A rectangle that lies inside an image.
    private func region(
        _ image: TIFFDirectory, _ x: Int, _ y: Int, _ width: Int, _ height: Int
    ) throws(TIFFError) -> Region {
        guard x >= 0, y >= 0, width > 0, height > 0, x < image.width, y < image.height,
            width <= image.width - x, height <= image.height - y
        else {
            throw TIFFError(
                .misuse, file: path, place: "directory \(image.index)",
                found: "a region of \(width) x \(height) pixels at (\(x), \(y))",
                expected: "one inside \(image.width) x \(image.height); ask for less")
        }
        return Region(x: x, y: y, width: width, height: height)
    }

    /// Decodes a whole image.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``.
    ///   - reading: Whether to give numbers for masks, the stored numbers or the picture.
    ///   - missing: What pixels get that the file does not store.
    /// - Returns: The samples.
    /// - Throws: ``TIFFError`` when the image is larger than the limits allow or cannot be decoded.
    public func readAll(
        directory: Int = 0, as reading: TIFFReading = .values, missing: TIFFFill = .zeros
    ) throws(TIFFError) -> TIFFPixels {
        let image = try image(directory)
        return try readRegion(
            directory: directory, x: 0, y: 0, width: image.width, height: image.height,
            as: reading, missing: missing)
    }

    /// The description of an image that can be read.
    func image(_ directory: Int) throws(TIFFError) -> TIFFDirectory {
        let image = try described(directory)
        if let problem = image.problem { throw problem }
        return image
    }

    /// The description of an image, whether it can be read or not.
    func described(_ directory: Int) throws(TIFFError) -> TIFFDirectory {
        guard index.all.indices.contains(directory) else {
            throw TIFFError(
                .misuse, file: path, place: "directory \(directory)",
                found: "\(index.all.count) directories",
                expected: "a number of 0 to \(index.all.count - 1)")
        }
        return index.all[directory]
    }

    /// Lets a closure use the handle, standing on a directory, while other threads wait.
    func withHandle<Result: Sendable>(
        on directory: TIFFDirectory, _ body: (TIFFHandle) throws(TIFFError) -> Result
    ) throws(TIFFError) -> Result {
        try handle.withLock { handle throws(TIFFError) in
            try handle.seek(directory.index, offset: directory.offset)
            return try body(handle)
        }
    }

    /// Decodes a rectangle that lies inside the image; palettes stay indices.
    func read(
        _ image: TIFFDirectory, _ region: Region, _ way: DecodingWay,
        into samples: inout TIFFSamples
    ) throws(TIFFError) -> Int {
        let count = try sampleCount(of: region, in: image)
        var missing = 0
        try samples.refill(image.sampleType ?? .uint8, count: count) { memory throws(TIFFError) in
            missing = try read(image, region, way, into: memory)
        }
        return missing
    }

    /// Decodes a rectangle that lies inside the image into memory of its size.
    func read(
        _ image: TIFFDirectory, _ region: Region, _ way: DecodingWay,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) -> Int {
        let memory = LentMemory(bytes: memory)
        return try handle.withLock { handle throws(TIFFError) in
            try handle.read(image, region, way, into: memory.bytes)
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
