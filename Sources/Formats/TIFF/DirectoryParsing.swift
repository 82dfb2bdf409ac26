internal import CTIFF

extension TIFFHandle {
    /// Moves the handle to the directory at an offset of the file.
    func seek(_ index: Int, offset: UInt64) throws(TIFFError) {
        if current == index { return }
        current = nil
        nextRow = nil
        clearMessages()
        guard TIFFSetSubDirectory(tiff, offset) == 1 else {
            throw TIFFError(
                .damaged, file: name, place: "directory \(index)",
                found: "tags the library refuses",
                expected: "a sound directory; fetch or write the file again",
                libraryMessage: errorMessage)
        }
        // The default is raw YCbCr, subsampled; asking is undone by every change of directory.
        if uint16(TIFFTAG_COMPRESSION) == Int(COMPRESSION_JPEG),
            uint16(TIFFTAG_PHOTOMETRIC) == Int(PHOTOMETRIC_YCBCR)
        {
            _ = samdata_tiff_ask_rgb(tiff)
        }
        current = index
    }

    /// Describes the directory at an offset; what cannot be read is kept as its problem.
    func describe(
        _ index: Int, offset: UInt64, parent: Int?
    ) throws(TIFFError) -> TIFFDirectory {
        try seek(index, offset: offset)
        let place = "directory \(index)"
        guard let width = uint32(TIFFTAG_IMAGEWIDTH), let height = uint32(TIFFTAG_IMAGELENGTH),
            (1...TIFFLimits.largestSide).contains(width),
            (1...TIFFLimits.largestSide).contains(height)
        else {
            throw TIFFError(
                .damaged, file: name, place: place,
                found:
                    "\(uint32(TIFFTAG_IMAGEWIDTH) ?? 0) x \(uint32(TIFFTAG_IMAGELENGTH) ?? 0) pixels",
                expected: "sides of 1 to \(TIFFLimits.largestSide); fetch or write the file again")
        }
        let isTiled = TIFFIsTiled(tiff) != 0
        let samples = uint16(TIFFTAG_SAMPLESPERPIXEL) ?? 1
        let formats: [Int: TIFFDirectory.SampleFormat] = [
            1: .unsigned, 2: .signed, 3: .float, 4: .unsigned,
        ]
        let formatTag = uint16(TIFFTAG_SAMPLEFORMAT) ?? 1
        var directory = TIFFDirectory(
            index: index, parent: parent, width: width, height: height, samplesPerPixel: samples,
            extraSamples: extraSamples, bitsPerSample: uint16(TIFFTAG_BITSPERSAMPLE) ?? 1,
            sampleFormat: formats[formatTag] ?? .unsigned, colour: colour(samples),
            photometric: uint16(TIFFTAG_PHOTOMETRIC) ?? (samples < 3 ? 1 : 2),
            chromaSubsampling: chromaSubsampling,
            compression: TIFFCompression(rawValue: uint16(TIFFTAG_COMPRESSION) ?? 1),
            isPlanar: samples > 1 && uint16(TIFFTAG_PLANARCONFIG) == Int(PLANARCONFIG_SEPARATE),
            isTiled: isTiled, blockWidth: isTiled ? uint32(TIFFTAG_TILEWIDTH) ?? 0 : width,
            blockHeight: isTiled
                ? uint32(TIFFTAG_TILELENGTH) ?? 0
                : min(uint32(TIFFTAG_ROWSPERSTRIP) ?? height, height),
            orientation: uint16(TIFFTAG_ORIENTATION) ?? 1, resolution: resolution,
            subfileType: uint32(TIFFTAG_SUBFILETYPE) ?? 0, problem: nil, offset: offset)
        do throws(TIFFError) {
            guard formats[formatTag] != nil else {
                throw unsupported(place, "sample format \(formatTag)", "integers or real numbers")
            }
            try check(directory, place)
            let layout = try BlockLayout(directory, file: name)
            directory.blocksAcross = layout.across
            directory.blocksDown = layout.down
            directory.blockCount = layout.count
        } catch {
            directory.problem = error
        }
        return directory
    }

    private func unsupported(_ place: String, _ found: String, _ expected: String) -> TIFFError {
        TIFFError(
            .unsupported, file: name, place: place, found: found,
            expected: expected + "; convert the file, for example to 8 or 16 bits with deflate")
    }

