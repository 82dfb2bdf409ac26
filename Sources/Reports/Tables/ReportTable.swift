/// A table of texts without a layout: the writers give it lines, pipes, ampersands or tags.
public struct ReportTable: Hashable, Sendable {
    /// On which side the texts of a column stand.
    public enum Alignment: Hashable, Sendable {
        /// Words stand left, numbers right.
        case left, right
    }

    /// One column.
    public struct Column: Hashable, Sendable {
        /// The heading.
        public var title: String
        /// On which side its texts stand.
        public var alignment: Alignment

        /// Makes a column.
        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// One row.
    public struct Row: Hashable, Sendable {
        /// One text per column.
        public var cells: [String]
        /// Whether the row stands out, for example a mean among its parts.
        public var isEmphasised: Bool

        /// Makes a row.
        public init(_ cells: [String], isEmphasised: Bool = false) {
            self.cells = cells
            self.isEmphasised = isEmphasised
        }

        /// The text of a column; empty where the row is too short.
        ///
        /// - Parameter column: The column, from 0.
        public subscript(column: Int) -> String {
            cells.indices.contains(column) ? cells[column] : ""
        }
    }

    /// The heading.
    public var title: String
    /// The columns, left to right.
    public var columns: [Column]
    /// The rows, top to bottom; each has one cell per column.
    public var rows: [Row]
    /// Sentences below the table.
    public var notes: [String]

    /// Makes a table.
    public init(title: String, columns: [Column], rows: [Row], notes: [String] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.notes = notes
    }

    /// Whether there is nothing to show.
    public var isEmpty: Bool { rows.isEmpty }
}
