/// Percentiles of distances without sorting them.
///
/// Short lists are copied and rearranged by quickselect. Long ones are not copied: the leading 16 bits of their values
/// are counted once, which leaves few candidates for each percentile.
struct DistanceSelection {
    /// From how many values on counting is faster.
    private static let long = 1 << 16

    private let parts: [CountedDistances]
    private let count: Int
    /// The values of short lists.
    private var values: [Double] = []

    /// Prepares the percentiles of some lists taken together.
    init(_ parts: CountedDistances...) {
        self.parts = parts
        count = parts.reduce(0) { $0 + $1.list.count }
        if count < Self.long || parts.contains(where: { $0.counts.isEmpty }) {
            values.reserveCapacity(count)
            for part in parts { values.append(contentsOf: part.list) }
        }
    }

    /// The percentile with linear interpolation (type 7); NaN of no values.
    mutating func linear(_ percentile: Double) -> Double {
        if count == 0 { return .nan }
        let position = percentile / 100 * Double(count - 1)
        let place = min(Int(position), count - 1)
        let low = select(place)
        let part = position - Double(place)
        if part <= 0 || place + 1 == count { return low }
        let high = next(place, low)
        if low == high { return low }
        // From the nearer end, as NumPy does.
        return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
    }

    /// The first of the sorted values whose share of the number of values reaches the percentile; NaN of no values.
    mutating func reached(_ percentile: Double) -> Double {
        if count == 0 { return .nan }
        let share = percentile / 100
        var place = max(0, min(count, Int((share * Double(count)).rounded(.up))) - 1)
        // The test itself is the definition: rounding of the product must not move it.
        while place > 0 && Double(place) / Double(count) >= share { place -= 1 }
        while place < count - 1 && Double(place + 1) / Double(count) < share { place += 1 }
        return select(place)
    }

    private mutating func select(_ place: Int) -> Double {
        if values.isEmpty { return counted(place) }
        return Self.rearranged(&values, place)
    }

    /// The value behind the one of `place`, which was just selected.
    private func next(_ place: Int, _ low: Double) -> Double {
        if !values.isEmpty { return values[(place + 1)...].reduce(.infinity, min) }
        var (notAbove, high) = (0, Double.infinity)
        for part in parts {
            for value in part.list {
                notAbove += value <= low ? 1 : 0
                high = min(high, value <= low ? .infinity : value)
            }
        }
        return notAbove > place + 1 ? low : high
    }

    /// The value of a place in sorted order, by the leading bits first.
    private func counted(_ place: Int) -> Double {
        var (digit, place) = (0, place)
        while true {
            let found = parts.reduce(0) { $0 + Int($1.counts[digit]) }
            if place < found || digit == 0xFFFF { break }
            place -= found
            digit += 1
        }
        // Often the candidates are all the same.
        var (low, high) = (Double.infinity, 0.0)
        for part in parts {
            for value in part.list where value.bitPattern >> 48 == UInt64(digit) {
                low = min(low, value)
                high = max(high, value)
            }
        }
        if low == high { return low }
        var candidates: [Double] = []
        candidates.reserveCapacity(parts.reduce(0) { $0 + Int($1.counts[digit]) })
        for part in parts {
            for value in part.list where value.bitPattern >> 48 == UInt64(digit) {
                candidates.append(value)
            }
        }
        return Self.rearranged(&candidates, place)
    }

