public import SafeFiles

/// Why a file of tensors could not be read or written.
///
/// `file` is the path, or for a member of a zip archive `path/member`; `place` says where in it.
public enum TensorFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file itself could not be opened, read or written.
    case file(FileError)
    /// The bytes are of another format.
    case wrongFormat(file: String, found: String, next: String)
    /// Something in the file is cut, damaged or contradicts something else in it.
    case damaged(file: String, place: String, found: String, expected: String)
    /// The file asks for something that is never done, for example calling a function.
    case refused(file: String, place: String, what: String, next: String)
    /// The file announces more than the limits allow.
    case tooLarge(file: String, place: String, found: String, limit: String)
    /// The file has no tensor, or no group of tensors, of that name.
    case noSuchTensor(file: String, name: String, present: [String])
    /// Several groups of tensors may be the model; `candidates` names them with their sizes.
    case ambiguous(file: String, candidates: [String])
    /// The memory to fill has another size than the tensor.
    case bufferSize(file: String, name: String, found: Int, expected: Int)
    /// A tensor to write that contradicts its description.
    case unwritable(file: String, name: String, found: String, expected: String)

    /// The error on one line.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .wrongFormat(let file, let found, let next):
            "\(file): at its start: found \(found), expected a .pth or .safetensors file; \(next)"
        case .damaged(let file, let place, let found, let expected):
            "\(file): at \(place): found \(found), expected \(expected); "
                + "the file is damaged or forged, fetch it again"
        case .refused(let file, let place, let what, let next):
            "\(file): at \(place): refused \(what), expected tensors and plain values only; \(next)"
        case .tooLarge(let file, let place, let found, let limit):
            "\(file): at \(place): found \(found), expected at most \(limit); "
                + "raise the limit if the file is genuine"
        case .noSuchTensor(let file, let name, let present):
            "\(file): found no \(Printable.text(name)), expected one of \(Printable.list(present)); "
                + "ask for a name the file has"
        case .ambiguous(let file, let candidates):
            "\(file): found several groups of tensors that may be the model "
                + "(\(Printable.list(candidates))), expected one; "
                + "name the one that is meant, or save it alone with torch.save"
        case .bufferSize(let file, let name, let found, let expected):
            "\(file): tensor \(Printable.text(name)): found room for \(found) elements, "
                + "expected \(expected); give memory of the tensor's size"
        case .unwritable(let file, let name, let found, let expected):
            "\(file): tensor \(Printable.text(name)): found \(found), expected \(expected); "
                + "check the tensor before writing"
        }
    }
}

/// Text from a file, made fit for one line of a message.
enum Printable {
    /// The text without control characters, cut at 80 characters.
    static func text(_ text: some StringProtocol) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == 80 { return result + "..." }
            count += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The first eight of some texts.
    static func list(_ texts: [String]) -> String {
        if texts.isEmpty { return "none" }
        return texts.prefix(8).map { text($0) }.joined(separator: ", ")
            + (texts.count > 8 ? " and \(texts.count - 8) more" : "")
    }
}
