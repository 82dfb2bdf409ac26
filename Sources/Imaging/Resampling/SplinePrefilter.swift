#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns samples into the coefficients of the cubic B-spline that passes through them.
///
/// A recursive filter with one pole, forward and backward along each axis; samples are mirrored at
/// the border. Source: Unser, Aldroubi, Eden 1991, with the start values SciPy uses for its mode
/// "mirror".
enum SplinePrefilter {
    /// Columns filtered side by side: enough to hide the latency of the recursion, few enough to
    /// stay in cache.
    private static let block = 16

    /// Filters a slice in place, along columns and then along rows, in the order SciPy does.
    static func cubic(_ samples: inout [Double], rows: Int, columns: Int) {
        precondition(samples.count == rows * columns)
        samples.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            if rows > 1 {
                var left = 0
                while left < columns {
                    let width = min(4 * block, columns - left)
                    filter(start + left, length: rows, stride: columns, width: width)
                    left += width
                }
            }
            if columns > 1 { filterRows(start, rows: rows, columns: columns) }
        }
    }

    /// Rows are transposed in small groups, so that neighbours in memory can be filtered together.
    private static func filterRows(
        _ samples: UnsafeMutablePointer<Double>, rows: Int, columns: Int
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: block * columns) { scratch in
            guard let group = scratch.baseAddress else { return }
            var top = 0
            while top < rows {
                let height = min(block, rows - top)
                for row in 0..<height {
                    let line = samples + (top + row) * columns
                    for column in 0..<columns {
                        (group + column * height + row).initialize(to: line[column])
                    }
                }
                filter(group, length: columns, stride: height, width: height)
                for row in 0..<height {
                    let line = samples + (top + row) * columns
                    for column in 0..<columns { line[column] = group[column * height + row] }
                }
                top += height
            }
        }
    }

    /// Filters `width` neighbouring lines of `length` samples that are `stride` apart.
    private static func filter(
        _ start: UnsafeMutablePointer<Double>, length: Int, stride: Int, width: Int
    ) {
        let pole = -0.267949192431122706472553658494127633  // sqrt(3) - 2
        let gain = (1 - pole) * (1 - 1 / pole)
        for index in 0..<length {
            let line = start + index * stride
            for x in 0..<width { line[x] *= gain }
        }

        // The first coefficient of the forward pass sums the whole mirrored line.
        let lastPower = pow(pole, Double(length - 1))
        let last = start + (length - 1) * stride
        for x in 0..<width { start[x] += lastPower * last[x] }
        var power = pole
        for index in 1..<max(length - 1, 1) {
            let line = start + index * stride
            let opposite = start + (length - 1 - index) * stride
            for x in 0..<width { start[x] += power * (line[x] + lastPower * opposite[x]) }
            power *= pole
        }
        let scale = 1 - lastPower * lastPower
        for x in 0..<width { start[x] /= scale }

        for index in 1..<length {
            let line = start + index * stride
            let before = line - stride
            for x in 0..<width { line[x] += pole * before[x] }
        }
        let beforeLast = last - stride
        for x in 0..<width {
            last[x] = (pole * beforeLast[x] + last[x]) * pole / (pole * pole - 1)
        }
        var index = length - 2
        while index >= 0 {
            let line = start + index * stride
            let after = line + stride
            for x in 0..<width { line[x] = pole * (after[x] - line[x]) }
            index -= 1
        }
    }
}
