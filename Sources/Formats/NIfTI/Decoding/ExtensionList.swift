/// The extension blocks between the header and the voxels.
struct ExtensionList {
    var extensions: [NIfTIExtension] = []
    var warning: NIfTIWarning?

    /// More than this between header and voxels is damage: 16 MiB.
    static let longestArea = 1 << 24

    /// Walks the blocks of a file.
    ///
    /// - Parameters:
    ///   - header: The header.
    ///   - start: The first bytes of the header file.
    ///   - path: The header file.
    /// - Throws: ``NIfTIError`` when a block has an impossible size.
    init(header: NIfTIHeader, start: FileStart, path: String) throws(NIfTIError) {
        let first = header.headerSize
        // The flag is optional in a pair: its header file may end right after the header.
        guard start.bytes.count >= first + 4, start.bytes[first] != 0 else { return }
        // Of a compressed pair the length of the header file is not known; its end is found by reading.
        let end =
            !header.isPair
            ? header.voxelOffset : start.isCompressed ? Self.longestArea : start.fileSize
        guard end <= Self.longestArea else {
            throw NIfTIError(
                .header, path: path, field: "extensions", found: "\(end - first) bytes of them",
                expected: "at most \(Self.longestArea) bytes",
                nextStep: "the header is damaged, fetch the file again")
        }
        let area = try start.bytes.count >= end ? start : FileStart(path: path, atLeast: end)
        let bytes = area.bytes.prefix(end)
        let isComplete = header.isPair || bytes.count == end
        let fields = HeaderFields(bytes: Array(bytes), isBigEndian: header.byteOrder == .bigEndian)
        var position = first + 4
        while position + 8 <= bytes.count {
            let size = fields.int32(position)
            let code = fields.int32(position + 4)
            if size == 0, code == 0 {
                warning = NIfTIWarning(
                    kind: .extensionPadding,
                    text: "extensions end at byte \(position), voxels start at \(end)")
                return
            }
            guard size >= 16, size % 16 == 0, size <= bytes.count - position else {
                throw NIfTIError(
                    .header, path: path, field: "extension at byte \(position)",
                    found: "size \(size)",
                    expected: "a multiple of 16 from 16 to \(bytes.count - position)",
                    nextStep: isComplete
                        ? "remove the extensions, for example by writing the file anew with nibabel"
                        : "the file is truncated, fetch it again")
            }
            extensions.append(NIfTIExtension(code: code, offset: position, size: size))
            position += size
        }
    }
}

extension NIfTIFile {
    /// The contents of an extension block; they may name a patient, so they are never read unless asked for.
    ///
    /// - Parameter block: One of the header's ``NIfTIHeader/extensions``.
    /// - Returns: The bytes behind the block's 8-byte head, padding included.
    /// - Throws: ``NIfTIError`` when the file cannot be read, or has become shorter.
    public func contents(of block: NIfTIExtension) throws(NIfTIError) -> [UInt8] {
        let end = block.offset + block.size
        let start = try FileStart(path: path, atLeast: end)
        guard start.bytes.count >= end else {
            throw NIfTIError(
                .truncated, path: path, field: "extension at byte \(block.offset)",
                found: "\(start.bytes.count) bytes", expected: "at least \(end)",
                nextStep: "the file changed since it was opened, fetch it again")
        }
        return Array(start.bytes[(block.offset + 8)..<end])
    }
}
