/// `scipy.ndimage.zoom` of a slice: corners on corners, no antialiasing.
///
/// Output sample i of m lies at i (n - 1) / (m - 1) of n input samples. Order 3 is the cubic
/// B-spline through the samples, so it keeps them where positions are whole and **overshoots**
/// beside edges; nothing is clipped. Work is in `Double`, and the result is rounded once to the
/// type of the slice, so float images equal SciPy's bit for bit.
///
/// A slice that already has the size wanted is returned as it is.
///
/// - Source: SciPy 1.17, `scipy.ndimage.zoom` with mode "constant"; spline filter of Unser,
///   Aldroubi, Eden 1991.
public enum SplineZoom {
    /// The degree of the interpolating spline.
    public enum Order: Int, Hashable, Sendable, CaseIterable {
        /// Nearest sample, halves upward: ``NearestRule/scipyZoom``.
        case nearest = 0
        /// Linear between neighbouring samples.
        case linear = 1
        /// Cubic B-spline.
        case cubic = 3
    }

    /// A slice of floats in another size.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(input pixels + output pixels), two `Double` copies of the input for order 3.
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted; see ``SliceSize/zoomed(rowFactor:columnFactor:)`` for a factor.
    ///   - order: Degree of the spline; SciPy's own default is cubic.
    ///   - edge: What to answer where rounding puts the last position outside.
    /// - Returns: The zoomed image.
    public static func zoom(
        _ slice: Slice<Float>, to size: SliceSize, order: Order = .cubic, edge: ZoomEdge = .scipy
    ) -> Slice<Float> {
        if slice.size == size { return slice }
        if order == .nearest {
            let tables = nearestTables(slice.size, size, edge)
            return nearestGather(slice, rows: tables.rows, columns: tables.columns, outside: 0)
        }
        return Slice(
            rows: size.rows, columns: size.columns,
            samples: evaluate(slice.samples.map { Double($0) }, slice.size, size, order, edge) {
                Float($0)
            })
    }

    /// A slice of doubles in another size.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: As for floats.
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    ///   - order: Degree of the spline.
    ///   - edge: What to answer where rounding puts the last position outside.
    /// - Returns: The zoomed image.
    public static func zoom(
        _ slice: Slice<Double>, to size: SliceSize, order: Order = .cubic, edge: ZoomEdge = .scipy
    ) -> Slice<Double> {
        if slice.size == size { return slice }
        if order == .nearest {
            let tables = nearestTables(slice.size, size, edge)
            return nearestGather(slice, rows: tables.rows, columns: tables.columns, outside: 0)
        }
        return Slice(
            rows: size.rows, columns: size.columns,
            samples: evaluate(slice.samples, slice.size, size, order, edge) { $0 })
    }

    /// An 8-bit grey slice in another size; results are rounded half up and limited to 0...255, as
    /// SciPy does.
    ///
    /// Not for labels: see ``zoomLabels(_:to:edge:)``.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: As for floats.
    ///
    /// - Parameters:
    ///   - slice: The image.
    ///   - size: The size wanted.
    ///   - order: Degree of the spline.
    ///   - edge: What to answer where rounding puts the last position outside.
    /// - Returns: The zoomed image.
    public static func zoom(
        _ slice: Slice<UInt8>, to size: SliceSize, order: Order = .cubic, edge: ZoomEdge = .scipy
    ) -> Slice<UInt8> {
        if slice.size == size { return slice }
        if order == .nearest { return zoomLabels(slice, to: size, edge: edge) }
        return Slice(
            rows: size.rows, columns: size.columns,
            samples: evaluate(slice.samples.map { Double($0) }, slice.size, size, order, edge) {
                roundedByte($0)
            })
    }

    /// A slice of labels in another size: order 0, so that no new label appears.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels).
    ///
    /// - Parameters:
    ///   - labels: The labels.
    ///   - size: The size wanted.
    ///   - edge: What to answer where rounding puts the last position outside; 0 is background.
    /// - Returns: The zoomed labels.
    public static func zoomLabels(
        _ labels: LabelSlice, to size: SliceSize, edge: ZoomEdge = .scipy
    ) -> LabelSlice {
        let tables = nearestTables(labels.size, size, edge)
        return nearestGather(labels, rows: tables.rows, columns: tables.columns, outside: 0)
    }

    /// Rounds half up into 0...255; not-a-number becomes 0.
    static func roundedByte(_ value: Double) -> UInt8 {
        value > 0 ? UInt8(min(value + 0.5, 255)) : 0
    }

    private static func nearestTables(
        _ size: SliceSize, _ newSize: SliceSize, _ edge: ZoomEdge
    ) -> (rows: [Int32], columns: [Int32]) {
        func table(_ length: Int, _ newLength: Int) -> [Int32] {
            if length == 0 { return [Int32](repeating: -1, count: newLength) }
            return ZoomPositions.cornerAligned(from: length, to: newLength, edge: edge).map {
                $0.isNaN ? -1 : Int32(($0 + 0.5).rounded(.down))
            }
        }
        return (table(size.rows, newSize.rows), table(size.columns, newSize.columns))
    }

    @inline(__always)
    private static func evaluate<Sample>(
        _ samples: [Double], _ size: SliceSize, _ newSize: SliceSize, _ order: Order,
        _ edge: ZoomEdge, _ convert: (Double) -> Sample
    ) -> [Sample] {
        if size.isEmpty || newSize.isEmpty {
            return [Sample](repeating: convert(0), count: newSize.count)
        }
        var coefficients = samples
        if order == .cubic {
            SplinePrefilter.cubic(&coefficients, rows: size.rows, columns: size.columns)
        }
        let rowTaps = SplineTaps(
            positions: ZoomPositions.cornerAligned(
                from: size.rows, to: newSize.rows, edge: edge),
            length: size.rows, order: order.rawValue)
        let columnTaps = SplineTaps(
            positions: ZoomPositions.cornerAligned(
                from: size.columns, to: newSize.columns, edge: edge),
            length: size.columns, order: order.rawValue)
        return [Sample](unsafeUninitializedCapacity: newSize.count) { output, written in
            SplineEvaluation.rows(
                coefficients, columns: size.columns, rowTaps: rowTaps, columnTaps: columnTaps
            ) { row, values in
                for column in 0..<values.count {
                    output.initializeElement(
                        at: row * newSize.columns + column, to: convert(values[column]))
                }
            }
            written = newSize.count
        }
    }
}
