import SafeFiles

/// A small table in a text file: a header line, then one record per line; fields as in ``ScoreList``.
struct TableFile {
    /// One record.
    struct Record {
        /// The line it stands on, counted from 1.
        let line: Int
        /// Its fields, as many as there are columns.
        let fields: [String]
    }

    /// The file as reports call it.
    let name: String
    /// The column names, in small letters; empty when the file has no header.
    let columns: [String]
    /// The records.
    let records: [Record]
    /// The SHA-256 of the file.
    let sha256: String

    private static let largest = 256 << 20

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What messages call it.
    ///   - hasHeader: Says from the first line whether it names columns.
    /// - Throws: ``WorkflowError`` naming the line that is not understood.
    init(
        path: String, name: String, hasHeader: ([String]) -> Bool
    ) throws(WorkflowError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileReading.contents(of: path, limit: Self.largest)
        } catch { throw WorkflowError(FailureKind(of: error), "\(error)") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WorkflowError(
                .data, "\(name): found bytes that are not UTF-8, expected a table; save it as UTF-8"
            )
        }
        let separator = ScoreList.separator(path, text)
        var columns: [String] = []
        var records: [Record] = []
        var width: Int?
        for (index, row) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        )
        .enumerated() {
            let line = index == 0 && row.first == "\u{FEFF}" ? row.dropFirst() : row
            guard line.contains(where: { !$0.isWhitespace }), line.first != "#" else { continue }
            guard let fields = ScoreList.fields(line, separator) else {
                throw WorkflowError(
                    .data,
                    "\(name): line \(index + 1): found a quotation mark that is not closed, expected marks in "
                        + "pairs; correct the file")
            }
            if width == nil {
                width = fields.count
                if hasHeader(fields) {
                    columns = fields.map { $0.lowercased() }
                    continue
                }
            }
            guard fields.count == width else {
                throw WorkflowError(
                    .data,
                    "\(name): line \(index + 1): found \(fields.count) fields, expected \(width ?? 0) as in "
                        + "the first line; correct the file")
            }
            records.append(Record(line: index + 1, fields: fields))
        }
        self.name = name
        self.columns = columns
        self.records = records
        sha256 = ContentDigest.sha256(of: bytes)
    }

    /// The position of the first column of one of some names; nil when there is none.
    func column(_ names: [String]) -> Int? {
        names.lazy.compactMap { columns.firstIndex(of: $0) }.first
    }
}
