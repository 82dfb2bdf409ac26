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

/// The surface elements of several labels in one map; read-only once marked, so that threads can share it.
final class SurfaceMap: @unchecked Sendable {
    /// One set of elements for each label that was asked for.
    let elements: UnsafeMutablePointer<SurfaceElements>
    private let count: Int

    init(count: Int, withCodes: Bool) {
        self.count = count
        elements = .allocate(capacity: max(1, count))
        for slot in 0..<count { (elements + slot).initialize(to: .init(withCodes: withCodes)) }
    }

    deinit {
        for slot in 0..<count { elements[slot].deallocate() }
        elements.deallocate()
    }
}

/// Which labels are looked for, and the place of each among the results.
struct LabelSlots: Sendable {
    /// The labels without repeats, in the order in which they first appear.
    let labels: [UInt8]
    /// The slot of each of the 256 labels, -1 when it is not looked for.
    let table: [Int16]

    init(_ asked: [UInt8]) {
        var labels: [UInt8] = []
        var table = [Int16](repeating: -1, count: 256)
        for label in asked where table[Int(label)] < 0 {
            table[Int(label)] = Int16(labels.count)
            labels.append(label)
        }
        self.labels = labels
        self.table = table
    }

    /// Whether background is looked for like any other label.
    var includesBackground: Bool { table[0] >= 0 }
}
