import MedicalImaging

/// Crops what is too large and pads what is too small, to an exact number of rows and columns.
///
/// Of the rows that are too many or missing, `top` is the part that goes off or on above the picture; likewise `left`.
/// The split is rounded: `floor(top * difference + 0.5)` rows go above, the others below.
///
/// - Shapes: any; every plane is treated alike.
/// - Units: pixels, and fractions for `top` and `left`.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for more than 65,536 rows or columns or more
///   than 2³¹ values.
/// - Complexity: O(*n*) in the pixels of the result.
public struct CropOrPad: SampleTransform {
    /// The name in recipes and records.
    public static let name = "crop-or-pad"
    static let largestSide = 65_536
    static let largestCount = 1 << 31

    /// Rows of the result, 1 to 65,536.
    public var rows: Int
    /// Columns of the result, 1 to 65,536.
    public var columns: Int
    /// The part of the difference that goes off or on above the picture, 0 to 1.
    public var top: Amount
    /// The part of the difference that goes off or on to the left, 0 to 1.
    public var left: Amount
    /// What lies in the padding.
    public var fill: Fill

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - rows: Rows of the result.
    ///   - columns: Columns of the result.
    ///   - top: The part of the difference above the picture.
    ///   - left: The part of the difference to the left.
    ///   - fill: What lies in the padding.
    public init(
        rows: Int, columns: Int, top: Amount = 0.5, left: Amount = 0.5, fill: Fill = .black
    ) {
        self.rows = rows
        self.columns = columns
        self.top = top
        self.left = left
        self.fill = fill
    }

    /// Whether the position is fixed.
    public var isDrawn: Bool { top.value != nil && left.value != nil }

    /// Fixes `top`, then `left`.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when a parameter is out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> CropOrPad {
        guard (try? check(extent)) != nil else { return self }
        var drawn = self
        drawn.top = top.drawn(from: &random)
        drawn.left = left.drawn(from: &random)
        return drawn
    }

    /// The size after the transform.
    ///
    /// - Parameter extent: The size before.
    /// - Returns: The same channels and slices with the new rows and columns; the size before when the new one is out of
    ///   bounds, which applying the transform reports.
    public func extent(after extent: SampleExtent) -> SampleExtent {
        guard (try? check(extent)) != nil else { return extent }
        return SampleExtent(
            channels: extent.channels, slices: extent.slices, rows: rows, columns: columns)
    }

    /// The crop that undoes padding.
    ///
    /// - Parameter extent: The size of the sample before this transform.
    /// - Returns: A drawn transform; `nil` when rows or columns were cropped away.
    public func inverse(extent: SampleExtent) -> Transform? {
        guard isDrawn, (try? check(extent)) != nil, rows >= extent.rows, columns >= extent.columns
        else { return nil }
        return .cropOrPad(
            CropOrPad(
                rows: extent.rows, columns: extent.columns, top: top, left: left, fill: fill))
    }

    /// Throws when a parameter, or the size it gives, is out of bounds.
    func check(_ extent: SampleExtent) throws(AugmentationError) {
        for (name, side) in [("rows", rows), ("columns", columns)]
        where side < 1 || side > Self.largestSide {
            throw .parameter(
                transform: Self.name, name: name, found: "\(side)",
                expected: "1...\(Self.largestSide)")
        }
        try top.check("top", in: 0...1, of: Self.name)
        try left.check("left", in: 0...1, of: Self.name)
        try fill.check(for: Self.name)
        let (planes, manyPlanes) = extent.channels.multipliedReportingOverflow(by: extent.slices)
        let (count, many) = planes.multipliedReportingOverflow(by: rows * columns)
        guard !manyPlanes, !many, count <= Self.largestCount else {
            throw .parameter(
                transform: Self.name, name: "rows, columns",
                found: "\(rows) x \(columns) of \(extent.channels) x \(extent.slices) planes",
                expected: "at most 2^31 values")
        }
    }
}

