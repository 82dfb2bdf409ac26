/// Percentiles of distances without sorting them: a copy is rearranged by quickselect.
struct DistanceSelection {
    private var values: [Double]

    init(_ values: [Double]) { self.values = values }

    init(_ a: [Double], _ b: [Double]) {
        values = []
        values.reserveCapacity(a.count + b.count)
        values.append(contentsOf: a)
        values.append(contentsOf: b)
    }

    /// The percentile with linear interpolation (type 7); NaN of no values.
    mutating func linear(_ percentile: Double) -> Double {
        if values.isEmpty { return .nan }
        let position = percentile / 100 * Double(values.count - 1)
        let place = min(Int(position), values.count - 1)
        let low = select(place)
        let part = position - Double(place)
        if part <= 0 || place + 1 == values.count { return low }
        var high = Double.infinity
        for next in (place + 1)..<values.count { high = min(high, values[next]) }
        if low == high { return low }
        // From the nearer end, as NumPy does.
        return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
    }

    /// The first of the sorted values whose share of the number of values reaches the percentile; NaN of no values.
    mutating func reached(_ percentile: Double) -> Double {
        if values.isEmpty { return .nan }
        let count = Double(values.count)
        let share = percentile / 100
        var place = max(0, min(values.count, Int((share * count).rounded(.up))) - 1)
        // The test itself is the definition: rounding of the product must not move it.
        while place > 0 && Double(place) / count >= share { place -= 1 }
        while place < values.count - 1 && Double(place + 1) / count < share { place += 1 }
        return select(place)
    }

    /// Moves the value of a place in sorted order there, smaller ones before it and larger ones behind it.
    private mutating func select(_ place: Int) -> Double {
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
        let total = weights.reduce(0, +)
        var pairs = zip(distances, weights).map { (distance: $0, weight: $1) }
        pairs.sort { ($0.distance, $0.weight) < ($1.distance, $1.weight) }
        var sum = 0.0
        for pair in pairs {
            sum += pair.weight
            if sum / total >= percentile / 100 { return pair.distance }
        }
        return pairs[pairs.count - 1].distance
    }
}
