import SafeFiles

/// The names of the files of a prepared store.
///
/// ```
/// OUT/plan.json            what was asked, resolved
/// OUT/cases/<unit>.h5      the samples of one unit
/// OUT/units/<unit>.json    the record of one unit: size, digest, counts, inputs
/// OUT/manifest.json        written last, when every unit is there
/// ```
public struct StoreLayout: Hashable, Sendable {
    /// The folder of the store.
    public let root: String

    /// Names the files of a store.
    ///
    /// - Parameter root: The folder of the store.
    public init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// The plan.
    public var plan: String { root + "/plan.json" }
    /// The manifest.
    public var manifest: String { root + "/manifest.json" }
    /// The folder of the case files.
    public var cases: String { root + "/cases" }
    /// The folder of the unit records.
    public var units: String { root + "/units" }

    /// Makes sure that the folder is there.
    ///
    /// - Throws: `FileError` of kind `missing` when it is not.
    public func requireFolder() throws(FileError) {
        guard Folders.isFolder(root) else {
            throw FileError(
                .missing, path: root,
                message: "found no folder there, expected a prepared store; check the path")
        }
    }

    /// The path of a unit's case file below the root, as records and manifest write it.
    ///
    /// - Parameter unit: The unit id.
    /// - Returns: `cases/<unit>.h5`.
    public func relativeCaseFile(_ unit: String) -> String { "cases/\(unit).h5" }

    /// The path of a unit's case file.
    ///
    /// - Parameter unit: The unit id.
    /// - Returns: `OUT/cases/<unit>.h5`.
    public func caseFile(_ unit: String) -> String { root + "/" + relativeCaseFile(unit) }

    /// The path of a unit's record.
    ///
    /// - Parameter unit: The unit id.
    /// - Returns: `OUT/units/<unit>.json`.
    public func record(_ unit: String) -> String { "\(units)/\(unit).json" }
}
