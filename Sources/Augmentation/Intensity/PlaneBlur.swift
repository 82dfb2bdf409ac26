/// Blurs planes, whose border pixels go on outside; keeps its buffers from plane to plane.
///
/// Columns first, then rows, as SciPy does: every sum in 64 bits, from the far end of the kernel
/// inwards, rounded to 32 bits after each of the two passes. A row is finished with both before the
/// next one begins, so it stays in the first cache.
struct PlaneBlur {
    private let kernel: GaussianKernel
    private let rows: Int
    private let columns: Int
    // sums of a row, and the row with its border
    private var sums: [Double]
    private var padded: [Double]

    /// Makes the blur of planes of one size.
    init(sigma: Double, rows: Int, columns: Int) {
        kernel = GaussianKernel(sigma: sigma)
        self.rows = rows
        self.columns = columns
        sums = Array(repeating: 0, count: columns)
        padded = Array(repeating: 0, count: columns + 2 * kernel.radius)
    }

    /// Whether anything changes.
    var isNeeded: Bool { kernel.radius > 0 }

    /// Blurs a plane into another one.
    mutating func blur(_ plane: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>) {
        let (kernel, rows, columns) = (kernel, rows, columns)
        sums.withUnsafeMutableBufferPointer { sums in
            padded.withUnsafeMutableBufferPointer { padded in
                guard let sums = sums.baseAddress, let padded = padded.baseAddress else { return }
                for row in 0..<rows {
                    Self.blurColumns(
                        of: plane, at: row, sums, kernel.weights, rows: rows, columns: columns)
                    Self.blurRow(
                        sums, padded, kernel.weights, columns: columns,
                        into: result + row * columns)
                }
            }
        }
    }

    @inline(__always)
    private static func blurColumns(
        of plane: UnsafePointer<Float>, at row: Int, _ sums: UnsafeMutablePointer<Double>,
        _ weights: [Double], rows: Int, columns: Int
    ) {
        let middle = plane + row * columns
        let centre = weights[0]
        for x in 0..<columns { sums[x] = Double(middle[x]) * centre }
        for distance in stride(from: weights.count - 1, to: 0, by: -1) {
            let weight = weights[distance]
            let above = plane + max(row - distance, 0) * columns
            let below = plane + min(row + distance, rows - 1) * columns
            for x in 0..<columns { sums[x] += (Double(above[x]) + Double(below[x])) * weight }
        }
    }

    @inline(__always)
    private static func blurRow(
        _ sums: UnsafeMutablePointer<Double>, _ padded: UnsafeMutablePointer<Double>,
        _ weights: [Double], columns: Int, into result: UnsafeMutablePointer<Float>
    ) {
        let radius = weights.count - 1
        let middle = padded + radius
        for x in 0..<columns { middle[x] = Double(Float(sums[x])) }
        for x in 1...radius {
            middle[-x] = middle[0]
            middle[columns - 1 + x] = middle[columns - 1]
        }
        let centre = weights[0]
        for x in 0..<columns { sums[x] = middle[x] * centre }
        for distance in stride(from: radius, to: 0, by: -1) {
            let weight = weights[distance]
            let (left, right) = (middle - distance, middle + distance)
            for x in 0..<columns { sums[x] += (left[x] + right[x]) * weight }
        }
        for x in 0..<columns { result[x] = Float(sums[x]) }
    }
}