    /// What can be known before a pixel is decoded.
    private func check(_ directory: TIFFDirectory, _ place: String) throws(TIFFError) {
        let compression = directory.compression
        guard TIFFCompression.readable.contains(compression.rawValue),
            TIFFIsCODECConfigured(UInt16(compression.rawValue)) != 0
        else {
            throw unsupported(place, "\(compression)", "JPEG, deflate, LZW or another read here")
        }
        guard directory.sampleType != nil else {
            throw unsupported(
                place, "\(directory.bitsPerSample)-bit \(directory.sampleFormat.rawValue) samples",
                "1, 2, 4, 8, 12, 16, 32 or 64 bits, 8 and more when signed, 16 and more when float")
        }
        guard (1...TIFFLimits.samplesPerPixel).contains(directory.samplesPerPixel) else {
            throw unsupported(
                place, "\(directory.samplesPerPixel) samples per pixel",
                "1 to \(TIFFLimits.samplesPerPixel)")
        }
        if directory.colour == .yCbCr {
            let isRGB = compression == .jpeg || compression.rawValue == Int(COMPRESSION_WEBP)
            guard isRGB, !directory.isPlanar else {
                throw unsupported(
                    place, "YCbCr with \(compression)\(directory.isPlanar ? " in planes" : "")",
                    "YCbCr as JPEG only")
            }
        }
        guard (uint32(TIFFTAG_IMAGEDEPTH) ?? 1) <= 1, (uint32(TIFFTAG_TILEDEPTH) ?? 1) <= 1 else {
            throw unsupported(place, "a volume in one directory", "one slice per directory")
        }
        guard directory.width <= limits.pixels / directory.height else {
            throw tooLarge(
                place, "\(directory.width) x \(directory.height) pixels", "\(limits.pixels)")
        }
        let layout = try BlockLayout(directory, file: name)
        guard !layout.isTall || layout.planes == 1 else {
            guard
                let all = TIFFLimits.product(layout.blockBytes, layout.planes),
                all <= limits.blockBytes
            else {
                throw tooLarge(
                    place, "\(layout.planes) strips of \(layout.blockBytes) bytes",
                    "\(limits.blockBytes) bytes")
            }
            return try check(layout, place)
        }
        guard layout.isTall || layout.blockBytes <= limits.blockBytes else {
            throw tooLarge(
                place, "a \(layout.noun) of \(layout.blockBytes) bytes",
                "\(limits.blockBytes) bytes")
        }
        try check(layout, place)
    }

    /// Compares our own arithmetic with libtiff's, and the number of blocks with the room for their offsets.
    private func check(_ layout: BlockLayout, _ place: String) throws(TIFFError) {
        clearMessages()
        let count = Int(
            layout.isTiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff))
        // An offset and a byte count take 4 bytes or more per block.
        guard count == layout.count, count <= 16 || count <= file.size / 4 else {
            throw TIFFError(
                .damaged, file: name, place: place,
                found: "\(count) \(layout.noun)s in a file of \(file.size) bytes",
                expected:
                    "\(layout.count) of them and room for their offsets; fetch the file again",
                libraryMessage: errorMessage)
        }
        let bytes =
            layout.isTall
            ? TIFFScanlineSize64(tiff)
            : layout.isTiled
                ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, UInt32(layout.blockHeight))
        let expected = layout.isTall ? layout.rowBytes : layout.blockBytes
        guard Int(exactly: bytes) == expected else {
            throw unsupported(
                place, "a \(layout.noun) of \(bytes) bytes", "\(expected), without subsampling")
        }
    }

    private func tooLarge(_ place: String, _ found: String, _ limit: String) -> TIFFError {
        TIFFError(
            .tooLarge, file: name, place: place, found: found,
            expected: "at most \(limit); raise the limit if the image is genuine")
    }

    private func colour(_ samples: Int) -> TIFFDirectory.Colour {
        switch uint16(TIFFTAG_PHOTOMETRIC) {
        case Int(PHOTOMETRIC_MINISWHITE): .minIsWhite
        case Int(PHOTOMETRIC_MINISBLACK): .minIsBlack
        case Int(PHOTOMETRIC_RGB): .rgb
        case Int(PHOTOMETRIC_PALETTE): .palette
        case Int(PHOTOMETRIC_MASK): .mask
        case Int(PHOTOMETRIC_SEPARATED): .separated
        case Int(PHOTOMETRIC_YCBCR): .yCbCr
        case nil: samples < 3 ? .minIsBlack : .rgb
        default: .other
        }
    }

    private var chromaSubsampling: TIFFDirectory.Subsampling? {
        var x: UInt16 = 0
        var y: UInt16 = 0
        guard samdata_tiff_get_subsampling(tiff, &x, &y) == 1 else { return nil }
        return TIFFDirectory.Subsampling(x: Int(x), y: Int(y))
    }

    private var resolution: TIFFDirectory.Resolution? {
        guard let x = float(TIFFTAG_XRESOLUTION), let y = float(TIFFTAG_YRESOLUTION),
            x > 0, y > 0, x.isFinite, y.isFinite
        else { return nil }
        let units: [Int: Double] = [Int(RESUNIT_INCH): 25_400, Int(RESUNIT_CENTIMETER): 10_000]
        let unit = uint16(TIFFTAG_RESOLUTIONUNIT) ?? Int(RESUNIT_INCH)
        return TIFFDirectory.Resolution(x: x, y: y, unitMicrometres: units[unit])
    }
}
