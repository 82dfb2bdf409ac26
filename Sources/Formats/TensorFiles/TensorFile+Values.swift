internal import DeflateCompression

extension TensorFile {
    /// The elements of a tensor as float32.
    ///
    /// Half and bfloat16 are exact; double and whole numbers beyond 2^24 are rounded to nearest; bool gives 0 and 1.
    ///
    /// - Complexity: O(*n*); besides the result 1 MiB, for a strided view the part of its storage it spans.
    ///
    /// - Parameter name: The name in ``entries``.
    /// - Returns: The elements in row-major order; none when an axis has length 0.
    /// - Throws: ``TensorFileError`` when there is no such tensor, or its bytes are damaged.
    public func floats(of name: String) throws(TensorFileError) -> [Float] {
        let count = entries[try place(of: name)].elementCount
        var failure: TensorFileError?
        let result = [Float](unsafeUninitializedCapacity: count) { buffer, made in
            do throws(TensorFileError) {
                try readFloats(
                    of: name, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                made = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }

    /// Writes the elements of a tensor as float32 into memory.
    ///
    /// - Complexity: As ``floats(of:)``, without the array.
    ///
    /// - Parameters:
    ///   - name: The name in ``entries``.
    ///   - output: Memory for exactly the elements, row-major.
    /// - Throws: ``TensorFileError`` when there is no such tensor, its bytes are damaged, or the memory has another
    ///   size; the memory then holds no meaningful values.
    public func readFloats(
        of name: String, into output: UnsafeMutableBufferPointer<Float>
    ) throws(TensorFileError) {
        let place = try place(of: name)
        let layout = contents.layouts[place]
        guard output.count == layout.elementCount else {
            throw .bufferSize(
                file: path, name: name, found: output.count, expected: layout.elementCount)
        }
        if layout.elementType == .float32 {
            return try readBytes(layout, into: UnsafeMutableRawBufferPointer(output))
        }
        let size = layout.elementType.byteCount
        if layout.isContiguous {
            try readPieces(layout) { piece, offset in
                let first = offset / size
                let part = output[first..<(first + piece.count / size)]
                FloatConversion.convert(
                    piece, of: layout.elementType, into: UnsafeMutableBufferPointer(rebasing: part))
            }
        } else {
            let bytes = try bytes(of: name)
            bytes.withUnsafeBytes {
                FloatConversion.convert($0, of: layout.elementType, into: output)
            }
        }
    }

    /// The elements of a tensor as they are stored: little-endian, in row-major order whatever the strides of the view.
    ///
    /// - Complexity: O(*n*); as ``floats(of:)``.
    ///
    /// - Parameter name: The name in ``entries``.
    /// - Returns: As many bytes as the entry says.
    /// - Throws: ``TensorFileError`` when there is no such tensor, or its bytes are damaged.
    public func bytes(of name: String) throws(TensorFileError) -> [UInt8] {
        let place = try place(of: name)
        let layout = contents.layouts[place]
        let count = entries[place].byteCount
        var failure: TensorFileError?
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, made in
            do throws(TensorFileError) {
                try readBytes(
                    layout,
                    into: UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
                made = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }

    /// Fills memory with the elements of a view as they are stored.
    private func readBytes(
        _ layout: TensorLayout, into output: UnsafeMutableRawBufferPointer
    ) throws(TensorFileError) {
        if layout.isContiguous {
            return try readPieces(layout) { piece, offset in
                UnsafeMutableRawBufferPointer(rebasing: output[offset..<(offset + piece.count)])
                    .copyMemory(from: piece)
            }
        }
        try verify(layout.storage)
        let size = layout.elementType.byteCount
        let span = layout.span
        let start = contents.storages[layout.storage].range.lowerBound
        let bytes = try source.bytes(
            (start + span.lowerBound * size)..<(start + span.upperBound * size))
        bytes.withUnsafeBytes { StridedCopy.gather(layout, from: $0, into: output) }
    }

    /// Reads a contiguous view in pieces of 1 MiB; the closure gets each with its offset in bytes.
    ///
    /// A view of the whole storage is compared with its checksum on the way, any other before it.
    private func readPieces(
        _ layout: TensorLayout, _ use: (UnsafeRawBufferPointer, Int) -> Void
    ) throws(TensorFileError) {
        let size = layout.elementType.byteCount
        let storage = contents.storages[layout.storage]
        let first = storage.range.lowerBound + layout.offset * size
        let range = first..<(first + layout.elementCount * size)
        let isWhole = range == storage.range
        if !isWhole { try verify(layout.storage) }
        let checks = isWhole && !isVerified(layout.storage)
        var checksum: UInt32 = 0
        try source.pieces(of: range) { piece, offset in
            if checks { checksum = CRC32.checksum(of: piece, continuing: checksum) }
            use(piece, offset)
        }
        if checks { try compare(checksum, of: layout.storage) }
    }

    /// Reads a storage once to compare its checksum.
    private func verify(_ storage: Int) throws(TensorFileError) {
        if isVerified(storage) { return }
        var checksum: UInt32 = 0
        try source.pieces(of: contents.storages[storage].range) { piece, _ in
            checksum = CRC32.checksum(of: piece, continuing: checksum)
        }
        try compare(checksum, of: storage)
    }
}

extension TensorSource {
    /// Reads a checked range in pieces of 1 MiB, a multiple of every element's size.
    func pieces(
        of range: Range<Int>, _ use: (UnsafeRawBufferPointer, Int) -> Void
    ) throws(TensorFileError) {
        guard !range.isEmpty else { return }
        let piece = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(1 << 20, range.count), alignment: 64)
        defer { piece.deallocate() }
        var offset = 0
        while offset < range.count {
            let count = min(piece.count, range.count - offset)
            let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<count])
            try read(into: part, at: range.lowerBound + offset)
            use(UnsafeRawBufferPointer(part), offset)
            offset += count
        }
    }
}
