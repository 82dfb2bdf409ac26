/// One size of a slide.
public struct SlideLevel: Hashable, Sendable {
    /// The number of the level, 0 for the largest.
    public let index: Int
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// Level-0 pixels per pixel of this level along a row; 1 for level 0.
    ///
    /// The ratio of the sizes, which are rounded, so rarely an exact power of two: map coordinates with it.
    public let downsampleX: Double
    /// Level-0 pixels per pixel of this level along a column.
    public let downsampleY: Double
    /// The columns of a tile; of a strip, the width.
    public let tileWidth: Int
    /// The rows of a tile or strip.
    public let tileHeight: Int
    /// Whether the level is stored in tiles, not strips.
    public let isTiled: Bool
    /// The name of the compression, for example `JPEG`.
    public let compression: String
    /// The number of the image in the TIFF.
    public let directory: Int
}

/// A picture that belongs to a slide but is no size of it: the label, the macro picture, the thumbnail.
///
/// Labels show names and numbers of patients; do not export them unseen.
public struct AssociatedImage: Hashable, Sendable {
    /// `label`, `macro`, `thumbnail`, or `directory3` for the image with that number in the TIFF.
    public let name: String
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// The number of the image in the TIFF.
    public let directory: Int
}

/// Who made the file, as far as it changes how it is read.
public enum SlideVendor: String, Hashable, Sendable {
    /// Aperio SVS: keys in the description of the first image.
    case aperio
    /// Philips TIFF: XML in the description, level sizes padded to whole tiles.
    case philips
    /// Any other TIFF, tiled or not.
    case genericTIFF = "generic TIFF"
}

/// The size of a level-0 pixel on the glass.
public struct SlidePixelSize: Hashable, Sendable {
    /// Where a pixel size comes from.
    public enum Source: String, Hashable, Sendable {
        /// The key MPP in an Aperio description.
        case aperioDescription = "Aperio description"
        /// The attribute DICOM_PIXEL_SPACING in a Philips description.
        case philipsDescription = "Philips description"
        /// The resolution tags of the TIFF.
        case resolutionTags = "resolution tags"
        /// The caller.
        case given
    }

    /// Micrometres per pixel along a row.
    public let x: Double
    /// Micrometres per pixel along a column.
    public let y: Double
    /// Where the numbers come from.
    public let source: Source
}
