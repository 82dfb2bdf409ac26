/// Which input pixel is "the nearest" when a slice of labels gets another size.
///
/// Each library answers differently, and labels drawn by one rule lie up to half a pixel beside an
/// image drawn by another. A rule is therefore named after the library whose answer it reproduces,
/// and belongs to one image rule: see ``SliceResampling/labelRule``. With n the input length, m the
/// output length and i the output index:
///
/// | Rule | Input index | First and last sample |
/// |---|---|---|
/// | ``pillow`` | floor((i + 0.5) n / m) | half a step inside the border |
/// | ``scikit`` | floor((i + 0.5) n / m - 0.5 + 0.5) | the same, other rounding of exact ties |
/// | ``scipyZoom`` | floor(i (n - 1) / (m - 1) + 0.5) | the first and the last pixel |
///
/// (`INTER_NEAREST` of OpenCV and "nearest" of PyTorch take floor(i n / m), a fourth rule that is
/// not offered.)
public enum NearestRule: String, Hashable, Sendable, CaseIterable {
    /// Centre of the output pixel, positions summed up step by step: `Image.resize` with `NEAREST`
    /// of Pillow, and `INTER_NEAREST_EXACT` of OpenCV.
    case pillow = "pillow"
    /// Centre of the output pixel, positions multiplied out: `skimage.transform.resize` with order
    /// 0.
    ///
    /// Differs from ``pillow`` only where a centre falls exactly on the border of two input pixels.
    case scikit = "scikit"
    /// Corners on corners: `scipy.ndimage.zoom` with order 0.
    ///
    /// For some pairs of lengths the last position is rounded to just beyond the last sample, and
    /// SciPy then answers 0 there (512 to 224 is such a pair); so does this rule. ``SplineZoom``
    /// can be told to avoid it.
    case scipyZoom = "scipy-zoom"

    /// The input index for every output index.
    ///
    /// - Parameters:
    ///   - length: Number of input samples, n.
    ///   - newLength: Number of output samples, m.
    /// - Returns: m indices from 0 to n - 1, or `nil` where the result is 0; all `nil` when n is 0.
    /// - Complexity: O(m).
    public func indices(from length: Int, to newLength: Int) -> [Int?] {
        table(from: length, to: newLength).map { $0 < 0 ? nil : Int($0) }
    }

    /// The same with -1 for "0 here".
    func table(from length: Int, to newLength: Int) -> [Int32] {
        precondition(length >= 0 && newLength >= 0 && length <= Int32.max)
        if length == 0 { return [Int32](repeating: -1, count: newLength) }
        if length == newLength { return (0..<length).map { Int32($0) } }
        switch self {
        case .pillow:
            // The running sum, not the product: its rounding decides the ties.
            let step = Double(length) / Double(newLength)
            var position = step * 0.5
            return (0..<newLength).map { _ in
                defer { position += step }
                return position < Double(length) ? Int32(position) : -1
            }
        case .scikit:
            let step = Double(length) / Double(newLength)
            return (0..<newLength).map { index in
                let position = ((Double(index) + 0.5) * step - 0.5 + 0.5).rounded(.down)
                return position < Double(length) ? Int32(position) : -1
            }
        case .scipyZoom:
            return ZoomPositions.cornerAligned(from: length, to: newLength, edge: .scipy).map {
                $0.isNaN ? -1 : Int32(($0 + 0.5).rounded(.down))
            }
        }
    }
}

extension Slice where Sample == UInt8 {
    /// The slice in another size; every output pixel is a copy of one input pixel, so no new label
    /// appears.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels).
    ///
    /// - Parameters:
    ///   - size: The size wanted.
    ///   - rule: Which input pixel is the nearest.
    /// - Returns: The resized slice.
    public func resized(to size: SliceSize, nearest rule: NearestRule) -> Slice<UInt8> {
        nearestGather(
            self, rows: rule.table(from: rows, to: size.rows),
            columns: rule.table(from: columns, to: size.columns), outside: 0)
    }
}

extension Slice where Sample == Float {
    /// The slice in another size; every output pixel is a copy of one input pixel.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels).
    ///
    /// - Parameters:
    ///   - size: The size wanted.
    ///   - rule: Which input pixel is the nearest.
    /// - Returns: The resized slice.
    public func resized(to size: SliceSize, nearest rule: NearestRule) -> Slice<Float> {
        nearestGather(
            self, rows: rule.table(from: rows, to: size.rows),
            columns: rule.table(from: columns, to: size.columns), outside: 0)
    }
}

/// Copies the pixels a row table and a column table name; -1 in either gives `outside`.
@inline(__always)
func nearestGather<Sample>(
    _ slice: Slice<Sample>, rows: [Int32], columns: [Int32], outside: Sample
) -> Slice<Sample> {
    let count = rows.count * columns.count
    let samples = [Sample](unsafeUninitializedCapacity: count) { output, written in
        slice.samples.withUnsafeBufferPointer { input in
            for (row, source) in rows.enumerated() {
                let start = row * columns.count
                let line = Int(source) * slice.columns
                for column in 0..<columns.count {
                    let index = Int(columns[column])
                    let value = source < 0 || index < 0 ? outside : input[line + index]
                    output.initializeElement(at: start + column, to: value)
                }
            }
        }
        written = count
    }
    return Slice(rows: rows.count, columns: columns.count, samples: samples)
}
