/// Writes one level of a pyramid and makes the rows of the next.
final class PyramidLevelWriting {
    let blocks: BlockWriting
    private let reduction: TIFFPyramidWriter.Reduction
    private let hasNext: Bool
    /// The rows for the next level that the last call made, one after the other, and how many they are.
    private var made: [UInt8] = []
    private var madeRows = 0
    /// An even row that waits for the odd one below it.
    private var waiting: [UInt8] = []

    init(_ blocks: BlockWriting, _ reduction: TIFFPyramidWriter.Reduction, hasNext: Bool) {
        self.blocks = blocks
        self.reduction = reduction
        self.hasNext = hasNext
    }

    /// Writes rows of this level.
    func write(_ bytes: UnsafeRawBufferPointer, rows: Int) throws(TIFFError) {
        let first = blocks.rows
        try blocks.write(bytes, rows: rows)
        madeRows = 0
        guard hasNext, let base = bytes.baseAddress else { return }
        let format = blocks.format
        let next = nextRowBytes
        let rowBytes = blocks.rowBytes
        let room = (rows / 2 + 1) * next
        if made.count < room { made = [UInt8](repeating: 0, count: room) }
        var waiting = waiting
        var count = 0
        made.withUnsafeMutableBytes { made in
            guard let target = made.baseAddress else { return }
            for row in 0..<rows {
                let y = first + row
                let line = base + row * rowBytes
                if y % 2 == 1 {
                    // The even row above has been taken along already, unless it came with an earlier call.
                    guard row == 0 else { continue }
                    waiting.withUnsafeBytes { above in
                        guard let above = above.baseAddress else { return }
                        reduce(above, line, target + count * next)
                    }
                } else if y == format.height - 1 {
                    reduce(line, line, target + count * next)
                } else if row + 1 < rows {
                    reduce(line, line + rowBytes, target + count * next)
                } else {
                    waiting = Array(UnsafeRawBufferPointer(start: line, count: rowBytes))
                    continue
                }
                count += 1
            }
        }
        self.waiting = waiting
        madeRows = count
    }

    private var nextRowBytes: Int {
        let format = blocks.format
        return (format.width + 1) / 2 * format.samplesPerPixel * format.sampleType.bytes
    }

    /// Lets a closure see the rows for the next level that the last call made, unless there are none.
    func withMade(
        _ body: (UnsafeRawBufferPointer, Int) throws(TIFFError) -> Void
    ) throws(TIFFError) {
        guard madeRows > 0 else { return }
        let row = nextRowBytes
        var failure: TIFFError?
        made.withUnsafeBytes { bytes in
            do throws(TIFFError) {
                try body(UnsafeRawBufferPointer(rebasing: bytes[..<(madeRows * row)]), madeRows)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Makes a row of the next level from two of this one.
    private func reduce(
        _ above: UnsafeRawPointer, _ below: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
    ) {
        let format = blocks.format
        switch reduction {
        case .nearest:
            Self.pick(
                above, format.width, format.samplesPerPixel * format.sampleType.bytes, target)
        case .mean: Self.mean(above, below, format, target)
        }
    }

    /// Every second pixel of a row, from the first on.
    private static func pick(
        _ row: UnsafeRawPointer, _ width: Int, _ pixel: Int, _ target: UnsafeMutableRawPointer
    ) {
        let from = row.assumingMemoryBound(to: UInt8.self)
        let to = target.assumingMemoryBound(to: UInt8.self)
        let count = (width + 1) / 2
        if pixel == 1 {
            for x in 0..<count { to[x] = from[2 &* x] }
            return
        }
        for x in 0..<count {
            for byte in 0..<pixel { to[x &* pixel &+ byte] = from[2 &* x &* pixel &+ byte] }
        }
    }

    /// The means of each two by two pixels of two rows; an odd last column stands for itself.
    private static func mean(
        _ above: UnsafeRawPointer, _ below: UnsafeRawPointer, _ format: TIFFFormat,
        _ target: UnsafeMutableRawPointer
    ) {
        switch format.sampleType {
        case .uint8:
            average(above, below, format, target, UInt8.self) { a, b, c, d in
                UInt8(
                    truncatingIfNeeded: (UInt32(a) &+ UInt32(b) &+ UInt32(c) &+ UInt32(d) &+ 2) >> 2
                )
            }
        case .uint16:
            average(above, below, format, target, UInt16.self) { a, b, c, d in
                UInt16(
                    truncatingIfNeeded: (UInt32(a) &+ UInt32(b) &+ UInt32(c) &+ UInt32(d) &+ 2) >> 2
                )
            }
        default:
            average(above, below, format, target, Float.self) { a, b, c, d in
                ((a + b) + (c + d)) * 0.25
            }
        }
    }

    @inline(__always)
    private static func average<Sample: BitwiseCopyable>(
        _ above: UnsafeRawPointer, _ below: UnsafeRawPointer, _ format: TIFFFormat,
        _ target: UnsafeMutableRawPointer, _ type: Sample.Type,
        _ mean: (Sample, Sample, Sample, Sample) -> Sample
    ) {
        let one = above.assumingMemoryBound(to: type)
        let two = below.assumingMemoryBound(to: type)
        let to = target.assumingMemoryBound(to: type)
        let samples = format.samplesPerPixel
        for x in 0..<(format.width / 2) {
            for sample in 0..<samples {
                let left = 2 &* x &* samples &+ sample
                let right = left &+ samples
                to[x &* samples &+ sample] = mean(one[left], one[right], two[left], two[right])
            }
        }
        guard format.width % 2 == 1 else { return }
        let last = format.width / 2
        for sample in 0..<samples {
            let place = 2 * last * samples + sample
            to[last * samples + sample] = mean(one[place], one[place], two[place], two[place])
        }
    }
}

extension ByteFile {
    /// Joins directories that handles wrote through windows to the chain of the first.
    ///
    /// libtiff writes in the byte order of the machine, so numbers are copied as they are.
    func chainDirectories(
        _ windows: [ByteFile], isBig: Bool, name: String
    ) throws(TIFFError) {
        func failure(_ place: String) -> TIFFError {
            TIFFError(
                .writing, file: name, place: place, found: "an error while joining images",
                expected: "room on the disk; free some and write again")
        }
        func number(_ bytes: [UInt8]) -> UInt64? {
            switch bytes.count {
            case 2: UInt64(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) })
            case 4: UInt64(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
            case 8: bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            default: nil
            }
        }
        let (place, word, counter, entry) = isBig ? (8, 8, 8, 20) : (4, 4, 2, 12)
        var directory = number(read(at: UInt64(place), count: word))
        for window in windows {
            let link = Array(window.bytes[place..<place + word])
            guard let offset = directory, offset > 0, let next = number(link), next > 0,
                let entries = number(read(at: offset, count: counter))
            else { throw failure("directory") }
            let end = Int(offset) + counter + Int(entries) * entry
            guard link.withUnsafeBytes({ write($0, at: end) }) == word else {
                throw failure("directory at byte \(offset)")
            }
            directory = next
        }
    }
}
