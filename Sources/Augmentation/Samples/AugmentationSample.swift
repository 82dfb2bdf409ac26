import MedicalImaging

/// What is transformed together: an image, its label and instance maps, its points and its boxes.
///
/// - Shapes: `image` is `[channel][slice][row][column]`, maps are `[slice][row][column]`; the last index runs fastest.
/// - Units: positions are pixel indices, x to the right, y down, whole numbers are pixel centres.
public struct AugmentationSample: Hashable, Sendable {
    /// A point and the slice it lies on.
    public struct Point: Hashable, Sendable {
        /// The slice, from 0.
        public var slice: Int
        /// The point; a transform may move it out of the picture, see ``AugmentationSample/removePromptsOutside()``.
        public var prompt: PointPrompt

        /// Makes a point.
        ///
        /// - Parameters:
        ///   - prompt: The point.
        ///   - slice: The slice, from 0.
        public init(_ prompt: PointPrompt, slice: Int = 0) {
            self.prompt = prompt
            self.slice = slice
        }
    }

    /// A box, the slice it lies on, and the object it was drawn around.
    public struct Box: Hashable, Sendable {
        /// What a box surrounds; decides how it follows a rotation.
        public enum Object: Hashable, Sendable {
            /// All pixels of a label on the slice: the box is measured again after a transform.
            case label(UInt8)
            /// All pixels of an instance on the slice: the box is measured again after a transform.
            case instance(UInt32)
            /// Nothing known: the box becomes the box around its four transformed corners.
            case unknown
        }

        /// The slice, from 0.
        public var slice: Int
        /// The box, corners inclusive; `nil` once its object has left the picture.
        public var prompt: BoxPrompt?
        /// What the box surrounds.
        public var object: Object

        /// Makes a box.
        ///
        /// - Parameters:
        ///   - prompt: The box, corners inclusive.
        ///   - object: What it surrounds.
        ///   - slice: The slice, from 0.
        public init(_ prompt: BoxPrompt, around object: Object = .unknown, slice: Int = 0) {
            self.prompt = prompt
            self.object = object
            self.slice = slice
        }
    }

    /// The size.
    public internal(set) var extent: SampleExtent
    /// The pixels, `extent.imageCount` values.
    public internal(set) var image: [Float]
    /// What black and white are, for colours, noise and gamma: `0...1`, `0...255` or an intensity window.
    public var range: ClosedRange<Float>
    /// Label ids, `extent.labelCount` values; 0 is background.
    public internal(set) var labels: [UInt8]?
    /// Instance numbers, `extent.labelCount` values; 0 is background.
    public internal(set) var instances: [UInt32]?
    /// Points.
    public var points: [Point]
    /// Boxes.
    public var boxes: [Box]

    /// Makes a sample.
    ///
    /// - Parameters:
    ///   - extent: The size.
    ///   - image: The pixels, `[channel][slice][row][column]`.
    ///   - range: What black and white are.
    ///   - labels: Label ids, `[slice][row][column]`.
    ///   - instances: Instance numbers, `[slice][row][column]`.
    ///   - points: Points.
    ///   - boxes: Boxes.
    public init(
        extent: SampleExtent, image: [Float], range: ClosedRange<Float> = 0...1,
        labels: [UInt8]? = nil, instances: [UInt32]? = nil, points: [Point] = [],
        boxes: [Box] = []
    ) {
        precondition(image.count == extent.imageCount)
        precondition(labels.map { $0.count == extent.labelCount } ?? true)
        precondition(instances.map { $0.count == extent.labelCount } ?? true)
        self.extent = extent
        self.image = image
        self.range = range
        self.labels = labels
        self.instances = instances
        self.points = points
        self.boxes = boxes
    }
}
