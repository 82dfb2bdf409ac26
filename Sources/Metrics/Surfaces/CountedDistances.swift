/// A list of distances, and how many of them begin with each pattern of 16 bits.
struct CountedDistances {
    let list: [Double]
    /// One number per pattern; empty when the list was not counted, because it is short or has negative numbers.
    let counts: [UInt32]

    /// Counts a list if that pays.
    init(_ list: [Double], isLong: Bool) {
        self.list = list
        guard isLong && list.count <= Int(UInt32.max) else {
            counts = []
            return
        }
        // Two tables, so that runs of equal values do not wait for each other.
        var counts = [UInt32](repeating: 0, count: 2 << 16)
        counts.withUnsafeMutableBufferPointer { counts in
            guard let even = counts.baseAddress else { return }
            let odd = even + (1 << 16)
            for place in list.indices {
                let digit = Int(truncatingIfNeeded: list[place].bitPattern >> 48)
                if place & 1 == 0 { even[digit] &+= 1 } else { odd[digit] &+= 1 }
            }
            for digit in 0..<1 << 16 { even[digit] += odd[digit] }
        }
        counts.removeLast(1 << 16)
        // The order of bits is the order of numbers only without a sign.
        let hasNegative = counts[0x8000...].contains { $0 > 0 }
        self.counts = hasNegative ? [] : counts
    }

    /// Two lists that are used alone and together.
    static func pair(_ a: [Double], _ b: [Double]) -> (CountedDistances, CountedDistances) {
        let isLong = a.count + b.count >= 1 << 16
        return (CountedDistances(a, isLong: isLong), CountedDistances(b, isLong: isLong))
    }
}
