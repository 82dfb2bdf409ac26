/// `Image.resize` of Pillow, bit for bit: bilinear with antialiasing, and nearest.
///
/// Bilinear is a triangle filter between half-pixel centres whose support grows when shrinking. For
/// 8-bit images the weights are integers with 22 bits after the point and **each pass rounds to 8
/// bits**, so a float implementation (PyTorch's `interpolate` with `antialias`), even when rounded,
/// differs from it by a grey level in places. This is what SAM's own predictor does before it
/// normalises.
///
/// The horizontal pass comes first, as in every Pillow before 13; see ``PillowPassOrder``.
///
/// - Source: Pillow, `Image.resize` with `Resampling.BILINEAR` and `Resampling.NEAREST`, modes `L`,
///   `RGB` and `F`.
public enum PillowResize {
    /// A grey 8-bit slice in another size, bilinear.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels x filter width); one intermediate slice.
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    ///   - order: Which pass comes first.
    /// - Returns: The resized image; pixels as `Image.resize` gives them in mode `L`.
    public static func bilinear(
        _ slice: Slice<UInt8>, to size: SliceSize, order: PillowPassOrder = .horizontalFirst
    ) -> Slice<UInt8> {
        let samples = bilinear(
            interleaved: slice.samples, size: slice.size, channels: 1, to: size, order: order)
        return Slice(rows: size.rows, columns: size.columns, samples: samples)
    }

    /// An 8-bit image with interleaved channels in another size, bilinear.
    ///
    /// Channels are independent. (Pillow multiplies RGBA by alpha first; this does not.)
    ///
    /// - Shapes: `samples` has `rows x columns x channels` values, row by row, channels fastest.
    /// - Empty: An image without pixels gives zeros.
    /// - Complexity: O(output samples x filter width); one intermediate image.
    ///
    /// - Parameters:
    ///   - samples: The image.
    ///   - size: Its size.
    ///   - channels: Values of a pixel: 1 for grey, 3 for RGB.
    ///   - newSize: The size wanted.
    ///   - order: Which pass comes first.
    /// - Returns: The samples of the resized image; as `Image.resize` gives them in mode `L` or
    ///   `RGB`.
    public static func bilinear(
        interleaved samples: [UInt8], size: SliceSize, channels: Int, to newSize: SliceSize,
        order: PillowPassOrder = .horizontalFirst
    ) -> [UInt8] {
        precondition(channels > 0 && samples.count == size.count * channels)
        if size.isEmpty || newSize.isEmpty {
            return [UInt8](repeating: 0, count: newSize.count * channels)
        }
        var result = samples
        var now = size
        for axis in order.passes(from: size, to: newSize) {
            switch axis {
            case .rows:
                let coefficients = PillowCoefficients(from: now.rows, to: newSize.rows)
                result = vertical(result, now.columns * channels, coefficients)
                now = SliceSize(rows: newSize.rows, columns: now.columns)
            case .columns:
                let coefficients = PillowCoefficients(from: now.columns, to: newSize.columns)
                switch channels {
                case 1: result = horizontal(result, now.rows, now.columns, 1, coefficients)
                case 3: result = horizontal(result, now.rows, now.columns, 3, coefficients)
                default: result = horizontal(result, now.rows, now.columns, channels, coefficients)
                }
                now = SliceSize(rows: now.rows, columns: newSize.columns)
            }
        }
        return result
    }

    /// A slice of floats in another size, bilinear.
    ///
    /// Sums are in `Double`, each pass rounds to `Float`.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels x filter width); one intermediate slice.
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    ///   - order: Which pass comes first.
    /// - Returns: The resized image; pixels as `Image.resize` gives them in mode `F`.
    public static func bilinear(
        _ slice: Slice<Float>, to size: SliceSize, order: PillowPassOrder = .horizontalFirst
    ) -> Slice<Float> {
        var samples = slice.samples
        if slice.size.isEmpty || size.isEmpty {
            samples = [Float](repeating: 0, count: size.count)
        } else {
            var now = slice.size
            for axis in order.passes(from: now, to: size) {
                switch axis {
                case .rows:
                    let coefficients = PillowCoefficients(from: now.rows, to: size.rows)
                    samples = vertical(samples, now.columns, coefficients)
                    now = SliceSize(rows: size.rows, columns: now.columns)
                case .columns:
                    let coefficients = PillowCoefficients(from: now.columns, to: size.columns)
                    samples = horizontal(samples, now.rows, now.columns, coefficients)
                    now = SliceSize(rows: now.rows, columns: size.columns)
                }
            }
        }
        return Slice(rows: size.rows, columns: size.columns, samples: samples)
    }

    /// A slice of labels or grey values in another size, nearest as Pillow and OpenCV's
    /// `INTER_NEAREST_EXACT`.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels).
    ///
    /// - Parameters:
    ///   - slice: The labels.
    ///   - size: The size wanted.
    /// - Returns: The resized labels.
    public static func nearest(_ slice: Slice<UInt8>, to size: SliceSize) -> Slice<UInt8> {
        slice.resized(to: size, nearest: .pillow)
    }

