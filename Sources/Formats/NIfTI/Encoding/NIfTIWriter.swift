import DeflateCompression
import MedicalImaging
import SafeFiles

/// Writes volumes as NIfTI files that carry no text, name or time: equal volumes give equal bytes.
///
/// The affine is written as sform (code 1) and, unless it is sheared, as qform (code 1) with quaternion, `pixdim` and
/// offsets. Lengths are millimetres, nothing is scaled, the byte order is little endian. The version is 1, or 2 when an
/// axis is longer than 32,767.
public enum NIfTIWriter {
    /// What the voxels mean, for the field `intent_code`.
    public enum Content: Int, Hashable, Sendable {
        /// An image; no intent.
        case image = 0
        /// A label map.
        case labels = 1002
    }

    /// The compression level of `.nii.gz` files.
    public static let compressionLevel = 6

    /// The bytes of a file that holds a volume.
    ///
    /// - Parameters:
    ///   - volume: The volume; its affine must be invertible, and no axis may be empty.
    ///   - content: What the voxels mean.
    ///   - isCompressed: Whether to compress with gzip.
    ///   - path: The path that errors name.
    /// - Returns: The bytes of a `.nii` or `.nii.gz` file.
    /// - Throws: ``NIfTIError`` when the volume cannot be written as NIfTI.
    public static func encode<Sample: VoxelSample>(
        _ volume: Volume<Sample>, as content: Content = .image,
        compressed isCompressed: Bool = false,
        path: String = "volume"
    ) throws(NIfTIError) -> [UInt8] {
        guard let type = dataType(of: Sample.self) else {
            throw NIfTIError(
                .unsupportedType, path: path, field: "datatype", found: "\(Sample.self)",
                expected: "one of " + NIfTIDataType.readableNames, nextStep: "convert the samples")
        }
        let header = try HeaderEncoding.header(
            volume.grid, type: type, intent: content.rawValue, path: path)
        let plain = volume.samples.withUnsafeBytes { samples in
            [UInt8](unsafeUninitializedCapacity: header.count + samples.count) { buffer, count in
                let memory = UnsafeMutableRawBufferPointer(buffer)
                memory.copyBytes(from: header)
                UnsafeMutableRawBufferPointer(rebasing: memory[header.count...])
                    .copyMemory(from: samples)
                let voxels = UnsafeMutableRawBufferPointer(rebasing: memory[header.count...])
                ByteSwapping.toNative(voxels, width: type.bytesPerVoxel, from: .littleEndian)
                count = memory.count
            }
        }
        guard isCompressed else { return plain }
        return plain.withUnsafeBytes { Deflater(level: compressionLevel).gzip($0) }
    }

    /// The bytes of a file that holds an image.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - isCompressed: Whether to compress with gzip.
    ///   - path: The path that errors name.
    /// - Returns: The bytes of a `.nii` or `.nii.gz` file.
    /// - Throws: ``NIfTIError`` when the image cannot be written as NIfTI.
    public static func encode(
        _ image: ImageVolume, compressed isCompressed: Bool = false, path: String = "volume"
    ) throws(NIfTIError) -> [UInt8] {
        switch image {
        case .int16(let volume): try encode(volume, compressed: isCompressed, path: path)
        case .int32(let volume): try encode(volume, compressed: isCompressed, path: path)
        case .float32(let volume): try encode(volume, compressed: isCompressed, path: path)
        }
    }

    /// Writes a volume to a file, which appears whole or not at all.
    ///
    /// - Parameters:
    ///   - volume: The volume.
    ///   - content: What the voxels mean.
    ///   - path: A path that ends in `.nii`, or in `.nii.gz` for a compressed file; an existing file is replaced.
    /// - Throws: ``NIfTIError`` when the volume cannot be written as NIfTI, or the file cannot be created.
    public static func write<Sample: VoxelSample>(
        _ volume: Volume<Sample>, as content: Content = .image, to path: String
    ) throws(NIfTIError) {
        let isCompressed = try isCompressedName(path)
        try publish(encode(volume, as: content, compressed: isCompressed, path: path), path)
    }

    /// Writes an image to a file, which appears whole or not at all.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - path: A path that ends in `.nii`, or in `.nii.gz` for a compressed file; an existing file is replaced.
    /// - Throws: ``NIfTIError`` when the image cannot be written as NIfTI, or the file cannot be created.
    public static func write(_ image: ImageVolume, to path: String) throws(NIfTIError) {
        let isCompressed = try isCompressedName(path)
        try publish(encode(image, compressed: isCompressed, path: path), path)
    }

    private static func publish(_ bytes: [UInt8], _ path: String) throws(NIfTIError) {
        do throws(FileError) {
            try AtomicFile.write(bytes, to: path)
        } catch { throw NIfTIError(error) }
    }

    private static func isCompressedName(_ path: String) throws(NIfTIError) -> Bool {
        if path.hasSuffix(".nii.gz") { return true }
        if path.hasSuffix(".nii") { return false }
        throw NIfTIError(
            .file(.cannotCreate), path: path, field: "name",
            found: "a name that does not end in .nii or .nii.gz; choose another name",
            expected: ".nii or .nii.gz", nextStep: "choose another name")
    }

    static func dataType<Sample: VoxelSample>(of _: Sample.Type) -> NIfTIDataType? {
        if Sample.self == Int8.self { return .int8 }
        if Sample.self == UInt8.self { return .uint8 }
        if Sample.self == Int16.self { return .int16 }
        if Sample.self == UInt16.self { return .uint16 }
        if Sample.self == Int32.self { return .int32 }
        if Sample.self == UInt32.self { return .uint32 }
        if Sample.self == Int64.self { return .int64 }
        if Sample.self == UInt64.self { return .uint64 }
        if Sample.self == Float.self { return .float32 }
        if Sample.self == Double.self { return .float64 }
        return nil
    }
}
