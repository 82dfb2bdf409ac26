/// The names of the files of a segmented store.
///
/// ```
/// PRED/segmentation-plan.json    what was asked
/// PRED/<case>.nii.gz             the label map on the voxels of the source
/// PRED/masks/<case>.hdf          HDF5: the mask of each record, and the label map on the grid of the slices
/// PRED/units/<case>.json         the record of one case
/// PRED/segmentation.json         written last, when every case is there
/// ```
///
/// The endings are chosen so that `samdata score --prediction PRED` finds one file for each case: the label map.
public struct SegmentationLayout: Hashable, Sendable {
    /// The folder.
    public let root: String

    /// Names the files of a folder.
    ///
    /// - Parameter root: The folder.
    public init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// The plan.
    public var plan: String { root + "/segmentation-plan.json" }
    /// The manifest.
    public var manifest: String { root + "/segmentation.json" }
    /// The folder of the masks of records.
    public var masks: String { root + "/masks" }
    /// The folder of the records of cases.
    public var units: String { root + "/units" }

    /// The label map of a case below the root.
    ///
    /// - Parameter unit: The case.
    /// - Returns: `<case>.nii.gz`.
    public func relativeVolume(_ unit: String) -> String { "\(unit).nii.gz" }

    /// The masks of a case below the root.
    ///
    /// - Parameter unit: The case.
    /// - Returns: `masks/<case>.hdf`.
    public func relativeMasks(_ unit: String) -> String { "masks/\(unit).hdf" }

    /// The record of a case.
    ///
    /// - Parameter unit: The case.
    /// - Returns: Its path.
    public func record(_ unit: String) -> String { "\(units)/\(unit).json" }
}
