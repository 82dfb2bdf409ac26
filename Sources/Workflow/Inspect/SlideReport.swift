import MedicalDatasets
import SafeFiles
import SlideAnnotations
import TIFF
import WholeSlides

/// What a slide or picture file is: levels, tiles, compression, pixel size, associated pictures, outlines.
public struct SlideReport: Codable, Hashable, Sendable {
    /// A level of the pyramid.
    public struct Level: Codable, Hashable, Sendable {
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int
        /// Level-0 pixels per pixel, across.
        public var downsample: Double
        /// Columns and rows of a tile; a strip is as wide as the level.
        public var tile: [Int]
        /// Whether the level is cut into tiles.
        public var isTiled: Bool
        /// How pixels are compressed.
        public var compression: String
        /// Micrometres per pixel; absent when unknown.
        public var micronsPerPixel: Double?
        /// Tiles or strips the file does not hold.
        public var missingTiles: Int
        /// The directory that holds the level.
        public var directory: Int
    }

    /// A picture kept beside the slide.
    public struct Associated: Codable, Hashable, Sendable {
        /// `label`, `macro` or `thumbnail`, or the number of its directory.
        public var name: String
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int
    }

    /// The outlines that belong to the slide.
    public struct Annotation: Codable, Hashable, Sendable {
        /// The format.
        public var format: String
        /// Outlines that enclose something.
        public var regions: Int
        /// Vertices of all outlines.
        public var vertices: Int
        /// Outlines of each group; those without one under an empty name.
        public var groups: [String: Int]
        /// Outlines left out, with the reason.
        public var skipped: [String]
        /// Outlines that reach outside of the slide.
        public var outside: Int
        /// Micrometres per pixel as the annotation says; absent when it does not.
        public var micronsPerPixel: Double?
    }

    /// The schema of the JSON form.
    public var schema = "samdata.inspect-slide/1"
    /// The file.
    public var path: String
    /// Size in bytes.
    public var bytes: Int
    /// What wrote the file, as far as it can be told.
    public var vendor: String
    /// The levels, largest first.
    public var levels: [Level]
    /// Micrometres per level-0 pixel, across and down; absent when unknown.
    public var pixelSize: [Double]?
    /// Where the pixel size comes from; absent when it is unknown.
    public var pixelSizeSource: String?
    /// Magnification of the objective; absent when unknown.
    public var objectivePower: Double?
    /// Pictures kept beside the slide.
    public var associated: [Associated]
    /// What was noticed.
    public var notes: [String]
    /// The outlines; absent when no annotation was given or found.
    public var annotation: Annotation?

    /// Reads the structure of a slide; of the pixels only where tiles are missing.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - annotation: A file of outlines; `nil` for none.
    /// - Throws: `SlideError` when the file is no TIFF or damaged, `AnnotationError` when the outlines are.
    public init(path: String, annotation: String?) throws {
        let slide = try WholeSlide(path: path)
        self.path = path
        bytes = Folders.size(of: path) ?? 0
        vendor = slide.vendor.rawValue
        levels = try slide.levels.map { level in
            Level(
                width: level.width, height: level.height, downsample: level.downsampleX,
                tile: [level.tileWidth, level.tileHeight], isTiled: level.isTiled,
                compression: level.compression,
                micronsPerPixel: slide.pixelSize.map { $0.x * level.downsampleX },
                missingTiles: try slide.missingTileCount(level: level.index),
                directory: level.directory)
        }
        pixelSize = slide.pixelSize.map { [$0.x, $0.y] }
        pixelSizeSource = slide.pixelSize?.source.rawValue
        objectivePower = slide.objectivePower
        associated = slide.associatedImages.map {
            Associated(name: $0.name, width: $0.width, height: $0.height)
        }
        notes = slide.notes
        guard let annotation else { return }
        let outlines = try SlideAnnotation.read(path: annotation)
        let size = slide.levels[0]
        self.annotation = Annotation(
            format: outlines.format.rawValue, regions: outlines.regions.count,
            vertices: outlines.regions.reduce(0) { sum, region in
                region.polygon.holes.reduce(sum + region.polygon.outer.count) { $0 + $1.count }
            },
            groups: Dictionary(outlines.regions.map { ($0.group, 1) }, uniquingKeysWith: +),
            skipped: outlines.skipped.map(\.description),
            outside: outlines.regionsOutside(width: size.width, height: size.height).count,
            micronsPerPixel: outlines.micronsPerPixel)
    }
}
