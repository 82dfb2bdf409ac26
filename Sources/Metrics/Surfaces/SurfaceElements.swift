/// The surface elements of one label in one map, row by row in scan order: columns along i, and where each row begins.
///
/// Memory is owned by a ``SurfaceMap``; 4 bytes per element, 16 per row, and 1 more per element for patches.
struct SurfaceElements {
    /// One row along i that has elements.
    struct Row {
        /// `j + k * height`.
        let line: Int
        /// The place of its first element.
        let start: Int
    }

    private(set) var columns: UnsafeMutablePointer<UInt32>
    private(set) var rows: UnsafeMutablePointer<Row>
    /// Which corners of the cell about each lattice point are set; only for surfels.
    private(set) var codes: UnsafeMutablePointer<UInt8>?
    private(set) var count = 0
    private(set) var rowCount = 0
    private var capacity = 64
    private var rowCapacity = 16
    private var line = -1

    init(withCodes: Bool) {
        columns = .allocate(capacity: capacity)
        rows = .allocate(capacity: rowCapacity)
        codes = withCodes ? .allocate(capacity: capacity) : nil
    }

    func deallocate() {
        columns.deallocate()
        rows.deallocate()
        codes?.deallocate()
    }

    /// The place after the last element of a row.
    @inline(__always)
    func end(ofRow row: Int) -> Int { row + 1 < rowCount ? rows[row + 1].start : count }

    /// Adds an element behind all others.
    @inline(__always)
    mutating func append(column: Int, line: Int) {
        if line != self.line { begin(line) }
        if count == capacity { grow() }
        columns[count] = UInt32(truncatingIfNeeded: column)
        count += 1
    }

    /// Adds a lattice point with the corners of its cell.
    @inline(__always)
    mutating func append(column: Int, line: Int, code: UInt8) {
        append(column: column, line: line)
        codes?[count - 1] = code
    }

    @inline(never)
    private mutating func begin(_ line: Int) {
        self.line = line
        if rowCount == rowCapacity {
            rows = Self.moved(rows, rowCount, to: 2 * rowCapacity)
            rowCapacity *= 2
        }
        rows[rowCount] = Row(line: line, start: count)
        rowCount += 1
    }

    @inline(never)
    private mutating func grow() {
        columns = Self.moved(columns, count, to: 2 * capacity)
        if let old = codes { codes = Self.moved(old, count, to: 2 * capacity) }
        capacity *= 2
    }

    private static func moved<T>(
        _ old: UnsafeMutablePointer<T>, _ count: Int, to capacity: Int
    ) -> UnsafeMutablePointer<T> {
        let new = UnsafeMutablePointer<T>.allocate(capacity: capacity)
        new.moveInitialize(from: old, count: count)
        old.deallocate()
        return new
    }
}
