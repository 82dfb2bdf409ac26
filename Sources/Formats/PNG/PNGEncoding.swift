internal import CPNG

extension PNG {
    /// Writes a picture as PNG bytes.
    ///
    /// The file holds a header, the data and an end, and nothing else: no time, text, gamma or colour profile.
    /// Equal pictures give equal bytes with the same version of libpng and zlib.
    ///
    /// - Complexity: O(*n*) in the samples; memory for one compressed copy.
    ///
    /// - Parameter picture: Grey, RGB or RGBA of 8 bits, or grey or RGB of 16.
    /// - Returns: The file.
    /// - Throws: ``PNGError/library(operation:file:message:)`` when libpng refuses, for instance a side above 1 000 000.
    public static func encode(_ picture: PNGPicture) throws(PNGError) -> [UInt8] {
        let written =
            switch picture.samples {
            case .bytes(let values): try write(picture, values)
            case .words(let values): try write(picture, values)
            }
        // libpng adds gamma and colour chunks; the samples of a dataset make no such claim.
        var chunks = try PNGChunks(written, file: "PNG picture")
        var result = PNGChunks.signature
        result.reserveCapacity(written.count)
        while true {
            let chunk = try chunks.next()
            if chunk.isCritical { result += chunk.whole }
            if chunk.type == "IEND" { return result }
        }
    }

    private static func write<Sample: BitwiseCopyable>(
        _ picture: PNGPicture, _ samples: [Sample]
    ) throws(PNGError) -> [UInt8] {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        image.width = UInt32(picture.width)
        image.height = UInt32(picture.height)
        image.format = PNGFormat.of(channels: picture.channels, bitDepth: picture.bitDepth)
        // Data that cannot be compressed grow by less than a part in 256; small pictures by the chunks around them.
        let raw = samples.count * MemoryLayout<Sample>.stride + picture.height
        var capacity = raw + raw / 256 + 4096
        for _ in 0..<2 {
            var size = capacity
            let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                let done = png_image_write_to_memory(
                    &image, buffer.baseAddress, &size, 0, samples, 0, nil)
                count = done == 0 ? 0 : size
            }
            defer { png_image_free(&image) }
            if !result.isEmpty { return result }
            // libpng reports the size it needs when the memory was too small.
            guard size > capacity else { break }
            capacity = size
        }
        throw .library(
            operation: "encode", file: "PNG picture", message: PNGFormat.message(of: image))
    }
}
