internal import CJPEG

extension JPEG {
    /// How finely the colours of an RGB picture are kept.
    public enum Chroma: String, Hashable, Sendable {
        /// One colour difference for 2 x 2 pixels: the usual choice of slide scanners.
        case halved = "4:2:0"
        /// One colour difference for each pixel.
        case full = "4:4:4"
        /// Red, green and blue without a transform, as some Aperio slides keep them.
        case untransformedRGB = "RGB"
    }

    /// Writes a picture as a baseline JPEG.
    ///
    /// Equal calls give equal bytes with the same version of libjpeg-turbo.
    ///
    /// - Parameters:
    ///   - picture: Grey or RGB.
    ///   - quality: 1 (smallest) to 100.
    ///   - chroma: How finely colours are kept; without meaning for grey.
    /// - Returns: A complete file.
    /// - Throws: ``JPEGError`` when the quality is out of range or there is not enough memory.
    public static func encode(
        _ picture: JPEGPicture, quality: Int = 90, chroma: Chroma = .halved
    ) throws(JPEGError) -> [UInt8] {
        guard (1...100).contains(quality) else {
            throw .unwritable(found: "quality \(quality)", expected: "1 to 100")
        }
        var info = samdata_jpeg_info()
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let factor: Int32 = chroma == .halved ? 2 : 1
        let status = picture.samples.withUnsafeBufferPointer { samples in
            samdata_jpeg_encode(
                samples.baseAddress, UInt32(picture.width), UInt32(picture.height),
                Int32(picture.components), picture.width * picture.components, Int32(quality),
                factor, factor, chroma == .untransformedRGB ? 1 : 0, &bytes, &count, &info)
        }
        defer { samdata_jpeg_free(bytes) }
        guard status == SAMDATA_JPEG_OK, let bytes else {
            throw error(status, info, named: "JPEG to write")
        }
        return [UInt8](UnsafeBufferPointer(start: bytes, count: count))
    }
}
