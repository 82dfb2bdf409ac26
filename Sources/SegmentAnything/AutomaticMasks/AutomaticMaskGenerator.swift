import MedicalImaging

/// Finds every object of a picture, without prompts: asks the model at each point of a grid and keeps what is good, stable and
/// not there already.
///
/// ```swift
/// let masks = try AutomaticMaskGenerator(model: model).masks(of: picture)
/// ```
///
/// The result depends on the model, the picture and the options only, not on the size of a batch nor on the number of threads.
///
/// - Source: `SamAutomaticMaskGenerator` of Segment Anything.
public struct AutomaticMaskGenerator: Sendable {
    /// The model.
    public let model: SAM
    /// What is kept.
    public let options: AutomaticMaskOptions

    /// Makes a generator.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - options: What is kept; ``AutomaticMaskOptions/objection`` must be `nil`.
    public init(model: SAM, options: AutomaticMaskOptions = AutomaticMaskOptions()) {
        precondition(options.objection == nil, options.objection ?? "")
        self.model = model
        self.options = options
    }

    /// What a run tells its caller: points answered, and all there are.
    public typealias Progress = (_ done: Int, _ of: Int) -> Void

    /// The masks of a picture.
    ///
    /// - Empty: A picture in which nothing is found has no masks.
    /// - Complexity: One image encoding for each crop, one prompt for each point. Masks are kept as run lengths; beside them there
    ///   are the logits of one batch.
    /// - Parameters:
    ///   - image: The picture.
    ///   - encoded: The picture as the model embedded it, when that was done already.
    ///   - progress: Called after each batch, on the calling thread.
    /// - Returns: The masks, best predicted IoU first; with several crops those of the smallest crops first; after the clean-up
    ///   those it left as they were first.
    /// - Throws: ``SAMError/image(_:)`` when the picture is empty, or a crop of it too thin.
    public func masks(
        of image: InputImage, encoded: EncodedImage? = nil, progress: Progress = { _, _ in }
    ) throws(SAMError) -> [AutomaticMask] {
        let crops = PictureCrop.plan(
            size: image.size, layers: options.cropLayers, overlap: options.cropOverlap)
        let grids = crops.map { crop in
            PointGrid.points(perSide: options.pointsPerSide(layer: crop.layer), size: crop.size)
        }
        let total = grids.reduce(0) { $0 + $1.count }
        var done = 0
        var found: [AutomaticMask] = []
        for (crop, points) in zip(crops, grids) {
            let picture: EncodedImage
            if crop.layer == 0, let encoded, encoded.frame.original == image.size {
                picture = encoded
            } else {
                picture = try model.encode(crop.cut(image))
            }
            found += try masks(in: picture, at: points, crop: crop, of: image.size) { count in
                done += count
                progress(done, total)
            }
        }
        if crops.count > 1 {
            let scores = found.map { 1 / (Float($0.crop.size.rows) * Float($0.crop.size.columns)) }
            found = BoxSuppression.kept(
                found.map(\.box), scores: scores, threshold: options.cropBoxOverlap
            ).map { found[$0] }
        }
        return options.smallestRegion > 0 ? cleaned(found) : found
    }

    /// The masks of one crop, at their place in the picture.
    private func masks(
        in encoded: EncodedImage, at points: [PointPrompt], crop: PictureCrop, of size: SliceSize,
        answered: (Int) -> Void
    ) throws(SAMError) -> [AutomaticMask] {
        var found: [AutomaticMask] = []
        var upscaling: MaskUpscaling?
        var start = 0
        while start < points.count {
            let batch = points[start..<min(start + options.pointsPerBatch, points.count)]
            let answers = try encoded.predictLowResolution(
                batch.map { SAMPrompt(points: [$0]) }, output: .multiple)
            for (point, answer) in zip(batch, answers) {
                let enlarge =
                    upscaling
                    ?? MaskUpscaling(frame: encoded.frame, side: answer.logits.shape[1])
                upscaling = enlarge
                for mask in answer.predictedIoU.indices {
                    if let mask = accepted(answer, mask, point, enlarge, crop, size) {
                        found.append(mask)
                    }
                }
            }
            answered(batch.count)
            start = batch.endIndex
        }
        return BoxSuppression.kept(
            found.map(\.box), scores: found.map(\.predictedIoU), threshold: options.boxOverlap
        ).map { found[$0] }
    }

    /// One mask of one point, when it is good and stable enough and not cut off by the crop.
    private func accepted(
        _ answer: LowResolutionMasks, _ index: Int, _ point: PointPrompt,
        _ upscaling: MaskUpscaling, _ crop: PictureCrop, _ size: SliceSize
    ) -> AutomaticMask? {
        let quality = answer.predictedIoU[index]
        // Written so that an estimate that is no number is never good.
        guard options.predictedIoUThreshold <= 0 || quality > options.predictedIoUThreshold else {
            return nil
        }
        let mask = upscaling.mask(
            answer.logits(of: index), threshold: options.maskThreshold,
            stabilityOffset: options.stabilityOffset)
        if options.stabilityThreshold > 0 {
            // Of a mask that is empty at both thresholds the reference says 0 / 0, which is not at least anything.
            let isNothing = mask.area == 0 && mask.stability == 1
            guard !isNothing, mask.stability >= options.stabilityThreshold else { return nil }
        }
        let own = RunLengthMask(of: mask.slice, label: 1)
        let box = own.inclusiveBox
        guard !crop.cuts(box, of: size) else { return nil }
        let (x, y) = (Float(crop.x0), Float(crop.y0))
        return AutomaticMask(
            mask: crop.size == size
                ? own : RunLengthMask(of: crop.place(mask.slice, in: size), label: 1),
            box: BoxPrompt(x0: box.x0 + x, y0: box.y0 + y, x1: box.x1 + x, y1: box.y1 + y),
            predictedIoU: quality, stability: mask.stability,
            point: PointPrompt(x: point.x + x, y: point.y + y), crop: crop)
    }

    /// Cleans every mask, and removes those that have become equal to others; untouched ones are preferred.
    private func cleaned(_ masks: [AutomaticMask]) -> [AutomaticMask] {
        var (masks, scores) = (masks, [Float](repeating: 1, count: masks.count))
        for index in masks.indices {
            guard
                let slice = SmallRegions.cleaned(
                    masks[index].mask.slice(), below: options.smallestRegion)
            else { continue }
            masks[index].mask = RunLengthMask(of: slice, label: 1)
            masks[index].box = masks[index].mask.inclusiveBox
            scores[index] = 0
        }
        return BoxSuppression.kept(
            masks.map(\.box), scores: scores,
            threshold: max(options.boxOverlap, options.cropBoxOverlap)
        ).map { masks[$0] }
    }
}
