import SampleAugmentation

/// Which slice is stored at a position, from which it is made, and what is done to it.
struct SlicePlace: Sendable {
    /// Index along the sliced axis, as it is stored.
    var index: Int
    /// Index of the slice it is made from.
    var source: Int
    /// What is done to it; `nil` for a slice as it was cut.
    var drawn: DrawnAugmentation?

    /// A slice as it was cut.
    init(_ index: Int) {
        self.index = index
        source = index
    }

    /// A slice of an augmented copy.
    init(_ index: Int, source: Int, drawn: DrawnAugmentation) {
        self.index = index
        self.source = source
        self.drawn = drawn
    }
}
