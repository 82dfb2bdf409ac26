import MedicalImaging
import SafeFiles
import TIFF

extension ScoreImageReader {
    /// The numbers of a TIFF: the first image, or a volume when all images of the file are alike.
    ///
    /// Palettes give indices. Resolution tags are not used: most writers put a print resolution there.
    func tiff(_ file: ScoreFile) throws(WorkflowError) -> StoredImage {
        let opened = try openTIFF(file)
        let image = opened.directories[0]
        let slices = Self.isStack(opened) ? opened.directories.count : 1
        let (pixels, overflow) = image.width.multipliedReportingOverflow(by: image.height)
        let (count, overflowToo) = pixels.multipliedReportingOverflow(by: slices)
        guard !overflow, !overflowToo, count <= options.maxBytes else {
            throw WorkflowError(
                .data,
                "\(file.name): found \(image.width) x \(image.height) x \(slices) pixels, expected at most "
                    + "\(options.maxBytes) bytes; allow more (--max-memory), or score two large TIFFs by "
                    + "counts alone")
        }
        var notes: [String] = []
        var parts: [StoredSamples] = []
        for page in 0..<slices {
            let pixels = try readingTIFF(file) { () throws(TIFFError) in
                try opened.readAll(directory: page)
            }
            parts.append(try Self.grey(pixels, opened.directories[page], file, row: 0, &notes))
        }
        if slices > 1 {
            notes.append("the \(slices) images of the file were read as the slices of a volume")
        } else if opened.directories.count > opened.levels.count {
            notes.append(
                "only the first of \(opened.directories.count) images of the file was read")
        }
        let (spacing, isKnown) = try spacing(file, axes: slices > 1 ? 3 : 2, notes: &notes)
        return StoredImage(
            file: file, samples: StoredSamples(joining: parts),
            shape: GridShape(image.width, image.height, slices), dimensions: slices > 1 ? 3 : 2,
            spacing: spacing, hasSpacing: isKnown, world: nil,
            scoreMaximum: Self.maximum(of: image), digests: [try digestOfFile(file)],
            notes: notes.uniqued)
    }

    /// Opens a TIFF within the limits of the options.
    func openTIFF(_ file: ScoreFile) throws(WorkflowError) -> TIFFReader {
        try readingTIFF(file) { () throws(TIFFError) in
            try TIFFReader(path: file.path, limits: TIFFLimits(bytes: options.maxBytes))
        }
    }

    /// Runs a body that works on a TIFF and names the file in its error.
    func readingTIFF<Result>(
        _ file: ScoreFile, _ body: () throws(TIFFError) -> Result
    ) throws(WorkflowError) -> Result {
        do throws(TIFFError) { return try body() } catch {
            throw WorkflowError(
                error.kind == .missing ? .missingInput : .data,
                "\(error)".replacing(file.path, with: file.displayPath))
        }
    }

    /// The digest of a file that is read in pieces.
    func digestOfFile(_ file: ScoreFile) throws(WorkflowError) -> ScoreDigest {
        try reading(file) {
            ScoreDigest(
                path: file.displayPath, byteCount: Folders.size(of: file.path) ?? 0,
                sha256: try FileReading.sha256(of: file.path))
        }
    }

    /// Whether all images of a file are slices of one volume: alike, and none a smaller version of another.
    private static func isStack(_ opened: TIFFReader) -> Bool {
        let first = opened.directories[0]
        return opened.directories.count > 1
            && opened.directories.allSatisfy { page in
                page.width == first.width && page.height == first.height
                    && page.sampleFormat == first.sampleFormat
                    && page.bitsPerSample == first.bitsPerSample
                    && page.samplesPerPixel == first.samplesPerPixel && !page.isReducedImage
                    && page.problem == nil
            }
    }

    /// The stored value that stands for 1 in a score map of integers: the largest of its bits.
    private static func maximum(of image: TIFFDirectory) -> Double {
        image.sampleFormat == .unsigned && image.bitsPerSample <= 16
            ? Double((1 << image.bitsPerSample) - 1) : 1
    }

