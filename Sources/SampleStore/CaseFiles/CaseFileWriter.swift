import HDF5
import MedicalImaging
import SafeFiles

/// Builds one case file in memory and publishes it in one step.
///
/// The order of calls: `init`, ``writeSlice(_:image:label:instances:)`` for every slice, ``writeRecords(_:prompts:)``,
/// ``publish(to:)``. The file is assembled by libhdf5 in memory and written by samdata itself, so that a full disk is an
/// ordinary error and a reader never meets half a file.
///
/// - Complexity: memory of the compressed file, twice while it is published.
public final class CaseFileWriter {
    let writer: HDF5Writer
    let description: CaseDescription
    let storage: PixelStorage
    /// The JPEG tiles handed over so far; empty for a file of planes.
    var jpegs: [[UInt8]?]
    private let slices: [Int]

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - description: What the file says about its case.
    ///   - slices: The index of each stored slice along the sliced axis, ascending.
    ///   - areas: For each stored slice, the pixels of each class of `description.labels`.
    ///   - storage: How pixels are held; JPEG tiles need a description of colours.
    /// - Throws: `HDF5Error` when libhdf5 refuses.
    public init(
        _ description: CaseDescription, slices: [Int], areas: [[Int]],
        storage: PixelStorage = .planes
    ) throws {
        precondition(storage == .planes || description.channelMeaning == .rgb)
        if description.channelMeaning == .rgb {
            precondition(description.channels == 3 && description.pixelType == .uint8)
        }
        precondition(description.patches.map { $0.fits(slices.count) } ?? true)
        self.description = description
        self.slices = slices
        self.storage = storage
        jpegs = storage == .planes ? [] : slices.map { _ in nil }
        writer = try HDF5Writer(name: description.caseID + ".h5")
        try writeDescription()
        try createStacks()
        try array(
            CaseFileFormat.sliceIndex, slices.map(Int32.init(clamping:)), shape: [slices.count])
        try writer.setAttribute(
            "axis", .string(description.axis), at: CaseFileFormat.sliceIndex)
        try array(
            CaseFileFormat.organArea, areas.flatMap { $0.map(Int32.init(clamping:)) },
            shape: [slices.count, description.labels.count])
        try writer.setAttribute(
            "label_ids", .integers(description.labels.map { Int64($0.id) }),
            at: CaseFileFormat.organArea)
    }

    /// Hands over the finished chunks of one slice.
    ///
    /// - Parameters:
    ///   - position: The position of the slice in the file, `0..<slices`.
    ///   - image: One chunk of ``PlaneCodec`` per channel.
    ///   - label: The chunk of the label slice.
    ///   - instances: The chunk of the instance map, of the type the description names
    ///     (``InstanceType/encode(_:_:)``); `nil` exactly when the description names none.
    /// - Throws: `HDF5Error` when libhdf5 refuses.
    public func writeSlice(
        _ position: Int, image: [[UInt8]], label: [UInt8], instances: [UInt8]? = nil
    ) throws {
        precondition(storage == .planes && image.count == description.channels)
        for (channel, chunk) in image.enumerated() {
            let offset =
                description.channels == 1 ? [position, 0, 0] : [position, channel, 0, 0]
            try chunk.withUnsafeBytes {
                try writer.writeChunk(CaseFileFormat.image, offset: offset, bytes: $0)
            }
        }
        try writeLabel(position, label, instances)
    }

    /// Writes what a slice has beside its pixels.
    func writeLabel(_ position: Int, _ label: [UInt8], _ instances: [UInt8]?) throws {
        precondition((instances == nil) == (description.instances == nil))
        try label.withUnsafeBytes {
            try writer.writeChunk(CaseFileFormat.label, offset: [position, 0, 0], bytes: $0)
        }
        try instances?.withUnsafeBytes {
            try writer.writeChunk(CaseFileFormat.instance, offset: [position, 0, 0], bytes: $0)
        }
    }

