/// The same means under several conventions.
public struct ConventionSpread: Codable, Hashable, Sendable {
    /// One metric of one label under every convention.
    public struct Row: Codable, Hashable, Sendable {
        /// The id of the label; nil over all labels.
        public var label: Int?
        /// The id of the metric, for example `hd95`.
        public var metric: String
        /// The mean under each convention, in the order of ``ConventionSpread/conventions``; nil where it has none.
        public var means: [Double?]
        /// How many values each mean holds.
        public var counts: [Int]

        /// Makes a row.
        public init(label: Int?, metric: String, means: [Double?], counts: [Int]) {
            self.label = label
            self.metric = metric
            self.means = means
            self.counts = counts
        }
    }

    /// One metric of one label in one case under every convention.
    public struct Value: Codable, Hashable, Sendable {
        /// The case.
        public var `case`: String
        /// The id of the label.
        public var label: Int
        /// The id of the metric.
        public var metric: String
        /// The value under each convention, in the order of ``ConventionSpread/conventions``; nil where it has none.
        public var values: [Double?]

        /// Makes a value.
        public init(case id: String, label: Int, metric: String, values: [Double?]) {
            self.case = id
            self.label = label
            self.metric = metric
            self.values = values
        }
    }

    /// The names of the conventions; the one of the report comes first.
    public var conventions: [String]
    /// The means.
    public var rows: [Row]
    /// The values behind the means, so that a comparison can say under which convention it turns.
    public var values: [Value]

    /// Makes a spread.
    public init(conventions: [String], rows: [Row], values: [Value] = []) {
        self.conventions = conventions
        self.rows = rows
        self.values = values
    }
}

/// The rows of a published table beside ours, and how far they can be compared.
public struct PublishedComparison: Codable, Hashable, Sendable {
    /// One line of a published table, or ours.
    public struct Row: Codable, Hashable, Sendable {
        /// The method, for example `SAM-LST (table I)`, or `this run`.
        public var method: String
        /// Whether the row is this run.
        public var isOurs: Bool
        /// One text per column, empty where the paper prints nothing.
        public var values: [String]

        /// Makes a row.
        public init(method: String, isOurs: Bool, values: [String]) {
            self.method = method
            self.isOurs = isOurs
            self.values = values
        }
    }

    /// The name after `published:`.
    public var source: String
    /// The paper and table, for people.
    public var title: String
    /// The column headings, as printed.
    public var columns: [String]
    /// Published rows, then ours.
    public var rows: [Row]
    /// What makes columns comparable or not, one sentence each.
    public var notes: [String]

    /// Makes a comparison.
    public init(source: String, title: String, columns: [String], rows: [Row], notes: [String]) {
        self.source = source
        self.title = title
        self.columns = columns
        self.rows = rows
        self.notes = notes
    }
}

/// A curve or a matrix of a task.
public struct ReportPanel: Codable, Hashable, Sendable {
    /// One line of a panel.
    public struct Curve: Codable, Hashable, Sendable {
        /// What it is of.
        public var name: String
        /// Its positions, in the order of drawing; as long as `y`.
        public var x: [Double], y: [Double]

        /// Makes a curve.
        public init(name: String, x: [Double], y: [Double]) {
            self.name = name
            self.x = x
            self.y = y
        }
    }

    /// A table of counts with names.
    public struct Matrix: Codable, Hashable, Sendable {
        /// The names of the rows (reference) and columns (prediction).
        public var rows: [String], columns: [String]
        /// The counts, row by row.
        public var counts: [[Int]]

        /// Makes a matrix.
        public init(rows: [String], columns: [String], counts: [[Int]]) {
            self.rows = rows
            self.columns = columns
            self.counts = counts
        }
    }

    /// The heading.
    public var title: String
    /// The names of the axes.
    public var xTitle: String, yTitle: String
    /// The curves; empty for a matrix.
    public var curves: [Curve]
    /// The matrix; nil for curves.
    public var matrix: Matrix?

    /// Makes a panel.
    public init(
        title: String, xTitle: String, yTitle: String, curves: [Curve] = [], matrix: Matrix? = nil
    ) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.curves = curves
        self.matrix = matrix
    }
}

/// Something a reader should know.
public struct ReportFinding: Codable, Hashable, Sendable {
    /// How grave it is.
    public enum Severity: String, Codable, Hashable, Sendable {
        /// A fact; something that may mislead; something that is missing from the numbers.
        case note, warning, error
    }

    /// How grave it is.
    public var severity: Severity
    /// The case it is about; nil for the whole report.
    public var `case`: String?
    /// One line.
    public var message: String

    /// Makes a finding.
    public init(_ severity: Severity, case id: String? = nil, _ message: String) {
        self.severity = severity
        self.case = id
        self.message = message
    }
}

/// One slice of one case with both masks, for the report.
public struct OverlayPicture: Hashable, Sendable {
    /// The outline of one mask: closed pieces along pixel edges.
    public struct Outline: Hashable, Sendable {
        /// `prediction` or `reference`.
        public var name: String
        /// Pieces from corner to corner of pixels, as x0, y0, x1, y1.
        public var segments: [[Int]]

        /// Makes an outline.
        public init(name: String, segments: [[Int]]) {
            self.name = name
            self.segments = segments
        }
    }

    /// The case, and the label and metric whose worst value it shows.
    public var `case`: String, label: String, metric: String
    /// The value as text, with its unit.
    public var value: String
    /// Where the slice lies, for example `slice k = 41, z = -213.5 mm`.
    public var place: String
    /// A PNG of the slice (or of its cropped part) behind the outlines.
    public var png: [UInt8]
    /// The size of the PNG in pixels, and of a pixel in millimetres (1 and 1 when unknown).
    public var width: Int, height: Int, pixelWidth: Double, pixelHeight: Double
    /// The outlines.
    public var outlines: [Outline]

    /// Makes a picture.
    public init(
        case id: String, label: String, metric: String, value: String, place: String, png: [UInt8],
        width: Int, height: Int, pixelWidth: Double, pixelHeight: Double, outlines: [Outline]
    ) {
        self.case = id
        self.label = label
        self.metric = metric
        self.value = value
        self.place = place
        self.png = png
        self.width = width
        self.height = height
        self.pixelWidth = pixelWidth
        self.pixelHeight = pixelHeight
        self.outlines = outlines
    }
}
