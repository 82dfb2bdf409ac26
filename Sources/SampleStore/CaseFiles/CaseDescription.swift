import MedicalImaging

/// Everything a case file says about its case, apart from pixels and prompts.
public struct CaseDescription: Hashable, Sendable {
    /// The case id.
    public var caseID: String
    /// The patient the case belongs to.
    public var patient: String
    /// The data set's name.
    public var dataset: String
    /// The split's name and the part the case belongs to; empty when no split is used.
    public var split: String
    /// The part of the split; empty when no split is used.
    public var part: String
    /// The classes of the label map, ids ascending.
    public var labels: [LabelClass]
    /// The type of the stored pixels.
    public var pixelType: PixelType
    /// `original`, `uint8` or `float32`: what was done to the values.
    public var pixelFormat: String
    /// The unit of the raw values, for example `HU`.
    public var units: String
    /// The limits of the intensity window in raw values; `nil` without a window.
    public var window: ClosedRange<Double>?
    /// Channels of each sample: 1, or 2k+1 neighbouring slices; 3 for a colour picture.
    public var channels: Int
    /// Rows of each stored slice.
    public var rows: Int
    /// Columns of each stored slice.
    public var columns: Int
    /// `axial`, `coronal` or `sagittal`; `plane` for pictures.
    public var axis: String
    /// The orientation of the frame, three letters; empty for pictures.
    public var orientation: String
    /// The voxel grid of the source file.
    public var source: Grid
    /// (column x, row y, slice index s) of a stored slice to voxel (i, j, k) of the source file.
    public var pixelToVoxel: Affine
    /// The input files as they were read.
    public var inputs: [UnitRecord.Input]
    /// The configuration that decides this file's bytes, as canonical JSON.
    public var configuration: String
    /// What a reader should know, one line each.
    public var warnings: [String]
    /// How the slices were augmented; `nil` for slices as they were cut.
    public var augmentation: StoredAugmentation?
    /// What the channels are.
    public var channelMeaning = ChannelMeaning.neighbours
    /// Where the patches lie on their picture; `nil` for slices of a volume.
    public var patches: StoredPatches?
    /// The type of the instance map; `nil` for a file without one.
    public var instances: InstanceType?

    /// (column x, row y, slice index s) of a stored slice to world millimetres, RAS+.
    public var pixelToWorld: Affine { source.affine.composed(with: pixelToVoxel) }

    /// The version of a file with these contents: the lowest one that has all of them.
    public var formatVersion: String {
        if channelMeaning != .neighbours || patches != nil || instances != nil
            || axis == CaseFileFormat.planeAxis
        {
            return CaseFileFormat.pictureVersion
        }
        return augmentation == nil ? CaseFileFormat.version : CaseFileFormat.augmentedVersion
    }

    /// Makes a description.
    ///
    /// - Parameters:
    ///   - caseID: The case id.
    ///   - patient: The patient.
    ///   - dataset: The data set's name.
    ///   - split: The split's name, or empty.
    ///   - part: The part of the split, or empty.
    ///   - labels: The classes of the label map.
    ///   - pixelType: The type of the stored pixels.
    ///   - pixelFormat: What was done to the values.
    ///   - units: The unit of the raw values.
    ///   - window: The limits of the intensity window.
    ///   - channels: Channels of each sample.
    ///   - rows: Rows of each stored slice.
    ///   - columns: Columns of each stored slice.
    ///   - axis: The anatomical axis.
    ///   - orientation: The orientation of the frame.
    ///   - source: The voxel grid of the source file.
    ///   - pixelToVoxel: Pixels of the frame to voxels of the file.
    ///   - inputs: The input files.
    ///   - configuration: The configuration as canonical JSON.
    ///   - warnings: What a reader should know.
    public init(
        caseID: String, patient: String, dataset: String, split: String, part: String,
        labels: [LabelClass], pixelType: PixelType, pixelFormat: String, units: String,
        window: ClosedRange<Double>?, channels: Int, rows: Int, columns: Int, axis: String,
        orientation: String, source: Grid, pixelToVoxel: Affine, inputs: [UnitRecord.Input],
        configuration: String, warnings: [String]
    ) {
        self.caseID = caseID
        self.patient = patient
        self.dataset = dataset
        self.split = split
        self.part = part
        self.labels = labels
        self.pixelType = pixelType
        self.pixelFormat = pixelFormat
        self.units = units
        self.window = window
        self.channels = channels
        self.rows = rows
        self.columns = columns
        self.axis = axis
        self.orientation = orientation
        self.source = source
        self.pixelToVoxel = pixelToVoxel
        self.inputs = inputs
        self.configuration = configuration
        self.warnings = warnings
    }
}
