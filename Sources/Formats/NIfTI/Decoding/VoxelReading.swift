#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import DeflateCompression
import SafeFiles

/// Brings a part of the voxel data of a file into memory: one read, bounded by what the header announces.
struct VoxelReading {
    let file: NIfTIFile
    /// Which bytes of the voxel data are wanted.
    let range: Range<Int>
    /// The most bytes that may be allocated for the data.
    let byteLimit: Int
    /// Whether digests of the whole files are wanted.
    let wantsDigests: Bool

    /// What else reading brought to light.
    struct Findings {
        var digests: [FileDigest] = []
        var warnings: [NIfTIWarning] = []
    }

    /// Bytes behind the voxels of a compressed file that are put up with; more is not surplus but a bomb.
    static let toleratedSurplus = 4096

    /// The wanted voxels in the byte order of this machine.
    ///
    /// - Parameter findings: Gets digests and warnings.
    /// - Returns: The voxels of ``range``, unscaled.
    /// - Throws: ``NIfTIError`` when the type is refused, or the data is truncated, damaged or too large.
    func voxels(_ findings: inout Findings) throws(NIfTIError) -> StoredVoxels {
        switch file.header.dataType {
        case .uint8: .uint8(try array(&findings))
        case .int8: .int8(try array(&findings))
        case .uint16: .uint16(try array(&findings))
        case .int16: .int16(try array(&findings))
        case .uint32: .uint32(try array(&findings))
        case .int32: .int32(try array(&findings))
        case .uint64: .uint64(try array(&findings))
        case .int64: .int64(try array(&findings))
        case .float32: .float32(try array(&findings))
        case .float64: .float64(try array(&findings))
        case .rgb24: .rgb24(try array(&findings))
        default:
            throw NIfTIError(
                .unsupportedType, path: file.path, field: "datatype",
                found: "\(file.header.dataType.code) (\(file.header.dataType.name))",
                expected: "one of " + NIfTIDataType.readableNames,
                nextStep: "convert the file, for example with nibabel")
        }
    }

    private func array<Value: BitwiseCopyable>(
        _ findings: inout Findings
    ) throws(NIfTIError) -> [Value] {
        let width = MemoryLayout<Value>.stride
        let capacity = try capacityInBytes()
        var failure: NIfTIError?
        let values = [Value](unsafeUninitializedCapacity: (capacity + width - 1) / width) {
            (buffer, initialised) in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            LargePages.advise(memory)
            do throws(NIfTIError) {
                try fill(memory, &findings)
                let part = UnsafeMutableRawBufferPointer(rebasing: memory[0..<range.count])
                ByteSwapping.toNative(part, width: width, from: file.header.byteOrder)
                initialised = range.count / width
            } catch { failure = error }
        }
        if let failure { throw failure }
        return values
    }

    /// The bytes of memory that ``fill(_:_:)`` needs, checked against the limit and the size of the file.
    private func capacityInBytes() throws(NIfTIError) -> Int {
        let header = file.header
        let needed = header.voxelOffset + header.dataByteCount
        let inMemory = file.isImageCompressed ? needed : range.count
        guard inMemory <= byteLimit else {
            throw NIfTIError(
                .tooLarge, path: file.path, field: "dim",
                found: header.dimensions.map(String.init).joined(separator: "x")
                    + " voxels of \(header.dataType.name), \(inMemory) bytes",
                expected: "at most \(byteLimit) bytes", nextStep: "allow more (--max-memory)")
        }
        guard let size = Folders.size(of: file.imagePath) else {
            throw NIfTIError(.system(ENOENT, "open for reading", path: file.imagePath))
        }
        let most = file.isImageCompressed ? GzipBound.mostBytes(from: size) : size
        guard most >= needed else {
            let name = FilePath.name(of: file.imagePath)
            throw NIfTIError(
                .truncated, path: file.path, field: "voxels",
                found: file.isImageCompressed
                    ? "\(size) compressed bytes in \(name), which can hold \(most) at most"
                    : "\(size) bytes in \(name)",
                expected: "\(needed) bytes", nextStep: "the file is truncated, fetch it again")
        }
        return file.isImageCompressed && isWhole ? needed + Self.toleratedSurplus : range.count
    }

    private var isWhole: Bool { range == 0..<file.header.dataByteCount }

    private func fill(
        _ memory: UnsafeMutableRawBufferPointer, _ findings: inout Findings
    ) throws(NIfTIError) {
        do throws(FileError) {
            if file.header.isPair, wantsDigests { try digestHeaderFile(&findings) }
            if !file.isImageCompressed {
                try fillFromPlainFile(memory, &findings)
                return
            }
        } catch { throw NIfTIError(error) }
        try fillFromCompressedFile(memory, &findings)
    }

    // MARK: - Not compressed

    private func fillFromPlainFile(
        _ memory: UnsafeMutableRawBufferPointer, _ findings: inout Findings
    ) throws(FileError) {
        let source = try ReadableFile(path: file.imagePath)
        let start = file.header.voxelOffset + range.lowerBound
        let voxels = UnsafeMutableRawBufferPointer(rebasing: memory[0..<range.count])
        try source.read(into: voxels, at: start)
        if !file.header.isPair {
            let head = try source.bytes(count: file.headerBytes.count)
            try checkUnchanged(head.elementsEqual(file.headerBytes))
        }
        let end = file.header.voxelOffset + file.header.dataByteCount
        noteTrailing(source.size - end, "after the voxels", &findings)
        guard wantsDigests else { return }
        var stream = SHA256Stream()
        try Self.digest(source, 0..<start, into: &stream)
        stream.update(UnsafeRawBufferPointer(voxels))
        try Self.digest(source, (start + range.count)..<source.size, into: &stream)
        findings.digests.append(
            FileDigest(path: file.imagePath, byteCount: source.size, sha256: stream.finish()))
    }

