import MedicalImaging

/// Paints rectangles over the image; labels, points and boxes stay.
///
/// Every rectangle has a height and a width of its own, rounded to pixels, at least one, and lies at a place that is uniform
/// among those where it fits. What is stored is the rectangles themselves, in pixels.
///
/// - Shapes: any; all channels and slices get the same rectangles.
/// - Units: `height` and `width` are fractions of the picture, 0 to 1.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for a rectangle that leaves the picture and for
///   a fill that is not a value.
/// - Complexity: O(pixels painted).
/// - Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017, with several
///   rectangles.
public struct CoarseDropout: SampleTransform {
    /// A rectangle of pixels.
    public struct Rectangle: Codable, Hashable, Sendable {
        /// First row.
        public var row: Int
        /// First column.
        public var column: Int
        /// Number of rows.
        public var rows: Int
        /// Number of columns.
        public var columns: Int

        /// Makes a rectangle.
        ///
        /// - Parameters:
        ///   - row: First row.
        ///   - column: First column.
        ///   - rows: Number of rows.
        ///   - columns: Number of columns.
        public init(row: Int, column: Int, rows: Int, columns: Int) {
            self.row = row
            self.column = column
            self.rows = rows
            self.columns = columns
        }

        func fits(_ extent: SampleExtent) -> Bool {
            row >= 0 && column >= 0 && rows >= 0 && columns >= 0
                && rows <= extent.rows && columns <= extent.columns
                && row <= extent.rows - rows && column <= extent.columns - columns
        }
    }

    /// The name in recipes and records.
    public static let name = "dropout"
    /// The most rectangles.
    static let largestCount = 1000

    /// How many rectangles, 0 to 1000; rounded to a whole number.
    public var count: Amount
    /// The height of a rectangle as a fraction of the picture's; drawn for each.
    public var height: Amount
    /// The width of a rectangle as a fraction of the picture's; drawn for each.
    public var width: Amount
    /// What is painted: ``Fill/black`` or a constant.
    public var fill: Fill
    /// The rectangles, once drawn; they alone decide what is painted.
    public var rectangles: [Rectangle]?

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - count: How many rectangles.
    ///   - height: The height of a rectangle as a fraction of the picture's.
    ///   - width: The width of a rectangle as a fraction of the picture's.
    ///   - fill: What is painted.
    ///   - rectangles: The rectangles, to have these and no others.
    public init(
        count: Amount, height: Amount, width: Amount, fill: Fill = .black,
        rectangles: [Rectangle]? = nil
    ) {
        self.count = count
        self.height = height
        self.width = width
        self.fill = fill
        self.rectangles = rectangles
    }

    /// Whether the rectangles are known.
    public var isDrawn: Bool { rectangles != nil }

    /// Draws the count, then height, width, row and column of each rectangle.
    ///
    /// - Parameters:
    ///   - random: The generator; takes nothing from it when the rectangles are known.
    ///   - extent: The size of the sample.
    /// - Returns: The transform with its rectangles and its count; height and width are left as they were written.
    ///   Unchanged when a parameter is out of bounds, which applying it reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> CoarseDropout {
        guard rectangles == nil, (try? check()) != nil else { return self }
        func pixels(_ fraction: Amount, of side: Int) -> Int {
            let part = fraction.drawn(from: &random).value ?? 0
            return min(max(Int((part * Double(side) + 0.5).rounded(.down)), 1), side)
        }
        var drawn = self
        let number = (count.drawn(from: &random).value ?? 0).rounded(.toNearestOrAwayFromZero)
        drawn.count = .fixed(number)
        drawn.rectangles = (0..<Int(number)).map { _ in
            let rows = pixels(height, of: extent.rows)
            let columns = pixels(width, of: extent.columns)
            return Rectangle(
                row: random.index(below: extent.rows - rows + 1),
                column: random.index(below: extent.columns - columns + 1),
                rows: rows, columns: columns)
        }
        return drawn
    }

    /// Paints the rectangles.
    ///
    /// - Parameter sample: The sample; only its image changes.
    /// - Throws: ``AugmentationError`` when the rectangles are not drawn or do not lie in the picture.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try check()
        guard let rectangles else { throw .notDrawn(transform: Self.name) }
        let size = sample.extent
        for rectangle in rectangles where !rectangle.fits(size) {
            throw .parameter(
                transform: Self.name, name: "rectangles",
                found:
                    "row \(rectangle.row), column \(rectangle.column), \(rectangle.rows) x \(rectangle.columns)",
                expected: "a rectangle inside \(size.rows) x \(size.columns) pixels")
        }
        let value = fill.value(black: sample.range.lowerBound)
        sample.image.withUnsafeMutableBufferPointer { pixels in
            for plane in 0..<(size.channels * size.slices) {
                for rectangle in rectangles {
                    for row in rectangle.row..<(rectangle.row + rectangle.rows) {
                        let start = (plane * size.rows + row) * size.columns + rectangle.column
                        pixels[start..<(start + rectangle.columns)].update(repeating: value)
                    }
                }
            }
        }
    }

    private func check() throws(AugmentationError) {
        try count.check("count", in: 0...Double(Self.largestCount), of: Self.name)
        try height.check("height", in: 0...1, of: Self.name)
        try width.check("width", in: 0...1, of: Self.name)
        try fill.check(for: Self.name)
        if fill == .edge || fill == .reflect {
            throw .parameter(
                transform: Self.name, name: "fill", found: "\(fill)",
                expected: "black or a constant")
        }
        if let rectangles, rectangles.count > Self.largestCount {
            throw .parameter(
                transform: Self.name, name: "rectangles", found: "\(rectangles.count)",
                expected: "at most \(Self.largestCount)")
        }
    }
}

extension CoarseDropout {
    /// Reads the parameters; `count`, `height` and `width` must be there, the others have defaults.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing parameter or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Amount.self, forKey: .count)
        height = try container.decode(Amount.self, forKey: .height)
        width = try container.decode(Amount.self, forKey: .width)
        fill = try container.decodeIfPresent(Fill.self, forKey: .fill) ?? .black
        rectangles = try container.decodeIfPresent([Rectangle].self, forKey: .rectangles)
    }
}