    /// Moves the value of a place in sorted order there, smaller ones before it and larger ones behind it.
    private static func rearranged(_ values: inout [Double], _ place: Int) -> Double {
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return .nan }
            var (low, high) = (0, values.count - 1)
            while low < high {
                // The median of three, so that sorted lists split evenly.
                let (a, b, c) = (base[low], base[low + (high - low) / 2], base[high])
                let pivot = max(min(a, b), min(max(a, b), c))
                var (i, j) = (low, high)
                while i <= j {
                    while base[i] < pivot { i += 1 }
                    while base[j] > pivot { j -= 1 }
                    if i <= j {
                        (base[i], base[j]) = (base[j], base[i])
                        i += 1
                        j -= 1
                    }
                }
                if place <= j { high = j } else if place >= i { low = i } else { break }
            }
            return base[place]
        }
    }

    /// The first of the distances, sorted with their weights, whose cumulative weight reaches the percentile of the
    /// total; NaN of no values.
    static func weighted(
        _ distances: [Double], _ weights: [Double], _ percentile: Double
    ) -> Double {
        if distances.isEmpty { return .nan }
        var pairs: [Pair] = []
        pairs.reserveCapacity(distances.count)
        for place in distances.indices {
            pairs.append(Pair(distance: distances[place], weight: weights[place]))
        }
        if let found = selected(&pairs, percentile / 100) { return found }
        pairs.sort { ($0.distance, $0.weight) < ($1.distance, $1.weight) }
        let total = pairwiseSum(pairs.map(\.weight)[...])
        var sum = 0.0
        for pair in pairs {
            sum += pair.weight
            if sum / total >= percentile / 100 { return pair.distance }
        }
        return pairs[pairs.count - 1].distance
    }

    private struct Pair {
        let distance: Double
        let weight: Double
    }

    /// The same without sorting; nil where the share is met so closely that the order of a sum decides.
    private static func selected(_ pairs: inout [Pair], _ share: Double) -> Double? {
        let total = pairs.reduce(0) { $0 + $1.weight }
        let (wanted, margin) = (share * total, 1e-9 * total)
        return pairs.withUnsafeMutableBufferPointer { pairs in
            // The weight before `low`, of which all distances are smaller than those from there on.
            var (low, end, below) = (0, pairs.count, 0.0)
            while low < end {
                let (a, b, c) = (
                    pairs[low].distance, pairs[low + (end - low) / 2].distance,
                    pairs[end - 1].distance
                )
                let pivot = max(min(a, b), min(max(a, b), c))
                // Smaller ones, equal ones, larger ones.
                var (smaller, place, larger) = (low, low, end)
                var (weightBefore, weightEqual) = (0.0, 0.0)
                while place < larger {
                    let pair = pairs[place]
                    if pair.distance < pivot {
                        weightBefore += pair.weight
                        pairs.swapAt(place, smaller)
                        smaller += 1
                        place += 1
                    } else if pair.distance > pivot {
                        larger -= 1
                        pairs.swapAt(place, larger)
                    } else {
                        weightEqual += pair.weight
                        place += 1
                    }
                }
                let (start, stop) = (below + weightBefore, below + weightBefore + weightEqual)
                if abs(start - wanted) <= margin || abs(stop - wanted) <= margin { return nil }
                if wanted < start {
                    end = smaller
                } else if wanted < stop {
                    return pivot
                } else {
                    (low, below) = (larger, stop)
                }
            }
            return nil
        }
    }

    /// The sum of halves of a list, down to blocks of eight interleaved sums.
    ///
    /// Where a share is met exactly, rounding decides which distance comes first: summing as NumPy does decides as
    /// surface-distance does.
    private static func pairwiseSum(_ values: ArraySlice<Double>) -> Double {
        if values.count < 8 { return values.reduce(0, +) }
        let first = values.startIndex
        if values.count > 128 {
            let half = values.count / 2 / 8 * 8
            return pairwiseSum(values[first..<first + half])
                + pairwiseSum(values[(first + half)...])
        }
        var sums = [Double](values[first..<first + 8])
        let whole = values.count / 8 * 8
        for place in stride(from: 8, to: whole, by: 8) {
            for lane in 0..<8 { sums[lane] += values[first + place + lane] }
        }
        let sum =
            ((sums[0] + sums[1]) + (sums[2] + sums[3]))
            + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
        return values[(first + whole)...].reduce(sum, +)
    }
}
