import MedicalImaging

/// The numbers of a file as they are stored, in the smallest of five types that keeps them, i fastest.
enum StoredSamples: Sendable {
    case uint8([UInt8])
    case int32([Int32])
    case int64([Int64])
    case float32([Float])
    case float64([Double])

    /// The number of samples.
    var count: Int {
        switch self {
        case .uint8(let values): values.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .float32(let values): values.count
        case .float64(let values): values.count
        }
    }

    /// Whether the samples are stored as floating point: a score map, unless every one is whole.
    var isFloat: Bool {
        switch self {
        case .float32, .float64: true
        default: false
        }
    }

    /// The samples of an array `[a][b][c]` in the order `[c][b][a]`.
    ///
    /// - Parameter lengths: a, b and c.
    /// - Returns: The same samples, the first axis fastest.
    /// - Complexity: O(*n*); one copy.
    func reversingAxes(_ lengths: [Int]) -> StoredSamples {
        // Seen from its fastest axis the array is a volume of shape (c, b, a).
        let shape = GridShape(lengths[2], lengths[1], lengths[0])
        let order = AxisReordering(sourceAxes: [2, 1, 0], flips: [false, false, false])
        func reversed<Value: VoxelSample>(_ values: [Value]) -> [Value] {
            Volume(grid: Grid(shape: shape, affine: .identity), samples: values)
                .reordered(by: order).samples
        }
        return switch self {
        case .uint8(let values): .uint8(reversed(values))
        case .int32(let values): .int32(reversed(values))
        case .int64(let values): .int64(reversed(values))
        case .float32(let values): .float32(reversed(values))
        case .float64(let values): .float64(reversed(values))
        }
    }
}

/// Why the samples of a file are not what the task needs; the caller adds the name of the file.
struct SampleProblem: Error {
    /// The index of the first sample it is about; nil when it is about the file.
    let index: Int?
    /// What was found and what was expected.
    let text: String
    /// What to do about it.
    let nextStep: String
}

extension StoredSamples {
    /// The number of samples of each value, for label maps.
    ///
    /// - Throws: ``SampleProblem`` for a negative value, one that is not whole, or more than 65,536 different ones.
    /// - Complexity: O(*n*); runs of one value cost little.
    func valueCounts() throws(SampleProblem) -> [Int: Int] {
        switch self {
        case .uint8(let values):
            var counts: [Int: Int] = [:]
            for (value, count) in ByteTable.histogram(values).enumerated() where count > 0 {
                counts[value] = count
            }
            return counts
        case .int32(let values): return try Self.counts(values) { Int($0) }
        case .int64(let values): return try Self.counts(values) { Int($0) }
        case .float32(let values): return try Self.counts(values) { Int(exactly: $0) }
        case .float64(let values): return try Self.counts(values) { Int(exactly: $0) }
        }
    }

    /// What looking up every sample gave.
    enum DenseLabels {
        /// The ids, i fastest.
        case ids([UInt8])
        /// The number of samples of each value, because one of them is not in the table.
        case unknown([Int: Int])
    }

    /// The dense id of every sample.
    ///
    /// - Parameter table: What the values stand for.
    /// - Returns: The ids, or the numbers of all values when one occurs that is not in the table.
    /// - Throws: ``SampleProblem`` for a negative value or one that is not whole.
    /// - Complexity: O(*n*); 8-bit samples are replaced in place.
    consuming func labels(by table: LabelValueTable) throws(SampleProblem) -> DenseLabels {
        switch self {
        case .uint8(var values):
            self = .uint8([])
            let counts = ByteTable.histogram(values)
            var ids = [UInt8](repeating: 0, count: 256)
            for value in 0..<256 where counts[value] > 0 {
                guard let id = table[value] else {
                    let present = (0..<256).filter { counts[$0] > 0 }
                    return .unknown(
                        Dictionary(uniqueKeysWithValues: present.map { ($0, counts[$0]) }))
                }
                ids[value] = id
            }
            if (0..<256).contains(where: { counts[$0] > 0 && ids[$0] != UInt8($0) }) {
                ByteTable.replace(&values, by: ids)
            }
            return .ids(values)
        case .int32(let values): return try Self.labels(values, table) { Int($0) }
        case .int64(let values): return try Self.labels(values, table) { Int($0) }
        case .float32(let values): return try Self.labels(values, table) { Int(exactly: $0) }
        case .float64(let values): return try Self.labels(values, table) { Int(exactly: $0) }
        }
    }

    /// The samples as ids of instances; 0 is background.
    ///
    /// - Throws: ``SampleProblem`` for a value that is negative, not whole or beyond 32 bits.
    /// - Complexity: O(*n*); no copy of 32-bit integers.
    consuming func instances() throws(SampleProblem) -> [Int32] {
        switch self {
        case .uint8(let values): return values.map { Int32($0) }
        case .int32(let values):
            if let index = values.firstIndex(where: { $0 < 0 }) {
                throw Self.problem(index, "\(values[index])", "ids from 0 on")
            }
            return values
        case .int64(let values): return try Self.ids(values) { Int($0) }
        case .float32(let values): return try Self.ids(values) { Int(exactly: $0) }
        case .float64(let values): return try Self.ids(values) { Int(exactly: $0) }
        }
    }

