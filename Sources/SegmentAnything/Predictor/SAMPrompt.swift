import MedicalImaging
import Tensors

/// One question about a picture, in its own pixels.
///
/// Points, a box and a mask may be combined. With nothing at all the model says what it finds.
public struct SAMPrompt: Sendable {
    /// Points on the object or beside it.
    public var points: [PointPrompt]
    /// A box around the object, corners inclusive.
    public var box: BoxPrompt?
    /// Low-resolution logits of an earlier answer, 4g x 4g (256 x 256 for 1024 pixels), of any leading dimensions of 1.
    public var mask: Tensor?

    /// Makes a prompt.
    ///
    /// - Parameters:
    ///   - points: Points on the object or beside it.
    ///   - box: A box around the object, corners inclusive.
    ///   - mask: Low-resolution logits of an earlier answer.
    public init(points: [PointPrompt] = [], box: BoxPrompt? = nil, mask: Tensor? = nil) {
        self.points = points
        self.box = box
        self.mask = mask
    }

    /// A single point.
    ///
    /// - Parameters:
    ///   - x: Column of the pixel.
    ///   - y: Row of the pixel.
    ///   - isForeground: Whether it lies on the object.
    /// - Returns: The prompt.
    public static func point(x: Float, y: Float, isForeground: Bool = true) -> SAMPrompt {
        SAMPrompt(points: [PointPrompt(x: x, y: y, isForeground: isForeground)])
    }

    /// A box.
    ///
    /// - Parameter box: Corners inclusive.
    /// - Returns: The prompt.
    public static func box(_ box: BoxPrompt) -> SAMPrompt { SAMPrompt(box: box) }

    /// Checks the prompt and moves it to the frame of the model.
    func encoded(in frame: InputFrame, maskSize: Int, index: Int) throws(SAMError) -> EncoderPrompt
    {
        for point in points where !(point.x.isFinite && point.y.isFinite) {
            throw .prompt(
                index: index, "found point (\(point.x), \(point.y)), expected finite coordinates")
        }
        if let box, ![box.x0, box.y0, box.x1, box.y1].allSatisfy(\.isFinite) {
            throw .prompt(
                index: index,
                "found box (\(box.x0), \(box.y0), \(box.x1), \(box.y1)), expected finite coordinates"
            )
        }
        if let mask {
            let isSquare =
                mask.shape.suffix(2) == [maskSize, maskSize] && mask.count == maskSize * maskSize
            guard isSquare else {
                throw .prompt(
                    index: index,
                    "found a mask of \(mask.shape), expected \(maskSize) x \(maskSize) logits; "
                        + "use the low-resolution logits of an earlier answer")
            }
        }
        return EncoderPrompt(
            points: points.map { frame.modelPoint($0) }, box: box.map { frame.modelBox($0) },
            mask: mask)
    }
}
