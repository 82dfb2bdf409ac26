internal import CHDF5

/// One chunk as it is stored, for inflating outside this module.
public struct HDF5StoredChunk: Sendable, Hashable {
    /// The stored bytes, with the array's filters still applied.
    public let bytes: [UInt8]
    /// Which filters were skipped for this chunk: bit *n* stands for filter *n*; normally 0.
    public let filterMask: UInt32

    /// Makes a chunk.
    ///
    /// - Parameters:
    ///   - bytes: The stored bytes.
    ///   - filterMask: Which filters were skipped.
    public init(bytes: [UInt8], filterMask: UInt32) {
        self.bytes = bytes
        self.filterMask = filterMask
    }
}

extension HDF5Reader {
    /// Reads the stored bytes of one chunk.
    ///
    /// - Parameters:
    ///   - path: The path of a chunked array.
    ///   - offset: The index of the chunk's first value along every axis, a multiple of the chunk's extents.
    /// - Returns: The bytes and the filter mask.
    /// - Throws: ``HDF5Error`` when the array has no chunks, the offset is not the corner of one, the chunk was never
    ///   written, or it is longer than compression can make it.
    public func readChunkBytes(
        _ path: String, offset: [Int]
    ) throws(HDF5Error) -> HDF5StoredChunk {
        let dataset = try dataset(path)
        let (info, key) = (dataset.info, dataset.key)
        guard let chunk = info.chunk else {
            throw mismatch(key, "an array in one piece", "a chunked array; read it whole")
        }
        guard offset.count == chunk.count,
            zip(offset, zip(info.shape, chunk)).allSatisfy({
                $0 >= 0 && $0 < $1.0 && $0 % $1.1 == 0
            })
        else {
            throw mismatch(
                key, "offset \(offset)",
                "the corner of a chunk of shape \(chunk) inside shape \(info.shape)")
        }
        let decoder = ChunkDecoder(info, chunk: chunk)
        guard let stored = try storedChunk(of: dataset.id, decoder, at: offset, key) else {
            throw mismatch(key, "no chunk at \(offset)", "a chunk that was written")
        }
        return stored
    }

    /// Assembles a part of a chunked array in the stored type; parts never written stay as `target` is.
    func readChunks(
        of dataset: hid_t, _ info: HDF5DatasetInfo, chunk: [Int], offset: [Int], extents: [Int],
        _ key: String, into target: UnsafeMutableRawBufferPointer
    ) throws(HDF5Error) {
        let decoder = ChunkDecoder(info, chunk: chunk)
        let slab = SlabCopy(
            offset: offset, extents: extents, chunk: chunk, elementBytes: info.elementBytes)
        try slab.forEachCorner { corner throws(HDF5Error) in
            guard let stored = try storedChunk(of: dataset, decoder, at: corner, key) else {
                try checkFill(of: dataset, key)
                return
            }
            // Outside the lock, so that other threads read meanwhile.
            switch decoder.decode(stored) {
            case .success(let bytes):
                bytes.withUnsafeBytes { slab.copy($0, at: corner, into: target) }
            case .failure(let damage):
                throw HDF5Error(
                    .damaged, file: path, key: key, operation: "decode the chunk at \(corner)",
                    found: damage.text, expected: "a chunk as declared; fetch the file again")
            }
        }
    }

    /// Refuses an array with parts that are not stored and would not be zeros; ``readChunks`` asks for every chunk with
    /// filters.
    func checkWritten(
        _ dataset: hid_t, _ info: HDF5DatasetInfo, _ key: String
    ) throws(HDF5Error) {
        var isWritten = info.storedBytes > 0
        if let chunk = info.chunk, info.filters.isEmpty {
            let chunks = zip(info.shape, chunk).map { $0 / $1 + ($0 % $1 == 0 ? 0 : 1) }
            let chunkBytes = chunk.reduce(info.elementBytes, *)
            isWritten =
                info.storedBytes == HDF5Limits.byteCount(of: chunks, elementBytes: chunkBytes)
        }
        if !isWritten { try checkFill(of: dataset, key) }
    }

