import DeflateCompression
import MedicalImaging
import SafeFiles

/// A NIfTI file that has been opened: its header is read and checked, its voxels are not.
///
/// Opening costs well under a millisecond, also for `.nii.gz`: only the first kilobytes are read. Whether a file is
/// compressed is decided by its first bytes, not by its name. Exactly the path given is opened; for a pair (`.hdr`) the
/// image file beside it is the only other file that is looked at.
public struct NIfTIFile: Sendable {
    /// The largest voxel data that is read when the caller sets no limit: 4 GiB.
    public static let defaultByteLimit = 1 << 32

    /// The path as the caller gave it.
    public let path: String
    /// What the header says.
    public let header: NIfTIHeader
    /// Where the voxels are: ``path`` itself, or the image file of a pair.
    public let imagePath: String
    /// Whether the file at ``path`` is gzip-compressed.
    public let isHeaderCompressed: Bool
    /// Whether the file at ``imagePath`` is gzip-compressed.
    public let isImageCompressed: Bool
    /// What is unusual about the file but no reason to refuse it; one line each.
    public let warnings: [NIfTIWarning]
    /// The header's bytes as they were read, to notice when the file changes before its voxels are read.
    let headerBytes: [UInt8]

    /// Opens a file and reads its header.
    ///
    /// - Parameter path: A `.nii`, `.nii.gz`, `.hdr` or `.hdr.gz` file.
    /// - Throws: ``NIfTIError`` when the file cannot be read, is not NIfTI, or its header holds impossible values; for a
    ///   pair also when the image file is missing.
    public init(path: String) throws(NIfTIError) {
        let start = try FileStart(path: path, atLeast: NIfTIHeader.longestHeader)
        var header = try NIfTIHeader(bytes: start.bytes, path: path)
        var warnings = header.warnings
        warnings += Self.nameWarnings(path, isCompressed: start.isCompressed)
        if header.isPair {
            let partner = try PairPartner(of: path)
            imagePath = partner.path
            isImageCompressed = partner.isCompressed
            warnings += Self.nameWarnings(partner.path, isCompressed: partner.isCompressed)
            try Self.checkOffset(
                header, path: partner.path, size: partner.size, partner.isCompressed)
        } else {
            imagePath = path
            isImageCompressed = start.isCompressed
            try Self.checkOffset(header, path: path, size: start.fileSize, start.isCompressed)
        }
        let found = try ExtensionList(header: header, start: start, path: path)
        header.extensions = found.extensions
        if let padding = found.warning { warnings.append(padding) }
        self.path = path
        self.header = header
        self.warnings = warnings
        isHeaderCompressed = start.isCompressed
        headerBytes = Array(start.bytes.prefix(header.headerSize))
    }

    /// The affine of the file; see ``NIfTIHeader/affine(choosing:path:)``.
    ///
    /// - Parameter choice: Which affine.
    /// - Returns: Voxel indices to world millimetres, RAS+; invertible.
    /// - Throws: ``NIfTIError`` when it is absent, not finite or singular, or when sform and qform disagree.
    public func affine(choosing choice: AffineChoice = .automatic) throws(NIfTIError) -> Affine {
        try header.affine(choosing: choice, path: path)
    }

    /// Where the voxels of one volume lie.
    ///
    /// - Parameter choice: Which affine.
    /// - Returns: ``NIfTIHeader/volumeShape`` and the affine.
    /// - Throws: As ``affine(choosing:)``.
    public func grid(choosing choice: AffineChoice = .automatic) throws(NIfTIError) -> Grid {
        Grid(shape: header.volumeShape, affine: try affine(choosing: choice))
    }

    private static func nameWarnings(_ path: String, isCompressed: Bool) -> [NIfTIWarning] {
        if path.hasSuffix(".gz") == isCompressed { return [] }
        let name = FilePath.name(of: path)
        return [
            NIfTIWarning(
                kind: .compressionName,
                text: isCompressed
                    ? "\(name) is compressed although its name does not end in .gz"
                    : "\(name) is not compressed although its name ends in .gz")
        ]
    }

    private static func checkOffset(
        _ header: NIfTIHeader, path: String, size: Int, _ isCompressed: Bool
    ) throws(NIfTIError) {
        // One deflate stage expands at most about 1,032 times, so this bounds compressed files too.
        let most = isCompressed ? GzipBound.mostBytes(from: size) : size
        guard header.voxelOffset > most else { return }
        throw NIfTIError(
            .header, path: path, field: "vox_offset", found: "\(header.voxelOffset)",
            expected: "a position inside the file of \(size) bytes",
            nextStep: "the header is damaged or the file truncated, fetch it again")
    }
}

/// How much a gzip file can hold.
enum GzipBound {
    /// The most bytes that a gzip file of a size can yield: a deflate symbol of two bits stands for 258 bytes.
    static func mostBytes(from size: Int) -> Int {
        let product = size.multipliedReportingOverflow(by: 1032)
        return product.overflow ? .max : product.partialValue
    }
}
