import HDF5
import SafeFiles
public import TensorFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Checkpoint {
    /// Writes a checkpoint, one tensor in memory at a time.
    ///
    /// The file is written beside its name and renamed when it is whole; an existing file is replaced then. Equal headers
    /// and tensors give equal bytes.
    ///
    /// - Parameters:
    ///   - header: What the file says of itself.
    ///   - tensors: All tensors, in any order; float64 is not for checkpoints.
    ///   - path: Where the file will be.
    ///   - bytes: Gives the elements of a tensor, little-endian and row-major; called once for each, names ascending.
    ///   - rounding: What rounding did; asked for after the last tensor, takes the place of the header's unless it is `nil`.
    /// - Throws: ``CheckpointError`` for tensors that do not fit the architecture, names that cannot be stored, and when the
    ///   file cannot be written; what `bytes` throws. Nothing is left behind then.
    public static func write(
        _ header: CheckpointHeader, tensors: [TensorEntry], to path: String,
        bytes: (TensorEntry) throws -> [UInt8],
        rounding: () -> CheckpointHeader.Rounding? = { nil }
    ) throws {
        let sorted = try checked(header, tensors, path)
        let place = try CheckpointPlace(path)
        do {
            let writer = try HDF5FileWriter(path: place.temporary, name: path)
            try writer.createGroup(CheckpointFormat.tensors)
            try writer.setEncoding(CheckpointFormat.tensorsType, at: CheckpointFormat.tensors)
            var types: Set<TensorElementType> = []
            for entry in sorted {
                guard let type = entry.elementType.stored else { continue }
                let elements = try bytes(entry)
                guard elements.count == entry.byteCount else {
                    throw CheckpointError.unwritable(
                        file: path, place: "tensor \(entry.name)",
                        found: "\(elements.count) bytes",
                        expected: "\(entry.byteCount) for shape \(entry.shape)")
                }
                let array = CheckpointFormat.path(of: entry.name)
                let digest = try elements.withUnsafeBytes { raw in
                    try writer.writeArray(array, raw, type: type, shape: entry.shape)
                    return ContentDigest.sha256(of: raw)
                }
                try writer.setEncoding(CheckpointFormat.tensorType, at: array)
                try writer.setAttribute(
                    CheckpointFormat.elementType, .string(entry.elementType.rawValue), at: array)
                try writer.setAttribute(CheckpointFormat.sha256, .string(digest), at: array)
                if entry.elementType.isFloatingPoint { types.insert(entry.elementType) }
            }
            let only = types.count == 1 ? types.first.flatMap { CheckpointPrecision($0) } : nil
            var header = header
            if let rounding = rounding() { header.rounding = rounding }
            try writer.setHeader(header, precision: only)
            try writer.finish()
        } catch let error as HDF5Error {
            throw CheckpointError.container(error)
        }
        try place.publish()
    }

    /// The tensors in the order of the file, when they can be stored and fit.
    private static func checked(
        _ header: CheckpointHeader, _ tensors: [TensorEntry], _ path: String
    ) throws -> [TensorEntry] {
        func refuse(_ place: String, _ found: String, _ expected: String) -> CheckpointError {
            .unwritable(
                file: path, place: OneLine.text(place), found: OneLine.text(found),
                expected: expected)
        }
        do {
            try header.configuration.validate()
        } catch {
            throw refuse("architecture", "\(error)", "one that can be made")
        }
        guard tensors.count <= CheckpointFormat.mostTensors else {
            throw refuse(
                "tensors", "\(tensors.count)", "at most \(CheckpointFormat.mostTensors)")
        }
        for text in [header.licence, header.sourceFile, header.sourceSHA256, header.method]
        where !CheckpointFormat.isPlain(text) || text.utf8.count > 1 << 15 {
            throw refuse(
                "header", "a text with control characters, or longer than 32 KiB",
                "plain text in one line")
        }
        var shapes: [String: [Int]] = [:]
        for entry in tensors {
            let place = "tensor \(entry.name)"
            if let objection = CheckpointFormat.objection(toName: entry.name) {
                throw refuse(place, objection, CheckpointFormat.nameRule)
            }
            guard entry.elementType.stored != nil else {
                throw refuse(place, "float64", "float32, float16 or bfloat16")
            }
            guard entry.shape.count <= CheckpointFormat.mostAxes,
                entry.elementCount <= CheckpointFormat.mostTensorBytes / 4
            else {
                throw refuse(
                    place, "shape \(entry.shape.prefix(9))",
                    "at most \(CheckpointFormat.mostAxes) axes and 2^30 elements")
            }
            guard shapes.updateValue(entry.shape, forKey: entry.name) == nil else {
                throw refuse(place, "the name twice", "each name once")
            }
        }
        let report = header.configuration.report(of: shapes)
        guard !report.isFatal else {
            throw CheckpointError.unfit(
                file: path, architecture: header.configuration.name, report)
        }
        return tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

extension HDF5FileWriter {
    fileprivate func setEncoding(_ type: String, at path: String = "/") throws(HDF5Error) {
        try setAttribute(CheckpointFormat.encodingType, .string(type), at: path)
        try setAttribute(
            CheckpointFormat.encodingVersion, .string(CheckpointFormat.version), at: path)
    }

    fileprivate func setHeader(
        _ header: CheckpointHeader, precision: CheckpointPrecision?
    ) throws(HDF5Error) {
        let configuration = header.configuration
        // By way of decimals: 123.675 and not the double nearest to the float.
        func doubles(_ values: [Float]) -> HDF5Attribute {
            .doubles(values.map { Double($0.description) ?? Double($0) })
        }
        try setEncoding(CheckpointFormat.type)
        try setAttribute(
            CheckpointFormat.architecture, .string(ArchitectureText.text(of: configuration)))
        try setAttribute(CheckpointFormat.imageSize, .integer(Int64(configuration.imageSize)))
        try setAttribute(CheckpointFormat.pixelMean, doubles(configuration.pixelMean))
        try setAttribute(CheckpointFormat.pixelDeviation, doubles(configuration.pixelDeviation))
        try setAttribute(
            CheckpointFormat.precision, .string(precision?.rawValue ?? CheckpointFormat.mixed))
        try setAttribute(CheckpointFormat.licence, .string(header.licence))
        try setAttribute(CheckpointFormat.weights, .string(header.weights.rawValue))
        try setAttribute(CheckpointFormat.sourceFile, .string(header.sourceFile))
        try setAttribute(CheckpointFormat.sourceSHA256, .string(header.sourceSHA256))
        try setAttribute(CheckpointFormat.method, .string(header.method))
        if let rounding = header.rounding {
            try setAttribute(CheckpointFormat.roundingRelativeL2, .double(rounding.relativeL2))
            try setAttribute(CheckpointFormat.roundingLargest, .double(rounding.largest))
        }
    }
}

/// A temporary name beside a path; what lies there is removed unless it is published.
private struct CheckpointPlace: ~Copyable {
    let path: String
    let temporary: String
    private var isPublished = false

    init(_ path: String) throws(CheckpointError) {
        if Folders.isFolder(path) {
            throw .file(
                FileError(
                    .cannotCreate, path: path,
                    message: "is a folder, expected the name of a file; choose another path"))
        }
        let folder = FilePath.folder(of: path)
        guard Folders.isFolder(folder), access(folder, W_OK) == 0 else {
            throw .file(
                FileError(
                    .cannotCreate, path: path,
                    message: "found no folder \(folder) that can be written to; make it first"))
        }
        self.path = path
        let random = UInt32.random(in: .min ... .max)
        temporary = "\(path)\(AtomicFile.temporaryMarker)\(getpid()).\(String(random, radix: 16))"
        // A signal removes it, as it does what is written elsewhere.
        TemporaryFiles.adopt(temporary)
    }

    deinit { if !isPublished { TemporaryFiles.discard(temporary) } }

    /// Flushes the bytes to the device and gives the file its final name.
    consuming func publish() throws(CheckpointError) {
        do throws(FileError) {
            try Self.flush(temporary, path, O_RDWR)
            try TemporaryFiles.publish(temporary, to: path)
            isPublished = true
        } catch {
            throw .file(error)
        }
        // Some network file systems refuse to flush a folder; the rename itself has happened.
        try? Self.flush(FilePath.folder(of: path), path, O_RDONLY | O_DIRECTORY)
    }

    private static func flush(
        _ place: String, _ path: String, _ flags: Int32
    ) throws(FileError) {
        let descriptor = open(place, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, "flush", path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(errno, "flush", path: path) }
    }
}
