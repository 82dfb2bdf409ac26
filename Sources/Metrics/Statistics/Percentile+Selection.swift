extension Percentile {
    /// The percentile with linear interpolation (type 7) of a buffer without NaN, which is left in another order.
    static func linear(
        of values: UnsafeMutableBufferPointer<Double>, fraction: Double
    ) -> Double {
        value(of: values, at: place(fraction, of: values.count, .linear))
    }

    static func value(
        of values: UnsafeMutableBufferPointer<Double>, at place: (index: Int, part: Double)
    ) -> Double {
        if values.isEmpty { return .nan }
        let low = select(place.index, of: values)
        if place.part == 0 { return low }
        // All elements behind a selected one are at least as large: the next in order is their least.
        var high = values[place.index + 1]
        for index in (place.index + 2)..<max(place.index + 2, values.count) {
            high = min(high, values[index])
        }
        return interpolated(low, high, part: place.part)
    }

    /// Moves the element of a place in ascending order there, smaller ones before it and larger ones behind it.
    ///
    /// Hoare's quickselect with the median of three; what is left after 2 log *n* rounds is sorted, which bounds the
    /// work on lists made to defeat the pivot.
    static func select(
        _ place: Int, of values: UnsafeMutableBufferPointer<Double>, rounds limit: Int? = nil
    ) -> Double {
        var (low, high) = (0, values.count - 1)
        var rounds = limit ?? 2 * (Int.bitWidth - values.count.leadingZeroBitCount)
        while low < high {
            if rounds == 0 {
                var rest = UnsafeMutableBufferPointer(rebasing: values[low...high])
                rest.sort()
                break
            }
            rounds -= 1
            let (a, b, c) = (values[low], values[low + (high - low) / 2], values[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            var (i, j) = (low, high)
            while i <= j {
                while values[i] < pivot { i += 1 }
                while values[j] > pivot { j -= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if place <= j { high = j } else if place >= i { low = i } else { break }
        }
        return values[place]
    }
}
