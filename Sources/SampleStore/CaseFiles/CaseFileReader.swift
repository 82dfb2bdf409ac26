import DeflateCompression
import HDF5
import MedicalImaging
import Synchronization

/// Reads one case file.
///
/// Chunks are fetched through libhdf5 and inflated here, so several threads can decode at the same time.
public final class CaseFileReader: Sendable {
    /// The path of the file.
    public let path: String
    /// What the file says about its case.
    public let description: CaseDescription
    /// The index of each stored slice along the sliced axis.
    public let sliceIndices: [Int]
    /// For each stored slice, the pixels of each class of `description.labels`.
    public let organAreas: [[Int]]

    let file: HDF5Reader
    /// Where the JPEG tiles begin, and the end of the last one; `nil` for a file of planes.
    let jpegOffsets: [Int]?
    /// The tile decoded last: its three channels are asked for one after the other.
    let lastJPEG = Mutex<(position: Int, rgb: [UInt8])?>(nil)

    /// Opens a file and reads everything but pixels, records and prompts.
    ///
    /// - Parameter path: The case file.
    /// - Throws: ``StoreError`` when it is of another version or incomplete, `HDF5Error` when it is not a sound HDF5 file.
    public init(path: String) throws {
        self.path = path
        file = try HDF5Reader(path: path)
        try Self.check("/", in: file)
        let pixels = try Self.checkElements(of: file)
        let label = try file.info(CaseFileFormat.label)
        let image =
            pixels == CaseFileFormat.image
            ? try Self.imageStack(of: file, label: label)
            : try Self.jpegStack(of: file, label: label)
        let type = image.type
        let channels = image.shape.count == 4 ? image.shape[1] : 1
        // An array without slices is stored in one (empty) piece.
        for (info, key) in [(image.info, CaseFileFormat.image), (label, CaseFileFormat.label)] {
            guard let info, info.shape[0] > 0 else { continue }
            guard
                info.chunk
                    == info.shape.indices.map({ n in
                        n >= info.shape.count - 2 ? info.shape[n] : 1
                    })
            else {
                throw StoreError.malformed(
                    path: path, key: key, found: "chunks \(info.chunk ?? [])",
                    expected: "one chunk per slice")
            }
        }
        jpegOffsets = try Self.jpegOffsets(of: file, path: path, count: image.shape[0])
        var description = try Self.description(
            of: file, path: path, pixels: pixels, type: type, channels: channels,
            rows: image.shape[image.shape.count - 2], columns: image.shape[image.shape.count - 1])
        description.augmentation = try Self.augmentation(
            of: file, path: path, slices: image.shape[0])
        description.channelMeaning = try Self.channelMeaning(
            of: file, path: path, pixels: pixels, type: type, channels: channels)
        description.instances = try Self.instanceType(
            of: file, path: path, shape: label.shape)
        description.patches = try Self.patches(of: file, path: path, count: image.shape[0])
        self.description = description
        let indices = try file.readArray(CaseFileFormat.sliceIndex, as: Int32.self)
        let areas = try file.readArray(CaseFileFormat.organArea, as: Int32.self)
        let classes = description.labels.count
        guard indices.count == image.shape[0], areas.count == indices.count * classes else {
            throw StoreError.malformed(
                path: path, key: CaseFileFormat.sliceIndex, found: "\(indices.count) entries",
                expected: "\(image.shape[0]), one per slice")
        }
        sliceIndices = indices.map(Int.init)
        organAreas = indices.indices.map { n in
            areas[(n * classes)..<((n + 1) * classes)].map(Int.init)
        }
    }

    /// Number of stored slices.
    public var count: Int { sliceIndices.count }

    /// The label ids of one slice.
    ///
    /// - Parameter position: The position of the slice in the file, `0..<count`.
    /// - Returns: The label slice.
    /// - Throws: ``StoreError`` for a position that does not exist, `HDF5Error` or `DeflateError` for damage.
    public func label(at position: Int) throws -> LabelSlice {
        try checkPosition(position)
        let bytes = try plane(
            CaseFileFormat.label, offset: [position, 0, 0], width: 1)
        return LabelSlice(rows: description.rows, columns: description.columns, samples: bytes)
    }

    /// The pixels of one channel of one slice, in the type they are stored in.
    ///
    /// - Parameters:
    ///   - position: The position of the slice in the file, `0..<count`.
    ///   - channel: The channel; `nil` takes the middle one, the slice itself.
    /// - Returns: `rows * columns` pixels, little endian.
    /// - Throws: ``StoreError`` for a position or channel that does not exist, or for damage; `HDF5Error` for damage.
    public func imageBytes(at position: Int, channel: Int? = nil) throws -> [UInt8] {
        try checkPosition(position)
        let channel = channel ?? description.channels / 2
        guard channel >= 0, channel < description.channels else {
            throw StoreError.notFound(
                path: path, what: "channel \(channel)",
                available: "0 to \(description.channels - 1)")
        }
        if let rgb = try decodedJPEG(at: position) {
            return (0..<description.rows * description.columns).map { rgb[3 * $0 + channel] }
        }
        let offset = description.channels == 1 ? [position, 0, 0] : [position, channel, 0, 0]
        return try plane(
            CaseFileFormat.image, offset: offset, width: description.pixelType.byteCount)
    }

