import SafeFiles
public import TensorFiles

/// Makes a checkpoint from a `.pth` or `.safetensors` file.
///
/// The architecture is recognised from names and shapes: SAM's ViT-B, L and H (MedSAM is a ViT-B), other plain vision
/// transformers of the same build, and MobileSAM's TinyViT, at any image size. Nothing in the file is executed.
///
/// ```swift
/// let source = try CheckpointImport("sam_vit_b_01ec64.pth")
/// try source.write(to: "sam_vit_b.h5", precision: .float32, licence: "Apache-2.0")
/// ```
public struct CheckpointImport: Sendable {
    /// What is not in the file, or is to be something else than the file says.
    public struct Options: Hashable, Sendable {
        /// Side of the model input in pixels, for a TinyViT, whose tensors do not tell; `nil` for 1024.
        public var imageSize: Int?
        /// Attention heads of the decoder, which no shape tells; `nil` for 8.
        public var decoderHeads: Int?
        /// A short name; `nil` for that of the published model, or one made of the sizes.
        public var name: String?
        /// The keys that lead to the model in a training checkpoint, joined by `|`; `nil` finds them.
        public var group: String?

        /// Makes options that follow the file.
        public init() {}
    }

    /// What was written.
    public struct Outcome: Hashable, Sendable {
        /// How many tensors.
        public var tensors: Int
        /// How many values in them.
        public var values: Int
        /// What rounding did; `nil` when every value is the source's.
        public var rounding: CheckpointHeader.Rounding?
    }

    /// The source.
    public let file: TensorFile
    /// The model in it.
    public let state: StateDictionary
    /// The architecture.
    public let configuration: SAMConfiguration
    /// How the tensors fit the architecture.
    public let report: WeightReader.Report

    /// Opens a file and recognises the model; no elements are read.
    ///
    /// - Parameters:
    ///   - path: The path of a `.pth` or `.safetensors` file.
    ///   - options: What the file does not tell.
    /// - Throws: ``CheckpointError`` when the file cannot be read or holds no model of Segment Anything. Tensors that do not fit
    ///   are in ``report``; ``write(to:precision:licence:)`` refuses them.
    public init(_ path: String, options: Options = Options()) throws(CheckpointError) {
        let file: TensorFile
        let state: StateDictionary
        do throws(TensorFileError) {
            file = try TensorFile.open(path)
            state = try StateDictionary(of: file, at: options.group)
        } catch {
            throw .tensorFile(error)
        }
        try self.init(file, state, options)
    }

    private init(
        _ file: TensorFile, _ state: StateDictionary, _ options: Options
    ) throws(CheckpointError) {
        var shapes: [String: [Int]] = [:]
        for tensor in state.tensors { shapes[tensor.name] = tensor.entry.shape }
        let recognition = ArchitectureRecognition(
            shapes: shapes, imageSize: options.imageSize, decoderHeads: options.decoderHeads)
        // A file that samdata exported says what it is.
        let said = file.metadata[CheckpointExport.architectureKey].flatMap {
            ArchitectureText.configuration(of: $0).configuration
        }
        guard var configuration = said ?? recognition.configuration() else {
            throw Self.unknown(file.path, state)
        }
        if let size = options.imageSize, size != configuration.imageSize {
            guard case .tinyViT = configuration.encoder else {
                throw .unsupported(
                    file: file.path, place: "image size", found: "\(size)",
                    expected: "\(configuration.imageSize), the size of the table of positions; "
                        + "another one can be chosen when the model is loaded")
            }
            configuration.imageSize = size
        }
        if let heads = options.decoderHeads { configuration.decoder.heads = heads }
        if let name = options.name { configuration.name = name }
        do throws(SAMError) {
            try configuration.validate()
        } catch {
            throw .unsupported(
                file: file.path, place: "architecture", found: "\(error)",
                expected: "a model of Segment Anything")
        }
        self.file = file
        self.state = state
        self.configuration = configuration
        report = configuration.report(of: shapes)
    }

