internal import CNIfTI
import MedicalImaging
import Synchronization

/// What libnifti, the reference implementation in C, makes of a header, compared with what this module makes of it.
///
/// Only headers are compared. Voxels are never read through libnifti: it accepts truncated files, and may take the voxels
/// of a sibling file.
public enum NIfTISecondOpinion {
    // The library keeps its options in globals; one file at a time.
    private static let turn = Mutex(())

    /// Reads a header with both readers.
    ///
    /// - Parameter path: A NIfTI file.
    /// - Returns: One line per field on which the readers differ; empty when they agree, also when both refuse the file.
    public static func compare(path: String) -> [String] {
        var other = samdata_nifti_description()
        let isAccepted = turn.withLock { _ in samdata_nifti_describe(path, &other) != 0 }
        let file: NIfTIFile
        do throws(NIfTIError) {
            file = try NIfTIFile(path: path)
        } catch {
            return isAccepted ? ["libnifti accepts what is refused here: \(error)"] : []
        }
        guard isAccepted else { return ["libnifti refuses what is accepted here"] }
        return differences(file, other)
    }

    private static func differences(
        _ file: NIfTIFile, _ other: samdata_nifti_description
    ) -> [String] {
        let header = file.header
        var found: [String] = []
        func check<Value: Equatable>(_ field: String, _ here: Value, _ there: Value) {
            if here != there { found.append("\(field): \(here) here, \(there) in libnifti") }
        }
        let dim = withUnsafeBytes(of: other.dim) { Array($0.bindMemory(to: Int64.self)) }
        let count = header.dimensions.count
        check(
            "dim", header.dimensions, dim[1...].prefix(max(0, min(7, Int(dim[0])))).map { Int($0) })
        check("datatype", header.dataType.code, Int(other.datatype))
        check("bytes per voxel", header.dataType.bytesPerVoxel, Int(other.bytes_per_voxel))
        check("qform_code", max(header.qformCode, 0), max(Int(other.qform_code), 0))
        check("sform_code", max(header.sformCode, 0), max(Int(other.sform_code), 0))
        check("xyzt_units", header.unitsCode & 7, Int(other.xyz_units))
        check("intent_code", header.intentCode, Int(other.intent_code))
        check("pair", header.isPair, other.nifti_type == 2)
        check("vox_offset", header.voxelOffset, Int(other.vox_offset))
        check("extensions", header.extensions.count, Int(other.extension_count))
        let isSwapped = (header.byteOrder == .bigEndian) == (Int16(littleEndian: 1) == 1)
        check("swapped byte order", isSwapped, other.is_swapped != 0)
        func compare(_ field: String, _ here: [Double], _ there: [Double], _ tolerance: Double) {
            let size = here.reduce(1.0) { max($0, abs($1)) }
            let isSame =
                here.count == there.count
                && zip(here, there).allSatisfy { abs($0 - $1) <= tolerance * size }
            if !isSame { found.append("\(field): \(here) here, \(there) in libnifti") }
        }
        let pixdim = withUnsafeBytes(of: other.pixdim) { Array($0.bindMemory(to: Double.self)) }
        let sides = Array(header.spacing.array.prefix(count))
        // Both put 1 in place of 0; libnifti leaves the sign.
        compare("pixdim", sides, pixdim[1...].prefix(min(count, 3)).map { abs($0) }, 1e-6)
        compare(
            "scaling", [header.scaling?.slope ?? 1, header.scaling?.intercept ?? 0],
            libraryScaling(other), 1e-6)
        if header.sformCode > 0, other.sform_code > 0 {
            let sform = withUnsafeBytes(of: other.sform) { Array($0.bindMemory(to: Double.self)) }
            compare("sform", header.sform.values, sform, 1e-6)
        }
        if header.qformCode > 0, other.qform_code > 0 {
            let qform = withUnsafeBytes(of: other.qform) { Array($0.bindMemory(to: Double.self)) }
            compare("qform", header.qform?.values ?? [], qform, 1e-6)
        }
        return found
    }

    /// libnifti hands over the fields as they are; a slope of 0 means no scaling.
    private static func libraryScaling(_ other: samdata_nifti_description) -> [Double] {
        let isScaled =
            other.scl_slope != 0 && other.scl_slope.isFinite
            && other.datatype != Int32(NIfTIDataType.rgb24.code)
        return isScaled ? [other.scl_slope, other.scl_inter] : [1, 0]
    }
}
