import JPEGCodec

extension WholeSlide {
    /// A tile of a level as a complete JPEG file, its compressed pixels as the scanner wrote them.
    ///
    /// Shared tables are put in, and the colour model is marked, so that any JPEG reader shows the right colours. Tiles at
    /// the right and lower edge keep their padding.
    ///
    /// - Parameters:
    ///   - level: The number of the level.
    ///   - column: The column of the tile in the grid of the level.
    ///   - row: The row of the tile.
    /// - Returns: The file; `nil` when the level is not stored as JPEG tiles or the tile is not stored at all.
    /// - Throws: ``SlideError`` when there is no such tile, or it is damaged before its first scan.
    public func jpegTile(level: Int, column: Int, row: Int) throws(SlideError) -> [UInt8]? {
        let image = try image(level)
        guard let jpeg = image.jpeg, image.directory.isTiled else { return nil }
        let down = (image.height + image.tileHeight - 1) / image.tileHeight
        guard (0..<image.tilesAcross).contains(column), (0..<down).contains(row) else {
            throw SlideError(
                .misuse, file: path, place: image.name,
                found: "a tile in column \(column), row \(row)",
                expected: "one of \(image.tilesAcross) x \(down)")
        }
        guard let stream = try decoding.stream(image, column: column, row: row) else { return nil }
        do throws(JPEGError) {
            return try JPEG.standalone(stream, tables: jpeg.tables, colour: jpeg.colour)
        } catch {
            throw SlideError(error, file: path, place: image.place(column: column, row: row))
        }
    }
}
