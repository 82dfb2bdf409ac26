internal import CHDF5

extension HDF5Reader {
    /// Reads a whole array.
    ///
    /// - Parameters:
    ///   - path: The path of an array of numbers, of any byte order.
    ///   - type: The type of the result. Floating-point results round as usual and overflow to infinity; integer results
    ///     must hold every stored value exactly.
    /// - Returns: The values in row-major order; empty when an extent is 0.
    /// - Throws: ``HDF5Error`` when the array is missing, refused, damaged, too large, or holds a value that does not fit.
    /// - Complexity: One read of the stored bytes; inflating runs under the process-wide lock.
    @inlinable
    public func readArray<E: HDF5Element>(
        _ path: String, as type: E.Type = E.self
    ) throws(HDF5Error) -> [E] {
        try readSlab(path, offset: nil, count: nil, as: type)
    }

    /// Reads a rectangular part of an array.
    ///
    /// - Parameters:
    ///   - path: The path of an array of numbers.
    ///   - offset: The first index along every axis; `nil` for the origin.
    ///   - count: How many values along every axis; `nil` for all that follow.
    ///   - type: The type of the result, as for ``readArray(_:as:)``.
    /// - Returns: The values in row-major order; empty when a count is 0.
    /// - Throws: ``HDF5Error`` as ``readArray(_:as:)``, and when the part leaves the array.
    @inlinable
    public func readSlab<E: HDF5Element>(
        _ path: String, offset: [Int]?, count: [Int]?, as type: E.Type = E.self
    ) throws(HDF5Error) -> [E] {
        let slab = try slab(path, offset: offset, count: count, type: E.hdf5Type)
        var outcome: Result<Void, HDF5Error> = .success(())
        let values = [E](unsafeUninitializedCapacity: slab.count) { buffer, initialized in
            do throws(HDF5Error) {
                try read(slab, into: UnsafeMutableRawBufferPointer(buffer))
                initialized = slab.count
            } catch { outcome = .failure(error) }
        }
        try outcome.get()
        return values
    }

    /// A checked request for values.
    @usableFromInline
    struct Slab {
        let path: String
        let type: HDF5ElementType
        let shape: [Int]
        let offset: [Int]
        let extents: [Int]
        @usableFromInline let count: Int
    }

    /// Checks a request against the array and the limits.
    @usableFromInline
    func slab(
        _ path: String, offset: [Int]?, count: [Int]?, type: HDF5ElementType
    ) throws(HDF5Error) -> Slab {
        let info = try info(path)
        let shape = info.shape
        if case .fixedString = info.type {
            throw mismatch(path, "strings", "numbers; read them as strings")
        }
        let offset = offset ?? shape.map { _ in 0 }
        guard offset.count == shape.count, zip(offset, shape).allSatisfy({ 0...$1 ~= $0 }) else {
            throw mismatch(path, "offset \(offset)", "one index per axis of shape \(shape)")
        }
        let extents = count ?? zip(shape, offset).map { $0 - $1 }
        guard extents.count == shape.count,
            zip(extents, zip(shape, offset)).allSatisfy({ 0...($1.0 - $1.1) ~= $0 })
        else {
            throw mismatch(
                path, "count \(extents) at \(offset)", "a part of the shape \(shape)")
        }
        try checkSize(of: extents, elementBytes: type.byteCount, info: info, path)
        return Slab(
            path: path, type: type, shape: shape, offset: offset, extents: extents,
            count: extents.reduce(1, *))
    }

    /// Reads the values of a request into memory of exactly its size.
    @usableFromInline
    func read(_ slab: Slab, into memory: UnsafeMutableRawBufferPointer) throws(HDF5Error) {
        precondition(memory.count >= slab.count * slab.type.byteCount)
        guard slab.count > 0 else { return }
        try HDF5Library.locked { () throws(HDF5Error) in
            let dataset = try dataset(slab.path)
            let (info, key) = (dataset.info, dataset.key)
            // The file may have been replaced or extended in between.
            guard info.shape == slab.shape else {
                throw mismatch(key, "shape \(info.shape)", "shape \(slab.shape) as before")
            }
            try checkChunks(of: dataset.id, info, offset: slab.offset, extents: slab.extents, key)
            guard let fileSpace = Handle(H5Dget_space(dataset.id)),
                let transfer = Handle(H5Pcreate(samdata_h5p_dataset_transfer()))
            else { throw failure(.damaged, key, "read an array") }
            let extents = slab.extents.map { hsize_t($0) }
            let memorySpace: hid_t
            if extents.isEmpty {
                memorySpace = H5Screate(H5S_SCALAR)
            } else {
                memorySpace = H5Screate_simple(Int32(extents.count), extents, nil)
                let start = slab.offset.map { hsize_t($0) }
                guard
                    H5Sselect_hyperslab(fileSpace.id, H5S_SELECT_SET, start, nil, extents, nil) >= 0
                else { throw failure(.damaged, key, "select a part") }
            }
            guard let memorySpace = Handle(memorySpace) else {
                throw failure(.damaged, key, "read an array")
            }
            var lossy: Int32 = 0
            let result = withUnsafeMutablePointer(to: &lossy) { lossy in
                // Floating point has infinities and rounding of its own; integers would be clamped silently.
                if slab.type.isInteger { _ = samdata_h5p_refuse_lossy(transfer.id, lossy) }
                return H5Dread(
                    dataset.id, slab.type.memoryType, memorySpace.id, fileSpace.id, transfer.id,
                    memory.baseAddress)
            }
            if lossy != 0 {
                _ = ErrorStack.take()
                throw mismatch(
                    key, "a value that \(slab.type.rawValue) cannot hold",
                    "values that fit; read as a wider or a floating-point type")
            }
            guard result >= 0 else { throw failure(.damaged, key, "read an array") }
        }
    }

    /// Compares the bytes of a result, and the claim of the file, with what is allowed and plausible.
    func checkSize(
        of extents: [Int], elementBytes: Int, info: HDF5DatasetInfo, _ key: String
    ) throws(HDF5Error) {
        let found = "\(extents) values of \(elementBytes) bytes"
        guard let bytes = HDF5Limits.byteCount(of: extents, elementBytes: elementBytes),
            bytes <= limits.arrayBytes
        else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: "read an array", found: found,
                expected: "at most \(limits.arrayBytes) bytes; read it in parts or raise the limit")
        }
        let stored = extents.reduce(info.elementBytes, *)
        guard stored > HDF5Limits.unbackedBytes else { return }
        let (most, overflow) = info.storedBytes.multipliedReportingOverflow(
            by: info.filters.contains(where: { if case .deflate = $0 { true } else { false } })
                ? HDF5Limits.deflateExpansion : 1)
        guard overflow || stored <= most else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: "read an array", found: found,
                expected: "at most \(most) bytes, which is what \(info.storedBytes) stored bytes can"
                    + " hold; read it in parts")
        }
    }

    func mismatch(_ key: String, _ found: String, _ expected: String) -> HDF5Error {
        HDF5Error(
            .mismatch, file: path, key: key, operation: "read an array", found: found,
            expected: expected)
    }
}
