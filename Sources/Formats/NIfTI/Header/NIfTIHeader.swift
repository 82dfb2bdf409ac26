import MedicalImaging

/// The header of a NIfTI-1 or NIfTI-2 file: what the file says, checked for possible values.
///
/// Fields keep the values of the file; what they mean together is in ``spacing``, ``scaling``,
/// ``volumeShape``, ``volumeCount`` and ``affine(choosing:path:)``; what is odd about them is in ``warnings``.
public struct NIfTIHeader: Hashable, Sendable {
    /// The order of bytes in stored numbers.
    public enum ByteOrder: String, Hashable, Sendable {
        /// Least significant byte first.
        case littleEndian
        /// Most significant byte first.
        case bigEndian
    }

    /// The unit of lengths, from the field `xyzt_units`.
    public enum LengthUnit: Int, Hashable, Sendable {
        /// Not said, and known units.
        case unknown = 0
        /// Metres.
        case metre = 1
        /// Millimetres.
        case millimetre = 2
        /// Micrometres.
        case micrometre = 3
    }

    /// The version of the format: 1 or 2.
    public let version: Int
    /// The order of bytes in the file.
    public let byteOrder: ByteOrder
    /// The lengths of the axes, 1 to 7 of them, each at least 1; the first runs fastest.
    public let dimensions: [Int]
    /// The type of the voxels.
    public let dataType: NIfTIDataType
    /// The field `bitpix` as written; ``dataType`` wins when they disagree.
    public let bitsPerVoxel: Int
    /// The eight values of `pixdim` as written; the first is the handedness of the qform.
    public let pixdim: [Double]
    /// Where the voxels start, in bytes: in the single file, or in the image file of a pair.
    public let voxelOffset: Int
    /// Whether the field `vox_offset` itself is 0, although the voxels of a single file cannot start there.
    let isOffsetMissing: Bool
    /// The field `scl_slope` as written.
    public let sclSlope: Double
    /// The field `scl_inter` as written.
    public let sclIntercept: Double
    /// The field `qform_code`; above 0 the qform is valid.
    public let qformCode: Int
    /// The field `sform_code`; above 0 the sform is valid.
    public let sformCode: Int
    /// The quaternion (b, c, d) of the qform as written.
    public let quaternion: [Double]
    /// The offset (x, y, z) of the qform as written.
    public let qformOffset: [Double]
    /// The twelve values of the sform as written.
    public let sform: Affine
    /// The field `xyzt_units` as written; see ``lengthUnit``.
    public let unitsCode: Int
    /// The field `intent_code`: 1002 marks a label map, 1006 and 1007 vectors; most files do not set it.
    public let intentCode: Int
    /// Whether the voxels are in a file of their own (`.hdr` and `.img`).
    public let isPair: Bool
    /// The extensions after the header, in the order of the file.
    public internal(set) var extensions: [NIfTIExtension]

    /// The unit of lengths.
    public var lengthUnit: LengthUnit { LengthUnit(rawValue: unitsCode & 7) ?? .unknown }

    /// Bytes of the header itself: 348 or 540.
    public var headerSize: Int { version == 1 ? 348 : 540 }

    /// The number of voxels over all dimensions.
    public var voxelCount: Int { dimensions.reduce(1, *) }

    /// The bytes of all voxels; the header was refused when this overflows.
    public var dataByteCount: Int { voxelCount * dataType.bytesPerVoxel }

    /// The length of a voxel along i, j and k: absolute values of `pixdim`, 1 in place of 0.
    public var spacing: Spacing {
        let sides = (1...3).map { pixdim[$0] == 0 ? 1 : abs(pixdim[$0]) }
        return Spacing(sides[0], sides[1], sides[2])
    }

    /// How stored values become real ones; `nil` when they are the real ones.
    ///
    /// A slope of 0, NaN or infinity means "no scaling", whatever the intercept, as nibabel has it. RGB is never scaled.
    public var scaling: IntensityScaling? {
        guard dataType != .rgb24, sclSlope != 0, sclSlope.isFinite,
            sclSlope != 1 || sclIntercept != 0
        else { return nil }
        return IntensityScaling(slope: sclSlope, intercept: sclIntercept)
    }
}

/// The line from stored values to real ones: `slope * stored + intercept`.
public struct IntensityScaling: Hashable, Sendable {
    /// The factor; finite and not 0.
    public let slope: Double
    /// The summand; finite.
    public let intercept: Double

    /// The real value of a stored one.
    ///
    /// - Parameter stored: The stored value.
    /// - Returns: The real value.
    public func value(of stored: Double) -> Double { stored * slope + intercept }

    /// Slope and intercept as whole numbers; `nil` when one of them is not, or is beyond 32 bits.
    var whole: (slope: Int, intercept: Int)? {
        guard let slope = Int32(exactly: slope), let intercept = Int32(exactly: intercept) else {
            return nil
        }
        return (Int(slope), Int(intercept))
    }
}

/// One extension block after the header; its contents are read on request, see ``NIfTIFile/contents(of:)``.
public struct NIfTIExtension: Hashable, Sendable {
    /// What kind of block: 2 DICOM, 4 AFNI, 6 comment, 30 Caret (label tables), and others.
    public let code: Int
    /// Where the block starts in the (inflated) header file, in bytes.
    public let offset: Int
    /// The size of the block in bytes, its 8-byte head included; a multiple of 16.
    public let size: Int
}
