internal import CImageKernels

/// How a plane lies in memory once flips and quarter turns are taken into account.
///
/// Row `r` and column `c` of the view are the pixel `origin + r * rowStep + c * columnStep` of the plane.
struct PlaneView: Hashable {
    private(set) var rows: Int
    private(set) var columns: Int
    private(set) var origin = 0
    private(set) var rowStep: Int
    private(set) var columnStep = 1

    /// A plane as it is.
    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        rowStep = columns
    }

    /// The first column becomes the last.
    mutating func flipColumns() {
        origin += (columns - 1) * columnStep
        columnStep = -columnStep
    }

    /// The first row becomes the last.
    mutating func flipRows() {
        origin += (rows - 1) * rowStep
        rowStep = -rowStep
    }

    /// The last column becomes the first row.
    mutating func turnCounterClockwise() {
        flipColumns()
        (rows, columns) = (columns, rows)
        (rowStep, columnStep) = (columnStep, rowStep)
    }

    /// The view as the kernels take it; sizes have been checked by ``PlanePass``.
    var kernelView: ik_view {
        ik_view(
            rows: Int32(rows), columns: Int32(columns), origin: Int32(origin),
            row_step: Int32(rowStep), column_step: Int32(columnStep))
    }
}
