import MedicalImaging
import Tensors

/// One question to the model in its own frame: pixels of the resized picture.
///
/// Users ask in pixels of their picture with ``SAMPrompt``; ``InputFrame`` turns one into the other.
public struct EncoderPrompt: Sendable {
    /// What a point says.
    public enum PointLabel: Int, Sendable {
        /// Nothing: the point fills up a list to the length of others.
        case padding = -1
        /// Beside the object.
        case background = 0
        /// On the object.
        case foreground = 1
    }

    /// A point with its label.
    public struct Point: Hashable, Sendable {
        /// Column of the pixel.
        public var x: Float
        /// Line of the pixel.
        public var y: Float
        /// What it says.
        public var label: PointLabel

        /// Makes a point.
        ///
        /// - Parameters:
        ///   - x: Column of the pixel.
        ///   - y: Line of the pixel.
        ///   - label: What it says.
        public init(x: Float, y: Float, label: PointLabel) {
            self.x = x
            self.y = y
            self.label = label
        }
    }

    /// Points, in any order.
    public var points: [Point]
    /// A box around the object.
    public var box: BoxPrompt?
    /// Logits of an earlier mask, 4g x 4g (256 x 256 for 1024 pixels).
    public var mask: Tensor?

    /// Makes a prompt; with nothing in it the model says what it finds.
    ///
    /// - Parameters:
    ///   - points: Points, in any order.
    ///   - box: A box around the object.
    ///   - mask: Logits of an earlier mask, 4g x 4g.
    public init(points: [Point] = [], box: BoxPrompt? = nil, mask: Tensor? = nil) {
        self.points = points
        self.box = box
        self.mask = mask
    }
}

/// A prompt as the mask decoder takes it.
public struct PromptEmbedding: Sendable {
    /// One row for each point, padding included, and for each corner of the box: n x C, n may be 0.
    public var sparse: Tensor
    /// One row for each cell of the grid, g² x C; `nil` without a mask, when all cells share the no-mask vector.
    public var dense: Tensor?
}
