import HDF5

extension CaseFileWriter {
    /// Hands over one colour picture as the JPEG file it came in, for a writer of ``PixelStorage/jpegTiles``.
    ///
    /// The bytes are kept as they are. Nothing is decoded: that they are a sound JPEG of the size the description names is
    /// the caller's part.
    ///
    /// - Parameters:
    ///   - position: The position of the picture in the file, `0..<slices`; each once.
    ///   - jpeg: A complete JPEG file.
    ///   - label: The chunk of the label slice.
    ///   - instances: The chunk of the instance map, as for ``writeSlice(_:image:label:instances:)``.
    /// - Throws: `HDF5Error` when libhdf5 refuses.
    public func writeSlice(
        _ position: Int, jpeg: [UInt8], label: [UInt8], instances: [UInt8]? = nil
    ) throws {
        precondition(storage == .jpegTiles && jpegs[position] == nil && !jpeg.isEmpty)
        jpegs[position] = jpeg
        try writeLabel(position, label, instances)
    }

    /// The group, with what `/image` would say about the pixels.
    func createJPEG() throws {
        try writer.createGroup(CaseFileFormat.jpeg)
        try mark(CaseFileFormat.jpeg, CaseFileFormat.jpegEncoding)
        try describePixels(at: CaseFileFormat.jpeg)
    }

    /// The tiles one after the other, and where each begins; their sum is not known before the last one.
    func finishJPEG() throws {
        guard storage == .jpegTiles else { return }
        var offsets: [Int64] = [0]
        var data: [UInt8] = []
        data.reserveCapacity(jpegs.reduce(0) { $0 + ($1?.count ?? 0) })
        for position in jpegs.indices {
            guard let jpeg = jpegs[position] else {
                preconditionFailure("picture \(position) was not written")
            }
            data += jpeg
            offsets.append(Int64(data.count))
            jpegs[position] = []
        }
        let at = CaseFileFormat.jpeg
        try array("\(at)/data", data, shape: [data.count])
        try array("\(at)/offset", offsets, shape: [offsets.count])
    }
}