    /// One number per pixel: the grey value, the palette index, or three equal colours.
    ///
    /// - Parameters:
    ///   - pixels: What was decoded.
    ///   - image: What the file says about it.
    ///   - file: The file, for messages.
    ///   - row: The row of the file that the first row of the pixels is.
    ///   - notes: Gets a line about colours and missing tiles.
    /// - Returns: As many samples as pixels.
    /// - Throws: ``WorkflowError`` for colours that differ.
    static func grey(
        _ pixels: TIFFPixels, _ image: TIFFDirectory, _ file: ScoreFile, row: Int,
        _ notes: inout [String]
    ) throws(WorkflowError) -> StoredSamples {
        if pixels.missingBlocks > 0 {
            notes.append("tiles that the file does not store were read as background")
        }
        let channels = pixels.samplesPerPixel
        if channels == 1 { return StoredSamples(pixels.samples) }
        let colours = max(1, channels - image.extraSamples)
        guard colours == 1 || colours == 3, case .uint8(let values) = pixels.samples else {
            throw WorkflowError(
                .data,
                "\(file.name): found \(channels) samples of \(image.bitsPerSample) bits per pixel, expected "
                    + "one grey value or palette index; save the map without colours")
        }
        var result: [UInt8] = []
        result.reserveCapacity(values.count / channels)
        for start in stride(from: 0, to: values.count, by: channels) {
            let value = values[start]
            guard colours == 1 || (value == values[start + 1] && value == values[start + 2]) else {
                let pixel = start / channels
                throw WorkflowError(
                    .data,
                    "\(file.name): at column \(pixel % pixels.width), row \(row + pixel / pixels.width): "
                        + "found the colour (\(value), \(values[start + 1]), \(values[start + 2])), "
                        + "expected one grey value or palette index per pixel; save the map without colours"
                )
            }
            result.append(value)
        }
        notes.append(
            colours == 1
                ? "the image has \(channels) samples per pixel; only the first was read"
                : "the image has \(channels) samples per pixel; its three colours are equal and were read "
                    + "as one")
        return .uint8(result)
    }
}

extension StoredSamples {
    /// Decoded samples in the smallest of five types that keeps them.
    fileprivate init(_ samples: TIFFSamples) {
        switch samples {
        case .uint8(let values): self = .uint8(values)
        case .int8(let values): self = .int32(values.map { Int32($0) })
        case .uint16(let values): self = .int32(values.map { Int32($0) })
        case .int16(let values): self = .int32(values.map { Int32($0) })
        case .int32(let values): self = .int32(values)
        case .uint32(let values): self = .int64(values.map { Int64($0) })
        case .int64(let values): self = .int64(values)
        case .uint64(let values): self = .int64(values.map { Int64(clamping: $0) })
        case .float32(let values): self = .float32(values)
        case .float64(let values): self = .float64(values)
        }
    }

    /// The samples of slices one after the other; they are of one type.
    fileprivate init(joining parts: [StoredSamples]) {
        if parts.count == 1 {
            self = parts[0]
            return
        }
        // Every part is of the type of the first: the pages were compared before they were read.
        var uint8: [UInt8] = []
        var int32: [Int32] = []
        var int64: [Int64] = []
        var float32: [Float] = []
        var float64: [Double] = []
        for part in parts {
            switch part {
            case .uint8(let values): uint8 += values
            case .int32(let values): int32 += values
            case .int64(let values): int64 += values
            case .float32(let values): float32 += values
            case .float64(let values): float64 += values
            }
        }
        switch parts.first {
        case .int32: self = .int32(int32)
        case .int64: self = .int64(int64)
        case .float32: self = .float32(float32)
        case .float64: self = .float64(float64)
        case .uint8, nil: self = .uint8(uint8)
        }
    }
}

extension [String] {
    /// Every line once, in the order of their first occurrence.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
