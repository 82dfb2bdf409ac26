internal import CHDF5

extension HDF5Writer {
    /// Declares an array that is written chunk by chunk.
    ///
    /// The filters are HDF5's own, so that every reader undoes them. The caller applies them, in parallel if it likes, and
    /// hands over the result.
    ///
    /// - Parameters:
    ///   - path: The path of the new array.
    ///   - type: The type of the values.
    ///   - shape: Extents, slowest first; an array without values is stored in one piece and takes no chunks.
    ///   - chunk: Extents of one chunk, each from 1 to the extent of the array; at most 4 GiB in all.
    ///   - shuffle: Whether bytes of equal weight stand together in the chunks.
    ///   - deflate: The zlib level to record, 1 to 9, or 0 for chunks that are not compressed.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or the shapes do not match.
    public func createChunkedDataset(
        _ path: String, type: HDF5ElementType, shape: [Int], chunk: [Int], shuffle: Bool,
        deflate: Int
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            let operation = "create a chunked array"
            guard shape.count == chunk.count, !shape.isEmpty, 0...9 ~= deflate,
                zip(chunk, shape).allSatisfy({ $0 >= 1 && ($0 <= $1 || $1 == 0) }),
                let bytes = HDF5Limits.byteCount(of: chunk, elementBytes: type.byteCount),
                bytes < 1 << 32
            else {
                throw misuse(
                    path, operation,
                    "shape \(shape), chunk \(chunk), level \(deflate)",
                    "extents of 1 up to the array's, below 4 GiB per chunk, and level 0 to 9")
            }
            let isEmpty = shape.contains(0)
            let dataset = try makeDataset(
                path, type: type.fileType(), shape: shape, elementBytes: type.byteCount
            ) { creation in
                // The library refuses chunks larger than an extent of 0.
                if isEmpty { return true }
                return H5Pset_chunk(creation, Int32(chunk.count), chunk.map { hsize_t($0) }) >= 0
                    && (!shuffle || H5Pset_shuffle(creation) >= 0)
                    && (deflate == 0 || H5Pset_deflate(creation, UInt32(deflate)) >= 0)
            }
            if isEmpty { return }
            H5Iinc_ref(dataset.id)
            chunked[dataset.key] = ChunkedDataset(
                id: dataset.id, shape: shape, chunk: chunk,
                unfilteredBytes: deflate == 0 ? bytes : nil)
        }
    }

    /// Writes one chunk whose filters were applied already.
    ///
    /// - Parameters:
    ///   - path: The path of an array made by ``createChunkedDataset(_:type:shape:chunk:shuffle:deflate:)``.
    ///   - offset: The index of the chunk's first value along every axis, a multiple of the chunk's extents.
    ///   - bytes: The whole chunk, also where it reaches over the edge of the array: little endian, shuffled when the array
    ///     says so, then a zlib stream when the array says so.
    /// - Throws: ``HDF5Error`` of kind `misuse` when there is no such array or chunk, the chunk was written before, or its
    ///   size is wrong.
    public func writeChunk(
        _ path: String, offset: [Int], bytes: UnsafeRawBufferPointer
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            let operation = "write a chunk"
            let key = try checked(path, operation).key
            guard let index = chunked.index(forKey: key) else {
                throw misuse(key, operation, "no chunked array", "one that was declared before")
            }
            let dataset = chunked.values[index]
            guard let number = dataset.number(at: offset) else {
                throw misuse(
                    key, operation, "offset \(offset)",
                    "a corner of chunks \(dataset.chunk) in shape \(dataset.shape)")
            }
            guard !dataset.isWritten[number] else {
                throw misuse(key, operation, "a second chunk at \(offset)", "one chunk per corner")
            }
            guard !bytes.isEmpty, bytes.count < 1 << 32,
                bytes.count == dataset.unfilteredBytes ?? bytes.count
            else {
                throw misuse(
                    key, operation, "\(bytes.count) bytes",
                    dataset.unfilteredBytes.map { "\($0), the size of a chunk" } ?? "a zlib stream")
            }
            let start = offset.map { hsize_t($0) }
            guard H5Dwrite_chunk(dataset.id, 0, 0, start, bytes.count, bytes.baseAddress) >= 0
            else { throw failure(key, operation) }
            chunked.values[index].isWritten[number] = true
        }
    }

    /// An array that is being written chunk by chunk.
    struct ChunkedDataset {
        let id: hid_t
        let shape: [Int]
        let chunk: [Int]
        /// The size of every chunk when nothing compresses it.
        let unfilteredBytes: Int?
        var isWritten: [Bool]

        init(id: hid_t, shape: [Int], chunk: [Int], unfilteredBytes: Int?) {
            self.id = id
            self.shape = shape
            self.chunk = chunk
            self.unfilteredBytes = unfilteredBytes
            let count = zip(shape, chunk).map { ($0 + $1 - 1) / $1 }.reduce(1, *)
            isWritten = [Bool](repeating: false, count: count)
        }

        /// The row-major number of the chunk with its corner at `offset`.
        func number(at offset: [Int]) -> Int? {
            guard offset.count == shape.count else { return nil }
            var number = 0
            for axis in shape.indices {
                let (at, extent, step) = (offset[axis], shape[axis], chunk[axis])
                guard at >= 0, at < extent, at % step == 0 else { return nil }
                number = number * ((extent + step - 1) / step) + at / step
            }
            return number
        }

        /// A chunk left out would read as zeros.
        func checkComplete(file: String, key: String) throws(HDF5Error) {
            let missing = isWritten.count { !$0 }
            guard missing == 0 else {
                throw HDF5Error(
                    .misuse, file: file, key: key, operation: "finish",
                    found: "\(missing) of \(isWritten.count) chunks missing",
                    expected: "all written")
            }
        }
    }
}
