/// One place of a ``PatchLattice``.
public struct PatchPlace: Hashable, Sendable {
    /// The number in the lattice, from 0.
    public let index: Int
    /// Row in its lattice.
    public let row: Int
    /// Column in its lattice.
    public let column: Int
    /// Whether it belongs to the second lattice.
    public let isShifted: Bool
    /// Left edge in stored pixels, from the slide's left edge; may be negative.
    public let storedX: Int
    /// Top edge in stored pixels.
    public let storedY: Int
    /// Left edge in level-0 pixels, rounded to the nearest (halves up); may be negative.
    public let x: Int
    /// Top edge in level-0 pixels.
    public let y: Int
}

/// The grid of patches of one slide: every place has one number, whatever shard or thread works on it.
///
/// Places are counted row by row. With a second lattice its row of the same number follows each row of the first, so that
/// neighbours in number are neighbours in the slide. The slide measures floor(level-0 side / downsample + 10⁻⁶) stored
/// pixels, at least 1; all counting is in whole stored pixels.
public struct PatchLattice: Hashable, Sendable {
    /// The longest side of a slide at level 0.
    public static let longestSide = 1 << 40

    /// The recipe.
    public let recipe: PatchRecipe
    /// Width at level 0.
    public let slideWidth: Int
    /// Height at level 0.
    public let slideHeight: Int
    /// Level-0 pixels per stored pixel along x; need not be whole.
    public let downsampleX: Double
    /// Level-0 pixels per stored pixel along y.
    public let downsampleY: Double
    /// Width in stored pixels.
    public let storedWidth: Int
    /// Height in stored pixels.
    public let storedHeight: Int
    /// The number of places.
    public let count: Int

    private let across: Axis
    private let down: Axis

    /// Columns of the first lattice.
    public var columns: Int { across.count }
    /// Rows of the first lattice.
    public var rows: Int { down.count }
    /// Columns of the second lattice; 0 without one.
    public var shiftedColumns: Int { across.shiftedCount }
    /// Rows of the second lattice; 0 without one.
    public var shiftedRows: Int { down.shiftedCount }

    /// Lays the grid over a slide.
    ///
    /// - Parameters:
    ///   - recipe: Side, stride and edges.
    ///   - slideWidth: Width at level 0, 1...2⁴⁰.
    ///   - slideHeight: Height at level 0, 1...2⁴⁰.
    ///   - downsampleX: Level-0 pixels per stored pixel along x, 1/64...4,096.
    ///   - downsampleY: The same along y; `nil` takes that of x.
    /// - Throws: ``PatchError`` when a number is out of range or the places cannot be counted in 63 bits.
    /// - Complexity: O(1); no pixel is read.
    public init(
        recipe: PatchRecipe, slideWidth: Int, slideHeight: Int, downsampleX: Double = 1,
        downsampleY: Double? = nil
    ) throws(PatchError) {
        try recipe.validate()
        for side in [slideWidth, slideHeight] where side < 1 || side > Self.longestSide {
            throw PatchError(
                "patches: found a slide of \(slideWidth)x\(slideHeight), expected sides from 1 to "
                    + "\(Self.longestSide)")
        }
        let scales = [downsampleX, downsampleY ?? downsampleX]
        for scale in scales where !(scale >= 1.0 / 64 && scale <= 4096) {
            throw PatchError(
                "patches: downsample: found \(scale), expected a number from 1/64 to 4096")
        }
        self.recipe = recipe
        self.slideWidth = slideWidth
        self.slideHeight = slideHeight
        self.downsampleX = scales[0]
        self.downsampleY = scales[1]
        storedWidth = max(1, Int(Double(slideWidth) / scales[0] + 1e-6))
        storedHeight = max(1, Int(Double(slideHeight) / scales[1] + 1e-6))
        across = Axis(recipe, size: storedWidth)
        down = Axis(recipe, size: storedHeight)
        let first = across.count.multipliedReportingOverflow(by: down.count)
        let second = across.shiftedCount.multipliedReportingOverflow(by: down.shiftedCount)
        let sum = first.partialValue.addingReportingOverflow(second.partialValue)
        guard !first.overflow, !second.overflow, !sum.overflow else {
            throw PatchError(
                "patches: found \(across.count)x\(down.count) places, expected fewer than 2^63; "
                    + "take a larger stride")
        }
        count = sum.partialValue
    }