    /// The pixels of one channel of one slice as floats.
    ///
    /// - Parameters:
    ///   - position: The position of the slice in the file, `0..<count`.
    ///   - channel: The channel; `nil` takes the middle one, the slice itself.
    /// - Returns: The slice; values as stored.
    /// - Throws: As ``imageBytes(at:channel:)``.
    public func image(at position: Int, channel: Int? = nil) throws -> Slice<Float> {
        let bytes = try imageBytes(at: position, channel: channel)
        let count = description.rows * description.columns
        let values: [Float] = bytes.withUnsafeBytes { raw in
            switch description.pixelType {
            case .uint8: (0..<count).map { Float(raw[$0]) }
            case .int16:
                (0..<count).map { Float(raw.load(fromByteOffset: 2 * $0, as: Int16.self)) }
            case .int32:
                (0..<count).map { Float(raw.load(fromByteOffset: 4 * $0, as: Int32.self)) }
            case .float32:
                (0..<count).map { raw.load(fromByteOffset: 4 * $0, as: Float.self) }
            }
        }
        return Slice(rows: description.rows, columns: description.columns, samples: values)
    }

    /// The table of records.
    ///
    /// - Returns: Records, slices ascending; none for a case without labels.
    /// - Throws: ``StoreError`` when the columns do not fit together.
    public func records() throws -> [StoredRecord] {
        let base = CaseFileFormat.records
        let slices = try file.readArray("\(base)/slice", as: Int32.self)
        let labels = try file.readArray("\(base)/label", as: UInt8.self)
        let components = try file.readArray("\(base)/component", as: Int32.self)
        let areas = try file.readArray("\(base)/area", as: Int32.self)
        guard labels.count == slices.count, components.count == slices.count,
            areas.count == slices.count, slices.allSatisfy({ $0 >= 0 && Int($0) < count })
        else {
            throw StoreError.malformed(
                path: path, key: base, found: "columns of different length or slices out of range",
                expected: "one row per record, slices 0..<\(count)")
        }
        return slices.indices.map { n in
            StoredRecord(
                slice: Int(slices[n]), label: labels[n], component: Int(components[n]),
                area: Int(areas[n]))
        }
    }

    /// The names of the stored prompts, sorted.
    ///
    /// - Returns: For example `box`, `box+5`, `centre`, `random1`, `random3`.
    /// - Throws: `HDF5Error` for damage.
    public func promptNames() throws -> [String] { try file.children(of: CaseFileFormat.prompts) }

    /// The prompts of one kind.
    ///
    /// - Parameter name: One of ``promptNames()``.
    /// - Returns: One entry per record.
    /// - Throws: ``StoreError`` when there is no such kind or it has the wrong shape.
    public func prompts(_ name: String) throws -> StoredPrompts {
        let path = "\(CaseFileFormat.prompts)/\(name)"
        let names = try promptNames()
        guard names.contains(name) else {
            throw StoreError.notFound(
                path: self.path, what: "prompt `\(name)`", available: names.joined(separator: ", "))
        }
        let info = try file.info(path)
        let values = try file.readArray(path, as: Float.self)
        let records = try file.info("\(CaseFileFormat.records)/slice").shape
        guard info.shape.first == records.first else {
            throw StoreError.malformed(
                path: self.path, key: path, found: "shape \(info.shape)",
                expected: "one entry for each of the records \(records)")
        }
        // Coordinates become pixel indices.
        guard values.allSatisfy({ abs($0) <= Float(1 << 20) }) else {
            throw StoreError.malformed(
                path: self.path, key: path, found: "a coordinate that is no position in an image",
                expected: "numbers up to \(1 << 20)")
        }
        if info.shape.count == 2, info.shape[1] == 4 {
            return StoredPrompts(
                name: name,
                values: .boxes(
                    (0..<info.shape[0]).map { n in
                        BoxPrompt(
                            x0: values[4 * n], y0: values[4 * n + 1], x1: values[4 * n + 2],
                            y1: values[4 * n + 3])
                    }))
        }
        guard info.shape.count == 3, info.shape[2] == 2 else {
            throw StoreError.malformed(
                path: self.path, key: path, found: "shape \(info.shape)",
                expected: "[records, 4] or [records, points, 2]")
        }
        let each = info.shape[1]
        let pointLabel = try file.attribute("point_label", at: path)
        let isForeground = pointLabel != .integer(0)
        return StoredPrompts(
            name: name, pointsPerRecord: each, isForeground: isForeground,
            values: .points(
                (0..<info.shape[0]).map { n in
                    (0..<each).map { p in
                        PointPrompt(
                            x: values[(n * each + p) * 2], y: values[(n * each + p) * 2 + 1],
                            isForeground: isForeground)
                    }
                }))
    }

    // MARK: - Parts

    func checkPosition(_ position: Int) throws {
        guard position >= 0, position < count else {
            throw StoreError.notFound(
                path: path, what: "slice at position \(position)",
                available: count == 0 ? "none" : "0 to \(count - 1)")
        }
    }

    func plane(_ path: String, offset: [Int], width: Int) throws -> [UInt8] {
        let chunk = try file.readChunkBytes(path, offset: offset)
        let count = description.rows * description.columns * width
        guard chunk.filterMask == 0 else {
            throw StoreError.malformed(
                path: self.path, key: path, found: "a chunk that skips its filters",
                expected: "shuffled and deflated chunks")
        }
        let codec = PlaneCodec()
        do {
            return try chunk.bytes.withUnsafeBytes {
                try codec.decode($0, width: width, count: count)
            }
        } catch let error as DeflateError {
            throw StoreError.malformed(
                path: self.path, key: "\(path)\(offset)", found: "\(error)",
                expected: "\(count) bytes of pixels")
        }
    }
}
