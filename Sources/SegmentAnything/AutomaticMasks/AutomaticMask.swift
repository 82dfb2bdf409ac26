public import MedicalImaging

/// One object found without a prompt.
public struct AutomaticMask: Hashable, Sendable {
    /// The mask at the size of the picture.
    public var mask: RunLengthMask
    /// The tight box around it, corners inclusive; (0, 0, 0, 0) for an empty mask.
    public var box: BoxPrompt
    /// The model's own estimate of the mask's IoU with the truth.
    public var predictedIoU: Float
    /// How little the mask depends on the threshold, see ``MaskPrediction/stability``.
    public var stability: Float
    /// The point that led to it, in pixels of the picture.
    public var point: PointPrompt
    /// The part of the picture it was found in.
    public var crop: PictureCrop

    /// Number of object pixels.
    ///
    /// - Complexity: O(runs).
    public var area: Int { mask.area }

    /// Makes a mask.
    ///
    /// - Parameters:
    ///   - mask: The mask at the size of the picture.
    ///   - box: The tight box around it.
    ///   - predictedIoU: The model's own estimate of its quality.
    ///   - stability: How little it depends on the threshold.
    ///   - point: The point that led to it.
    ///   - crop: The part of the picture it was found in.
    public init(
        mask: RunLengthMask, box: BoxPrompt, predictedIoU: Float, stability: Float,
        point: PointPrompt, crop: PictureCrop
    ) {
        self.mask = mask
        self.box = box
        self.predictedIoU = predictedIoU
        self.stability = stability
        self.point = point
        self.crop = crop
    }
}

extension RunLengthMask {
    /// The tight box as the automatic masks of Segment Anything give it: corners inclusive, (0, 0, 0, 0) for an empty mask.
    var inclusiveBox: BoxPrompt {
        guard let box else { return BoxPrompt(x0: 0, y0: 0, x1: 0, y1: 0) }
        return BoxPrompt(
            x0: Float(box.x), y0: Float(box.y), x1: Float(box.x + box.width - 1),
            y1: Float(box.y + box.height - 1))
    }
}
