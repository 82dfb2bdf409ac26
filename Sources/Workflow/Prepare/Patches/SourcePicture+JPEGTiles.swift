import JPEGCodec
import SamplePreparation
import WholeSlides

extension SourcePicture {
    /// Checks that every patch of a configuration is exactly one JPEG tile of this picture.
    ///
    /// - Parameters:
    ///   - configuration: Lattice and budget.
    ///   - name: What errors call the picture.
    /// - Throws: ``WorkflowError`` that says what does not fit and what to use.
    func checkJPEGTiles(_ configuration: PatchConfiguration, name: String) throws {
        func refuse(_ found: String, _ expected: String) -> WorkflowError {
            WorkflowError(
                .configuration,
                "\(name): --keep-jpeg: found \(found), expected \(expected); or leave out --keep-jpeg"
            )
        }
        guard case .slide(let slide, let choice) = self else {
            throw refuse("a picture without tiles", "a TIFF slide of JPEG tiles")
        }
        let level = slide.levels[choice.level]
        guard level.isTiled, level.compression == "JPEG" else {
            throw refuse(
                "\(level.isTiled ? "tiles" : "strips") of compression \(level.compression) at level "
                    + "\(level.index)", "a level of JPEG tiles")
        }
        let tile = level.tileWidth
        guard level.tileHeight == tile else {
            throw refuse(
                "tiles of \(tile) x \(level.tileHeight) pixels at level \(level.index)",
                "square tiles, as patches are")
        }
        let remedy = "--patch \(tile) --level \(level.index)"
        guard choice.isExact else {
            throw refuse("a level that is shrunk to the pixel size asked for", remedy)
        }
        guard let lattice = configuration.lattice else { throw refuse("whole pictures", remedy) }
        guard lattice.patch == tile else {
            throw refuse(
                "patches of \(lattice.patch) over tiles of \(tile) pixels at level \(level.index)",
                remedy)
        }
        guard lattice.edge == .inside else {
            throw refuse("--edge \(lattice.edge.rawValue)", "--edge inside")
        }
        guard lattice.stride % tile == 0, !lattice.isDoubled || lattice.stride / 2 % tile == 0
        else {
            throw refuse(
                "a stride of \(lattice.stride)\(lattice.isDoubled ? " with a shifted lattice" : "")",
                "a multiple of the tile, --stride \(tile) without --lattice")
        }
        guard configuration.labelBudget == nil else {
            throw refuse(
                "--label-budget, which blanks pixels", "pixels that stay as they are")
        }
    }

    /// The original JPEG tile under a patch.
    ///
    /// Decoded on its own, as a reader of the store will, the tile is compared with the pixels of the slide.
    ///
    /// - Parameters:
    ///   - x: The first stored column of the patch, a multiple of the tile.
    ///   - y: The first stored row.
    ///   - side: The side of patch and tile.
    ///   - name: What errors call the picture.
    /// - Returns: A complete JPEG file.
    /// - Throws: ``WorkflowError`` for a tile that is missing or shows other pixels on its own, and `SlideError` for damage.
    func jpegTile(x: Int, y: Int, side: Int, name: String) throws -> [UInt8] {
        guard case .slide(let slide, let choice) = self, x >= 0, y >= 0, x % side == 0,
            y % side == 0
        else { throw WorkflowError(.internalError, "\(name): a patch at \(x), \(y) is no tile") }
        let place =
            "\(name): --keep-jpeg: tile in column \(x / side), row \(y / side) of level \(choice.level)"
        guard
            let jpeg = try slide.jpegTile(level: choice.level, column: x / side, row: y / side)
        else {
            throw WorkflowError(
                .configuration,
                "\(place): found a missing tile, expected JPEG bytes under every patch; leave out --keep-jpeg"
            )
        }
        let shown = try read(x: x, y: y, width: side, height: side).pixels.samples
        guard try Self.rgb(of: jpeg) == shown else {
            throw WorkflowError(
                .data,
                "\(place): found a JPEG that shows other pixels on its own, expected those of the slide; leave out "
                    + "--keep-jpeg")
        }
        return jpeg
    }

    private static func rgb(of jpeg: [UInt8]) throws -> [UInt8] {
        let picture = try JPEG.decode(jpeg)
        guard picture.components == 1 else { return picture.samples }
        return picture.samples.flatMap { [$0, $0, $0] }
    }
}
