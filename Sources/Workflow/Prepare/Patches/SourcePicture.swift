import MedicalImaging
import SamplePreparation
import WholeSlides

/// The picture of a case: a slide that is read window by window, or a small picture in memory.
enum SourcePicture: Sendable {
    /// A TIFF, read at a level.
    case slide(WholeSlide, SlideLevelChoice)
    /// A PNG or JPEG, which has no levels.
    case pixels(RGBPixels, background: RGBColour)

    /// Opens the picture of a case and chooses the level the configuration asks for.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What errors call it.
    ///   - configuration: Level or pixel size, background, given pixel size.
    ///   - cache: Tiles shared by all readers.
    ///   - maxBytes: The most bytes of a picture that has no levels.
    ///   - annotated: Micrometres per pixel as the annotation says; asked when the picture does not say it.
    /// - Throws: ``WorkflowError`` for a level that is not there, and the errors of the picture's format.
    init(
        path: String, name: String, configuration: PatchConfiguration, cache: TileCache,
        maxBytes: Int, annotated: () throws -> Double?
    ) throws {
        let background = configuration.backgroundColour
        guard try PictureFile.format(of: path, name: name) == .tiff else {
            guard configuration.keepsJPEG != true else {
                throw WorkflowError(
                    .configuration,
                    "\(name): --keep-jpeg: found a picture without tiles, expected a TIFF slide of JPEG tiles; leave "
                        + "out --keep-jpeg")
            }
            guard configuration.micronsPerPixel == nil, configuration.level == 0 else {
                throw WorkflowError(
                    .configuration,
                    "\(name): found a picture without levels or pixel size, expected a TIFF for --mpp or --level"
                )
            }
            self = .pixels(
                try PictureFile.rgb(path: path, name: name, maxBytes: maxBytes),
                background: background)
            return
        }
        func open(_ pixelSize: Double?) throws -> WholeSlide {
            try WholeSlide(
                path: path,
                options: WholeSlideOptions(
                    background: background, cache: cache, pixelSize: pixelSize.map { ($0, $0) },
                    jpegColour: configuration.jpegColour.map { $0 == "rgb" ? .rgb : .yCbCr }))
        }
        var slide = try open(configuration.slideMicronsPerPixel)
        if slide.pixelSize == nil, let annotated = try annotated() { slide = try open(annotated) }
        if let wanted = configuration.micronsPerPixel {
            self = .slide(
                slide,
                try slide.level(micronsPerPixel: wanted, tolerance: configuration.tolerance))
        } else {
            guard slide.levels.indices.contains(configuration.level) else {
                throw WorkflowError(
                    .data,
                    "\(name): found \(slide.levels.count) levels, expected one numbered \(configuration.level); "
                        + "choose --level 0 to \(slide.levels.count - 1), or --mpp")
            }
            self = .slide(slide, try slide.choice(level: configuration.level))
        }
        guard max(downsample.x, downsample.y) <= Self.mostDownsample else {
            throw WorkflowError(
                .data,
                "\(name): found a level shrunk \(Int(max(downsample.x, downsample.y))) times, expected at most "
                    + "\(Int(Self.mostDownsample)); choose another --level or --mpp")
        }
        if configuration.keepsJPEG == true { try checkJPEGTiles(configuration, name: name) }
    }

    /// Far beyond every pyramid there is; the rooms below count on an upper limit.
    private static let mostDownsample = 4096.0

    /// Columns and rows at level 0.
    var size: (width: Int, height: Int) {
        switch self {
        case .slide(let slide, _): (slide.levels[0].width, slide.levels[0].height)
        case .pixels(let picture, _): (picture.width, picture.height)
        }
    }

    /// Level-0 pixels per stored pixel.
    var downsample: (x: Double, y: Double) {
        switch self {
        case .slide(_, let choice): (choice.downsampleX, choice.downsampleY)
        case .pixels: (1, 1)
        }
    }

    /// The number of the level pixels are read from.
    var level: Int {
        switch self {
        case .slide(_, let choice): choice.level
        case .pixels: 0
        }
    }

    /// Micrometres per level-0 pixel; `nil` when unknown.
    var pixelSize: SIMD2<Double>? {
        guard case .slide(let slide, _) = self, let size = slide.pixelSize else { return nil }
        return [size.x, size.y]
    }