    /// Writes the table of records and their prompts.
    ///
    /// - Parameters:
    ///   - records: The records, slices ascending.
    ///   - prompts: One entry per kind of prompt, each with one value per record.
    /// - Throws: `HDF5Error` when libhdf5 refuses.
    public func writeRecords(_ records: [StoredRecord], prompts: [StoredPrompts]) throws {
        try group(CaseFileFormat.records)
        let base = CaseFileFormat.records
        let count = [records.count]
        try array("\(base)/slice", records.map { Int32($0.slice) }, shape: count)
        try array("\(base)/label", records.map(\.label), shape: count)
        try array("\(base)/component", records.map { Int32($0.component) }, shape: count)
        try array("\(base)/area", records.map { Int32(clamping: $0.area) }, shape: count)
        try group(CaseFileFormat.prompts)
        for prompt in prompts {
            let path = "\(CaseFileFormat.prompts)/\(prompt.name)"
            switch prompt.values {
            case .boxes(let boxes):
                precondition(boxes.count == records.count)
                try array(
                    path, boxes.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1] }, shape: [boxes.count, 4],
                    as: CaseFileFormat.boxEncoding)
                try writer.setAttribute("columns", .strings(["x0", "y0", "x1", "y1"]), at: path)
            case .points(let points):
                precondition(points.count == records.count)
                let each = prompt.pointsPerRecord
                precondition(points.allSatisfy { $0.count == each })
                try array(
                    path, points.flatMap { $0.flatMap { [$0.x, $0.y] } },
                    shape: [points.count, each, 2], as: CaseFileFormat.pointEncoding)
                try writer.setAttribute("columns", .strings(["x", "y"]), at: path)
                try writer.setAttribute(
                    "point_label", .integer(prompt.isForeground ? 1 : 0), at: path)
            }
        }
    }

    /// Ends the file and publishes it.
    ///
    /// - Parameter path: Where the file will be; an existing file is replaced.
    /// - Returns: Size and SHA-256 of the file.
    /// - Throws: `FileError` when it cannot be written, for a full disk of kind `transient`.
    public func publish(to path: String) throws -> (bytes: Int, sha256: String) {
        try finishJPEG()
        return try writer.withFileImage { image in
            try AtomicFile.write(image, to: path)
            return (image.count, ContentDigest.sha256(of: image))
        }
    }

    // MARK: - Parts

    private func createStacks() throws {
        let plane = [description.rows, description.columns]
        switch storage {
        case .planes: try createImage(plane)
        case .jpegTiles: try createJPEG()
        }
        try writer.createChunkedDataset(
            CaseFileFormat.label, type: .uint8, shape: [slices.count] + plane, chunk: [1] + plane,
            shuffle: false, deflate: PlaneCodec.level)
        try mark(CaseFileFormat.label)
        if let type = description.instances {
            try writer.createChunkedDataset(
                CaseFileFormat.instance, type: type.hdf5Type, shape: [slices.count] + plane,
                chunk: [1] + plane, shuffle: true, deflate: PlaneCodec.level)
            try mark(CaseFileFormat.instance, CaseFileFormat.instanceEncoding)
        }
    }

    private func createImage(_ plane: [Int]) throws {
        let channels = description.channels == 1 ? [] : [description.channels]
        try writer.createChunkedDataset(
            CaseFileFormat.image, type: description.pixelType.hdf5Type,
            shape: [slices.count] + channels + plane,
            chunk: [1] + channels.map { _ in 1 } + plane,
            shuffle: description.pixelType.byteCount > 1, deflate: PlaneCodec.level)
        try mark(CaseFileFormat.image)
        try describePixels(at: CaseFileFormat.image)
    }

    /// What is said of the pixels, wherever they are.
    func describePixels(at element: String) throws {
        try writer.setAttribute("pixels", .string(description.pixelFormat), at: element)
        try writer.setAttribute("units", .string(description.units), at: element)
        if let window = description.window {
            try writer.setAttribute(
                "window", .doubles([window.lowerBound, window.upperBound]), at: element)
        }
        if description.channelMeaning != .neighbours {
            try writer.setAttribute(
                CaseFileFormat.channelMeaning, .string(description.channelMeaning.rawValue),
                at: element)
        }
    }

    private func writeDescription() throws {
        try mark("/", version: description.formatVersion)
        for (name, value) in [
            ("case", description.caseID), ("patient", description.patient),
            ("dataset", description.dataset), ("split", description.split),
            ("part", description.part), ("axis", description.axis),
        ] {
            try writer.setAttribute(name, .string(value), at: "/")
        }
        try group(CaseFileFormat.labels)
        let labels = description.labels
        try array(
            "\(CaseFileFormat.labels)/id", labels.map { UInt8(clamping: $0.id) },
            shape: [labels.count])
        try strings("\(CaseFileFormat.labels)/name", labels.map(\.name))
        try strings("\(CaseFileFormat.labels)/color", labels.map(\.color))

        try group(CaseFileFormat.geometry)
        let at = CaseFileFormat.geometry
        let shape = description.source.shape
        try writer.setAttribute(
            "source_shape", .integers([Int64(shape.i), Int64(shape.j), Int64(shape.k)]), at: at)
        try matrix("source_affine", description.source.affine)
        // A picture lies in no patient.
        let isPlane = description.axis == CaseFileFormat.planeAxis
        try writer.setAttribute(
            "source_orientation",
            .string(isPlane ? "" : "\(description.source.orientation)"), at: at)
        try writer.setAttribute("orientation", .string(description.orientation), at: at)
        try matrix("pixel_to_voxel", description.pixelToVoxel)
        try matrix("pixel_to_world", description.pixelToWorld)
        try writer.setAttribute(
            "spacing", .doubles(description.pixelToWorld.spacing.array), at: at)

        try group(CaseFileFormat.provenance)
        let from = CaseFileFormat.provenance
        for input in description.inputs {
            try writer.setAttribute("\(input.role)_path", .string(input.path), at: from)
            try writer.setAttribute("\(input.role)_sha256", .string(input.sha256), at: from)
        }
        try writer.setAttribute(
            "configuration", .string(description.configuration), at: from)
        if !description.warnings.isEmpty {
            try writer.setAttribute("warnings", .strings(description.warnings), at: from)
        }
        if let augmentation = description.augmentation { try write(augmentation) }
        if let patches = description.patches { try write(patches) }
    }

    private func write(_ augmentation: StoredAugmentation) throws {
        precondition(augmentation.slices.count == slices.count)
        let at = CaseFileFormat.augmentation
        try writer.createGroup(at)
        try mark(at, CaseFileFormat.augmentationEncoding)
        try writer.setAttribute("source_case", .string(augmentation.sourceCase), at: at)
        try writer.setAttribute("copy", .integer(Int64(augmentation.copy)), at: at)
        try writer.setAttribute("recipe", .string(augmentation.recipe), at: at)
        let count = augmentation.slices.count
        try array(
            "\(at)/source_slice", augmentation.slices.map { Int32(clamping: $0.source) },
            shape: [count])
        try strings("\(at)/transforms", augmentation.slices.map(\.transforms))
        let nothing = [Double](repeating: .nan, count: 6)
        try array(
            "\(at)/pixel_to_source", augmentation.slices.flatMap { $0.pixelToSource ?? nothing },
            shape: [count, 2, 3])
    }

    private func group(_ path: String) throws {
        try writer.createGroup(path)
        try mark(path)
    }

    func mark(
        _ path: String, _ encoding: String? = nil, version: String = CaseFileFormat.version
    ) throws {
        let type = encoding ?? CaseFileFormat.encodings[path] ?? CaseFileFormat.arrayEncoding
        try writer.setAttribute("encoding-type", .string(type), at: path)
        try writer.setAttribute("encoding-version", .string(version), at: path)
    }

    func array<E: HDF5Element>(
        _ path: String, _ values: [E], shape: [Int], as encoding: String? = nil
    ) throws {
        try writer.writeArray(path, values, shape: shape)
        try mark(path, encoding)
    }

    func strings(_ path: String, _ values: [String]) throws {
        try writer.writeStrings(path, values)
        try mark(path, CaseFileFormat.stringEncoding)
    }

    private func matrix(_ name: String, _ affine: Affine) throws {
        try writer.setAttribute(
            name, .matrix(affine.values, shape: [3, 4]), at: CaseFileFormat.geometry)
    }
}

extension PixelType {
    /// The HDF5 type of the pixels.
    var hdf5Type: HDF5ElementType {
        switch self {
        case .uint8: .uint8
        case .int16: .int16
        case .int32: .int32
        case .float32: .float32
        }
    }
}
