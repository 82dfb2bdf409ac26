import MedicalImaging
import PNGCodec
import SafeFiles
import SampleAugmentation
import SampleStore

/// Augmented copies of one picture, such as a histology patch with its nuclei, without a store.
///
/// The folder gets `copy0001.png`, with a mask `copy0001-label.png`, and `augmentation.json`, which holds the recipe and what was
/// done to each copy. Grey and RGB of 8 bits; a mask of 8 bits holds label ids, one of 16 bits instance numbers.
public struct PictureAugmenter: Sendable {
    /// The schema of `augmentation.json`.
    public static let schema = "samdata.augmented-picture/1"

    /// What was done, as it is written to `augmentation.json`.
    public struct Record: Codable, Hashable, Sendable {
        /// One copy.
        public struct Copy: Codable, Hashable, Sendable {
            /// The picture.
            public var image: String
            /// Its mask; absent without one.
            public var label: String?
            /// The transforms in order, every parameter fixed.
            public var transforms: DrawnAugmentation
        }

        /// ``PictureAugmenter/schema``.
        public var schema: String
        /// The name of the picture's file, and its SHA-256.
        public var image: String
        /// SHA-256 of the picture's file.
        public var imageSHA256: String
        /// The seed.
        public var seed: UInt64
        /// What was drawn from.
        public var recipe: AugmentationRecipe
        /// The copies.
        public var copies: [Copy]
    }

    /// The picture.
    public let image: String
    /// Its mask; `nil` for none.
    public let label: String?
    /// What is drawn and applied.
    public let recipe: AugmentationRecipe
    /// Copies.
    public var copies = 1
    /// The seed of the draws; the name of the file decides too.
    public var seed: UInt64 = 0

    /// Makes an augmenter.
    ///
    /// - Parameters:
    ///   - image: The picture, PNG.
    ///   - label: Its mask, PNG, or `nil`.
    ///   - recipe: What is drawn and applied.
    public init(image: String, label: String?, recipe: AugmentationRecipe) {
        self.image = image
        self.label = label
        self.recipe = recipe
    }

    /// Writes the copies.
    ///
    /// - Parameter folder: Where they go; made when it is missing, and refused when it holds anything.
    /// - Returns: What was done.
    /// - Throws: `PNGError` for a damaged picture, ``WorkflowError`` when mask and picture differ in size or the folder is not
    ///   empty, an `AugmentationError` when a transform does not fit.
    public func run(to folder: String) throws -> Record {
        let bytes = try FileReading.contents(of: image, limit: 1 << 30)
        let source = try sample(bytes)
        if Folders.isFolder(folder), try !Folders.names(in: folder).isEmpty {
            throw WorkflowError(
                .cannotCreate,
                "\(folder): found files there, expected an empty folder for the copies; choose another --to"
            )
        }
        try Folders.make(folder)
        let name = FilePath.name(of: image)
        let caseSeed = PrepareConfiguration.caseSeed(name, purpose: "augmentation", seed: seed)
        var record = Record(
            schema: Self.schema, image: name, imageSHA256: ContentDigest.sha256(of: bytes),
            seed: seed, recipe: recipe, copies: [])
        for number in 1...max(1, copies) {
            var copy = source
            let drawn = recipe.drawn(
                for: AugmentationKey(caseSeed: caseSeed, slice: 0, copy: number),
                extent: source.extent)
            try drawn.apply(to: &copy)
            let stem = PreparePlan.Unit.copyID(of: "", number).dropFirst()
            try AtomicFile.write(try picture(copy), to: "\(folder)/\(stem).png")
            if label != nil {
                try AtomicFile.write(try mask(copy), to: "\(folder)/\(stem)-label.png")
            }
            record.copies.append(
                Record.Copy(
                    image: "\(stem).png", label: label.map { _ in "\(stem)-label.png" },
                    transforms: drawn))
        }
        try AtomicFile.write(
            try CanonicalJSON.pretty(record), to: "\(folder)/augmentation.json")
        return record
    }

    // MARK: - Parts

    private func sample(_ bytes: [UInt8]) throws -> AugmentationSample {
        let picture = try PNG.decode(bytes, named: image)
        guard case .bytes(let samples) = picture.samples, picture.channels != 4 else {
            throw WorkflowError(
                .data,
                "\(image): found \(picture.bitDepth) bits and \(picture.channels) channels, expected 8-bit grey or RGB; "
                    + "convert it, without an alpha channel")
        }
        let extent = SampleExtent(
            channels: picture.channels, rows: picture.height, columns: picture.width)
        var planes = [Float](repeating: 0, count: extent.imageCount)
        for pixel in 0..<extent.planeCount {
            for channel in 0..<picture.channels {
                planes[channel * extent.planeCount + pixel] =
                    Float(samples[pixel * picture.channels + channel]) / 255
            }
        }
        guard let label else { return AugmentationSample(extent: extent, image: planes) }
        let map = try PNG.decode(
            try FileReading.contents(of: label, limit: 1 << 30), as: .values, named: label)
        guard map.width == picture.width, map.height == picture.height, map.channels == 1 else {
            throw WorkflowError(
                .data,
                "\(label): found \(map.width) x \(map.height) pixels of \(map.channels) channels, expected "
                    + "\(picture.width) x \(picture.height) of 1, the size of \(image); give the mask of this picture"
            )
        }
        switch map.samples {
        case .bytes(let values):
            return AugmentationSample(extent: extent, image: planes, labels: values)
        case .words(let values):
            return AugmentationSample(
                extent: extent, image: planes, instances: values.map(UInt32.init))
        }
    }

    private func picture(_ sample: AugmentationSample) throws -> [UInt8] {
        let extent = sample.extent
        var bytes = [UInt8](repeating: 0, count: extent.imageCount)
        for pixel in 0..<extent.planeCount {
            for channel in 0..<extent.channels {
                let value = sample.image[channel * extent.planeCount + pixel] * 255
                bytes[pixel * extent.channels + channel] =
                    value > 0 ? UInt8(min(255, value.rounded(.toNearestOrEven))) : 0
            }
        }
        return try PNG.encode(
            try PNGPicture(
                width: extent.columns, height: extent.rows, channels: extent.channels,
                samples: .bytes(bytes)))
    }

    private func mask(_ sample: AugmentationSample) throws -> [UInt8] {
        let samples: PNGPicture.Samples =
            sample.labels.map { .bytes($0) }
            ?? .words((sample.instances ?? []).map { UInt16(truncatingIfNeeded: $0) })
        return try PNG.encode(
            try PNGPicture(
                width: sample.extent.columns, height: sample.extent.rows, channels: 1,
                samples: samples))
    }
}
