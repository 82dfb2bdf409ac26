import MedicalImaging
import NIfTI

/// Examines one NIfTI file and compares with libnifti.
public struct FileDoctor: Codable, Hashable, Sendable {
    /// The schema of the JSON form.
    public var schema = "samdata.doctor-file/1"
    /// The file.
    public var path: String
    /// `NIfTI-1` or `NIfTI-2`, with the byte order.
    public var format: String
    /// The size of each dimension.
    public var dimensions: [Int]
    /// The voxel type.
    public var dataType: String
    /// Slope and intercept; empty when values are stored as they are.
    public var scaling: [Double]
    /// Distance of voxel centres in millimetres.
    public var spacing: [Double]
    /// Where the affine comes from.
    public var affineSource: String
    /// The affine, three rows of four.
    public var affine: [Double]
    /// The closest orientation, three letters.
    public var orientation: String
    /// Whether the axes are not at right angles.
    public var isSheared: Bool
    /// Codes and sizes of header extensions; contents are never shown, they may name a patient.
    public var extensions: [String]
    /// Voxels that were read, every one of the file, checksums included.
    public var voxels: Int
    /// What is unusual.
    public var warnings: [String]
    /// Where libnifti reads something else; empty when both agree.
    public var disagreements: [String]

    /// Examines a file.
    ///
    /// - Parameter path: The file.
    /// - Returns: What was found.
    /// - Throws: `NIfTIError` when the header is wrong, or the voxels are truncated or damaged.
    public static func examine(_ path: String) throws -> FileDoctor {
        let file = try NIfTIFile(path: path)
        let header = file.header
        let affine = try file.affine()
        // Every voxel is read: truncation and wrong checksums show only then.
        let voxels = try file.readStored()
        return FileDoctor(
            path: path,
            format: "NIfTI-\(header.version), "
                + (header.byteOrder == .littleEndian ? "little-endian" : "big-endian"),
            dimensions: header.dimensions, dataType: header.dataType.name,
            scaling: header.scaling.map { [$0.slope, $0.intercept] } ?? [],
            spacing: affine.spacing.array, affineSource: header.automaticAffineSource.rawValue,
            affine: affine.values, orientation: "\(Orientation(closestTo: affine))",
            isSheared: affine.isSheared,
            extensions: header.extensions.map { "code \($0.code), \($0.size) bytes" },
            voxels: voxels.count, warnings: file.warnings.map(\.text),
            disagreements: NIfTISecondOpinion.compare(path: path))
    }

    /// The examination for people.
    public var lines: [String] {
        var lines = [
            "\(path): \(format)",
            "dimensions \(dimensions.map(String.init).joined(separator: " x ")), \(dataType)"
                + (scaling.isEmpty ? "" : ", slope \(scaling[0]), intercept \(scaling[1])"),
            "spacing \(spacing.map { "\($0)" }.joined(separator: " x ")) mm, axes \(orientation), "
                + "affine from \(affineSource)" + (isSheared ? ", sheared" : ""),
        ]
        for row in 0..<3 {
            lines.append(
                "  " + affine[(4 * row)..<(4 * row + 4)].map { "\($0)" }.joined(separator: "  "))
        }
        lines += extensions.map { "extension: \($0) (contents not shown)" }
        lines.append("\(voxels) voxels read" + (path.hasSuffix(".gz") ? ", checksum right" : ""))
        lines += warnings.map { "warning: \($0)" }
        lines +=
            disagreements.isEmpty
            ? ["libnifti agrees"] : disagreements.map { "libnifti disagrees: \($0)" }
        return lines
    }
}