    private func digestHeaderFile(_ findings: inout Findings) throws(FileError) {
        let source = try ReadableFile(path: file.path)
        var stream = SHA256Stream()
        try Self.digest(source, 0..<source.size, into: &stream)
        findings.digests.append(
            FileDigest(path: file.path, byteCount: source.size, sha256: stream.finish()))
    }

    private static func digest(
        _ source: borrowing ReadableFile, _ range: Range<Int>, into stream: inout SHA256Stream
    ) throws(FileError) {
        var position = range.lowerBound
        while position < range.upperBound {
            let piece = try source.bytes(
                count: min(1 << 20, range.upperBound - position), at: position)
            piece.withUnsafeBytes { stream.update($0) }
            position += piece.count
        }
    }

    // MARK: - Compressed

    private func fillFromCompressedFile(
        _ memory: UnsafeMutableRawBufferPointer, _ findings: inout Findings
    ) throws(NIfTIError) {
        let raw: [UInt8]
        do throws(FileError) {
            raw = try FileReading.contents(of: file.imagePath, limit: byteLimit)
        } catch { throw NIfTIError(error) }
        if wantsDigests {
            findings.digests.append(
                FileDigest(
                    path: file.imagePath, byteCount: raw.count,
                    sha256: ContentDigest.sha256(of: raw)))
        }
        if isWhole {
            try inflate(raw, into: memory, &findings)
            return
        }
        // Deflate has no random access: everything is inflated, the wanted part is kept.
        let needed = file.header.voxelOffset + file.header.dataByteCount
        let all = UnsafeMutableRawBufferPointer.allocate(
            byteCount: needed + Self.toleratedSurplus, alignment: 64)
        defer { all.deallocate() }
        LargePages.advise(all)
        try inflate(raw, into: all, &findings)
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[range]))
    }

    /// Inflates everything and moves the voxels to the start of the memory.
    private func inflate(
        _ raw: [UInt8], into memory: UnsafeMutableRawBufferPointer, _ findings: inout Findings
    ) throws(NIfTIError) {
        let offset = file.header.voxelOffset
        let needed = offset + file.header.dataByteCount
        let outcome: GzipOutcome
        do throws(DeflateError) {
            let inflater = Inflater()
            outcome = try raw.span.bytes.withUnsafeBytes { (input) throws(DeflateError) in
                try inflater.gzip(input, into: memory, expecting: needed)
            }
        } catch { throw failure(error) }
        if !file.header.isPair {
            let head = memory.prefix(file.headerBytes.count)
            do throws(FileError) {
                try checkUnchanged(head.elementsEqual(file.headerBytes))
            } catch { throw NIfTIError(error) }
        }
        noteTrailing(outcome.byteCount - needed, "after the voxels", &findings)
        noteTrailing(outcome.trailingBytes, "after the compressed stream", &findings)
        guard offset > 0, let base = memory.baseAddress else { return }
        memmove(base, base + offset, file.header.dataByteCount)
    }

    private func failure(_ error: DeflateError) -> NIfTIError {
        let header = file.header
        func make(
            _ kind: NIfTIError.Kind, _ found: String, _ expected: String, _ next: String
        ) -> NIfTIError {
            NIfTIError(
                kind, path: file.path, field: "compressed voxels", found: found,
                expected: expected, nextStep: next)
        }
        let needed = header.voxelOffset + header.dataByteCount
        switch error {
        case .truncated(_, let found):
            return make(
                .truncated, "\(found) bytes", "\(needed) bytes",
                "the file is truncated, fetch it again")
        case .tooLong:
            return make(
                .damaged, "more than \(needed) bytes",
                "\(needed) bytes, which is all the header announces",
                "the header is damaged or the file is malicious, do not use it")
        case .corrupt(let offset, _):
            return make(
                .damaged, "a damaged gzip stream or a wrong checksum (member at byte \(offset))",
                "an intact stream", "fetch the file again")
        case .notCompressed:
            return make(
                .damaged, "bytes that are not gzip", "a gzip stream",
                "the file changed while it was read, try again")
        }
    }

    // MARK: - Both

    private func noteTrailing(_ count: Int, _ place: String, _ findings: inout Findings) {
        guard count > 0 else { return }
        findings.warnings.append(
            NIfTIWarning(kind: .trailingBytes, text: "\(count) bytes \(place) are ignored"))
    }

    private func checkUnchanged(_ isSame: Bool) throws(FileError) {
        if isSame { return }
        throw FileError(
            .transient, path: file.path,
            message: "the header changed between opening and reading; run the same command again")
    }
}

/// Large pages for large arrays: touching fresh memory otherwise costs a tenth of the time inflating takes.
enum LargePages {
    static func advise(_ memory: UnsafeMutableRawBufferPointer) {
        #if os(Linux)
            let page = 1 << 21
            guard memory.count >= 2 * page, let base = memory.baseAddress else { return }
            let first = (Int(bitPattern: base) + page - 1) / page * page
            let last = (Int(bitPattern: base) + memory.count) / page * page
            // Only advice: where the kernel has no large pages nothing changes.
            if last > first {
                _ = madvise(UnsafeMutableRawPointer(bitPattern: first), last - first, 14)
            }
        #endif
    }
}
