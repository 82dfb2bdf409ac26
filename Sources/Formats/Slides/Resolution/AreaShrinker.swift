/// Shrinks bands of pixels row by row: first down, then across.
struct AreaShrinker {
    /// The source pixels of one column of the result.
    private struct Span {
        let first: Int
        let count: Int
        /// Where its weights begin.
        let weights: Int
        /// Which of the different totals its weights have.
        let total: Int
    }

    private let sourceWidth: Int
    private var spans: [Span] = []
    private var weights: [UInt32] = []
    private var totals: [Int] = []
    /// Sums of columns: weights down times samples.
    private var sums: [UInt32]

    init(_ across: AreaWeights, width: Int) {
        sourceWidth = across.end - across.origin
        sums = [UInt32](repeating: 0, count: sourceWidth * 3)
        spans.reserveCapacity(width)
        // Borders are rounded, so totals of one factor differ by at most one.
        var places: [Int: Int] = [:]
        for column in 0..<width {
            let total = across.total(column)
            let place = places[total] ?? totals.count
            if place == totals.count {
                totals.append(total)
                places[total] = place
            }
            let pixels = across.span(column)
            spans.append(
                Span(
                    first: pixels.lowerBound * 3, count: pixels.count, weights: weights.count,
                    total: place))
            for pixel in pixels { weights.append(UInt32(across.weight(pixel, in: column))) }
        }
    }

    /// Writes one row of the result from a band whose first line is `firstLine` of the source.
    mutating func row(
        _ row: Int, _ down: AreaWeights, _ band: UnsafeMutableRawBufferPointer, firstLine: Int,
        into memory: UnsafeMutableRawBufferPointer
    ) {
        guard let source = band.baseAddress, let result = memory.baseAddress else { return }
        let lineBytes = sourceWidth * 3
        // Factors are at most 4096, so a sum is below 255 * 256 * 4098 < 2^32.
        sums.withUnsafeMutableBufferPointer { sums in
            guard let sums = sums.baseAddress else { return }
            sums.update(repeating: 0, count: lineBytes)
            for line in down.span(row) {
                Self.add(
                    (source + (line - firstLine) * lineBytes), lineBytes,
                    times: UInt16(down.weight(line, in: row)), to: sums)
            }
        }
        let height = UInt64(down.total(row))
        let divisions = totals.map { RoundedDivision(by: UInt64($0) * height) }
        let target = (result + row * spans.count * 3).assumingMemoryBound(to: UInt8.self)
        sums.withUnsafeBufferPointer { sums in
            weights.withUnsafeBufferPointer { weights in
                spans.withUnsafeBufferPointer { spans in
                    divisions.withUnsafeBufferPointer { divisions in
                        guard let sums = sums.baseAddress, let weights = weights.baseAddress
                        else { return }
                        Self.shrink(sums, weights, spans, divisions, into: target)
                    }
                }
            }
        }
    }

    /// Adds a line of samples, times a weight of at most 256, to sums.
    private static func add(
        _ line: UnsafeMutableRawPointer, _ count: Int, times weight: UInt16,
        to sums: UnsafeMutablePointer<UInt32>
    ) {
        // At most 256 * 255: products of 16 bits, which every machine multiplies eight at a time. Left to itself the
        // compiler multiplies 32 bits, which the oldest machines cannot.
        let sums16 = UnsafeMutableRawPointer(sums)
        let vectors = count / 16
        for vector in 0..<vectors {
            let samples = line.loadUnaligned(fromByteOffset: vector * 16, as: SIMD16<UInt8>.self)
            let products = SIMD16<UInt16>(truncatingIfNeeded: samples) &* weight
            let old = sums16.loadUnaligned(
                fromByteOffset: vector * 64, as: SIMD16<UInt32>.self)
            sums16.storeBytes(
                of: old &+ SIMD16<UInt32>(truncatingIfNeeded: products),
                toByteOffset: vector * 64, as: SIMD16<UInt32>.self)
        }
        for index in (vectors * 16)..<count {
            sums[index] &+=
                UInt32(weight) &* UInt32(line.load(fromByteOffset: index, as: UInt8.self))
        }
    }

    private static func shrink(
        _ sums: UnsafePointer<UInt32>, _ weights: UnsafePointer<UInt32>,
        _ spans: UnsafeBufferPointer<Span>, _ divisions: UnsafeBufferPointer<RoundedDivision>,
        into target: UnsafeMutablePointer<UInt8>
    ) {
        var target = target
        for span in spans {
            var red: UInt64 = 0
            var green: UInt64 = 0
            var blue: UInt64 = 0
            var sum = sums + span.first
            for index in 0..<span.count {
                let weight = UInt64(weights[span.weights &+ index])
                red &+= weight &* UInt64(sum[0])
                green &+= weight &* UInt64(sum[1])
                blue &+= weight &* UInt64(sum[2])
                sum += 3
            }
            let divide = divisions[span.total]
            target[0] = divide(red)
            target[1] = divide(green)
            target[2] = divide(blue)
            target += 3
        }
    }
}
