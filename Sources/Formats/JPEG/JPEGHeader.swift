internal import CJPEG

/// What a JPEG says about itself before its first scan.
public struct JPEGHeader: Hashable, Sendable {
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
    /// The components of the stream: 1, 3 or 4.
    public let components: Int
    /// The bits per sample.
    public let precision: Int
    /// What the components mean, by the stream's own marks.
    public let colour: JPEGColour
    /// Whether the picture is built up in several scans.
    public let isProgressive: Bool
    /// How many pixels share a colour difference across and down: 2 and 2 for 4:2:0, 1 and 1 for 4:4:4.
    public let chroma: (across: Int, down: Int)
    /// The Exif orientation, 1 (upright) to 8, also 1 when there is none.
    ///
    /// Reported, never applied.
    public let orientation: Int

    /// Whether both say the same.
    public static func == (first: JPEGHeader, second: JPEGHeader) -> Bool {
        first.width == second.width && first.height == second.height
            && first.components == second.components && first.precision == second.precision
            && first.colour == second.colour && first.isProgressive == second.isProgressive
            && first.chroma == second.chroma && first.orientation == second.orientation
    }

    /// Adds the sizes and the colour to a hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(width)
        hasher.combine(height)
        hasher.combine(colour)
    }

    init(_ info: samdata_jpeg_info, orientation: Int) {
        width = Int(info.width)
        height = Int(info.height)
        components = Int(info.components)
        precision = Int(info.precision)
        colour = JPEGColour(info.colour)
        isProgressive = info.is_progressive != 0
        chroma = (Int(info.chroma_across), Int(info.chroma_down))
        self.orientation = orientation
    }
}

extension JPEG {
    /// Reads what a JPEG says about itself; no pixel is decoded.
    ///
    /// Kinds that cannot be decoded, for example inks, are described too; 12-bit samples are refused here.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, or at least up to its first scan.
    ///   - name: What error messages call the file.
    /// - Returns: The description.
    /// - Throws: ``JPEGError`` when the bytes are no JPEG, are cut before the first scan, or contradict themselves.
    public static func header(
        of bytes: [UInt8], named name: String = "JPEG data"
    ) throws(JPEGError) -> JPEGHeader {
        try checkStart(bytes, named: name)
        var info = samdata_jpeg_info()
        let status = bytes.withUnsafeBufferPointer {
            samdata_jpeg_read_header(nil, 0, $0.baseAddress, $0.count, &info)
        }
        guard status == SAMDATA_JPEG_OK else { throw error(status, info, named: name) }
        return JPEGHeader(info, orientation: JPEGSegments.orientation(of: bytes))
    }

    static func checkStart(_ bytes: [UInt8], named name: String) throws(JPEGError) {
        guard isJPEG(prefix: bytes) else {
            let start = bytes.prefix(3).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            throw .notJPEG(file: name, found: start.isEmpty ? "nothing" : start.joined())
        }
    }

    static func error(
        _ status: samdata_jpeg_status, _ info: samdata_jpeg_info, named name: String
    ) -> JPEGError {
        var info = info
        let message = String(cString: samdata_jpeg_message(&info))
        switch status {
        case SAMDATA_JPEG_NOT_JPEG: return .notJPEG(file: name, found: "other bytes")
        case SAMDATA_JPEG_UNSUPPORTED: return .unsupported(file: name, found: message)
        case SAMDATA_JPEG_PRECISION:
            return .unsupported(file: name, found: "samples of other than 8 bits (\(message))")
        case SAMDATA_JPEG_NO_MEMORY: return .outOfMemory(file: name)
        default: return .damaged(file: name, found: message)
        }
    }
}
