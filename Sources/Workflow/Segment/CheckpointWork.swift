import HDF5
import SafeFiles
import SegmentAnything
import TensorFiles

/// Makes, checks and hands on checkpoints; errors say what they mean to the caller.
public enum CheckpointWork {
    /// What an import wrote, for `--json`.
    public struct Imported: Codable, Hashable, Sendable {
        /// The schema of the JSON form.
        public var schema = "samdata.checkpoint-import/1"
        /// The name of the architecture that was recognised.
        public var name: String
        /// How many tensors were written.
        public var tensors: Int
        /// How many values in them.
        public var values: Int
        /// The bytes of the new file.
        public var bytes: Int
        /// `float32`, `float16`, `bfloat16` or `mixed`.
        public var precision: String
        /// What rounding did; absent when nothing was rounded.
        public var rounding: CheckpointHeader.Rounding?
        /// Tensors that the architecture does not know; they are kept.
        public var unused: [String]
        /// What of the source was taken and what was left out.
        public var summary: String
    }

    /// What a verification found, for `--json`.
    public struct Verified: Codable, Hashable, Sendable {
        /// The schema of the JSON form.
        public var schema = "samdata.checkpoint-verify/1"
        /// How many tensors were read.
        public var tensors: Int
        /// The bytes of the file.
        public var bytes: Int
        /// Names of tensors whose bytes are not those of their checksum.
        public var damaged: [String]
    }

    /// Opens a checkpoint.
    ///
    /// - Parameter path: The file.
    /// - Returns: The open checkpoint.
    /// - Throws: ``WorkflowError`` when it is refused.
    public static func open(_ path: String) throws -> Checkpoint {
        try mapped { try Checkpoint.open(path) }
    }

    /// Imports a `.pth` or `.safetensors` file.
    ///
    /// - Parameters:
    ///   - path: The source.
    ///   - target: Where the checkpoint will be.
    ///   - options: What the source does not tell.
    ///   - precision: The type of floating-point tensors; `nil` keeps each as it is.
    ///   - licence: Under which terms the weights may be used; empty when it is not known.
    ///   - misfit: Gets a line for every tensor that is missing or of another shape, before the error.
    /// - Returns: What was written.
    /// - Throws: ``WorkflowError`` when the source is refused or the target cannot be written.
    public static func importing(
        _ path: String, to target: String, options: CheckpointImport.Options,
        precision: CheckpointPrecision?, licence: String, misfit: (String) -> Void
    ) throws -> Imported {
        try mapped {
            try refuseSame(path, target)
            let source = try CheckpointImport(path, options: options)
            if source.report.isFatal {
                for name in source.report.missing { misfit("missing: \(name)") }
                for tensor in source.report.misshaped {
                    misfit(
                        "another shape: \(tensor.name): found \(tensor.found), expected "
                            + "\(tensor.expected)")
                }
                for name in source.report.unused { misfit("unused: \(name)") }
            }
            let outcome = try source.write(to: target, precision: precision, licence: licence)
            let made = try Checkpoint.open(target)
            return Imported(
                name: made.configuration.name, tensors: outcome.tensors, values: outcome.values,
                bytes: made.byteCount, precision: made.precision?.rawValue ?? "mixed",
                rounding: outcome.rounding, unused: made.report.unused,
                summary: source.state.summary)
        }
    }

    /// Reads every tensor of a checkpoint and compares it with its checksum.
    ///
    /// - Parameter path: The file.
    /// - Returns: What was found.
    /// - Throws: ``WorkflowError`` when the file is refused.
    public static func verify(_ path: String) throws -> Verified {
        try mapped {
            let checkpoint = try Checkpoint.open(path)
            return Verified(
                tensors: checkpoint.tensors.count, bytes: checkpoint.byteCount,
                damaged: try checkpoint.verify())
        }
    }

    /// Writes the tensors of a checkpoint as `.safetensors`.
    ///
    /// - Parameters:
    ///   - path: The checkpoint.
    ///   - target: Where the new file will be.
    /// - Returns: The open checkpoint.
    /// - Throws: ``WorkflowError`` when a tensor is damaged or the target cannot be written.
    public static func export(_ path: String, to target: String) throws -> Checkpoint {
        try mapped {
            try refuseSame(path, target)
            let checkpoint = try Checkpoint.open(path)
            try CheckpointExport.safetensors(of: checkpoint, to: target)
            return checkpoint
        }
    }

    /// Writes a checkpoint with random weights.
    ///
    /// - Parameters:
    ///   - configuration: The architecture.
    ///   - target: Where the file will be.
    ///   - salt: Distinguishes one set of weights from another.
    ///   - precision: The type of the tensors.
    /// - Returns: The open checkpoint.
    /// - Throws: ``WorkflowError`` for an architecture that is not possible, and when the file cannot be written.
    public static func random(
        _ configuration: SAMConfiguration, to target: String, salt: String,
        precision: CheckpointPrecision
    ) throws -> Checkpoint {
        try mapped {
            do {
                try configuration.validate()
            } catch {
                throw WorkflowError(.configuration, "\(error)")
            }
            try Checkpoint.writeRandom(configuration, salt: salt, to: target, precision: precision)
            return try Checkpoint.open(target)
        }
    }

    /// Runs a piece of work and says what its errors mean to the caller.
    static func mapped<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as CheckpointError {
            throw WorkflowError(FailureKind(of: error), error.description)
        } catch let error as SAMError {
            throw WorkflowError(.data, error.description)
        }
    }

    /// A source must not be replaced by what is made of it.
    private static func refuseSame(_ path: String, _ target: String) throws {
        guard let one = FilePath.resolved(path), one == FilePath.resolved(target) else { return }
        throw WorkflowError(
            .cannotCreate,
            "\(target): found the file that is read, expected another one; choose another --to")
    }
}
