import MedicalImaging

/// How a volume becomes slices: everything that decides a stored pixel.
public struct SliceRecipe: Hashable, Sendable {
    /// The direction the volume is cut along.
    public var axis: SliceAxis
    /// The order of axes it is cut in.
    public var orientation: SliceOrientation
    /// Which of the two remaining axes runs down the rows.
    public var rowAxis: RowAxis
    /// Which slices are kept.
    public var selection: SliceSelection
    /// How many neighbours on each side are stored as extra channels; 0 stores the slice alone.
    public var neighbours: Int
    /// How raw intensities become picture intensities.
    public var window: IntensityWindow
    /// The pixels that are stored.
    public var pixels: PixelFormat
    /// The size every slice is resized to; `nil` keeps the native one.
    public var size: SliceSize?
    /// The interpolation that leads to ``size``; it says how labels go with it.
    public var resampling: SliceResampling
    /// Small parts of labels that are removed before anything else.
    public var cleanup: LabelCleanup

    /// Makes a recipe; the defaults keep axial slices with any label, as pictures are stored, with original pixels.
    ///
    /// - Parameters:
    ///   - axis: The direction the volume is cut along.
    ///   - orientation: The order of axes it is cut in.
    ///   - rowAxis: Which of the two remaining axes runs down the rows.
    ///   - selection: Which slices are kept.
    ///   - neighbours: Neighbours on each side that are stored as channels.
    ///   - window: How raw intensities become picture intensities.
    ///   - pixels: The pixels that are stored.
    ///   - size: The size every slice is resized to.
    ///   - resampling: The interpolation that leads to the size.
    ///   - cleanup: Small parts of labels that are removed.
    public init(
        axis: SliceAxis = .axial, orientation: SliceOrientation = .reordered(.lps),
        rowAxis: RowAxis = .second,
        selection: SliceSelection = SliceSelection(.labelled(minimumArea: 1)), neighbours: Int = 0,
        window: IntensityWindow = .none, pixels: PixelFormat = .original, size: SliceSize? = nil,
        resampling: SliceResampling = .pillowBilinear, cleanup: LabelCleanup = .none
    ) {
        self.axis = axis
        self.orientation = orientation
        self.rowAxis = rowAxis
        self.selection = selection
        self.neighbours = neighbours
        self.window = window
        self.pixels = pixels
        self.size = size
        self.resampling = resampling
        self.cleanup = cleanup
    }
}
