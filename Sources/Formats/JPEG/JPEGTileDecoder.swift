internal import CJPEG

/// Decodes the tiles of one image of a slide: streams that share tables and a colour model.
///
/// A value without state: any number of threads may decode at once.
public struct JPEGTileDecoder: Hashable, Sendable {
    /// The tables shared by the tiles, a stream of its own (TIFF tag 347); empty when the tiles are complete.
    public let tables: [UInt8]
    /// What the components mean, from the image that holds the tiles; `other` leaves it to the tile's own marks.
    ///
    /// Tiles usually carry no marks, and guessing from component numbers gives wrong colours for RGB. Where a tile
    /// marks itself plainly as RGB (components named R, G, B, or an Adobe mark), that is believed.
    public let colour: JPEGColour

    /// Makes a decoder.
    ///
    /// - Parameters:
    ///   - tables: The tables shared by the tiles; empty when the tiles are complete.
    ///   - colour: What the components mean.
    public init(tables: [UInt8], colour: JPEGColour) {
        self.tables = tables
        self.colour = colour
    }

    /// Decodes a tile into RGB; grey is spread over three samples.
    ///
    /// Tiles at the right and lower edge may be stored in full or cut at the edge: anything from the visible to the
    /// full size is accepted, and pixels the tile does not have are left alone.
    ///
    /// - Parameters:
    ///   - stream: The bytes of the tile.
    ///   - width: The columns of the memory: those of a full tile.
    ///   - height: The rows of the memory: those of a full tile.
    ///   - visibleWidth: The columns that must be there.
    ///   - visibleHeight: The rows that must be there.
    ///   - name: What error messages call the tile.
    ///   - memory: width × height × 3 bytes.
    /// - Throws: ``JPEGError`` when the tile is damaged, of another size, or of a kind that is not read.
    public func decode(
        _ stream: UnsafeRawBufferPointer, width: Int, height: Int, visibleWidth: Int,
        visibleHeight: Int, named name: @autoclosure () -> String,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(JPEGError) {
        precondition(
            width > 0 && height > 0 && memory.count / 3 / width >= height,
            "the memory must have the size of a tile")
        guard let size = UInt32(exactly: width), let rows = UInt32(exactly: height),
            let start = stream.baseAddress, stream.count > 0,
            let pixels = memory.baseAddress
        else { throw .damaged(file: name(), found: "no bytes") }
        var info = samdata_jpeg_info()
        let status = tables.withUnsafeBufferPointer { tables in
            samdata_jpeg_decode(
                tables.baseAddress, tables.count, start.assumingMemoryBound(to: UInt8.self),
                stream.count, colour.code, UInt32(clamping: visibleWidth),
                UInt32(clamping: visibleHeight), size, rows, 3,
                pixels.assumingMemoryBound(to: UInt8.self), width * 3, &info)
        }
        guard status != SAMDATA_JPEG_OK else { return }
        if status == SAMDATA_JPEG_SIZE {
            throw .wrongSize(
                file: name(), found: "\(info.width) x \(info.height) pixels",
                expected: "\(width) x \(height)")
        }
        throw JPEG.error(status, info, named: name())
    }
}
