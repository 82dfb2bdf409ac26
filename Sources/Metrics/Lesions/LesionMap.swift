import MedicalImaging

/// The lesions of one slide: a number per pixel, and which numbers are neither targets nor false positives.
public struct LesionMap: Sendable {
    /// Pixels along a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The lesion of every pixel, row by row; 0 for background.
    public let labels: [Int32]
    /// Lesions that are not counted, such as isolated tumour cells.
    public let excluded: Set<Int32>
    /// The lesions that occur in the map and are counted, by number.
    public let targets: [Int32]
    /// The largest number in the map.
    public let largestLabel: Int32

    /// Takes a map of numbered lesions.
    ///
    /// - Parameters:
    ///   - labels: The lesion of every pixel, row by row; 0 for background.
    ///   - width: Pixels along a row.
    ///   - height: Rows.
    ///   - excluded: Lesions that are not counted.
    /// - Throws: ``MetricError`` when the map does not fit its size or a number is negative.
    /// - Complexity: O(*n*) for *n* pixels.
    public init(
        labels: [Int32], width: Int, height: Int, excluded: Set<Int32> = []
    ) throws(MetricError) {
        let grid = try MaskGrid(shape: GridShape(width, height, 1), dimensions: 2)
        guard labels.count == grid.count else {
            throw .sizeMismatch(what: "lesion map", found: labels.count, expected: grid.count)
        }
        var present: Set<Int32> = []
        var last: Int32 = 0
        for (place, label) in labels.enumerated() where label != last {
            guard label >= 0 else {
                throw .invalidArgument(
                    name: "lesion map, pixel \(place)", found: "\(label)",
                    expected: "0 for background, or a lesion above 0")
            }
            if label != 0 { present.insert(label) }
            last = label
        }
        self.width = width
        self.height = height
        self.labels = labels
        self.excluded = excluded
        targets = present.subtracting(excluded).sorted()
        largestLabel = present.max() ?? 0
    }

    /// Finds the lesions of a tumour mask by the rule of Camelyon16.
    ///
    /// The mask is grown by half of the merging distance on every side, its holes are filled, and 8-connected parts
    /// become lesions, numbered in the order of their first pixels. A lesion whose major axis is too short is
    /// excluded as isolated tumour cells. The challenge worked on level 5 of its slides, about 7.8 µm per pixel: finer
    /// levels change little and cost 4 times as much each.
    ///
    /// - Parameters:
    ///   - tumour: One value per pixel, row by row; everything but 0 is tumour.
    ///   - width: Pixels along a row.
    ///   - height: Rows.
    ///   - pixelSize: Micrometres between pixel centres along a row and along a column.
    ///   - rule: The distances.
    /// - Throws: ``MetricError`` when the mask does not fit its size, or a pixel size or distance is not finite and
    ///   above 0.
    /// - Complexity: O(*n*) for *n* pixels whatever the distances; about 14 bytes per pixel.
    public init(
        tumour: [UInt8], width: Int, height: Int, pixelSize: (x: Double, y: Double),
        rule: LesionRule = .standard
    ) throws(MetricError) {
        let shape = GridShape(width, height, 1)
        let grid = try MaskGrid(
            shape: shape, spacing: Spacing(pixelSize.x, pixelSize.y, 1), dimensions: 2)
        guard tumour.count == grid.count else {
            throw .sizeMismatch(what: "tumour mask", found: tumour.count, expected: grid.count)
        }
        guard rule.mergingDistance.isFinite, rule.mergingDistance >= 0 else {
            throw .invalidArgument(
                name: "merging distance", found: "\(rule.mergingDistance)",
                expected: "finite micrometres of at least 0")
        }
        var mask = LesionGrowth(grid: grid).grown(
            tumour, by: rule.mergingDistance / 2, isStrict: rule.isStrict)
        try LesionGrowth(grid: grid).fillHoles(&mask)
        let parts = try ConnectedComponents.label(mask: mask, shape: shape, connectivity: .corner)
        let axes = Self.majorAxes(of: parts, grid)
        try self.init(
            labels: parts.labels, width: width, height: height,
            excluded: Set(
                axes.indices.filter { axes[$0] < rule.shortestMajorAxis }.map { Int32($0 + 1) }))
    }

    /// The length of the major axis of every part in micrometres: that of the ellipse with the same second moments,
    /// four times the square root of the larger eigenvalue of the covariance of its pixel centres.
    static func majorAxes(of parts: ConnectedComponents, _ grid: MaskGrid) -> [Double] {
        struct Moments {
            var x = 0.0
            var y = 0.0
            var xx = 0.0
            var xy = 0.0
            var yy = 0.0
        }
        let width = grid.shape.i
        // Offsets from the first pixel of a part keep the sums small, and exact for parts of usual size.
        var origins = [(x: Int, y: Int)](repeating: (-1, -1), count: parts.count)
        var sums = [Moments](repeating: Moments(), count: parts.count)
        for (place, label) in parts.labels.enumerated() where label > 0 {
            let part = Int(label) - 1
            let (column, row) = (place % width, place / width)
            if origins[part].x < 0 { origins[part] = (column, row) }
            let x = Double(column - origins[part].x)
            let y = Double(row - origins[part].y)
            sums[part].x += x
            sums[part].y += y
            sums[part].xx += x * x
            sums[part].xy += x * y
            sums[part].yy += y * y
        }
        return sums.indices.map { part in
            let (s, n) = (sums[part], Double(parts.sizes[part]))
            let (sx, sy) = (grid.spacing.i, grid.spacing.j)
            let a = (s.xx / n - s.x / n * (s.x / n)) * sx * sx
            let b = (s.xy / n - s.x / n * (s.y / n)) * sx * sy
            let c = (s.yy / n - s.y / n * (s.y / n)) * sy * sy
            let root = ((a - c) * (a - c) / 4 + b * b).squareRoot()
            return 4 * max(0, (a + c) / 2 + root).squareRoot()
        }
    }
}
