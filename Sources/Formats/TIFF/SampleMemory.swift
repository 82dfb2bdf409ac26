/// What writes all samples of a new array, as bytes.
typealias SampleFilling = (UnsafeMutableRawBufferPointer) throws(TIFFError) -> Void

extension TIFFSamples {
    /// Lets a closure that may throw see the samples as bytes.
    func withBytes(
        _ body: (UnsafeRawBufferPointer) throws(TIFFError) -> Void
    ) throws(TIFFError) {
        var failure: TIFFError?
        withUnsafeBytes { bytes in
            do throws(TIFFError) { try body(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// No samples yet.
    static let none = TIFFSamples.uint8([])

    /// Makes `count` samples and lets `fill` write every byte of them.
    init(_ type: TIFFSampleType, count: Int, _ fill: SampleFilling) throws(TIFFError) {
        self = .none
        try refill(type, count: count, fill)
    }

    /// Writes new samples into the memory of the old ones where that has the same size and nobody else holds it.
    mutating func refill(
        _ type: TIFFSampleType, count: Int, _ fill: SampleFilling
    ) throws(TIFFError) {
        let old = self
        self = .none
        switch type {
        case .uint8:
            var memory: [UInt8] = if case .uint8(let values) = consume old { values } else { [] }
            self = .uint8(try Self.filled(&memory, count, fill))
        case .int8:
            var memory: [Int8] = if case .int8(let values) = consume old { values } else { [] }
            self = .int8(try Self.filled(&memory, count, fill))
        case .uint16:
            var memory: [UInt16] = if case .uint16(let values) = consume old { values } else { [] }
            self = .uint16(try Self.filled(&memory, count, fill))
        case .int16:
            var memory: [Int16] = if case .int16(let values) = consume old { values } else { [] }
            self = .int16(try Self.filled(&memory, count, fill))
        case .uint32:
            var memory: [UInt32] = if case .uint32(let values) = consume old { values } else { [] }
            self = .uint32(try Self.filled(&memory, count, fill))
        case .int32:
            var memory: [Int32] = if case .int32(let values) = consume old { values } else { [] }
            self = .int32(try Self.filled(&memory, count, fill))
        case .uint64:
            var memory: [UInt64] = if case .uint64(let values) = consume old { values } else { [] }
            self = .uint64(try Self.filled(&memory, count, fill))
        case .int64:
            var memory: [Int64] = if case .int64(let values) = consume old { values } else { [] }
            self = .int64(try Self.filled(&memory, count, fill))
        case .float32:
            var memory: [Float] = if case .float32(let values) = consume old { values } else { [] }
            self = .float32(try Self.filled(&memory, count, fill))
        case .float64:
            var memory: [Double] = if case .float64(let values) = consume old { values } else { [] }
            self = .float64(try Self.filled(&memory, count, fill))
        }
    }

    private static func filled<Sample: BitwiseCopyable>(
        _ memory: inout [Sample], _ count: Int, _ fill: SampleFilling
    ) throws(TIFFError) -> [Sample] {
        var failure: TIFFError?
        if memory.count == count {
            memory.withUnsafeMutableBytes { bytes in
                do throws(TIFFError) { try fill(bytes) } catch { failure = error }
            }
        } else {
            // Let go of the old memory before asking for the new.
            memory = []
            memory = [Sample](unsafeUninitializedCapacity: count) { buffer, initialised in
                do throws(TIFFError) {
                    try fill(
                        UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(
                                buffer)[..<(count * MemoryLayout<Sample>.stride)]))
                    initialised = count
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return memory
    }
}
