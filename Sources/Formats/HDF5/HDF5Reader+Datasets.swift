internal import CHDF5

extension HDF5Reader {
    /// What an array is, without reading its values.
    ///
    /// - Parameter path: The path of an array.
    /// - Returns: Shape, type, chunks, filters and stored size.
    /// - Throws: ``HDF5Error`` when there is no such array or any part of it is refused.
    public func info(_ path: String) throws(HDF5Error) -> HDF5DatasetInfo {
        try dataset(path).info
    }

    /// Opens an array and checks that reading it is safe.
    func dataset(_ path: String) throws(HDF5Error) -> OpenDataset {
        try HDF5Library.locked { () throws(HDF5Error) in try lockedDataset(path) }
    }

    private func lockedDataset(_ path: String) throws(HDF5Error) -> OpenDataset {
        let object = try open(path)
        let key = object.key
        let operation = "open an array"
        guard H5Iget_type(object.id) == H5I_DATASET else {
            throw HDF5Error(
                .mismatch, file: self.path, key: key, operation: operation,
                found: H5Iget_type(object.id) == H5I_GROUP ? "a group" : "a named type",
                expected: "an array; list the group's contents")
        }
        guard let creation = Handle(H5Dget_create_plist(object.id)) else {
            throw failure(.damaged, key, operation)
        }
        let layout = H5Pget_layout(creation.id)
        // Before the dataspace is asked for: a virtual array may open its sources to know its shape.
        switch layout {
        case H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED: break
        case H5D_VIRTUAL: throw refused(key, "a virtual array made of other files")
        default: throw failure(.damaged, key, operation)
        }
        switch H5Pget_external_count(creation.id) {
        case 0: break
        case 1...: throw refused(key, "values stored in another file")
        default: throw failure(.damaged, key, operation)
        }
        guard let stored = Handle(H5Dget_type(object.id)) else {
            throw failure(.damaged, key, operation)
        }
        let type = try storedType(stored.id, key, operation)
        let elementBytes = H5Tget_size(stored.id)
        guard let space = Handle(H5Dget_space(object.id)) else {
            throw failure(.damaged, key, operation)
        }
        let shape = try extents(of: space.id, key, operation)
        guard let bytes = HDF5Limits.byteCount(of: shape, elementBytes: elementBytes) else {
            throw HDF5Error(
                .tooLarge, file: self.path, key: key, operation: operation,
                found: "shape \(shape), more bytes than can be counted",
                expected: "at most \(limits.arrayBytes) bytes; the file is damaged or hostile")
        }
        let chunk =
            layout == H5D_CHUNKED
            ? try chunkShape(creation.id, shape: shape, elementBytes: elementBytes, key) : nil
        let filters = try filters(creation.id, elementBytes: elementBytes, key)
        let storedBytes = Int(clamping: H5Dget_storage_size(object.id))
        guard storedBytes <= fileBytes else {
            throw HDF5Error(
                .damaged, file: self.path, key: key, operation: operation,
                found: "\(storedBytes) stored bytes",
                expected: "at most the \(fileBytes) bytes of the file; fetch it again")
        }
        // The library reads beyond its memory when an array in one piece is stored with another size.
        guard chunk != nil || storedBytes == bytes || storedBytes == 0 else {
            throw HDF5Error(
                .damaged, file: self.path, key: key, operation: operation,
                found: "\(storedBytes) stored bytes",
                expected: "\(bytes) for shape \(shape); fetch the file again")
        }
        let info = HDF5DatasetInfo(
            shape: shape, type: type, chunk: chunk, filters: filters, storedBytes: storedBytes,
            elementBytes: elementBytes)
        return OpenDataset(object: object, info: info)
    }

    /// The extents of a dataspace; `[0]` for the null dataspace.
    func extents(
        of space: hid_t, _ key: String, _ operation: String
    ) throws(HDF5Error) -> [Int] {
        let kind = H5Sget_simple_extent_type(space)
        if kind == H5S_NULL { return [0] }
        let rank = Int(H5Sget_simple_extent_ndims(space))
        guard rank >= 0, rank <= Int(H5S_MAX_RANK) else { throw failure(.damaged, key, operation) }
        var extents = [hsize_t](repeating: 0, count: rank)
        guard H5Sget_simple_extent_dims(space, &extents, nil) == rank else {
            throw failure(.damaged, key, operation)
        }
        return extents.map { Int(clamping: $0) }
    }

