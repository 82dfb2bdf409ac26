internal import CHDF5

extension HDF5Reader {
    /// Reads a whole array.
    ///
    /// - Parameters:
    ///   - path: The path of an array of numbers, of any byte order.
    ///   - type: The type of the result. Floating-point results round as usual and overflow to infinity; integer results
    ///     must hold every stored value exactly.
    /// - Returns: The values in row-major order; empty when an extent is 0. Parts never written are zeros.
    /// - Throws: ``HDF5Error`` when the array is missing, refused, damaged, too large, or holds a value that does not fit.
    /// - Complexity: One read of the stored bytes, and one more copy when the type is narrowed. Inflating runs outside the
    ///   process-wide lock.
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
        var values: [E] = []
        try readSlab(path, offset: offset, count: count, type: E.hdf5Type) { count, fill in
            values = [E](unsafeUninitializedCapacity: count) { buffer, initialized in
                let memory = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                initialized = fill(UnsafeMutableRawBufferPointer(memory)) ? count : 0
            }
        }
        return values
    }

    /// Reads values into memory that `allocate` provides for their number and passes on; `fill` tells whether it succeeded.
    @usableFromInline
    func readSlab(
        _ path: String, offset: [Int]?, count: [Int]?, type: HDF5ElementType,
        _ allocate: (_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Bool) -> Void
    ) throws(HDF5Error) {
        let slab = try slab(path, offset: offset, count: count, type: type)
        var failure: HDF5Error?
        allocate(slab.count) { memory in
            do throws(HDF5Error) {
                try read(slab, into: memory)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
    }

    /// A request for values that was compared with the array and the limits.
    private struct Slab: ~Copyable {
        let dataset: OpenDataset
        let type: HDF5ElementType
        let offset: [Int]
        let extents: [Int]
        let count: Int
    }

    /// Compares a request with the array and the limits.
    private func slab(
        _ path: String, offset: [Int]?, count: [Int]?, type: HDF5ElementType
    ) throws(HDF5Error) -> Slab {
        let dataset = try dataset(path)
        let (info, key) = (dataset.info, dataset.key)
        let shape = info.shape
        if case .fixedString = info.type {
            throw mismatch(key, "strings", "numbers; read them as strings")
        }
        let offset = offset ?? shape.map { _ in 0 }
        guard offset.count == shape.count, zip(offset, shape).allSatisfy({ 0...$1 ~= $0 }) else {
            throw mismatch(key, "offset \(offset)", "one index per axis of shape \(shape)")
        }
        let extents = count ?? zip(shape, offset).map { $0 - $1 }
        guard extents.count == shape.count,
            zip(extents, zip(shape, offset)).allSatisfy({ 0...($1.0 - $1.1) ~= $0 })
        else {
            throw mismatch(key, "count \(extents) at \(offset)", "a part of the shape \(shape)")
        }
        try checkSize(of: extents, elementBytes: type.byteCount, info: info, key)
        return Slab(
            dataset: dataset, type: type, offset: offset, extents: extents,
            count: extents.reduce(1, *))
    }

    /// Reads the values of a request into memory of exactly its size.
    private func read(
        _ slab: borrowing Slab, into memory: UnsafeMutableRawBufferPointer
    ) throws(HDF5Error) {
        precondition(memory.count == slab.count * slab.type.byteCount)
        guard slab.count > 0 else { return }
        let info = slab.dataset.info
        guard slab.type.isInteger, !info.storesIntegers else {
            return try readValues(slab, as: slab.type, into: memory)
        }
        // The library takes a whole number in big-endian or half precision for one with a fraction.
        let double = HDF5ElementType.float64
        try checkSize(
            of: slab.extents, elementBytes: double.byteCount, info: info, slab.dataset.key)
        try withScratch(byteCount: slab.count * double.byteCount) { doubles throws(HDF5Error) in
            try readValues(slab, as: double, into: doubles)
            try convert(
                doubles, count: slab.count, from: double.memoryType, to: slab.type,
                slab.dataset.key)
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: doubles[..<memory.count]))
        }
    }

    private func readValues(
        _ slab: borrowing Slab, as type: HDF5ElementType,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(HDF5Error) {
        let info = slab.dataset.info
        let dataset = slab.dataset.id
        let key = slab.dataset.key
        try checkWritten(dataset, info, key)
        guard info.storedBytes > 0 else {
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
        guard let chunk = info.chunk, !info.filters.isEmpty else {
            return try readUnfiltered(
                dataset, key, as: type, offset: slab.offset, extents: slab.extents, into: memory)
        }
        guard
            let stored = HDF5Library.locked({ () -> Handle? in Handle(H5Dget_type(dataset)) })
        else { throw failure(.damaged, key, "read an array") }
        // The library converts in place, also from a narrow to a wide type.
        let storedCount = slab.count * info.elementBytes
        if storedCount <= memory.count {
            memory.initializeMemory(as: UInt8.self, repeating: 0)
            try readChunks(
                of: dataset, info, chunk: chunk, offset: slab.offset, extents: slab.extents, key,
                into: UnsafeMutableRawBufferPointer(rebasing: memory[..<storedCount]))
            try convert(memory, count: slab.count, from: stored.id, to: type, key)
        } else {
            try withScratch(byteCount: storedCount) { wide throws(HDF5Error) in
                try readChunks(
                    of: dataset, info, chunk: chunk, offset: slab.offset, extents: slab.extents,
                    key, into: wide)
                try convert(wide, count: slab.count, from: stored.id, to: type, key)
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: wide[..<memory.count]))
            }
        }
    }

    /// Converts values in place.
    private func convert(
        _ memory: UnsafeMutableRawBufferPointer, count: Int, from stored: hid_t,
        to type: HDF5ElementType, _ key: String
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            try converting(type, key) { transfer in
                H5Tconvert(stored, type.memoryType, count, memory.baseAddress, nil, transfer)
            }
        }
    }

    /// Reads from an array without filters, in the way the library reads a file in place.
    private func readUnfiltered(
        _ dataset: hid_t, _ key: String, as type: HDF5ElementType, offset: [Int], extents: [Int],
        into memory: UnsafeMutableRawBufferPointer
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            guard let fileSpace = Handle(H5Dget_space(dataset)) else {
                throw failure(.damaged, key, "read an array")
            }
            let count = extents.map { hsize_t($0) }
            let memorySpace: hid_t
            if count.isEmpty {
                memorySpace = H5Screate(H5S_SCALAR)
            } else {
                memorySpace = H5Screate_simple(Int32(count.count), count, nil)
                let start = offset.map { hsize_t($0) }
                guard H5Sselect_hyperslab(fileSpace.id, H5S_SELECT_SET, start, nil, count, nil) >= 0
                else { throw failure(.damaged, key, "select a part") }
            }
            guard let memorySpace = Handle(memorySpace) else {
                throw failure(.damaged, key, "read an array")
            }
            try converting(type, key) { transfer in
                H5Dread(
                    dataset, type.memoryType, memorySpace.id, fileSpace.id, transfer,
                    memory.baseAddress)
            }
        }
    }

    /// Runs `body` with zeroed memory of its own.
    private func withScratch(
        byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws(HDF5Error) -> Void
    ) throws(HDF5Error) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        try body(memory)
    }

    /// Runs a call that converts numbers; call under the lock.
    private func converting(
        _ type: HDF5ElementType, _ key: String, _ call: (_ transfer: hid_t) -> herr_t
    ) throws(HDF5Error) {
        guard let transfer = Handle(H5Pcreate(samdata_h5p_dataset_transfer())) else {
            throw failure(.damaged, key, "read an array")
        }
        var lossy: Int32 = 0
        let result = withUnsafeMutablePointer(to: &lossy) { lossy in
            // Floating point has infinities and rounding of its own; integers would be clamped silently.
            if type.isInteger { _ = samdata_h5p_refuse_lossy(transfer.id, lossy) }
            return call(transfer.id)
        }
        if lossy != 0 {
            _ = ErrorStack.take()
            throw mismatch(
                key, "a value that \(type.rawValue) cannot hold",
                "values that fit; read as a wider or a floating-point type")
        }
        guard result >= 0 else { throw failure(.damaged, key, "read an array") }
    }

    /// Compares the bytes of a result, and the claim of the file, with what is allowed and plausible.
    func checkSize(
        of extents: [Int], elementBytes: Int, info: HDF5DatasetInfo, _ key: String
    ) throws(HDF5Error) {
        let found = "\(extents) values of \(elementBytes) bytes"
        guard let bytes = HDF5Limits.byteCount(of: extents, elementBytes: elementBytes),
            bytes <= limits.arrayBytes,
            let stored = HDF5Limits.byteCount(of: extents, elementBytes: info.elementBytes)
        else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: "read an array", found: found,
                expected: "at most \(limits.arrayBytes) bytes; read it in parts or raise the limit")
        }
        guard stored > HDF5Limits.unbackedBytes else { return }
        let isDeflated = info.filters.contains {
            if case .deflate = $0 { true } else { false }
        }
        let (most, overflow) = info.storedBytes.multipliedReportingOverflow(
            by: isDeflated ? HDF5Limits.deflateExpansion : 1)
        guard overflow || stored <= most else {
            throw HDF5Error(
                .tooLarge, file: path, key: key, operation: "read an array", found: found,
                expected:
                    "at most \(most) bytes, which is what \(info.storedBytes) stored bytes can"
                    + " hold; read it in parts")
        }
    }

    func mismatch(
        _ key: String, _ found: String, _ expected: String, operation: String = "read an array"
    ) -> HDF5Error {
        HDF5Error(
            .mismatch, file: path, key: key, operation: operation, found: found,
            expected: expected)
    }
}