    /// Refuses to read what is not stored when it would not be zeros.
    private func checkFill(of dataset: hid_t, _ key: String) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            var fill = H5D_FILL_VALUE_ERROR
            guard let creation = Handle(H5Dget_create_plist(dataset)),
                H5Pfill_value_defined(creation.id, &fill) >= 0
            else { throw failure(.damaged, key, "read an array") }
            guard fill != H5D_FILL_VALUE_USER_DEFINED else {
                throw HDF5Error(
                    .unsupported, file: path, key: key, operation: "read an array",
                    found: "parts that were never written, with a fill value of their own",
                    expected: "an array written whole; rewrite it")
            }
        }
    }

    /// The stored form of one chunk, or `nil` when it was never written.
    private func storedChunk(
        of dataset: hid_t, _ decoder: ChunkDecoder, at corner: [Int], _ key: String
    ) throws(HDF5Error) -> HDF5StoredChunk? {
        let start = corner.map { hsize_t($0) }
        return try HDF5Library.locked { () throws(HDF5Error) in
            var stored: hsize_t = 0
            guard H5Dget_chunk_storage_size(dataset, start, &stored) >= 0 else {
                // The library's answer for a chunk that was never written.
                let reason = ErrorStack.take()
                if reason.contains("not allocated") { return nil }
                throw HDF5Error(
                    .damaged, file: path, key: key, operation: "find the chunk at \(corner)",
                    found: "bytes the library refuses", expected: "a sound file; fetch it again",
                    libraryMessage: reason)
            }
            guard stored > 0 else { return nil }
            guard stored <= UInt64(decoder.mostStoredBytes), stored <= UInt64(fileBytes) else {
                throw HDF5Error(
                    .damaged, file: path, key: key, operation: "find the chunk at \(corner)",
                    found: "\(stored) stored bytes",
                    expected: "at most \(min(decoder.mostStoredBytes, fileBytes)), which a chunk of"
                        + " \(decoder.rawBytes) bytes needs; fetch the file again")
            }
            var mask: UInt32 = 0
            var result: herr_t = -1
            let count = Int(stored)
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                if decoder.hasFilters {
                    result = H5Dread_chunk(dataset, 0, start, &mask, buffer.baseAddress)
                } else {
                    // The size above is then the declared one, and H5Dread_chunk would read whatever the file says.
                    buffer.initialize(repeating: 0)
                    result = readInPlace(dataset, decoder.chunk, at: start, buffer.baseAddress)
                }
                initialized = result >= 0 ? count : 0
            }
            guard result >= 0 else { throw failure(.damaged, key, "read the chunk at \(corner)") }
            return HDF5StoredChunk(bytes: bytes, filterMask: mask)
        }
    }

    /// Reads the part of a chunk without filters that lies inside the array; call under the lock.
    private func readInPlace(
        _ dataset: hid_t, _ chunk: [Int], at start: [hsize_t], _ memory: UnsafeMutableRawPointer?
    ) -> herr_t {
        let rank = Int32(chunk.count)
        var shape = [hsize_t](repeating: 0, count: chunk.count)
        guard let type = Handle(H5Dget_type(dataset)),
            let fileSpace = Handle(H5Dget_space(dataset)),
            H5Sget_simple_extent_dims(fileSpace.id, &shape, nil) == rank,
            let memorySpace = Handle(H5Screate_simple(rank, chunk.map { hsize_t($0) }, nil))
        else { return -1 }
        let inner = chunk.indices.map { min(hsize_t(chunk[$0]), shape[$0] - start[$0]) }
        let origin = [hsize_t](repeating: 0, count: chunk.count)
        guard H5Sselect_hyperslab(fileSpace.id, H5S_SELECT_SET, start, nil, inner, nil) >= 0,
            H5Sselect_hyperslab(memorySpace.id, H5S_SELECT_SET, origin, nil, inner, nil) >= 0
        else { return -1 }
        return H5Dread(dataset, type.id, memorySpace.id, fileSpace.id, 0, memory)
    }
}
