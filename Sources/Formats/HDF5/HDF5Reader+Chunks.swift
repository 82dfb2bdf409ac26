internal import CHDF5

/// One chunk as it is stored, for inflating outside the process-wide lock.
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
        try HDF5Library.locked { () throws(HDF5Error) in
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
            let start = offset.map { hsize_t($0) }
            let count = try storedBytes(of: dataset.id, info, at: start, key)
            guard count > 0 else {
                throw mismatch(key, "no chunk at \(offset)", "a chunk that was written")
            }
            var mask: UInt32 = 0
            var result: herr_t = -1
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                result = H5Dread_chunk(dataset.id, 0, start, &mask, buffer.baseAddress)
                initialized = result >= 0 ? count : 0
            }
            guard result >= 0 else { throw failure(.damaged, key, "read a chunk") }
            return HDF5StoredChunk(bytes: bytes, filterMask: mask)
        }
    }

    /// Checks the stored size of every chunk that a read would touch; call under the lock.
    func checkChunks(
        of dataset: hid_t, _ info: HDF5DatasetInfo, offset: [Int], extents: [Int], _ key: String
    ) throws(HDF5Error) {
        guard let chunk = info.chunk, !info.filters.isEmpty else { return }
        let first = zip(offset, chunk).map { $0 / $1 }
        let last = zip(zip(offset, extents), chunk).map { ($0.0 + $0.1 - 1) / $1 }
        var index = first
        while true {
            let start = zip(index, chunk).map { hsize_t($0 * $1) }
            _ = try storedBytes(of: dataset, info, at: start, key)
            var axis = index.count - 1
            while axis >= 0, index[axis] == last[axis] {
                index[axis] = first[axis]
                axis -= 1
            }
            guard axis >= 0 else { return }
            index[axis] += 1
        }
    }

    /// The stored size of one chunk, 0 when it was never written.
    private func storedBytes(
        of dataset: hid_t, _ info: HDF5DatasetInfo, at start: [hsize_t], _ key: String
    ) throws(HDF5Error) -> Int {
        var stored: hsize_t = 0
        guard H5Dget_chunk_storage_size(dataset, start, &stored) >= 0 else {
            // The library has no other answer for a chunk that was never written.
            let reason = ErrorStack.take()
            if reason.contains("isn't allocated") || reason.contains("undefined") { return 0 }
            throw HDF5Error(
                .damaged, file: path, key: key, operation: "find a chunk",
                found: "bytes the library refuses", expected: "a sound file; fetch it again",
                libraryMessage: reason)
        }
        let raw = info.chunk?.reduce(info.elementBytes, *) ?? 0
        // Incompressible data grow by five bytes per stored block, plus header and checksums.
        let most = info.filters.isEmpty ? raw : raw + raw / 64 + 1024
        guard stored <= UInt64(most) else {
            throw HDF5Error(
                .damaged, file: path, key: key, operation: "find a chunk",
                found: "\(stored) stored bytes at \(start)",
                expected: "at most \(most) for a chunk of \(raw) bytes; the file is hostile")
        }
        return Int(stored)
    }
}
