import TIFF

/// A slide of histology: one image in several sizes, read in rectangles.
///
/// Any TIFF opens: pyramids of Aperio, Philips and generic writers in pages or SubIFDs, and plain images of one size.
/// Rectangles decode the tiles they touch and no other; decoded tiles stay in a bounded ``TileCache``. Pixels that the file
/// does not store, or that lie outside, are background.
///
/// Threads may read at once: JPEG tiles are decoded by libjpeg-turbo without a lock, others by libtiff with a handle for each
/// thread. Equal calls give equal bytes, whatever the threads and the cache.
public final class WholeSlide: Sendable {
    /// The path as the caller gave it.
    public let path: String
    /// Who made the file.
    public let vendor: SlideVendor
    /// The sizes of the slide, largest first, at least one.
    public let levels: [SlideLevel]
    /// The pictures that belong to the slide but are no size of it.
    public let associatedImages: [AssociatedImage]
    /// The size of a level-0 pixel; `nil` when it is unknown or makes no sense, and ``notes`` say why.
    public let pixelSize: SlidePixelSize?
    /// The magnification of the objective as the scanner wrote it, for example 20.
    public let objectivePower: Double?
    /// What a reader of the file should know, one line each.
    public let notes: [String]

    let limits: SlideLimits
    let background: RGBColour
    let cache: TileCache
    let decoding: TileDecoding
    let images: [SlideImage]
    let slideNumber: Int
    private let reader: TIFFReader

    /// Opens a slide; no pixel is read.
    ///
    /// - Complexity: O(images of the file).
    ///
    /// - Parameters:
    ///   - path: The path of a TIFF.
    ///   - options: Limits, background, cache and a known pixel size.
    /// - Throws: ``SlideError`` when the file is missing, damaged, too large, or of a form that is not read.
    public init(path: String, options: WholeSlideOptions = WholeSlideOptions()) throws(SlideError) {
        if let given = options.pixelSize {
            guard given.x > 0, given.y > 0, given.x.isFinite, given.y.isFinite else {
                throw SlideError(
                    .misuse, file: path, place: "options",
                    found: "a pixel size of \(given.x) x \(given.y) µm",
                    expected: "more than 0; check the given pixel size")
            }
        }
        let reader: TIFFReader
        do throws(TIFFError) {
            reader = try TIFFReader(path: path, limits: options.limits.tiff)
        } catch { throw SlideError(error) }
        let structure = try SlideStructure(reader)
        var images: [SlideImage] = []
        for (index, size) in structure.sizes.enumerated() {
            images.append(
                try SlideImage(
                    size.directory, name: "level \(index)", width: size.width,
                    height: size.height, reader: reader, limits: options.limits,
                    jpegColour: options.jpegColour))
        }
        let (found, sizeNotes) = SlidePixelSize.find(
            given: options.pixelSize, structure.description, structure.sizes[0].directory)
        self.path = path
        self.reader = reader
        self.images = images
        vendor = structure.description.vendor
        levels = structure.sizes.enumerated().map { index, size in
            SlideLevel(
                index: index, width: size.width, height: size.height,
                downsampleX: size.downsampleX, downsampleY: size.downsampleY,
                tileWidth: size.directory.blockWidth, tileHeight: size.directory.blockHeight,
                isTiled: size.directory.isTiled,
                compression: size.directory.compression.description,
                directory: size.directory.index)
        }
        associatedImages = structure.associated.map { name, directory in
            AssociatedImage(
                name: name, width: directory.width, height: directory.height,
                directory: directory.index)
        }
        pixelSize = found
        objectivePower = structure.description.objectivePower
        notes = structure.notes + sizeNotes
        limits = options.limits
        background = options.background
        cache = options.cache
        decoding = TileDecoding(
            path: path, readers: ReaderPool(reader), background: options.background)
        slideNumber = options.cache.register()
    }

    deinit { cache.forget(slide: slideNumber) }

    /// How many tiles or strips of a level the file does not store.
    ///
    /// - Complexity: O(tiles); no pixel is read.
    ///
    /// - Parameter level: The number of the level.
    /// - Returns: The number of tiles with byte count 0.
    /// - Throws: ``SlideError`` when there is no such level or the places of its tiles are damaged.
    public func missingTileCount(level: Int) throws(SlideError) -> Int {
        let image = try image(level)
        do throws(TIFFError) {
            return try reader.missingBlockCount(directory: image.directory.index)
        } catch { throw SlideError(error, at: image.name) }
    }

    /// Reads a picture that belongs to the slide.
    ///
    /// - Parameter associated: One of ``associatedImages``.
    /// - Returns: The whole picture.
    /// - Throws: ``SlideError`` when the slide has no such picture, or it is too large or cannot be decoded.
    public func read(associated: AssociatedImage) throws(SlideError) -> RGBPixels {
        guard associatedImages.contains(associated) else {
            throw SlideError(
                .misuse, file: path, place: "associated images",
                found: "none called \(associated.name)",
                expected: associatedImages.map(\.name).joined(separator: ", "))
        }
        let image = try SlideImage(
            reader.allDirectories[associated.directory], name: associated.name,
            width: associated.width, height: associated.height, reader: reader, limits: limits,
            jpegColour: nil)
        return try read(image, x: 0, y: 0, width: image.width, height: image.height)
    }

    /// The image of a level.
    func image(_ level: Int) throws(SlideError) -> SlideImage {
        guard images.indices.contains(level) else {
            throw SlideError(
                .misuse, file: path, place: "level \(level)", found: "\(images.count) levels",
                expected: "a number of 0 to \(images.count - 1)")
        }
        return images[level]
    }
}
