internal import CJPEG

extension JPEG {
    /// Reads the pixels of a JPEG: grey, or RGB from RGB or YCbCr.
    ///
    /// An Exif orientation is not applied; see ``JPEGHeader/orientation``.
    ///
    /// - Complexity: O(*n*) in the pixels, times the scans of a progressive picture (at most 200).
    ///
    /// - Parameters:
    ///   - bytes: The whole file; bytes after its end mark are ignored.
    ///   - name: What error messages call the file.
    ///   - limits: The largest picture to accept.
    /// - Returns: The picture with 1 or 3 components.
    /// - Throws: ``JPEGError`` when the file is damaged, cut short, too large, has inks (CMYK) or samples of 12 bits.
    public static func decode(
        _ bytes: [UInt8], named name: String = "JPEG data", limits: JPEGLimits = .standard
    ) throws(JPEGError) -> JPEGPicture {
        let header = try header(of: bytes, named: name)
        guard header.width <= limits.pixels / max(header.height, 1) else {
            throw .tooLarge(
                file: name, width: header.width, height: header.height,
                limit: "\(limits.pixels) pixels")
        }
        let inks: [JPEGColour: String] = [.cmyk: "inks (CMYK)", .ycck: "inks (YCCK)"]
        if let found = inks[header.colour] { throw .unsupported(file: name, found: found) }
        guard header.components == 1 || header.components == 3 else {
            throw .unsupported(file: name, found: "\(header.components) components")
        }
        // A block of 8 x 8 pixels takes more than two bits in the first scan, so a short file cannot fill a large picture.
        let blocks = (header.width + 7) / 8 * ((header.height + 7) / 8)
        let shared = header.chroma.across * header.chroma.down
        guard blocks / max(shared, 1) / 8 <= bytes.count || header.isProgressive else {
            throw .damaged(
                file: name,
                found: "\(bytes.count) bytes for \(header.width) x \(header.height) pixels")
        }
        let stride = header.width * header.components
        let count = stride * header.height
        var info = samdata_jpeg_info()
        var status = SAMDATA_JPEG_OK
        let samples = [UInt8](unsafeUninitializedCapacity: count) { memory, done in
            status = bytes.withUnsafeBufferPointer { stream in
                samdata_jpeg_decode(
                    nil, 0, stream.baseAddress, stream.count, SAMDATA_JPEG_GUESS,
                    UInt32(header.width), UInt32(header.height), UInt32(header.width),
                    UInt32(header.height), Int32(header.components), memory.baseAddress, stride,
                    &info)
            }
            done = status == SAMDATA_JPEG_OK ? count : 0
        }
        guard status == SAMDATA_JPEG_OK else { throw error(status, info, named: name) }
        return try JPEGPicture(
            width: header.width, height: header.height, components: header.components,
            samples: samples)
    }
}
