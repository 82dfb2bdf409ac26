import MedicalDatasets
import NIfTI

/// How the files of the two sides of a score are found, paired and read.
public struct ScoreInputOptions: Sendable {
    /// The order of the axes of arrays that carry no geometry (`.npy`, `.npz`, `.h5`).
    public enum ArrayAxes: String, CaseIterable, Sendable {
        /// The order that fits the shape of the reference; `[k][j][i]` where both do.
        case automatic = "auto"
        /// The C array `[k][j][i]` (`[z][y][x]`): the last axis is the first of a NIfTI file.
        case zyx
        /// The array `[i][j][k]` (`[x][y][z]`), as nibabel gives it.
        case xyz
    }

    /// The data set card: label names, file layouts, patients; nil without one.
    public var card: DatasetCard?
    /// What the values of reference files stand for, where labels come from the card.
    public var referenceValues = LabelEncoding.raw
    /// What the values of predicted files stand for, where labels come from the card.
    public var predictionValues = LabelEncoding.raw
    /// The labels of the reference in place of the card's: a JSON file or `1=spleen,2=liver`.
    public var referenceLabels: String?
    /// The labels of the prediction, when they differ from those of the reference.
    public var predictionLabels: String?
    /// Labels that become background on both sides: values or names.
    public var ignoredLabels: [String] = []
    /// Labels scored as one: `kidneys=left kidney+right kidney`.
    public var labelGroups: [String] = []
    /// The only labels or groups to score; nil for all.
    public var onlyLabels: [String]?

    /// Where the case id stands in the paths of reference files, and of predictions without a pattern of their own.
    public var pattern: PathPattern?
    /// Where the case id stands in the paths of predicted files.
    public var predictionPattern: PathPattern?
    /// The cases to score, for example a part of a split; nil for all.
    public var cases: Set<String>?
    /// Whether both sides must be prepared stores or folders of original volumes beside one: `--from-prepared`.
    public var requiresStore = false
    /// The array in `.npz` and `.h5` files of a reference folder that hold several.
    public var referenceArray: String?
    /// The array in `.npz` and `.h5` files of a prediction folder that hold several.
    public var predictionArray: String?

    /// The order of axes of arrays without geometry.
    public var arrayAxes = ArrayAxes.automatic
    /// Distances of pixel centres for files that do not say, slowest axis first as in `[z][y][x]`; one value is for all axes.
    public var spacing: [Double]?
    /// The stored value that stands for a probability of 1; nil for 1, and for the full range of 8- and 16-bit pictures.
    public var scoreMaximum: Double?
    /// Which affine of a NIfTI file.
    public var affine = AffineChoice.automatic
    /// Whether grids of one shape that differ otherwise are compared voxel by voxel.
    public var allowsGridMismatch = false
    /// Whether a prediction on another grid is brought onto that of the reference, by nearest neighbour in world space.
    public var resamplesPrediction = false
    /// The most bytes of voxels that are read from one file.
    public var maxBytes = NIfTIFile.defaultByteLimit

    /// Makes options: no card, everything automatic.
    public init() {}
}
