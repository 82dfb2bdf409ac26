/// The size of a sample: channels, slices, rows and columns.
///
/// A slice or a patch has one slice; a volume has many, and every plane of it is transformed alike.
public struct SampleExtent: Codable, Hashable, Sendable {
    /// Number of channels: 1 for CT, 3 for RGB, 2k+1 for neighbouring slices.
    public var channels: Int
    /// Number of slices; 1 for a single picture.
    public var slices: Int
    /// Number of rows of a plane.
    public var rows: Int
    /// Number of columns of a plane.
    public var columns: Int

    /// Makes an extent.
    ///
    /// - Parameters:
    ///   - channels: Number of channels, 1 or more.
    ///   - slices: Number of slices, 1 or more.
    ///   - rows: Number of rows, 1 or more.
    ///   - columns: Number of columns, 1 or more.
    public init(channels: Int = 1, slices: Int = 1, rows: Int, columns: Int) {
        precondition(channels > 0 && slices > 0 && rows > 0 && columns > 0)
        self.channels = channels
        self.slices = slices
        self.rows = rows
        self.columns = columns
    }

    /// Pixels of one plane.
    public var planeCount: Int { rows * columns }
    /// Values of the image: `channels * slices * rows * columns`.
    public var imageCount: Int { channels * slices * planeCount }
    /// Values of a label or instance map: `slices * rows * columns`.
    public var labelCount: Int { slices * planeCount }
}