    private func chunkShape(
        _ creation: hid_t, shape: [Int], elementBytes: Int, _ key: String
    ) throws(HDF5Error) -> [Int] {
        var extents = [hsize_t](repeating: 0, count: shape.count)
        guard H5Pget_chunk(creation, Int32(shape.count), &extents) == shape.count else {
            throw failure(.damaged, key, "open an array")
        }
        let chunk = extents.map { Int(clamping: $0) }
        guard let bytes = HDF5Limits.byteCount(of: chunk, elementBytes: elementBytes), bytes > 0,
            bytes <= limits.chunkBytes
        else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: "open an array",
                found: "chunks of shape \(chunk) with \(elementBytes) bytes per value",
                expected: "at most \(limits.chunkBytes) bytes per chunk; rewrite with h5repack")
        }
        return chunk
    }

    private func filters(
        _ creation: hid_t, elementBytes: Int, _ key: String
    ) throws(HDF5Error) -> [HDF5DatasetInfo.Filter] {
        let count = H5Pget_nfilters(creation)
        guard count >= 0 else { throw failure(.damaged, key, "open an array") }
        var filters: [HDF5DatasetInfo.Filter] = []
        var shuffledBytes = 0
        for index in 0..<UInt32(count) {
            var flags: UInt32 = 0
            var valueCount = 1
            var values: [UInt32] = [0]
            var configuration: UInt32 = 0
            let number = H5Pget_filter2(
                creation, index, &flags, &valueCount, &values, 0, nil, &configuration)
            let filter: HDF5DatasetInfo.Filter
            switch number {
            case H5Z_FILTER_DEFLATE: filter = .deflate(level: Int(values[0]))
            case H5Z_FILTER_SHUFFLE:
                filter = .shuffle
                shuffledBytes = Int(values[0])
            case H5Z_FILTER_FLETCHER32: filter = .fletcher32
            case ..<0: throw failure(.damaged, key, "open an array")
            default: throw refusedFilter(key, "the filter \(Self.filterName(number))")
            }
            // Stacked deflate filters multiply their expansion: three make a gigabyte of 4 kB.
            if filters.contains(where: { Self.isSameFilter($0, filter) }) {
                throw refusedFilter(key, "the filter \(Self.filterName(number)) twice")
            }
            if filter == .shuffle, shuffledBytes != elementBytes {
                throw refusedFilter(key, "shuffle over values of \(shuffledBytes) bytes")
            }
            filters.append(filter)
        }
        return filters
    }

    private func refusedFilter(_ key: String, _ found: String) -> HDF5Error {
        HDF5Error(
            .refused, file: path, key: key, operation: "open an array", found: found,
            expected: "at most one each of shuffle, deflate and fletcher32; rewrite with"
                + " h5repack -f SHUF -f GZIP=4")
    }

    private static func isSameFilter(
        _ one: HDF5DatasetInfo.Filter, _ other: HDF5DatasetInfo.Filter
    ) -> Bool {
        switch (one, other) {
        case (.shuffle, .shuffle), (.deflate, .deflate), (.fletcher32, .fletcher32): true
        default: false
        }
    }

    /// Names from the registry of filters kept by the HDF Group.
    private static func filterName(_ number: H5Z_filter_t) -> String {
        switch number {
        case 1: "deflate"
        case 2: "shuffle"
        case 3: "fletcher32"
        case 4: "szip (4)"
        case 5: "n-bit (5)"
        case 6: "scale-offset (6)"
        case 307: "bzip2 (307)"
        case 32000: "LZF (32000)"
        case 32001: "Blosc (32001)"
        case 32004: "LZ4 (32004)"
        case 32008: "bitshuffle (32008)"
        case 32013: "ZFP (32013)"
        case 32015: "Zstandard (32015)"
        case 32026: "Blosc2 (32026)"
        default: "number \(number)"
        }
    }
}
