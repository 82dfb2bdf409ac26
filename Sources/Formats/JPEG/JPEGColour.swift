internal import CJPEG

/// What the components of a JPEG stream mean.
public enum JPEGColour: String, Hashable, Sendable {
    /// One component of luminance.
    case grey
    /// Red, green and blue as they are, without a transform.
    case rgb
    /// Luminance and two colour differences; comes out as RGB.
    case yCbCr
    /// Four inks; recognised, not read.
    case cmyk
    /// Four inks behind a colour transform; recognised, not read.
    case ycck
    /// Anything else.
    case other

    init(_ code: samdata_jpeg_colour) {
        switch code {
        case SAMDATA_JPEG_GREY: self = .grey
        case SAMDATA_JPEG_RGB: self = .rgb
        case SAMDATA_JPEG_YCBCR: self = .yCbCr
        case SAMDATA_JPEG_CMYK: self = .cmyk
        case SAMDATA_JPEG_YCCK: self = .ycck
        default: self = .other
        }
    }

    /// What the library is told; a guess for what it cannot be told.
    var code: samdata_jpeg_colour {
        switch self {
        case .grey: SAMDATA_JPEG_GREY
        case .rgb: SAMDATA_JPEG_RGB
        case .yCbCr: SAMDATA_JPEG_YCBCR
        case .cmyk, .ycck, .other: SAMDATA_JPEG_GUESS
        }
    }
}
