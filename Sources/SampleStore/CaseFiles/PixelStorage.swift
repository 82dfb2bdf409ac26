/// How a case file holds its pixels.
public enum PixelStorage: String, Hashable, Sendable, CaseIterable {
    /// Planes of pixels without loss: the array `/image`.
    case planes
    /// The original JPEG tile of each colour picture, as the scanner wrote it: the group `/jpeg`. Since 1.2.
    case jpegTiles
}
