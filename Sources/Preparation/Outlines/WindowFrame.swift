/// Turns level-0 coordinates into those of a window's grid, in which pixel (i, j) has its corner at (i, j).
struct WindowFrame {
    /// The first column and row, on the grid.
    let x: Int
    let y: Int
    let width: Int
    let height: Int
    private let originX: Double
    private let originY: Double
    private let scaleX: Double
    private let scaleY: Double
    /// Powers of two are multiplied by, without a rounding; all other numbers are divided by.
    private let isDyadic: Bool

    init(_ window: PatchWindow) {
        precondition(window.isValid, "a window beyond the limits of PatchWindow")
        x = window.x
        y = window.y
        width = window.width
        height = window.height
        originX = window.originX
        originY = window.originY
        isDyadic = window.downsampleX.significand == 1 && window.downsampleY.significand == 1
        scaleX = isDyadic ? 1 / window.downsampleX : window.downsampleX
        scaleY = isDyadic ? 1 / window.downsampleY : window.downsampleY
    }

    /// A part of a frame on the same grid.
    init(_ frame: WindowFrame, x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        originX = frame.originX
        originY = frame.originY
        scaleX = frame.scaleX
        scaleY = frame.scaleY
        isDyadic = frame.isDyadic
    }

    /// Columns to the right on the grid.
    @inline(__always)
    func column(_ levelZero: Double) -> Double {
        isDyadic ? (levelZero - originX) * scaleX : (levelZero - originX) / scaleX
    }

    /// Rows down on the grid.
    @inline(__always)
    func row(_ levelZero: Double) -> Double {
        isDyadic ? (levelZero - originY) * scaleY : (levelZero - originY) / scaleY
    }

    /// The level-0 position of a column of the grid.
    func levelZeroColumn(_ column: Int) -> Double {
        isDyadic ? originX + Double(column) / scaleX : originX + Double(column) * scaleX
    }

    /// The level-0 position of a row of the grid.
    func levelZeroRow(_ row: Int) -> Double {
        isDyadic ? originY + Double(row) / scaleY : originY + Double(row) * scaleY
    }

    /// The part that a box may touch under any rule: two pixels more on all sides; `nil` when there is none.
    func part(around bounds: OutlineIndex.Bounds) -> WindowFrame? {
        let left = max(x, floorInt(column(bounds.x0)) - 2)
        let top = max(y, floorInt(row(bounds.y0)) - 2)
        let right = min(x + width, floorInt(column(bounds.x1)) + 3)
        let bottom = min(y + height, floorInt(row(bounds.y1)) + 3)
        guard left < right, top < bottom else { return nil }
        return WindowFrame(self, x: left, y: top, width: right - left, height: bottom - top)
    }
}

/// The smallest whole number not below; for magnitudes below 2⁶².
@inline(__always)
func ceilInt(_ value: Double) -> Int {
    let cut = Int(value)
    return Double(cut) < value ? cut &+ 1 : cut
}

/// The largest whole number not above; for magnitudes below 2⁶².
@inline(__always)
func floorInt(_ value: Double) -> Int {
    let cut = Int(value)
    return Double(cut) > value ? cut &- 1 : cut
}
