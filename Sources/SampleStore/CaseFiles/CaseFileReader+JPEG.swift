import HDF5
import JPEGCodec

extension CaseFileReader {
    /// The original JPEG file of one colour picture, as the scanner wrote it.
    ///
    /// - Parameter position: The position of the picture in the file, `0..<count`.
    /// - Returns: The bytes; `nil` for a file of planes.
    /// - Throws: ``StoreError`` for a position that does not exist, `HDF5Error` for damage.
    public func jpeg(at position: Int) throws -> [UInt8]? {
        try checkPosition(position)
        guard let offsets = jpegOffsets else { return nil }
        let start = offsets[position]
        return try file.readSlab(
            CaseFileFormat.jpeg + "/data", offset: [start],
            count: [offsets[position + 1] - start], as: UInt8.self)
    }

    /// The pixels of one JPEG tile, three bytes each.
    ///
    /// The last one asked for is kept. `nil` for a file of planes.
    func decodedJPEG(at position: Int) throws -> [UInt8]? {
        let kept = lastJPEG.withLock { last in
            last.flatMap { $0.position == position ? $0.rgb : nil }
        }
        if let kept { return kept }
        guard let stream = try jpeg(at: position) else { return nil }
        let (rows, columns) = (description.rows, description.columns)
        let key = "\(CaseFileFormat.jpeg)[\(position)]"
        func wrong(_ found: String) -> StoreError {
            StoreError.malformed(
                path: path, key: key, found: found,
                expected: "a JPEG of \(columns) x \(rows) pixels")
        }
        let rgb: [UInt8]
        do throws(JPEGError) {
            let header = try JPEG.header(of: stream)
            guard header.width == columns, header.height == rows else {
                throw JPEGError.wrongSize(
                    file: "JPEG data", found: "\(header.width) x \(header.height) pixels",
                    expected: "\(columns) x \(rows)")
            }
            let picture = try JPEG.decode(stream, limits: JPEGLimits(pixels: rows * columns))
            rgb =
                picture.components == 3
                ? picture.samples : picture.samples.flatMap { [$0, $0, $0] }
        } catch {
            if case .wrongSize(_, let found, _) = error { throw wrong("one of \(found)") }
            throw wrong("\(error)")
        }
        lastJPEG.withLock { $0 = (position, rgb) }
        return rgb
    }

    /// Where the tiles of the optional group begin, and the end of the last one; `nil` for a file of planes.
    static func jpegOffsets(
        of file: HDF5Reader, path: String, count: Int
    ) throws -> [Int]? {
        let at = CaseFileFormat.jpeg
        guard try file.exists(at) else { return nil }
        func malformed(_ name: String, _ found: String, _ expected: String) -> StoreError {
            StoreError.malformed(
                path: path, key: "\(at)/\(name)", found: found, expected: expected)
        }
        for name in ["data", "offset"] where try !file.exists("\(at)/\(name)") {
            throw malformed(name, "nothing", "this element")
        }
        let data = try file.info("\(at)/data")
        guard data.type == .number(.uint8, bigEndian: false), data.shape.count == 1,
            data.filters.isEmpty
        else {
            throw malformed(
                "data", "\(data.type), shape \(data.shape), filters \(data.filters)",
                "one row of uint8 without a filter")
        }
        let offset = try file.info("\(at)/offset")
        guard offset.elementType == .int64, offset.shape == [count + 1] else {
            throw malformed(
                "offset", "\(offset.type), shape \(offset.shape)",
                "int64, shape [\(count + 1)]: one entry per picture and the end")
        }
        let offsets = try file.readArray("\(at)/offset", as: Int64.self)
        guard offsets.first == 0, offsets.last == Int64(data.shape[0]),
            zip(offsets, offsets.dropFirst()).allSatisfy(<)
        else {
            throw malformed(
                "offset", "other values", "numbers that ascend from 0 to \(data.shape[0])")
        }
        return offsets.map(Int.init)
    }
}