extension CropOrPad {
    /// Reads the parameters; `rows` and `columns` must be there, the others have defaults.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing size or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rows = try container.decode(Int.self, forKey: .rows)
        columns = try container.decode(Int.self, forKey: .columns)
        top = try container.decodeIfPresent(Amount.self, forKey: .top) ?? 0.5
        left = try container.decodeIfPresent(Amount.self, forKey: .left) ?? 0.5
        fill = try container.decodeIfPresent(Fill.self, forKey: .fill) ?? .black
    }
}

extension CropOrPad {
    /// Crops or pads image and maps, moves points, and measures boxes again.
    ///
    /// A crop clips boxes that cannot be measured; of those that lie outside entirely nothing is left. Padding only moves them.
    ///
    /// - Parameter sample: The sample; points outside the result stay in the list, outside.
    /// - Throws: ``AugmentationError`` for a range or a parameter out of bounds.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let old = sample.extent
        try check(old)
        guard let shift = shift(of: old) else { throw .notDrawn(transform: Self.name) }
        let new = extent(after: old)
        let window = Window(
            rows: (0..<new.rows).map { fill.index(for: $0 + shift.rows, count: old.rows) },
            columns: (0..<new.columns).map {
                fill.index(for: $0 + shift.columns, count: old.columns)
            })
        sample.image = window.planes(
            of: sample.image, extent: old, count: old.channels * old.slices,
            outside: fill.value(black: sample.range.lowerBound))
        sample.labels = sample.labels.map {
            window.planes(of: $0, extent: old, count: old.slices, outside: 0)
        }
        sample.instances = sample.instances.map {
            window.planes(of: $0, extent: old, count: old.slices, outside: 0)
        }
        sample.extent = new
        sample.movePoints { (x, y) in (x - Double(shift.columns), y - Double(shift.rows)) }
        sample.remeasureBoxes()
        if new.rows < old.rows || new.columns < old.columns { sample.clipBoxes() }
    }

    /// The row and column of the old picture that come to lie at the new origin; negative under padding.
    func shift(of extent: SampleExtent) -> (rows: Int, columns: Int)? {
        guard let top = top.value, let left = left.value else { return nil }
        func offset(_ part: Double, _ old: Int, _ new: Int) -> Int {
            let above = Int((part * Double(abs(old - new)) + 0.5).rounded(.down))
            return old >= new ? above : -above
        }
        return (offset(top, extent.rows, rows), offset(left, extent.columns, columns))
    }

    /// Which old row and column every new one shows; -1 for the fill.
    private struct Window {
        var rows: [Int]
        var columns: [Int]

        func planes<Value>(
            of values: [Value], extent: SampleExtent, count: Int, outside: Value
        ) -> [Value] {
            let size = rows.count * columns.count
            return [Value](unsafeUninitializedCapacity: count * size) { result, initialized in
                values.withUnsafeBufferPointer { values in
                    var target = 0
                    for plane in 0..<count {
                        for row in rows {
                            let start = (plane * extent.rows + row) * extent.columns
                            for column in columns {
                                let value =
                                    row < 0 || column < 0 ? outside : values[start + column]
                                result.initializeElement(at: target, to: value)
                                target += 1
                            }
                        }
                    }
                    initialized = target
                }
            }
        }
    }
}

extension CropOrPad: PlaneGeometry {
    func sourceMap(extent: SampleExtent) -> PlaneAffine? {
        guard (try? check(extent)) != nil, let shift = shift(of: extent) else { return nil }
        return PlaneAffine(x0: Double(shift.columns), y0: Double(shift.rows))
    }
}

extension AugmentationSample {
    /// Clips boxes to the pixels of the picture; a box outside has no prompt any more.
    fileprivate mutating func clipBoxes() {
        let right = Float(extent.columns - 1)
        let bottom = Float(extent.rows - 1)
        for index in boxes.indices {
            guard let box = boxes[index].prompt else { continue }
            let isInside =
                box.x1 >= -0.5 && box.x0 < right + 0.5 && box.y1 >= -0.5 && box.y0 < bottom + 0.5
            boxes[index].prompt =
                isInside
                ? BoxPrompt(
                    x0: min(max(box.x0, 0), right), y0: min(max(box.y0, 0), bottom),
                    x1: min(max(box.x1, 0), right), y1: min(max(box.y1, 0), bottom)) : nil
        }
    }
}
