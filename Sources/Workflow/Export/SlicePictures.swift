import MedicalImaging
import PNGCodec
import SamplePreparation
import SampleStore

/// Turns the stored pixels of a case into 8-bit grey; colours stay colours.
///
/// Bytes stay as they are. Original numbers go through the window that is recorded beside them, floats from 0 to 1 are
/// spread over the bytes: for plain windows and the native size the result is what `--pixels uint8` would have stored.
/// Without a window the smallest and the largest stored value of the case become black and white.
struct SlicePictures: Sendable {
    /// What a user should know; `nil` when there is nothing to say.
    let note: String?

    private let reader: CaseFileReader
    private let mapping: PixelMapping?

    /// Finds the window of a case; reads every slice when none is recorded.
    init(_ reader: CaseFileReader, threads: Int) throws {
        self.reader = reader
        let description = reader.description
        guard description.pixelType != .uint8, reader.count > 0 else {
            (note, mapping) = (nil, nil)
            return
        }
        let limits: ClosedRange<Double>
        if let window = description.window {
            limits = description.pixelFormat == PixelFormat.float32.rawValue ? 0...1 : window
            note = nil
        } else {
            let ranges = try ParallelLoop.map(count: reader.count, threads: threads) {
                try Self.volume(of: reader, at: $0).range
            }.compactMap(\.self)
            let low = ranges.map(\.lowerBound).min() ?? 0
            let high = ranges.map(\.upperBound).max() ?? 0
            limits = low...high
            note =
                "case \(description.caseID): no window is recorded, black is \(low) and white \(high)"
        }
        // A mapping computes in 32-bit floats, where limits from a damaged file may not be finite.
        guard (Float(limits.upperBound) - Float(limits.lowerBound)).isFinite else {
            throw StoreError.malformed(
                path: reader.path, key: "/image@window", found: "\(limits)",
                expected: "limits whose difference is a 32-bit float")
        }
        mapping = PixelMapping(
            .range(low: limits.lowerBound, high: limits.upperBound), format: .uint8,
            for: try Self.volume(of: reader, at: 0))
    }

    /// One slice as a PNG: colours as they are stored, anything else as grey values.
    ///
    /// - Parameter position: The position of the slice in the file.
    /// - Returns: A PNG of 8 bits per channel.
    /// - Throws: As `CaseFileReader.imageBytes(at:channel:)`, and `PNGError` for a slice without pixels.
    func png(at position: Int) throws -> [UInt8] {
        guard reader.description.channelMeaning == .rgb else {
            return try PNGExport.png(try grey(at: position), of: reader)
        }
        return try PNG.encode(
            try PNGPicture(
                width: reader.description.columns, height: reader.description.rows, channels: 3,
                samples: .bytes(try reader.rgb(at: position))))
    }

    /// The grey values of one slice; of its middle channel when it has several.
    ///
    /// - Parameter position: The position of the slice in the file.
    /// - Returns: `rows * columns` bytes.
    /// - Throws: As `CaseFileReader.imageBytes(at:channel:)`.
    func grey(at position: Int) throws -> [UInt8] {
        guard let mapping else { return try reader.imageBytes(at: position) }
        let volume = try Self.volume(of: reader, at: position)
        let (rows, columns) = (reader.description.rows, reader.description.columns)
        return [UInt8](unsafeUninitializedCapacity: rows * columns) { buffer, count in
            mapping.extract(
                VoxelGather.Plane(
                    start: 0, rowStride: columns, columnStride: 1, rows: rows, columns: columns),
                of: volume, into: UnsafeMutableRawBufferPointer(buffer))
            count = rows * columns
        }
    }

    /// One slice as a volume of one layer, in the type it is stored in.
    private static func volume(of reader: CaseFileReader, at position: Int) throws -> ImageVolume {
        let bytes = try reader.imageBytes(at: position)
        let grid = Grid(
            shape: GridShape(reader.description.columns, reader.description.rows, 1),
            affine: .identity)
        switch reader.description.pixelType {
        case .uint8: return .int16(Volume(grid: grid, samples: bytes.map { Int16($0) }))
        case .int16: return .int16(Volume(grid: grid, samples: Samples.values(of: bytes)))
        case .int32: return .int32(Volume(grid: grid, samples: Samples.values(of: bytes)))
        case .float32: return .float32(Volume(grid: grid, samples: Samples.values(of: bytes)))
        }
    }
}
