import HDF5
import MedicalImaging
import SafeFiles
import SegmentAnything
import Tensors

/// Embeddings of pictures in a folder, so that a picture is embedded once for any number of prompts.
///
/// One HDF5 file for each picture, named by the digest of the model and of the picture's bytes. A file that is damaged or
/// belongs to something else is made again.
public struct EmbeddingCache: Sendable {
    /// The version of the files.
    static let version = "1.0"

    /// The folder.
    public let folder: String
    private let model: SegmentationModel

    /// Uses a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder; made when something is stored.
    ///   - model: The model that embeds.
    public init(folder: String, model: SegmentationModel) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.model = model
    }

    /// A picture's embedding, from the folder when it is there.
    ///
    /// - Parameter image: The picture.
    /// - Returns: The embedded picture, the same bits in both cases, and whether it was there.
    /// - Throws: `SAMError` for a picture that cannot be embedded, `FileError` when the folder cannot be written.
    public func encoded(_ image: InputImage) throws -> (image: EncodedImage, wasStored: Bool) {
        let identity = ContentDigest.sha256(
            ofText: "\(image.size.rows) x \(image.size.columns) x \(image.channels) "
                + ContentDigest.sha256(of: image.samples))
        let name = ContentDigest.sha256(
            ofText: "samdata-embedding \(Self.version) \(model.embeddingIdentity) \(identity)")
        let path = "\(folder)/\(name.prefix(2))/\(name).h5"
        if Folders.isFile(path), let stored = try? read(path, image, identity) {
            return (stored, true)
        }
        let encoded = try model.sam().encode(image)
        try Folders.make(FilePath.folder(of: path))
        try write(encoded, identity, to: path)
        return (encoded, false)
    }

    private enum Damage: Error { case found }

    private func read(
        _ path: String, _ image: InputImage, _ identity: String
    ) throws -> EncodedImage {
        let configuration = model.configuration
        let side = configuration.gridSize
        let shape = [1, configuration.decoder.width, side, side]
        let reader = try HDF5Reader(path: path)
        let expected: [String: HDF5Attribute] = [
            "encoding-type": .string("samdata-embedding"),
            "encoding-version": .string(Self.version), "model_sha256": .string(model.digest),
            "image_sha256": .string(identity),
        ]
        for (name, value) in expected where try reader.attribute(name) != value {
            throw Damage.found
        }
        // The size is compared before anything is allocated.
        guard try reader.info("/embedding").shape == shape else { throw Damage.found }
        let values = try reader.readArray("/embedding", as: Float.self)
        let digest = values.withUnsafeBytes { ContentDigest.sha256(of: $0) }
        guard try reader.attribute("sha256", at: "/embedding") == .string(digest) else {
            throw Damage.found
        }
        return try model.encodedImage(
            embedding: Tensor(values, shape: shape),
            frame: InputFrame(original: image.size, modelSize: configuration.imageSize))
    }

    private func write(_ encoded: EncodedImage, _ identity: String, to path: String) throws {
        let writer = try HDF5Writer(name: path)
        try encoded.embedding.withValues { values in
            try writer.writeArray("/embedding", values, shape: encoded.embedding.shape)
            try writer.setAttribute(
                "sha256", .string(ContentDigest.sha256(of: UnsafeRawBufferPointer(values))),
                at: "/embedding")
        }
        let frame = encoded.frame
        let attributes: [(String, HDF5Attribute)] = [
            ("encoding-type", .string("samdata-embedding")),
            ("encoding-version", .string(Self.version)), ("model", .string(model.name)),
            ("model_sha256", .string(model.digest)), ("image_sha256", .string(identity)),
            ("weights", .string(model.isRandom ? "random" : "imported")),
            (
                "original_size_hw",
                .integers([Int64(frame.original.rows), Int64(frame.original.columns)])
            ),
            (
                "input_size_hw",
                .integers([Int64(frame.resized.rows), Int64(frame.resized.columns)])
            ),
            ("model_size", .integer(Int64(frame.modelSize))),
        ]
        for (name, value) in attributes { try writer.setAttribute(name, value, at: "/") }
        try writer.publish(to: path)
    }
}
