/// `skimage.transform.resize` of a slice, as MedSAM calls it.
///
/// Images: order 3 with anti-aliasing, range preserved, zeros outside, result limited to the range
/// of the input. Half-pixel centres; when an axis shrinks by a factor f, it is first smoothed with
/// a Gaussian of standard deviation (f - 1) / 2 pixels, cut at four standard deviations. Because
/// the outside counts as 0, border pixels of a bright image are darkened.
///
/// - Source: scikit-image 0.26, `resize(order=3, mode="constant", anti_aliasing=True,
///   preserve_range=True)`; MedSAM (Ma et al. 2024), pre-processing to 1024 x 1024.
public enum ScikitResize {
    /// Zeros around the image before its spline is computed; SciPy pads by the same number.
    private static let padding = 12

    /// An 8-bit slice in another size, in double precision.
    ///
    /// MedSAM scales the result to 0...1 by its own minimum and maximum; that is a separate step.
    ///
    /// - Units: Those of the input; 0...255 stays 0...255.
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(input pixels x filter width + output pixels).
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    /// - Returns: The resized image, within the range of the input.
    public static func resize(_ slice: Slice<UInt8>, to size: SliceSize) -> Slice<Double> {
        resized(slice.samples.map { Double($0) }, slice.size, size, asFloat: false) { $0 }
    }

    /// A slice of doubles in another size.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(input pixels x filter width + output pixels).
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    /// - Returns: The resized image, within the range of the input.
    public static func resize(_ slice: Slice<Double>, to size: SliceSize) -> Slice<Double> {
        resized(slice.samples, slice.size, size, asFloat: false) { $0 }
    }

    /// A slice of floats in another size; smoothing and result are rounded to `Float`, as
    /// scikit-image does.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(input pixels x filter width + output pixels).
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    /// - Returns: The resized image, within the range of the input.
    public static func resize(_ slice: Slice<Float>, to size: SliceSize) -> Slice<Float> {
        resized(slice.samples.map { Double($0) }, slice.size, size, asFloat: true) { Float($0) }
    }

    /// A slice of labels in another size: order 0 without anti-aliasing, so that no new label
    /// appears.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels).
    ///
    /// - Parameters:
    ///   - labels: The labels.
    ///   - size: The size wanted.
    /// - Returns: The resized labels.
    public static func resizeLabels(_ labels: LabelSlice, to size: SliceSize) -> LabelSlice {
        labels.resized(to: size, nearest: .scikit)
    }

    @inline(__always)
    private static func resized<Sample: VoxelSample>(
        _ input: [Double], _ size: SliceSize, _ newSize: SliceSize, asFloat: Bool,
        _ convert: (Double) -> Sample
    ) -> Slice<Sample> {
        var samples = input
        if size.isEmpty || newSize.isEmpty {
            samples = [Double](repeating: 0, count: newSize.count)
        } else if size != newSize {
            let limits = range(input)
            samples = spline(smoothed(input, size, newSize, asFloat), size, newSize)
            if asFloat { samples = samples.map { Double(Float($0)) } }
            clip(&samples, to: limits)
        }
        return Slice(
            rows: newSize.rows, columns: newSize.columns, samples: samples.map { convert($0) })
    }

    private static func smoothed(
        _ samples: [Double], _ size: SliceSize, _ newSize: SliceSize, _ asFloat: Bool
    ) -> [Double] {
        func sigma(_ length: Int, _ newLength: Int) -> Double {
            max(0, (Double(length) / Double(newLength) - 1) / 2)
        }
        var result = samples
        GaussianFilter.smooth(
            &result, size: size, rowSigma: sigma(size.rows, newSize.rows),
            columnSigma: sigma(size.columns, newSize.columns), roundingToFloat: asFloat)
        return result
    }

    private static func spline(
        _ samples: [Double], _ size: SliceSize, _ newSize: SliceSize
    ) -> [Double] {
        let (rows, columns) = (size.rows + 2 * padding, size.columns + 2 * padding)
        var padded = [Double](repeating: 0, count: rows * columns)
        padded.withUnsafeMutableBufferPointer { output in
            for row in 0..<size.rows {
                let from = row * size.columns
                let to = (row + padding) * columns + padding
                for column in 0..<size.columns { output[to + column] = samples[from + column] }
            }
        }
        SplinePrefilter.cubic(&padded, rows: rows, columns: columns)
        let rowTaps = SplineTaps(
            positions: ZoomPositions.pixelCentred(
                from: size.rows, to: newSize.rows, padding: padding),
            length: rows, order: 3)
        let columnTaps = SplineTaps(
            positions: ZoomPositions.pixelCentred(
                from: size.columns, to: newSize.columns, padding: padding),
            length: columns, order: 3)
        return [Double](unsafeUninitializedCapacity: newSize.count) { output, written in
            SplineEvaluation.rows(
                padded, columns: columns, rowTaps: rowTaps, columnTaps: columnTaps
            ) { row, values in
                for column in 0..<values.count {
                    output.initializeElement(
                        at: row * newSize.columns + column, to: values[column])
                }
            }
            written = newSize.count
        }
    }

    /// Limits the result to the range of the input; widened to 0 where the border made 0 part of
    /// the result.
    private static func clip(_ samples: inout [Double], to limits: (low: Double, high: Double)) {
        var (low, high) = limits
        guard low <= high else { return }
        if low > 0 || high < 0 {
            let result = range(samples)
            if result.low <= 0 && result.high >= 0 {
                low = min(low, 0)
                high = max(high, 0)
            }
        }
        samples.withUnsafeMutableBufferPointer { samples in
            for index in samples.indices {
                let value = samples[index]
                samples[index] = value < low ? low : (value > high ? high : value)
            }
        }
    }

    /// Smallest and largest value; not-a-number is passed over.
    private static func range(_ samples: [Double]) -> (low: Double, high: Double) {
        var (low, high) = (Double.infinity, -Double.infinity)
        for value in samples {
            low = value < low ? value : low
            high = value > high ? value : high
        }
        return (low, high)
    }
}
