import PNGCodec

extension RGBCanvas {
    /// The canvas as a PNG file of 8-bit RGB.
    ///
    /// - Returns: The file; equal canvases give equal bytes.
    /// - Throws: `PNGError` when the canvas is longer than a PNG may be on one side.
    public func png() throws(PNGError) -> [UInt8] {
        try PNG.encode(
            PNGPicture(width: width, height: height, channels: 3, samples: .bytes(pixels)))
    }
}
