import SafeFiles

/// Why a NIfTI file cannot be read or written, on one line: file, field, found, expected, next step.
public struct NIfTIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The group an error belongs to.
    public enum Kind: Hashable, Sendable {
        /// The file cannot be opened, read or written; the group of the file error says whether it may pass.
        case file(FileError.Kind)
        /// The bytes are not a NIfTI header.
        case notNIfTI
        /// A header field holds an impossible value.
        case header
        /// An affine is unusable, or the two affines of the file disagree.
        case affine
        /// The voxel type is known but not read, or not fit for the purpose.
        case unsupportedType
        /// The data ends early.
        case truncated
        /// The compressed data is damaged, or yields more than the header announces.
        case damaged
        /// The data is larger than the caller allows.
        case tooLarge
        /// The caller has to choose: one volume of several, or one of two affines.
        case choiceNeeded
        /// A label map holds values that are not labels.
        case labels
    }

    /// The group the error belongs to.
    public let kind: Kind
    /// The path as the caller gave it.
    public let path: String
    /// The header field or the part of the file, for example `dim[3]`.
    public let field: String
    /// What was found there.
    public let found: String
    /// What should have been there.
    public let expected: String
    /// What can be done next.
    public let nextStep: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - kind: The group the error belongs to.
    ///   - path: The path as the caller gave it.
    ///   - field: The header field or the part of the file.
    ///   - found: What was found there.
    ///   - expected: What should have been there.
    ///   - nextStep: What can be done next.
    public init(
        _ kind: Kind, path: String, field: String, found: String, expected: String,
        nextStep: String
    ) {
        self.kind = kind
        self.path = path
        self.field = field
        self.found = found
        self.expected = expected
        self.nextStep = nextStep
    }

    /// The error on one line.
    public var description: String {
        if case .file = kind { return "\(path): \(found)" }
        return "\(path): \(field): found \(found), expected \(expected); \(nextStep)"
    }

    /// A file error, with its own wording.
    ///
    /// - Parameter error: The file error.
    init(_ error: FileError) {
        self.init(
            .file(error.kind), path: error.path, field: "file", found: error.message, expected: "",
            nextStep: "")
    }

    /// Runs a body that works on files, and turns its error into one of this type.
    ///
    /// - Parameter body: The work.
    /// - Returns: What the body returns.
    /// - Throws: The body's error.
    static func wrapping<Result: ~Copyable>(
        _ body: () throws(FileError) -> Result
    ) throws(NIfTIError) -> Result {
        do throws(FileError) { return try body() } catch { throw NIfTIError(error) }
    }
}

/// Something unusual in a file that does not keep it from being read.
public struct NIfTIWarning: Hashable, Sendable, CustomStringConvertible {
    /// What is unusual.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `scl_slope` is 0 or not finite while `scl_inter` is not 0: readers disagree, both are ignored here.
        case interceptWithoutSlope
        /// A `pixdim` is 0; 1 is used.
        case zeroSpacing
        /// A `pixdim` is negative; its absolute value is used.
        case negativeSpacing
        /// `bitpix` does not fit `datatype`; `datatype` wins.
        case bitsPerVoxel
        /// `vox_offset` of a single file is 0; the end of the header is used.
        case zeroOffset
        /// Bytes follow the voxels, or the compressed stream.
        case trailingBytes
        /// The name says compressed and the contents are not, or the other way round.
        case compressionName
        /// Neither sform nor qform: left and right are unknown.
        case unknownOrientation
        /// The unit of length is not millimetres; the affine is taken as it is written.
        case units
        /// An orientation code outside 0...5, or a handedness that is neither 1 nor -1.
        case orientationCode
        /// The area for extensions ends in something that is not an extension.
        case extensionPadding
        /// The sform is sheared, which the qform cannot say.
        case shear
    }

    /// What is unusual.
    public let kind: Kind
    /// Field, value and what is done about it, on one line.
    public let text: String

    /// The text.
    public var description: String { text }
}
