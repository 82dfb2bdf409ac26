import SampleStore

/// Writes the cases of a store in one form, case after case.
///
/// Initialisers check what the form needs of the store and throw before anything is written.
protocol CaseExporter: AnyObject {
    /// What a user should know, one line each.
    var notes: [String] { get }

    /// Makes the folders the export needs.
    func begin(_ folder: ExportFolder) throws

    /// Writes one case; cases come part by part.
    func export(_ unit: UnitRecord, _ reader: CaseFileReader) throws -> FileTally

    /// Writes what is known only after the last case.
    func finish() throws -> FileTally
}

extension Int {
    /// The number with at least three digits, so that names sort in the order of slices.
    var inThreeDigits: String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, 3 - digits.count)) + digits
    }
}
