import TensorFiles

/// Hands a checkpoint on as `.safetensors`, for programs that do not read this format.
public enum CheckpointExport {
    /// The key of the architecture in the file's metadata.
    static let architectureKey = "samdata.architecture"
    /// The key of where the values came from.
    static let weightsKey = "samdata.weights"
    /// The key of the terms of use.
    static let licenceKey = "samdata.licence"

    /// Writes the tensors as they are stored, under their names, one in memory at a time.
    ///
    /// The metadata hold `format` = `pt`, and what the checkpoint says of itself under names that start with `samdata.`.
    ///
    /// - Parameters:
    ///   - checkpoint: The checkpoint.
    ///   - path: Where the file will be; an existing one is replaced when the new one is whole.
    /// - Throws: ``CheckpointError`` when a tensor is damaged or the file cannot be written.
    public static func safetensors(
        of checkpoint: Checkpoint, to path: String
    ) throws {
        let header = checkpoint.header
        var metadata = [
            "format": "pt", architectureKey: ArchitectureText.text(of: header.configuration),
            weightsKey: header.weights.rawValue, "samdata.method": header.method,
        ]
        for (key, text) in [
            (licenceKey, header.licence), ("samdata.source_file", header.sourceFile),
            ("samdata.source_sha256", header.sourceSHA256),
        ] where !text.isEmpty {
            metadata[key] = text
        }
        do {
            var entries: [TensorEntry] = []
            for tensor in checkpoint.tensors {
                entries.append(
                    try TensorEntry(
                        name: tensor.name, elementType: tensor.elementType, shape: tensor.shape))
            }
            var writer = try SafetensorsWriter(path: path, tensors: entries, metadata: metadata)
            for entry in writer.order where entry.byteCount > 0 {
                try writer.write(try checkpoint.bytes(of: entry.name), of: entry.name)
            }
            try writer.finish()
        } catch let error as TensorFileError {
            throw CheckpointError.tensorFile(error)
        }
    }
}