    /// What was noticed about the file.
    var notes: [String] {
        if case .slide(let slide, _) = self { slide.notes } else { [] }
    }

    /// The pixels of a window of stored pixels and the missing tiles under it; what lies beyond the picture shows the
    /// background.
    func read(x: Int, y: Int, width: Int, height: Int) throws -> (pixels: RGBPixels, missing: Int) {
        switch self {
        case .slide(let slide, let choice):
            let read = try slide.read(
                choice, x: Double(x) * choice.downsampleX, y: Double(y) * choice.downsampleY,
                width: width, height: height)
            return (read.pixels, read.counts.missingTiles)
        case .pixels(let picture, let background):
            var samples: [UInt8] = []
            samples.reserveCapacity(width * height * 3)
            let paint = [background.red, background.green, background.blue]
            for row in y..<y + height {
                for column in x..<x + width {
                    guard row >= 0, row < picture.height, column >= 0, column < picture.width else {
                        samples += paint
                        continue
                    }
                    let start = (row * picture.width + column) * 3
                    samples += picture.samples[start..<start + 3]
                }
            }
            return (RGBPixels(width: width, height: height, samples: samples), 0)
        }
    }

    /// Finds tissue on the coarsest level that is at least as fine as the recipe's downsampling, averaged down to it, in bands,
    /// so that it is never held whole.
    func tissue(_ recipe: TissueRecipe) throws -> TissueMask {
        let small = try reduced(by: recipe.downsample)
        var builder = try TissueMaskBuilder(
            width: small.width, height: small.height, recipe: recipe,
            downsampleX: small.downsample.x, downsampleY: small.downsample.y)
        let band = 256
        for y in stride(from: 0, to: small.height, by: band) {
            let rows = try small.picture.read(
                x: 0, y: y, width: small.width, height: min(band, small.height - y))
            try rows.pixels.samples.withUnsafeBytes { try builder.add(rows: $0) }
        }
        return try builder.mask()
    }

    /// The picture shrunk by a factor; never enlarged.
    func reduced(
        by factor: Double
    ) throws -> (
        picture: SourcePicture, width: Int, height: Int, downsample: (x: Double, y: Double)
    ) {
        let small: SourcePicture
        switch self {
        case .slide(let slide, _):
            let level = slide.levels.last { $0.downsampleX <= factor * 1.01 } ?? slide.levels[0]
            // A level that is nearly right is read as it is.
            let rest = factor / level.downsampleX
            small = .slide(
                slide,
                try slide.choice(
                    level: level.index, factorX: rest < 1.05 ? 1 : rest,
                    factorY: rest < 1.05 ? 1 : rest))
        case .pixels(let picture, let background):
            small = .pixels(picture.averaged(by: max(1, Int(factor))), background: background)
        }
        let shown = small.size
        let scale = small.downsample
        let width = max(1, Int(Double(shown.width) / scale.x + 1e-6))
        let height = max(1, Int(Double(shown.height) / scale.y + 1e-6))
        return (
            small, width, height,
            (Double(size.width) / Double(width), Double(size.height) / Double(height))
        )
    }
}

extension PatchConfiguration {
    /// ``background`` as a colour.
    var backgroundColour: RGBColour {
        let parts = background.map { UInt8(clamping: $0) }
        guard parts.count == 3 else { return .white }
        return RGBColour(red: parts[0], green: parts[1], blue: parts[2])
    }
}

extension RGBPixels {
    /// The means of boxes of `factor` x `factor` pixels, rounded to nearest; what does not fill a box at the edge is averaged alone.
    func averaged(by factor: Int) -> RGBPixels {
        guard factor > 1 else { return self }
        let columns = (width + factor - 1) / factor
        let rows = (height + factor - 1) / factor
        var result: [UInt8] = []
        result.reserveCapacity(columns * rows * 3)
        for row in 0..<rows {
            let ys = row * factor..<min(height, (row + 1) * factor)
            for column in 0..<columns {
                let xs = column * factor..<min(width, (column + 1) * factor)
                let count = xs.count * ys.count
                for channel in 0..<3 {
                    var sum = count / 2
                    for y in ys {
                        for x in xs { sum += Int(samples[(y * width + x) * 3 + channel]) }
                    }
                    result.append(UInt8(sum / count))
                }
            }
        }
        return RGBPixels(width: columns, height: rows, samples: result)
    }
}
