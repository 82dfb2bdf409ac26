/// What pixels get that lie in tiles or strips the file does not store.
///
/// Scanners leave out tiles of empty glass; such a tile has byte count 0, against the standard.
public enum TIFFFill: Hashable, Sendable {
    /// Zeros: background in masks, black in pictures.
    case zeros
    /// The largest value of integers, 1 for floating point numbers: white in pictures.
    case white
    /// One value for all samples of a pixel, or one for each, in the units of the result.
    ///
    /// Rounded and held inside the range of the sample type; of an image with a palette, an index.
    case samples([Double])

    /// The bytes of one filled pixel; none for zeros.
    func pixel(of image: TIFFDirectory, file: String) throws(TIFFError) -> [UInt8] {
        guard let type = image.sampleType else { return [] }
        switch self {
        case .zeros: return []
        case .white:
            let value: Double =
                switch type {
                case .uint8: Double(1 << min(image.bitsPerSample, 8) - 1)
                case .uint16: Double(1 << min(image.bitsPerSample, 16) - 1)
                case .float32, .float64: 1
                default: .infinity
                }
            return (0..<image.samplesPerPixel).flatMap { _ in Self.bytes(value, type) }
        case .samples(let values):
            guard values.count == 1 || values.count == image.samplesPerPixel,
                values.allSatisfy({ !$0.isNaN })
            else {
                throw TIFFError(
                    .misuse, file: file, place: "directory \(image.index)",
                    found: "\(values.count) values for pixels that are not stored",
                    expected: "one number, or one for each of \(image.samplesPerPixel) samples")
            }
            return (0..<image.samplesPerPixel).flatMap { sample in
                Self.bytes(values[values.count == 1 ? 0 : sample], type)
            }
        }
    }

    private static func bytes(_ value: Double, _ type: TIFFSampleType) -> [UInt8] {
        func raw(_ number: some BitwiseCopyable) -> [UInt8] {
            withUnsafeBytes(of: number) { Array($0) }
        }
        func whole<Sample: FixedWidthInteger & BitwiseCopyable>(_: Sample.Type) -> [UInt8] {
            let rounded = value.rounded()
            return raw(Sample(exactly: rounded) ?? (rounded < 0 ? Sample.min : Sample.max))
        }
        return switch type {
        case .uint8: whole(UInt8.self)
        case .int8: whole(Int8.self)
        case .uint16: whole(UInt16.self)
        case .int16: whole(Int16.self)
        case .uint32: whole(UInt32.self)
        case .int32: whole(Int32.self)
        case .uint64: whole(UInt64.self)
        case .int64: whole(Int64.self)
        case .float32: raw(Float(value))
        case .float64: raw(value)
        }
    }
}

/// How decoded blocks become samples.
struct DecodingWay {
    let reading: TIFFReading
    /// The bytes of a pixel that is not stored; none for zeros.
    let fill: [UInt8]
    /// The byte they all are; `nil` when they differ.
    let fillByte: UInt8?

    init(_ reading: TIFFReading, _ fill: [UInt8]) {
        self.reading = reading
        self.fill = fill
        let first = fill.first ?? 0
        fillByte = fill.allSatisfy { $0 == first } ? first : nil
    }
}