    // MARK: - 8 bits

    /// One horizontal pass; inlined so that the number of channels is a constant in the inner loop.
    @inline(__always)
    private static func horizontal(
        _ samples: [UInt8], _ rows: Int, _ columns: Int, _ channels: Int,
        _ coefficients: PillowCoefficients
    ) -> [UInt8] {
        let fixed = coefficients.fixedWeights()
        let (starts, counts, width) = (
            coefficients.starts, coefficients.counts, coefficients.width
        )
        let newColumns = starts.count
        let half = Int32(1) << (PillowCoefficients.precisionBits - 1)
        let total = rows * newColumns * channels
        return [UInt8](unsafeUninitializedCapacity: total) { output, written in
            withUnsafeBuffers(samples, fixed, starts, counts) { input, fixed, starts, counts in
                for row in 0..<rows {
                    let line = row * columns * channels
                    for column in 0..<newColumns {
                        let from = line + starts[column] * channels
                        let to = (row * newColumns + column) * channels
                        let weights = column * width
                        for channel in 0..<channels {
                            var sum = half
                            for tap in 0..<counts[column] {
                                let value = input[from + tap * channels + channel]
                                sum &+= Int32(value) &* fixed[weights + tap]
                            }
                            output.initializeElement(at: to + channel, to: clipped(sum))
                        }
                    }
                }
            }
            written = total
        }
    }

    private static func vertical(
        _ samples: [UInt8], _ width: Int, _ coefficients: PillowCoefficients
    ) -> [UInt8] {
        let fixed = coefficients.fixedWeights()
        let newRows = coefficients.starts.count
        let half = Int32(1) << (PillowCoefficients.precisionBits - 1)
        var sums = [Int32](repeating: 0, count: width)
        return [UInt8](unsafeUninitializedCapacity: newRows * width) { output, written in
            samples.withUnsafeBufferPointer { input in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<newRows {
                        sums.update(repeating: half)
                        for tap in 0..<coefficients.counts[row] {
                            let from = (coefficients.starts[row] + tap) * width
                            let line = UnsafeBufferPointer(rebasing: input[from..<(from + width)])
                            let weight = fixed[row * coefficients.width + tap]
                            for x in 0..<width { sums[x] &+= Int32(line[x]) &* weight }
                        }
                        let to = row * width
                        for x in 0..<width {
                            output.initializeElement(at: to + x, to: clipped(sums[x]))
                        }
                    }
                }
            }
            written = newRows * width
        }
    }

    /// Four buffers at once: checked subscripts would take half the time of the inner loop.
    @inline(__always)
    private static func withUnsafeBuffers(
        _ samples: [UInt8], _ fixed: [Int32], _ starts: [Int], _ counts: [Int],
        _ body: (
            UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Int>,
            UnsafeBufferPointer<Int>
        ) -> Void
    ) {
        samples.withUnsafeBufferPointer { samples in
            fixed.withUnsafeBufferPointer { fixed in
                starts.withUnsafeBufferPointer { starts in
                    counts.withUnsafeBufferPointer { counts in
                        body(samples, fixed, starts, counts)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func clipped(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, sum &>> PillowCoefficients.precisionBits)))
    }

    // MARK: - Floats

    private static func horizontal(
        _ samples: [Float], _ rows: Int, _ columns: Int, _ coefficients: PillowCoefficients
    ) -> [Float] {
        let newColumns = coefficients.starts.count
        return [Float](unsafeUninitializedCapacity: rows * newColumns) { output, written in
            samples.withUnsafeBufferPointer { input in
                coefficients.weights.withUnsafeBufferPointer { weights in
                    for row in 0..<rows {
                        for column in 0..<newColumns {
                            let from = row * columns + coefficients.starts[column]
                            var sum = 0.0
                            for tap in 0..<coefficients.counts[column] {
                                sum +=
                                    Double(input[from + tap])
                                    * weights[column * coefficients.width + tap]
                            }
                            output.initializeElement(at: row * newColumns + column, to: Float(sum))
                        }
                    }
                }
            }
            written = rows * newColumns
        }
    }

    private static func vertical(
        _ samples: [Float], _ width: Int, _ coefficients: PillowCoefficients
    ) -> [Float] {
        let newRows = coefficients.starts.count
        var sums = [Double](repeating: 0, count: width)
        return [Float](unsafeUninitializedCapacity: newRows * width) { output, written in
            samples.withUnsafeBufferPointer { input in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<newRows {
                        sums.update(repeating: 0)
                        for tap in 0..<coefficients.counts[row] {
                            let from = (coefficients.starts[row] + tap) * width
                            let line = UnsafeBufferPointer(rebasing: input[from..<(from + width)])
                            let weight = coefficients.weights[row * coefficients.width + tap]
                            for x in 0..<width { sums[x] += Double(line[x]) * weight }
                        }
                        for x in 0..<width {
                            output.initializeElement(at: row * width + x, to: Float(sums[x]))
                        }
                    }
                }
            }
            written = newRows * width
        }
    }
}