    private static func unknown(_ path: String, _ state: StateDictionary) -> CheckpointError {
        let isRenamed = state.tensors.contains { $0.name.hasPrefix("vision_encoder.") }
        return .unsupported(
            file: path, place: "tensor names",
            found: OneLine.list(state.tensors.map(\.name)),
            expected: isRenamed
                ? "the names of the original release (image_encoder.*), not those of transformers; "
                    + "fetch the original .pth"
                : "image_encoder.* of Segment Anything or MobileSAM; name the model's group, or"
                    + " fetch a checkpoint of these")
    }

    /// Reads the tensors and writes the checkpoint, one tensor in memory at a time.
    ///
    /// Tensors that the architecture does not know are kept. Whole numbers keep their type.
    ///
    /// - Complexity: O(*n*); two reads of the source, one for its checksum.
    /// - Parameters:
    ///   - path: Where the file will be; an existing one is replaced when the new one is whole.
    ///   - precision: The type of all floating-point tensors, rounded to nearest, halves to even; `nil` keeps each as it is,
    ///     float64 as float32.
    ///   - licence: Under which terms the weights may be used; empty for what an exported checkpoint says, or when it is not
    ///     known.
    /// - Returns: What was written.
    /// - Throws: ``CheckpointError`` with everything that is missing or of another shape, for a value that float16 cannot hold,
    ///   for damaged elements, and when the file cannot be written. Nothing is left behind then.
    @discardableResult
    public func write(
        to path: String, precision: CheckpointPrecision? = nil, licence: String = ""
    ) throws -> Outcome {
        guard !report.isFatal else {
            throw CheckpointError.unfit(
                file: file.path, architecture: configuration.name, report)
        }
        // A file that samdata exported stays what it was: random weights do not become trained ones on the way.
        let said = file.metadata[CheckpointExport.weightsKey]
        var header = CheckpointHeader(
            configuration: configuration,
            weights: said.flatMap { CheckpointHeader.Weights(rawValue: $0) } ?? .imported)
        header.licence = licence
        if licence.isEmpty, let said = file.metadata[CheckpointExport.licenceKey] {
            header.licence = OneLine.text(said, limit: 256)
        }
        header.sourceFile = OneLine.text(FilePath.name(of: file.path), limit: 256)
        header.sourceSHA256 = try FileReading.sha256(of: file.path)
        header.method = OneLine.text("imported by samdata: \(state.summary)", limit: 1024)
        if header.weights == .random {
            header.method += "; random weights: the model runs, its masks mean nothing"
        }
        var account = RoundingAccount()
        var values = 0
        var stored: [TensorEntry] = []
        var sources: [String: TensorEntry] = [:]
        for tensor in state.tensors {
            let type = tensor.entry.elementType
            let target: TensorElementType =
                !type.isFloatingPoint
                ? type : precision?.elementType ?? (type == .float64 ? .float32 : type)
            stored.append(
                try TensorEntry(
                    name: tensor.name, elementType: target, shape: tensor.entry.shape))
            sources[tensor.name] = tensor.entry
            values += tensor.entry.elementCount
        }
        try Checkpoint.write(
            header, tensors: stored, to: path,
            bytes: { entry in
                guard let source = sources[entry.name] else {
                    preconditionFailure("a tensor that was not announced")
                }
                return try elements(of: source, as: entry, account: &account)
            },
            rounding: { account.rounding })
        return Outcome(tensors: stored.count, values: values, rounding: account.rounding)
    }

    /// The elements of a tensor in the type that is stored.
    private func elements(
        of source: TensorEntry, as entry: TensorEntry, account: inout RoundingAccount
    ) throws(CheckpointError) -> [UInt8] {
        do throws(TensorFileError) {
            guard source.elementType != entry.elementType,
                let precision = CheckpointPrecision(entry.elementType)
            else { return try file.bytes(of: source.name) }
            let values = try file.floats(of: source.name)
            let bytes = values.withUnsafeBufferPointer {
                ElementConversion.narrow($0, to: precision, account: &account)
            }
            if let bytes { return bytes }
        } catch {
            throw .tensorFile(error)
        }
        throw .unwritable(
            file: file.path, place: "tensor \(entry.name)",
            found: "a value beyond the range of \(entry.elementType.rawValue)",
            expected: "values that it holds; take --precision bfloat16 or float32")
    }
}