    /// The samples as scores.
    ///
    /// - Parameter maximum: The stored value that stands for 1.
    /// - Returns: One score per sample.
    /// - Throws: ``SampleProblem`` for a score that is no finite number.
    /// - Complexity: O(*n*); no copy of 32-bit floats when `maximum` is 1.
    consuming func scores(maximum: Double) throws(SampleProblem) -> [Float] {
        let scaled: [Float]
        switch self {
        case .uint8(let values):
            let table = (0..<256).map { Float(Double($0) / maximum) }
            scaled = values.map { table[Int($0)] }
        case .int32(let values): scaled = values.map { Float(Double($0) / maximum) }
        case .int64(let values): scaled = values.map { Float(Double($0) / maximum) }
        case .float32(let values):
            scaled = maximum == 1 ? values : values.map { Float(Double($0) / maximum) }
        case .float64(let values): scaled = values.map { Float($0 / maximum) }
        }
        if let index = Self.firstNotFinite(scaled) {
            throw SampleProblem(
                index: index, text: "found the score \(scaled[index]), expected a finite number",
                nextStep: "correct the program that wrote the map")
        }
        return scaled
    }

    // MARK: - Loops

    private static func firstNotFinite(_ values: [Float]) -> Int? {
        // All exponent bits set: NaN or infinite. The sum is looked at per block, so that the loop is short.
        values.withUnsafeBufferPointer { values in
            var start = 0
            while start < values.count {
                let end = min(start + 4096, values.count)
                var isBad = false
                for n in start..<end {
                    isBad = isBad || values[n].bitPattern & 0x7f80_0000 == 0x7f80_0000
                }
                if isBad {
                    for n in start..<end where !values[n].isFinite { return n }
                }
                start = end
            }
            return nil
        }
    }

    private static func problem(_ index: Int, _ value: String, _ expected: String) -> SampleProblem
    {
        SampleProblem(
            index: index, text: "found the value \(value), expected \(expected)",
            nextStep: "check that this is a label map and was not resampled by interpolation")
    }

    @inline(__always)
    private static func labels<Value: BitwiseCopyable & Equatable>(
        _ values: [Value], _ table: LabelValueTable, _ whole: (Value) -> Int?
    ) throws(SampleProblem) -> DenseLabels {
        guard let first = values.first else { return .ids([]) }
        var failed: Int?
        var isUnknown = false
        let result = [UInt8](unsafeUninitializedCapacity: values.count) { buffer, count in
            count = values.count
            values.withUnsafeBufferPointer { values in
                // NaN equals nothing and so is looked up, and refused, at once.
                var previous = first
                var id = UInt8(0)
                var isFirst = true
                for n in 0..<values.count {
                    let value = values[n]
                    if value != previous || isFirst {
                        isFirst = false
                        previous = value
                        guard let number = whole(value), number >= 0 else {
                            if failed == nil { failed = n }
                            buffer[n] = 0
                            id = 0
                            continue
                        }
                        if let known = table[number] {
                            id = known
                        } else {
                            (id, isUnknown) = (0, true)
                        }
                    }
                    buffer[n] = id
                }
            }
        }
        if let failed {
            throw problem(failed, "\(values[failed])", "whole numbers from 0 on")
        }
        return isUnknown ? .unknown(try counts(values, whole)) : .ids(result)
    }

    private static func ids<Value: BitwiseCopyable>(
        _ values: [Value], _ whole: (Value) -> Int?
    ) throws(SampleProblem) -> [Int32] {
        var failed: Int?
        let result = [Int32](unsafeUninitializedCapacity: values.count) { buffer, count in
            count = values.count
            for n in 0..<values.count {
                let number = whole(values[n]).flatMap { Int32(exactly: $0) } ?? -1
                if number < 0, failed == nil { failed = n }
                buffer[n] = number
            }
        }
        if let failed {
            throw problem(failed, "\(values[failed])", "whole ids from 0 to \(Int32.max)")
        }
        return result
    }

    private static func counts<Value: BitwiseCopyable & Equatable>(
        _ values: [Value], _ whole: (Value) -> Int?
    ) throws(SampleProblem) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        var start = 0
        while start < values.count {
            let value = values[start]
            guard let number = whole(value), number >= 0 else {
                throw problem(start, "\(value)", "whole numbers from 0 on")
            }
            var end = start + 1
            while end < values.count, values[end] == value { end += 1 }
            counts[number, default: 0] += end - start
            if counts.count > 1 << 16 {
                throw SampleProblem(
                    index: nil,
                    text: "found more than 65536 different values, expected a label map",
                    nextStep: "score instance maps with --task instances")
            }
            start = end
        }
        return counts
    }
}

/// Loops over maps of 8-bit values.
///
/// Most of a label map is background or the inside of an organ, so eight equal bytes are handled at once.
enum ByteTable {
    /// How often each of the 256 values occurs.
    static func histogram(_ bytes: [UInt8]) -> [Int] {
        var counts = [Int](repeating: 0, count: 256)
        bytes.withUnsafeBytes { raw in
            counts.withUnsafeMutableBufferPointer { counts in
                let words = raw.count / 8
                for index in 0..<words {
                    let word = raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                    if word == (word & 255) &* 0x0101_0101_0101_0101 {
                        counts[Int(word & 255)] += 8
                    } else {
                        for byte in (index * 8)..<(index * 8 + 8) { counts[Int(raw[byte])] += 1 }
                    }
                }
                for byte in (words * 8)..<raw.count { counts[Int(raw[byte])] += 1 }
            }
        }
        return counts
    }

    /// Replaces every byte by its entry in a table of 256.
    static func replace(_ bytes: inout [UInt8], by table: [UInt8]) {
        precondition(table.count == 256)
        bytes.withUnsafeMutableBytes { raw in
            table.withUnsafeBufferPointer { table in
                let keepsZero = table[0] == 0
                let words = raw.count / 8
                for index in 0..<words {
                    let word = raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                    if word == 0, keepsZero { continue }
                    for byte in (index * 8)..<(index * 8 + 8) { raw[byte] = table[Int(raw[byte])] }
                }
                for byte in (words * 8)..<raw.count { raw[byte] = table[Int(raw[byte])] }
            }
        }
    }
}
