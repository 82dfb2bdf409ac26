import SafeFiles

/// The formats a score can be read from.
enum ScoreFormat: String, Hashable, Sendable, CaseIterable {
    case nifti, png, tiff, npy, npz, hdf5
    /// The case file of a prepared store.
    case preparedCase

    /// The endings by which a format is known, longest first; a prepared case is known by its store.
    static let endings: [(ending: String, format: ScoreFormat)] = [
        (".nii.gz", .nifti), (".hdr.gz", .nifti), (".nii", .nifti), (".hdr", .nifti),
        (".png", .png), (".tiff", .tiff), (".tif", .tiff), (".npy", .npy), (".npz", .npz),
        (".hdf5", .hdf5), (".h5", .hdf5),
    ]

    /// The endings, for messages.
    static let endingNames = ".nii[.gz], .hdr, .png, .tif, .npy, .npz or .h5"

    /// The format of a file name and the name without its ending; `nil` when it is none that is read.
    static func split(_ name: String) -> (stem: String, format: ScoreFormat)? {
        let lower = name.lowercased()
        for (ending, format) in endings where lower.hasSuffix(ending) && lower.count > ending.count
        {
            return (String(name.dropLast(ending.count)), format)
        }
        return nil
    }

    /// Whether one file can hold several arrays, one of which must be named.
    var holdsArrays: Bool { self == .npz || self == .hdf5 }
}

/// One file of a score: a whole file, or one array in it.
struct ScoreFile: Hashable, Sendable {
    /// What reports and messages call it: relative to its folder or list, never absolute unless typed so.
    let displayPath: String
    /// Where it is.
    let path: String
    /// How it is read.
    let format: ScoreFormat
    /// The array in an `.npz` or `.h5` file; nil when it holds only one.
    let key: String?

    init(displayPath: String, path: String, format: ScoreFormat, key: String? = nil) {
        self.displayPath = displayPath
        self.path = path
        self.format = format
        self.key = format.holdsArrays ? key : nil
    }

    /// The name messages give, with the array when one was named.
    var name: String { key.map { "\(displayPath):\($0)" } ?? displayPath }
}

/// One case of a score: its reference, and its prediction when there is one.
struct ScoreCase: Hashable, Sendable {
    /// The case id.
    let id: String
    /// What is drawn together in a bootstrap: the patient, or the case itself.
    let cluster: String
    /// The file taken as truth.
    let reference: ScoreFile
    /// The file under test; nil when it is missing, which is a row of the table all the same.
    let prediction: ScoreFile?
}

extension WorkflowError {
    /// An error of a room below, with its kind, naming a file as the report does.
    init(_ error: any Error, reading file: ScoreFile) {
        let message = "\(error)".replacing(file.path, with: file.displayPath)
        let named = message.contains(file.displayPath) ? message : "\(file.name): \(message)"
        self.init(FailureKind(of: error), named)
    }
}
