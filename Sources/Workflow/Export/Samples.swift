import MedicalImaging
import SampleStore

/// Stored pixels as numbers.
enum Samples {
    /// Slices that are decoded before they are put together: bounds memory without starving the threads.
    private static let batch = 32
    /// The largest volume that is put together, in bytes.
    private static let largestVolume = 1 << 35

    /// Little-endian bytes as numbers.
    static func values<Sample: VoxelSample>(of bytes: [UInt8]) -> [Sample] {
        let count = bytes.count / MemoryLayout<Sample>.size
        return [Sample](unsafeUninitializedCapacity: count) { buffer, initialised in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(
                from: bytes.prefix(count * MemoryLayout<Sample>.size))
            initialised = count
        }
    }

    /// Numbers as little-endian bytes.
    static func bytes<Sample: VoxelSample>(of values: [Sample]) -> [UInt8] {
        values.withUnsafeBytes { [UInt8]($0) }
    }

    /// Slices one after the other: `[slices][rows][columns]`.
    ///
    /// - Parameters:
    ///   - positions: Which slices of the file.
    ///   - reader: The case.
    ///   - threads: Threads that decode.
    ///   - slice: Gives the pixels of one slice.
    /// - Returns: The pixels of all slices.
    /// - Throws: `StoreError` for a volume beyond the limit, and what `slice` throws.
    static func stack<Sample: VoxelSample>(
        _ positions: [Int], of reader: CaseFileReader, threads: Int,
        _ slice: @Sendable (Int) throws -> [Sample]
    ) throws -> [Sample] {
        let plane = reader.description.rows * reader.description.columns
        let (count, overflow) = plane.multipliedReportingOverflow(by: positions.count)
        guard !overflow, count <= largestVolume / MemoryLayout<Sample>.size else {
            throw StoreError.malformed(
                path: reader.path, key: "/image",
                found: "\(positions.count) slices of \(plane) pixels",
                expected: "a volume of at most \(largestVolume >> 30) GiB")
        }
        var samples: [Sample] = []
        samples.reserveCapacity(count)
        for start in stride(from: 0, to: positions.count, by: batch) {
            let end = min(start + batch, positions.count)
            for part in try ParallelLoop.map(
                count: end - start, threads: threads, { try slice(positions[start + $0]) })
            {
                samples += part
            }
        }
        return samples
    }
}
