public import HDF5
public import SafeFiles
public import TensorFiles

/// Why a checkpoint could not be read, made or handed on; one line each.
public enum CheckpointError: Error, Sendable, CustomStringConvertible {
    /// The file itself could not be opened, read or written.
    case file(FileError)
    /// The HDF5 container is missing, damaged or refused, or could not be written.
    case container(HDF5Error)
    /// The `.pth` or `.safetensors` file could not be read or written.
    case tensorFile(TensorFileError)
    /// A sound file that is not what was expected: other contents, a newer version, an unknown architecture.
    case unsupported(file: String, place: String, found: String, expected: String)
    /// The file contradicts itself or its checksums.
    case damaged(file: String, place: String, found: String, expected: String)
    /// Tensors are missing or have another shape than the architecture.
    case unfit(file: String, architecture: String, WeightReader.Report)
    /// A value or a name that cannot be stored as was asked.
    case unwritable(file: String, place: String, found: String, expected: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .container(let error): error.description
        case .tensorFile(let error): error.description
        case .unsupported(let file, let place, let found, let expected),
            .damaged(let file, let place, let found, let expected),
            .unwritable(let file, let place, let found, let expected):
            OneLine.text("\(file): \(place): found \(found), expected \(expected)", limit: 1200)
        case .unfit(let file, let architecture, let report):
            OneLine.text(
                "\(file): read as \(architecture), but its tensors do not fit: \(report.summary)",
                limit: 1200)
        }
    }
}

/// Text from a file, made fit for a message.
enum OneLine {
    /// The text without control characters, cut when it is long.
    static func text(_ text: some StringProtocol, limit: Int = 80) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { return result + "..." }
            count += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
                result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The first few of some texts.
    static func list(_ texts: some Collection<String>, limit: Int = 4) -> String {
        if texts.isEmpty { return "none" }
        return texts.prefix(limit).map { text($0) }.joined(separator: ", ")
            + (texts.count > limit ? " and \(texts.count - limit) more" : "")
    }
}
