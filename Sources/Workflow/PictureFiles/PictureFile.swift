import JPEGCodec
import PNGCodec
import SafeFiles
import TIFF
import WholeSlides

/// Reads a picture file of any of the formats people have, whole: PNG, JPEG or TIFF, told by its first bytes.
public enum PictureFile {
    /// The most bytes of a compressed picture that is read whole.
    static let largestFile = 1 << 30

    /// What a file is, told by its first bytes.
    enum Format {
        case png, jpeg, tiff
    }

    /// The picture as one sees it, eight bits of red, green and blue.
    ///
    /// Grey becomes equal colours, 16-bit samples keep their upper bytes, transparency is dropped. The orientation a camera
    /// wrote is not applied.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What errors call it.
    ///   - maxBytes: The most bytes of pixels.
    /// - Returns: The picture.
    /// - Throws: `FileError`, `PNGError`, `JPEGError`, `SlideError`, or ``WorkflowError`` when it is none of the formats.
    public static func rgb(
        path: String, name: String? = nil, maxBytes: Int = 4 << 30
    ) throws -> RGBPixels {
        let name = name ?? path
        switch try format(of: path, name: name) {
        case .png:
            let picture = try PNG.decode(
                try FileReading.contents(of: path, limit: largestFile), named: name,
                limits: PNGLimits(pixels: max(maxBytes / 3, 1)))
            let samples: [UInt8] =
                switch picture.samples {
                case .bytes(let values): values
                case .words(let values): values.map { UInt8($0 >> 8) }
                }
            return rgb(picture.width, picture.height, samples, channels: picture.channels)
        case .jpeg:
            let picture = try JPEG.decode(
                try FileReading.contents(of: path, limit: largestFile), named: name,
                limits: JPEGLimits(pixels: max(maxBytes / 3, 1)))
            return rgb(
                picture.width, picture.height, picture.samples, channels: picture.components)
        case .tiff:
            let slide = try WholeSlide(path: path)
            let level = slide.levels[0]
            guard
                level.width.multipliedReportingOverflow(by: level.height).partialValue
                    <= maxBytes / 3
            else {
                throw WorkflowError(
                    .data,
                    "\(name): found \(level.width) x \(level.height) pixels, expected a picture of at most "
                        + "\(maxBytes) bytes; prepare slides with `samdata prepare`, or allow more (--max-memory)"
                )
            }
            return try slide.read(level: 0, x: 0, y: 0, width: level.width, height: level.height)
        }
    }

    /// A label picture: whole numbers per pixel, row by row from the top.
    public struct Labels: Hashable, Sendable {
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int
        /// The numbers.
        public var values: [UInt32]
    }

    /// The numbers of a label picture, PNG or TIFF.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What errors call it.
    ///   - maxBytes: The most bytes of numbers.
    /// - Returns: The numbers; of a colour picture the first channel.
    /// - Throws: `FileError`, `PNGError`, `TIFFError`, or ``WorkflowError`` for another format or negative numbers.
    public static func labels(
        path: String, name: String? = nil, maxBytes: Int = 4 << 30
    ) throws -> Labels {
        let name = name ?? path
        func negative() -> WorkflowError {
            WorkflowError(
                .data, "\(name): found numbers below 0 or fractions, expected whole label numbers")
        }
        switch try format(of: path, name: name) {
        case .png:
            let picture = try PNG.decode(
                try FileReading.contents(of: path, limit: largestFile), as: .values, named: name,
                limits: PNGLimits(pixels: max(maxBytes / 4, 1)))
            let values: [UInt32] =
                switch picture.samples {
                case .bytes(let all): first(all, of: picture.channels).map(UInt32.init)
                case .words(let all): first(all, of: picture.channels).map(UInt32.init)
                }
            return Labels(width: picture.width, height: picture.height, values: values)
        case .jpeg:
            throw WorkflowError(
                .data,
                "\(name): found a JPEG, expected PNG or TIFF; JPEG changes the numbers of labels")
        case .tiff:
            let pixels = try TIFFReader(path: path, limits: TIFFLimits(bytes: maxBytes)).readAll()
            let channels = pixels.samplesPerPixel
            func whole<Number: BinaryInteger>(_ all: [Number]) throws -> [UInt32] {
                try first(all, of: channels).map {
                    guard let value = UInt32(exactly: $0) else { throw negative() }
                    return value
                }
            }
            let values: [UInt32] =
                switch pixels.samples {
                case .uint8(let all): try whole(all)
                case .uint16(let all): try whole(all)
                case .uint32(let all): try whole(all)
                case .uint64(let all): try whole(all)
                case .int8(let all): try whole(all)
                case .int16(let all): try whole(all)
                case .int32(let all): try whole(all)
                case .int64(let all): try whole(all)
                case .float32(let all):
                    try first(all, of: channels).map {
                        guard let value = UInt32(exactly: $0) else { throw negative() }
                        return value
                    }
                case .float64(let all):
                    try first(all, of: channels).map {
                        guard let value = UInt32(exactly: $0) else { throw negative() }
                        return value
                    }
                }
            return Labels(width: pixels.width, height: pixels.height, values: values)
        }
    }

    // MARK: - Parts

    static func format(of path: String, name: String) throws -> Format {
        let file = try ReadableFile(path: path)
        let start = try file.bytes(count: min(8, file.size))
        if start.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return .png }
        if JPEG.isJPEG(prefix: start) { return .jpeg }
        if TIFFReader.isTIFF(prefix: start) { return .tiff }
        throw WorkflowError(
            .data, "\(name): found neither PNG, JPEG nor TIFF, expected a picture of one of them")
    }

    private static func first<Value>(_ all: [Value], of channels: Int) -> [Value] {
        channels == 1 ? all : stride(from: 0, to: all.count, by: channels).map { all[$0] }
    }

    /// One channel is grey, two are grey and alpha, three are colours, four are colours and alpha.
    private static func rgb(
        _ width: Int, _ height: Int, _ samples: [UInt8], channels: Int
    ) -> RGBPixels {
        if channels == 3 { return RGBPixels(width: width, height: height, samples: samples) }
        var rgb: [UInt8] = []
        rgb.reserveCapacity(width * height * 3)
        for start in stride(from: 0, to: samples.count, by: channels) {
            if channels < 3 {
                rgb += repeatElement(samples[start], count: 3)
            } else {
                rgb += samples[start..<start + 3]
            }
        }
        return RGBPixels(width: width, height: height, samples: rgb)
    }
}
