import HDF5
import MedicalImaging
import NIfTI
import NumPyFiles
import PNGCodec
import SafeFiles
import SegmentationMetrics

/// Reads the files of a score: whatever the format, an image comes out i fastest, on a grid, with the digest of its file.
struct ScoreImageReader: Sendable {
    /// How files are read.
    let options: ScoreInputOptions

    /// Makes a reader.
    ///
    /// - Parameter options: How files are read.
    init(_ options: ScoreInputOptions = ScoreInputOptions()) { self.options = options }

    /// Reads a label map.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - table: What its values stand for.
    ///   - grid: The grid of the reference, when this is a prediction: it decides the order of the axes of arrays.
    /// - Returns: The map, as dense ids.
    /// - Throws: ``WorkflowError`` for a file that cannot be read, and values that are no labels or not in the table.
    /// - Complexity: O(*n*); NIfTI files of 8-bit values need no second copy.
    func labels(
        _ file: ScoreFile, by table: LabelValueTable, like grid: MaskGrid? = nil
    ) throws(WorkflowError) -> ScoreImage {
        if file.format == .nifti { return try niftiLabels(file, table) }
        return try stored(file, like: grid).labels(by: table)
    }

    /// Reads an instance map.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - grid: The grid of the reference, when this is a prediction.
    /// - Returns: The map; 0 is background.
    /// - Throws: ``WorkflowError`` for a file that cannot be read, and values that are no ids.
    func instances(
        _ file: ScoreFile, like grid: MaskGrid? = nil
    ) throws(WorkflowError) -> ScoreImage {
        try stored(file, like: grid).instances()
    }

    /// Reads a score map.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - grid: The grid of the reference, when this is a prediction.
    /// - Returns: The map; 8- and 16-bit pictures are divided by 255 and 65,535, with a note.
    /// - Throws: ``WorkflowError`` for a file that cannot be read, and scores that are no finite numbers.
    func scores(
        _ file: ScoreFile, like grid: MaskGrid? = nil
    ) throws(WorkflowError) -> ScoreImage {
        if file.format == .preparedCase {
            throw WorkflowError(
                .usage,
                "\(file.name): a prepared store holds labels, expected a score map; give a file of scores"
            )
        }
        return try stored(file, like: grid).scores(maximum: options.scoreMaximum)
    }

    /// The values of a label map with their numbers of voxels, for a score without a label table.
    ///
    /// - Parameter file: The file.
    /// - Returns: The number of voxels of each value, background included.
    /// - Throws: ``WorkflowError`` for a file that cannot be read or is no label map.
    func valueCounts(_ file: ScoreFile) throws(WorkflowError) -> [Int: Int] {
        try stored(file, like: nil).valueCounts()
    }

    /// Reads the numbers of a file; what they mean can be decided later.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - grid: The grid of the reference, when this is a prediction.
    /// - Returns: The numbers with their grid and digest.
    /// - Throws: ``WorkflowError`` for a file that cannot be read.
    func stored(_ file: ScoreFile, like grid: MaskGrid?) throws(WorkflowError) -> StoredImage {
        switch file.format {
        case .nifti: try nifti(file)
        case .png: try png(file)
        case .tiff: try tiff(file)
        case .npy, .npz: try numpy(file, like: grid)
        case .hdf5: try hdf5(file, like: grid)
        case .preparedCase: try preparedCase(file)
        }
    }

    /// Whether a file stores floating point, when its header says so: a score map, unless every value is whole.
    ///
    /// - Parameter file: A file.
    /// - Returns: `nil` when only the numbers can tell, or the file cannot be opened.
    /// - Complexity: O(1); only a NIfTI header is read.
    func storesFloats(_ file: ScoreFile) -> Bool? {
        switch file.format {
        case .preparedCase, .png: return false
        case .nifti:
            guard let header = (try? NIfTIFile(path: file.path))?.header else { return nil }
            let isFloat = header.dataType == .float32 || header.dataType == .float64
            return isFloat || header.scaling != nil
        default: return nil
        }
    }

    /// The names in a label table that some tools write into NIfTI files.
    ///
    /// - Parameter file: A file; other formats have no such table.
    /// - Returns: Names by value; empty when there is no table or it cannot be read.
    func embeddedNames(_ file: ScoreFile) -> [Int: String] {
        guard file.format == .nifti, let opened = try? NIfTIFile(path: file.path) else {
            return [:]
        }
        return CaretLabelTable.names(in: opened)
    }

    // MARK: - Shared by the formats

    /// Runs a body of a room below and names the file in its error.
    func reading<Result>(
        _ file: ScoreFile, _ body: () throws -> Result
    ) throws(WorkflowError) -> Result {
        do { return try body() } catch let error as WorkflowError { throw error } catch {
            throw WorkflowError(error, reading: file)
        }
    }

    /// The bytes of a whole file with their digest.
    func contents(_ file: ScoreFile) throws(WorkflowError) -> ([UInt8], ScoreDigest) {
        let bytes = try reading(file) {
            try FileReading.contents(of: file.path, limit: options.maxBytes)
        }
        return (bytes, digest(file, bytes))
    }

    private func digest(_ file: ScoreFile, _ bytes: [UInt8]) -> ScoreDigest {
        ScoreDigest(
            path: file.displayPath, byteCount: bytes.count, sha256: ContentDigest.sha256(of: bytes))
    }

    /// The spacing along i, j, k, and whether it is more than an assumption.
    ///
    /// The spacing a file has of its own is given slowest axis first, as the option is; a note says when nothing tells how
    /// far voxels are apart, or when the option is not used.
    func spacing(
        _ file: ScoreFile, axes: Int, own: [Double]? = nil, notes: inout [String]
    ) throws(WorkflowError) -> (spacing: Spacing, isKnown: Bool) {
        guard var values = own ?? options.spacing else {
            notes.append(
                "the file does not say how far voxels are apart: lengths are in voxels (give --spacing)"
            )
            return (Spacing(1, 1, 1), false)
        }
        if own != nil, options.spacing != nil, own != options.spacing {
            notes.append("--spacing is not used: the file has a spacing of its own")
        }
        if values.count == 1 { values = Array(repeating: values[0], count: axes) }
        guard values.count == axes, values.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            let text = values.map { "\($0)" }.joined(separator: " ")
            throw WorkflowError(
                own == nil ? .usage : .data,
                "\(file.name): spacing: found \(text), expected \(axes) lengths above 0, slowest axis "
                    + "first; " + (own == nil ? "correct --spacing" : "correct the file"))
        }
        let padded = Array(values.reversed()) + [1, 1]
        return (Spacing(padded[0], padded[1], padded[2]), true)
    }
}
