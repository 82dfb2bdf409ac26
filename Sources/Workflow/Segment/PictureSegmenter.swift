public import MedicalImaging
import PNGCodec
import SafeFiles
public import SegmentAnything
import Tensors

/// Segments single pictures.
public struct PictureSegmenter: Sendable {
    /// One mask of a picture.
    public struct Mask: Hashable, Sendable {
        /// The mask at the size of the picture.
        public var mask: RunLengthMask
        /// The model's own estimate of its IoU with the truth.
        public var predictedIoU: Float
        /// How little the mask depends on the threshold.
        public var stability: Float
        /// The point that led to it; only for automatic masks.
        public var point: PointPrompt?
        /// The part of the picture it was found in; only for automatic masks.
        public var crop: PictureCrop?
    }

    /// The masks of a picture.
    public struct Result: Sendable {
        /// Size of the picture.
        public var size: SliceSize
        /// The masks, best predicted IoU first.
        public var masks: [Mask]
        /// Whether the embedding was in the cache; `nil` without a cache.
        public var embeddingWasStored: Bool?
    }

    /// The model.
    public let model: SegmentationModel
    /// A folder for embeddings; `nil` keeps none.
    public var embeddings: String?
    /// Threads of the model; 0 for all cores.
    ///
    /// Never changes a byte.
    public var threads = 0

    /// Makes a segmenter.
    ///
    /// - Parameter model: The model.
    public init(model: SegmentationModel) { self.model = model }

    /// Reads a picture.
    ///
    /// - Parameter path: A PNG, JPEG or TIFF file, told by its contents. Of 16-bit samples the upper eight bits are taken;
    ///   transparency is ignored; grey becomes equal colours.
    /// - Returns: The picture.
    /// - Throws: ``WorkflowError`` when it is missing or damaged.
    public static func read(_ path: String) throws(WorkflowError) -> InputImage {
        let lower = path.lowercased()
        if let ending = [".nii", ".nii.gz", ".dcm"].first(where: lower.hasSuffix),
            Folders.isFile(path)
        {
            throw WorkflowError(
                .usage,
                "\(path): found a volume that ends in \(ending), expected a picture (PNG, JPEG or TIFF); prepare it "
                    + "with `samdata prepare` and segment the store (--from)")
        }
        do {
            let picture = try PictureFile.rgb(path: path, maxBytes: 1 << 30)
            return InputImage(rows: picture.height, columns: picture.width, rgb: picture.samples)
        } catch {
            throw WorkflowError(segmenting: error, path)
        }
    }

    /// Answers one prompt.
    ///
    /// - Parameters:
    ///   - image: The picture.
    ///   - prompt: The question, in pixels of the picture; must lie inside it.
    ///   - isMultiple: Whether the masks of the multimask output are wanted, for prompts that may mean several things.
    ///   - name: What messages call the picture.
    /// - Returns: One mask, or all of the multimask output, best predicted IoU first.
    /// - Throws: ``WorkflowError`` for prompts outside of the picture, or a picture that cannot be embedded.
    public func answer(
        _ image: InputImage, _ prompt: SAMPrompt, isMultiple: Bool, name: String = "picture"
    ) throws(WorkflowError) -> Result {
        try check(prompt, image.size, name)
        let before = ParallelRange.threads
        ParallelRange.threads = threads
        defer { ParallelRange.threads = before }
        do {
            let (encoded, wasStored) = try encode(image)
            let masks = try encoded.predict(prompt, output: isMultiple ? .multiple : .single)
            let order = BoxSuppression.ranked(masks.map(\.predictedIoU))
            return Result(
                size: image.size,
                masks: order.map {
                    Mask(
                        mask: masks[$0].runLengths, predictedIoU: masks[$0].predictedIoU,
                        stability: masks[$0].stability)
                }, embeddingWasStored: wasStored)
        } catch { throw WorkflowError(segmenting: error, name) }
    }

    /// Finds every object.
    ///
    /// - Parameters:
    ///   - image: The picture.
    ///   - options: What is kept.
    ///   - name: What messages call the picture.
    ///   - progress: Called after each batch of points.
    /// - Returns: The masks, best first.
    /// - Throws: ``WorkflowError`` for options that are not possible, or a picture that cannot be embedded.
    public func everything(
        _ image: InputImage, options: AutomaticMaskOptions, name: String = "picture",
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(WorkflowError) -> Result {
        if let objection = options.objection { throw WorkflowError(.usage, objection) }
        let before = ParallelRange.threads
        ParallelRange.threads = threads
        defer { ParallelRange.threads = before }
        do {
            let (encoded, wasStored) = try encode(image)
            let generator = AutomaticMaskGenerator(model: try model.sam(), options: options)
            let masks = try generator.masks(of: image, encoded: encoded, progress: progress)
            return Result(
                size: image.size,
                masks: masks.map {
                    Mask(
                        mask: $0.mask, predictedIoU: $0.predictedIoU, stability: $0.stability,
                        point: $0.point, crop: $0.crop)
                }, embeddingWasStored: wasStored)
        } catch { throw WorkflowError(segmenting: error, name) }
    }

    private func encode(_ image: InputImage) throws -> (EncodedImage, Bool?) {
        guard let embeddings else { return (try model.sam().encode(image), nil) }
        let (encoded, wasStored) = try EmbeddingCache(folder: embeddings, model: model)
            .encoded(image)
        return (encoded, wasStored)
    }

    private func check(
        _ prompt: SAMPrompt, _ size: SliceSize, _ name: String
    ) throws(WorkflowError) {
        func isInside(_ x: Float, _ y: Float) -> Bool {
            x >= 0 && y >= 0 && x < Float(size.columns) && y < Float(size.rows)
        }
        let extent = "\(size.columns) columns and \(size.rows) rows"
        for point in prompt.points where !isInside(point.x, point.y) {
            throw WorkflowError(
                .usage,
                "\(name): found point \(point.x),\(point.y), expected x,y inside its \(extent)")
        }
        if let box = prompt.box {
            guard isInside(box.x0, box.y0), isInside(box.x1, box.y1), box.x0 <= box.x1,
                box.y0 <= box.y1
            else {
                throw WorkflowError(
                    .usage,
                    "\(name): found box \(box.x0),\(box.y0),\(box.x1),\(box.y1), expected "
                        + "x0,y0,x1,y1 of its first and last pixel inside its \(extent)")
            }
        }
    }
}
