/// Where numbers to be summed come from, one after the other.
protocol NumberSource {
    /// The next number.
    mutating func next() -> Double
}

extension NumberSource {
    /// The sum of the next numbers, in NumPy's order: eight partial sums in blocks of up to 128, blocks in pairs.
    ///
    /// A fixed order makes the sum the same on every machine, this one makes it the same as NumPy's, and its rounding
    /// error grows with log *n* only. The bits matter: a BCa interval counts resamples whose mean equals that of the
    /// sample.
    mutating func pairwiseSum(_ count: Int) -> Double {
        if count < 8 {
            var sum = 0.0
            for _ in 0..<count { sum += next() }
            return sum
        }
        if count <= 128 { return block(count) }
        var half = count / 2
        half -= half % 8
        let first = pairwiseSum(half)
        return first + pairwiseSum(count - half)
    }

    private mutating func block(_ count: Int) -> Double {
        var (a, b, c, d) = (next(), next(), next(), next())
        var (e, f, g, h) = (next(), next(), next(), next())
        var done = 8
        while done + 8 <= count {
            a += next()
            b += next()
            c += next()
            d += next()
            e += next()
            f += next()
            g += next()
            h += next()
            done += 8
        }
        var sum = ((a + b) + (c + d)) + ((e + f) + (g + h))
        while done < count {
            sum += next()
            done += 1
        }
        return sum
    }
}

/// Sums and means of arrays in a fixed order.
enum PairwiseSum {
    private struct Listed: NumberSource {
        let values: UnsafeBufferPointer<Double>
        var place = 0

        mutating func next() -> Double {
            defer { place += 1 }
            return values[place]
        }
    }

    /// The sum; 0 of nothing.
    static func sum(_ values: [Double]) -> Double {
        values.withUnsafeBufferPointer {
            var listed = Listed(values: $0)
            return listed.pairwiseSum($0.count)
        }
    }

    /// The mean; NaN of nothing.
    ///
    /// The mean of equal values is that value.
    static func mean(_ values: [Double]) -> Double {
        guard var low = values.first else { return .nan }
        var high = low
        for value in values {
            low = min(low, value)
            high = max(high, value)
        }
        let mean = sum(values) / Double(values.count)
        // Rounding must not carry a mean out of the range of its values.
        return max(low, min(high, mean))
    }
}
