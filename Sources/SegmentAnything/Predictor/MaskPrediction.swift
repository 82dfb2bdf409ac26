import MedicalImaging
import Tensors

/// One mask that answers a prompt.
public struct MaskPrediction: Sendable {
    /// The mask at the size of the picture: 1 for object, 0 for background.
    public var mask: LabelSlice
    /// The model's own estimate of the mask's IoU with the truth; not bounded to 0...1.
    public var predictedIoU: Float
    /// How little the mask depends on the threshold: pixels with a logit above threshold + 1 over pixels above threshold - 1,
    /// at the size of the picture; 1 for a mask that is empty at both.
    public var stability: Float
    /// Number of object pixels.
    public var area: Int
    /// The logits, 4g x 4g (256 x 256 for 1024 pixels): for another threshold, or as the mask of the next prompt.
    public var lowResolutionLogits: Tensor

    /// The tight box around the object, corners inclusive; `nil` for an empty mask.
    ///
    /// - Complexity: O(pixels).
    public var box: BoxPrompt? {
        var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
        mask.samples.withUnsafeBufferPointer { samples in
            for row in 0..<mask.rows {
                let line = samples[row * mask.columns..<(row + 1) * mask.columns]
                guard let first = line.firstIndex(where: { $0 != 0 }),
                    let last = line.lastIndex(where: { $0 != 0 })
                else { continue }
                left = min(left, first - line.startIndex)
                right = max(right, last - line.startIndex)
                top = min(top, row)
                bottom = row
            }
        }
        guard right >= 0 else { return nil }
        return BoxPrompt(x0: Float(left), y0: Float(top), x1: Float(right), y1: Float(bottom))
    }

    /// The mask as run lengths, as COCO and SA-1B keep it.
    ///
    /// - Complexity: O(pixels).
    public var runLengths: RunLengthMask { RunLengthMask(of: mask, label: 1) }
}
