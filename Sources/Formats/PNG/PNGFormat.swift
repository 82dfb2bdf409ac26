internal import CPNG

/// The few names of libpng's simplified interface that both directions need.
enum PNGFormat {
    /// The number libpng uses for a kind of samples.
    ///
    /// 16-bit samples are "linear" to libpng; without gamma chunks that means unchanged.
    static func of(channels: Int, bitDepth: Int) -> UInt32 {
        // Grey is the absence of the three flags.
        (channels == 1 ? 0 : UInt32(PNG_FORMAT_FLAG_COLOR))
            | (channels == 4 ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
            | (bitDepth == 16 ? UInt32(PNG_FORMAT_FLAG_LINEAR) : 0)
    }

    /// The format in which samples of up to 8 bits come back as stored, without scaling or palette.
    static var indices: UInt32 { UInt32(PNG_FORMAT_FLAG_COLOR) | UInt32(PNG_FORMAT_FLAG_COLORMAP) }

    /// What libpng last complained about.
    static func message(of image: png_image) -> String {
        withUnsafeBytes(of: image.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
