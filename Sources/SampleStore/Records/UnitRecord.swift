/// The record of one unit, stored as `units/<unit>.json`: what was made from what.
public struct UnitRecord: Codable, Hashable, Sendable {
    /// The schema this version writes and reads.
    public static let currentSchema = "samdata.unit/1"

    /// An input file as it was read.
    public struct Input: Codable, Hashable, Sendable {
        /// `image` or `label`.
        public var role: String
        /// The path below the input folder.
        public var path: String
        /// Size in bytes.
        public var bytes: Int
        /// SHA-256 of the file as it lies there.
        public var sha256: String

        /// Makes an entry.
        ///
        /// - Parameters:
        ///   - role: `image` or `label`.
        ///   - path: The path below the input folder.
        ///   - bytes: Size in bytes.
        ///   - sha256: SHA-256 of the file.
        public init(role: String, path: String, bytes: Int, sha256: String) {
            self.role = role
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// Which piece of a case a unit is, when a case is cut into several, as slides are.
    public struct Piece: Codable, Hashable, Sendable {
        /// Which piece, from 1.
        public var index: Int
        /// How many pieces the case has.
        public var of: Int

        /// Makes an entry.
        ///
        /// - Parameters:
        ///   - index: Which piece, from 1.
        ///   - of: How many pieces the case has.
        public init(index: Int, of: Int) {
            self.index = index
            self.of = of
        }

        /// The unit id of the piece: the case id, `.part`, and the index with four digits or more.
        ///
        /// - Parameter caseID: The case id.
        /// - Returns: For example `tumor_001.part0002`.
        public func unitID(of caseID: String) -> String {
            let digits = String(index)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
            return "\(caseID).part\(zeros)\(digits)"
        }
    }

    /// How much of a label a unit holds.
    public struct LabelCount: Codable, Hashable, Sendable {
        /// The label id.
        public var id: Int
        /// The name.
        public var name: String
        /// Slices with at least one pixel of it.
        public var slices: Int
        /// Pixels in all slices.
        public var pixels: Int

        /// Makes a count.
        ///
        /// - Parameters:
        ///   - id: The label id.
        ///   - name: The name.
        ///   - slices: Slices with at least one pixel of it.
        ///   - pixels: Pixels in all slices.
        public init(id: Int, name: String, slices: Int, pixels: Int) {
            self.id = id
            self.name = name
            self.slices = slices
            self.pixels = pixels
        }
    }

    /// The schema, `samdata.unit/1`.
    public var schema: String
    /// The unit id; equal to the case id unless a case is cut into parts.
    public var id: String
    /// The case id.
    public var caseID: String
    /// The case an augmented copy was made from; absent for the case itself.
    public var copyOf: String?
    /// Which piece of the case the unit is; absent for a whole case.
    public var piece: Piece?
    /// The patient the case belongs to.
    public var patient: String
    /// The part of the split, for example `train`; empty when no split is used.
    public var part: String
    /// The digest of everything asked for that decides this unit's bytes.
    public var key: String
    /// The case file below the store's root; empty for a failed unit.
    public var path: String
    /// Size of the case file in bytes.
    public var bytes: Int
    /// SHA-256 of the case file.
    public var sha256: String
    /// Number of slices.
    public var slices: Int
    /// Number of records (regions with prompts).
    public var records: Int
    /// The shape of `/image`.
    public var shape: [Int]
    /// The pixel type of `/image`.
    public var pixels: String
    /// Voxels of the source volume along i, j, k.
    public var sourceShape: [Int]
    /// Distance of pixel centres in millimetres: columns, rows, slices of the volume.
    public var spacing: [Double]
    /// How much of each label the unit holds, ids ascending; labels without a pixel are listed with 0.
    public var labels: [LabelCount]
    /// The input files as they were read.
    public var inputs: [Input]
    /// What a reader should know, one line each.
    public var warnings: [String]
    /// Why the unit failed, under `--on-error skip`; `nil` for a finished unit.
    public var failure: String?

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - id: The unit id.
    ///   - caseID: The case id.
    ///   - patient: The patient.
    ///   - part: The part of the split.
    ///   - key: The digest of everything asked for.
    public init(id: String, caseID: String, patient: String, part: String, key: String) {
        schema = Self.currentSchema
        self.id = id
        self.caseID = caseID
        self.patient = patient
        self.part = part
        self.key = key
        path = ""
        bytes = 0
        sha256 = ""
        slices = 0
        records = 0
        shape = []
        pixels = ""
        sourceShape = []
        spacing = []
        labels = []
        inputs = []
        warnings = []
    }
}

extension UnitRecord {
    /// Reads a record.
    ///
    /// - Parameter path: The file, `units/<unit>.json`.
    /// - Returns: The record.
    /// - Throws: ``StoreError`` when it is damaged or of another version, or a `FileError`.
    public static func read(_ path: String) throws -> UnitRecord {
        let record = try CanonicalJSON.read(UnitRecord.self, schema: currentSchema, from: path)
        try record.checkNumbers(path: path)
        return record
    }

    /// Makes sure that sums over many records cannot overflow: the numbers come from a file.
    func checkNumbers(path: String) throws {
        let sizes =
            shape + sourceShape + inputs.map(\.bytes) + labels.flatMap { [$0.slices, $0.pixels] }
        for number in [bytes, slices, records] + sizes where number < 0 || number > 1 << 44 {
            throw StoreError.malformed(
                path: path, key: "unit \(id)", found: "\(number)",
                expected: "counts and sizes from 0 to \(1 << 44)")
        }
        if let piece {
            guard piece.index >= 1, piece.index <= piece.of, piece.of <= 1 << 20 else {
                throw StoreError.malformed(
                    path: path, key: "unit \(id)", found: "piece \(piece.index) of \(piece.of)",
                    expected: "pieces counted from 1 to their number, at most \(1 << 20)")
            }
        }
    }
}
