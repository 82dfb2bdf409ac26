/// How the slices of an augmented copy came to be: the group `/augmentation` of a case file.
public struct StoredAugmentation: Hashable, Sendable {
    /// How one stored slice came to be.
    public struct Slice: Hashable, Sendable {
        /// Index along the sliced axis of the slice it was made from.
        public var source: Int
        /// The transforms that were applied, in order, every parameter fixed: a JSON array of objects.
        public var transforms: String
        /// Where a pixel comes from: column and row of the stored slice to column and row of the slice it was made from, two
        /// rows of three; `nil` when no affine map says it, as after an elastic deformation.
        public var pixelToSource: [Double]?

        /// Makes an entry.
        ///
        /// - Parameters:
        ///   - source: Index along the sliced axis of the slice it was made from.
        ///   - transforms: The transforms as a JSON array.
        ///   - pixelToSource: Where a pixel comes from; `nil` when no affine map says it.
        public init(source: Int, transforms: String, pixelToSource: [Double]?) {
            self.source = source
            self.transforms = transforms
            self.pixelToSource = pixelToSource
        }
    }

    /// The case the copy was made from.
    public var sourceCase: String
    /// Which copy of it, from 1.
    public var copy: Int
    /// The recipe the transforms were drawn from: a JSON object.
    public var recipe: String
    /// One entry per stored slice.
    public var slices: [Slice]

    /// Makes a description.
    ///
    /// - Parameters:
    ///   - sourceCase: The case the copy was made from.
    ///   - copy: Which copy of it, from 1.
    ///   - recipe: The recipe as a JSON object.
    ///   - slices: One entry per stored slice.
    public init(sourceCase: String, copy: Int, recipe: String, slices: [Slice]) {
        self.sourceCase = sourceCase
        self.copy = copy
        self.recipe = recipe
        self.slices = slices
    }
}