    /// The place with a number.
    ///
    /// - Parameter index: 0..<``count``.
    /// - Returns: Where it is.
    public func place(_ index: Int) -> PatchPlace {
        precondition((0..<count).contains(index), "index must lie in 0..<count")
        let both = columns + shiftedColumns
        var (row, column) = (0, 0)
        if index < shiftedRows * both {
            (row, column) = index.quotientAndRemainder(dividingBy: both)
        } else {
            // rows of the first lattice alone
            (row, column) = (index - shiftedRows * both).quotientAndRemainder(dividingBy: columns)
            row += shiftedRows
        }
        let isShifted = column >= columns
        if isShifted { column -= columns }
        let x = across.position(column, isShifted: isShifted)
        let y = down.position(row, isShifted: isShifted)
        return PatchPlace(
            index: index, row: row, column: column, isShifted: isShifted, storedX: x, storedY: y,
            x: Self.levelZero(x, downsampleX), y: Self.levelZero(y, downsampleY))
    }

    /// The level-0 pixel of a patch's top left corner.
    ///
    /// - Parameter index: 0..<``count``.
    /// - Returns: x and y; they may be negative under ``PatchRecipe/Edge/centred``.
    public func origin(of index: Int) -> (x: Int, y: Int) {
        let place = place(index)
        return (place.x, place.y)
    }

    /// The top left corner, in level-0 pixels, of the square in which the tumour share is measured.
    ///
    /// - Parameter place: A place of this lattice.
    /// - Returns: x, y and the square's side in stored pixels; the patch itself without a measured side.
    public func measuredSquare(at place: PatchPlace) -> (x: Int, y: Int, side: Int) {
        guard let side = recipe.measuredSide else { return (place.x, place.y, recipe.patch) }
        let inset = (recipe.patch - side) / 2
        return (
            Self.levelZero(place.storedX + inset, downsampleX),
            Self.levelZero(place.storedY + inset, downsampleY), side
        )
    }

    /// The share of tissue of a patch.
    ///
    /// - Parameters:
    ///   - place: A place of this lattice.
    ///   - mask: The slide's tissue mask.
    /// - Returns: ``TissueMask/tissueFraction(x:y:width:height:)`` of the patch.
    public func tissueFraction(at place: PatchPlace, mask: TissueMask) -> Double {
        mask.tissueFraction(
            x: Double(place.x), y: Double(place.y),
            width: Double(recipe.patch) * downsampleX,
            height: Double(recipe.patch) * downsampleY)
    }

    /// The numbers of the candidates, ascending.
    ///
    /// - Parameters:
    ///   - mask: The slide's tissue mask.
    ///   - range: The numbers to look at; `nil` looks at all.
    /// - Returns: Places the recipe's tissue rule accepts.
    /// - Complexity: About 0.2 microseconds a place.
    public func candidates(mask: TissueMask, in range: Range<Int>? = nil) -> [Int] {
        (range ?? 0..<count).clamped(to: 0..<count).filter {
            recipe.tissue.accepts(place($0), of: self, mask: mask)
        }
    }

    static func levelZero(_ stored: Int, _ downsample: Double) -> Int {
        Int((Double(stored) * downsample + 0.5).rounded(.down))
    }
}

extension PatchLattice {
    /// Positions along one axis, in stored pixels.
    struct Axis: Hashable, Sendable {
        let count: Int
        let shiftedCount: Int
        private let start: Int
        private let stride: Int
        /// Where the last patch of `cover` begins when that is no multiple of the stride.
        private let last: Int?

        init(_ recipe: PatchRecipe, size: Int) {
            let (patch, stride) = (recipe.patch, recipe.stride)
            func whole(_ size: Int) -> Int { size < patch ? 0 : (size - patch) / stride + 1 }
            func covering(_ size: Int) -> Int {
                guard size > 0 else { return 0 }
                let more = size <= patch ? 0 : (size - patch + stride - 1) / stride
                return min(more, (size - 1) / stride) + 1
            }
            var (start, count, last) = (0, 0, Int?.none)
            let left = size - stride / 2  // what the second lattice has
            var shifted = 0
            switch recipe.edge {
            case .inside:
                (count, shifted) = (whole(size), whole(left))
            case .cover:
                count = max(1, whole(size))
                shifted = whole(left)
                if (count - 1) * stride + patch < size {
                    last = size - patch
                    count += 1
                }
            case .pad:
                (count, shifted) = (covering(size), covering(left))
            case .centred:
                (start, count, shifted) = (-(patch / 2), size / stride, size / stride)
            }
            self.stride = stride
            self.start = start
            self.count = count
            self.last = last
            shiftedCount = recipe.isDoubled ? shifted : 0
        }

        func position(_ n: Int, isShifted: Bool) -> Int {
            if isShifted { return start + stride / 2 + n * stride }
            if let last, n == count - 1 { return last }
            return start + n * stride
        }
    }
}
