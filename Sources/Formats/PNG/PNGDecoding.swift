internal import CPNG

extension PNG {
    /// What the samples of a decoded picture mean.
    public enum Reading: Hashable, Sendable {
        /// The picture as one sees it: a palette becomes RGB, grey of 1, 2 and 4 bits is spread over 0...255.
        ///
        /// Transparency, also of a palette or one transparent colour, gives RGBA.
        case picture
        /// The numbers as stored, for label maps: a palette gives its indices, grey of 1, 2 and 4 bits is not scaled.
        ///
        /// One channel for grey and palettes; RGB and RGBA as in a picture. Transparent colours are ignored.
        case values
    }

    /// Reads the samples of a PNG.
    ///
    /// Gives 8-bit grey, RGB or RGBA, or 16-bit grey or RGB, with every sample as stored; gamma and colour
    /// profiles are ignored. Interlaced files are read; of an animation, the first picture.
    /// All checksums are verified, and the size is compared with the limits before memory is asked for.
    ///
    /// - Complexity: O(*n*) in the samples; memory for the samples and one copy of the file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file; bytes after its end chunk are ignored.
    ///   - reading: Whether to give the picture or the stored numbers.
    ///   - name: What error messages call the file.
    ///   - limits: The largest picture to accept.
    /// - Returns: The picture.
    /// - Throws: ``PNGError`` when the file is damaged, too large, or has 16-bit samples with alpha.
    public static func decode(
        _ bytes: [UInt8], as reading: Reading = .picture, named name: String = "PNG data",
        limits: PNGLimits = .standard
    ) throws(PNGError) -> PNGPicture {
        let contents = try PNGContents(bytes, named: name, keepingTransparency: reading == .picture)
        let form = try form(of: contents, as: reading, named: name)
        try check(contents, form, named: name, limits: limits)
        return try PNGPicture(
            width: contents.header.width, height: contents.header.height, channels: form.channels,
            samples: form.bitDepth == 16
                ? .words(try read(contents, form, of: UInt16.self, named: name))
                : .bytes(try byteSamples(contents, form, named: name)))
    }

    private static func byteSamples(
        _ contents: PNGContents, _ form: Form, named name: String
    ) throws(PNGError) -> [UInt8] {
        let samples = try read(contents, form, of: UInt8.self, named: name)
        guard form.isIndexed, contents.header.colour == .palette else { return samples }
        let colours = contents.palette.count / 3
        if let largest = samples.max(), Int(largest) >= colours {
            throw .damaged(
                file: name, offset: contents.dataStart, found: "palette index \(largest)",
                expected: "below the \(colours) colours of the palette")
        }
        return form.channels == 1 ? samples : contents.colours(of: samples)
    }

    private struct Form {
        /// Samples per pixel of the result.
        let channels: Int
        /// Bits per sample of the result.
        let bitDepth: Int
        /// Whether libpng is asked for one stored number per pixel.
        let isIndexed: Bool
    }

    private static func form(
        of contents: PNGContents, as reading: Reading, named name: String
    ) throws(PNGError) -> Form {
        let header = contents.header
        let hasAlpha =
            header.colour == .rgba || header.colour == .greyAlpha || contents.hasTransparency
        if header.bitDepth == 16 {
            guard !hasAlpha else {
                throw .unsupported(
                    file: name, found: "16-bit samples with alpha",
                    next: "save it without transparency or with 8 bits")
            }
            return Form(channels: header.colour == .rgb ? 3 : 1, bitDepth: 16, isIndexed: false)
        }
        if header.colour == .palette || (reading == .values && header.bitDepth < 8) {
            let channels = reading == .values ? 1 : hasAlpha ? 4 : 3
            return Form(channels: channels, bitDepth: 8, isIndexed: true)
        }
        let isGrey = header.colour == .grey && !hasAlpha
        return Form(channels: hasAlpha ? 4 : isGrey ? 1 : 3, bitDepth: 8, isIndexed: false)
    }

    private static func check(
        _ contents: PNGContents, _ form: Form, named name: String, limits: PNGLimits
    ) throws(PNGError) {
        let header = contents.header
        // Sides are below 2^31, so this product cannot overflow; the next one can.
        let pixels = header.width * header.height
        guard pixels <= limits.pixels else {
            throw .tooLarge(
                file: name, width: header.width, height: header.height,
                limit: "\(limits.pixels) pixels")
        }
        let (bytes, overflow) = pixels.multipliedReportingOverflow(
            by: form.channels * form.bitDepth / 8)
        guard !overflow, bytes <= limits.bytes else {
            throw .tooLarge(
                file: name, width: header.width, height: header.height,
                limit: "\(limits.bytes) bytes")
        }
        // Deflate shrinks by at most 1032 to 1, so a short file cannot fill a large picture.
        let reachable = contents.compressedBytes.multipliedReportingOverflow(by: 1032)
        guard let raw = header.rawBytes, reachable.overflow || raw <= reachable.partialValue else {
            throw .damaged(
                file: name, offset: contents.dataStart,
                found: "\(contents.compressedBytes) compressed bytes",
                expected: "enough for \(header.width) x \(header.height) pixels")
        }
    }

    private static func read<Sample: FixedWidthInteger>(
        _ contents: PNGContents, _ form: Form, of type: Sample.Type, named name: String
    ) throws(PNGError) -> [Sample] {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        // libpng keeps the address until the picture is finished, so both steps stand in one scope.
        var isDone = false
        let count =
            contents.header.width * contents.header.height
            * (form.isIndexed ? 1 : form.channels)
        let samples: [Sample] = contents.bytes.withUnsafeBytes { file in
            guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0,
                Int(image.width) == contents.header.width,
                Int(image.height) == contents.header.height
            else { return [] }
            image.format =
                form.isIndexed
                ? PNGFormat.indices
                : PNGFormat.of(channels: form.channels, bitDepth: form.bitDepth)
            // Room for 256 colours of three samples; only needed for indices, whose colours are not wanted.
            var colours = [UInt8](repeating: 0, count: 256 * 3)
            return [Sample](unsafeUninitializedCapacity: count) { buffer, initialised in
                isDone = png_image_finish_read(&image, nil, buffer.baseAddress, 0, &colours) != 0
                initialised = isDone ? count : 0
            }
        }
        // Everything that only describes the picture was left out, so a warning is about its samples.
        guard isDone, image.warning_or_error == 0 else {
            throw .library(operation: "decode", file: name, message: PNGFormat.message(of: image))
        }
        return samples
    }
}
