internal import CHDF5

/// Undoes the filters of one array's chunks.
///
/// The library does not compare what a filter produced with the size of the chunk: 1.10.8 reads beyond its own memory when
/// a deflate stream is too short, and inflates without bound when it is too long. Here every size is known beforehand.
struct ChunkDecoder {
    private let filters: [HDF5DatasetInfo.Filter]
    private let elementBytes: Int
    /// Extents of one chunk.
    let chunk: [Int]
    /// Bytes of one chunk without filters.
    let rawBytes: Int

    init(_ info: HDF5DatasetInfo, chunk: [Int]) {
        filters = info.filters
        elementBytes = info.elementBytes
        self.chunk = chunk
        rawBytes = chunk.reduce(info.elementBytes, *)
    }

    /// Whether there is anything to undo.
    var hasFilters: Bool { !filters.isEmpty }

    /// The most bytes a chunk can take when it is stored.
    var mostStoredBytes: Int {
        // Incompressible data grow by five bytes per stored block, plus header and checksums.
        filters.isEmpty ? rawBytes : rawBytes + rawBytes / 64 + 1024
    }

    /// Undoes the filters of one chunk.
    ///
    /// - Returns: Exactly ``rawBytes`` bytes, or what is wrong with the chunk.
    func decode(_ stored: HDF5StoredChunk) -> Result<[UInt8], ChunkDamage> {
        let mask = stored.filterMask
        // What went into every filter when the chunk was written, and in the end into the file.
        var sizes: [Int?] = [rawBytes]
        for (index, filter) in filters.enumerated() {
            let before = sizes[index]
            switch filter {
            case _ where mask & 1 << UInt32(index) != 0: sizes.append(before)
            case .shuffle: sizes.append(before)
            case .fletcher32: sizes.append(before.map { $0 + 4 })
            case .deflate: sizes.append(nil)
            }
        }
        var bytes = stored.bytes
        for index in filters.indices.reversed() where mask & 1 << UInt32(index) == 0 {
            switch filters[index] {
            case .shuffle: bytes = unshuffled(bytes)
            case .fletcher32:
                guard let sum = bytes.split(lastBytes: 4), Self.fletcher32(bytes, sum) else {
                    return .failure(ChunkDamage(text: "a wrong checksum"))
                }
            case .deflate:
                // Only a second deflate would leave this open, and a second one is refused.
                guard let size = sizes[index], let inflated = Self.inflate(bytes, to: size) else {
                    return .failure(ChunkDamage(text: "no zlib stream of \(rawBytes) bytes"))
                }
                bytes = inflated
            }
        }
        guard bytes.count == rawBytes else {
            return .failure(ChunkDamage(text: "\(bytes.count) bytes instead of \(rawBytes)"))
        }
        return .success(bytes)
    }

    private static func inflate(_ bytes: [UInt8], to size: Int) -> [UInt8]? {
        var result: Int32 = -1
        let inflated = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            result = samdata_h5_inflate(bytes, bytes.count, buffer.baseAddress, size)
            count = result == 0 ? size : 0
        }
        return result == 0 ? inflated : nil
    }

    /// Puts the bytes of every value together again; bytes beyond the last whole value stay where they are.
    private func unshuffled(_ bytes: [UInt8]) -> [UInt8] {
        let width = elementBytes
        let count = bytes.count / width
        guard width > 1, count > 1 else { return bytes }
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, initialized in
            bytes.withUnsafeBufferPointer { source in
                if width == 2 {
                    // The usual width of CT; this form becomes vector instructions.
                    for index in 0..<count {
                        buffer[2 * index] = source[index]
                        buffer[2 * index + 1] = source[count + index]
                    }
                } else {
                    for plane in 0..<width {
                        for index in 0..<count {
                            buffer[index * width + plane] = source[plane * count + index]
                        }
                    }
                }
                for index in count * width..<source.count { buffer[index] = source[index] }
            }
            initialized = bytes.count
        }
    }

    /// Compares bytes with their Fletcher checksum as HDF5 computes it: over big-endian 16-bit words, stored little endian.
    private static func fletcher32(_ bytes: [UInt8], _ stored: [UInt8]) -> Bool {
        var low: UInt32 = 0
        var high: UInt32 = 0
        var index = 0
        while index + 1 < bytes.count {
            // 360 words are the most that cannot overflow the sums between two foldings.
            let end = min(index + 720, bytes.count & ~1)
            while index < end {
                low += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
                high += low
                index += 2
            }
            low = low & 0xffff + low >> 16
            high = high & 0xffff + high >> 16
        }
        if index < bytes.count {
            low += UInt32(bytes[index]) << 8
            high += low
            low = low & 0xffff + low >> 16
            high = high & 0xffff + high >> 16
        }
        low = low & 0xffff + low >> 16
        high = high & 0xffff + high >> 16
        let sum = high << 16 | low
        let found = stored.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        return sum == found
    }
}

/// What is wrong with a chunk.
struct ChunkDamage: Error {
    let text: String
}

extension [UInt8] {
    /// Takes the last bytes off; `nil` when there are fewer.
    fileprivate mutating func split(lastBytes count: Int) -> [UInt8]? {
        guard self.count >= count else { return nil }
        let tail = Array(suffix(count))
        removeLast(count)
        return tail
    }
}
