/// Why a model cannot be made or a prompt cannot be answered, on one line.
public enum SAMError: Error, CustomStringConvertible {
    /// The picture cannot be used.
    case image(String)
    /// A prompt cannot be used.
    case prompt(index: Int, String)
    /// The architecture is not possible.
    case configuration(String)
    /// The tensors do not fit the architecture.
    case weights(WeightReader.Report)
    /// A tensor could not be read.
    case source(any Error)
    /// A stored embedding does not fit the model.
    case embedding(found: [Int], expected: [Int])

    /// The error on one line.
    public var description: String {
        switch self {
        case .image(let text): "image: \(text)"
        case .prompt(let index, let text): "prompt \(index): \(text)"
        case .configuration(let text): "model architecture: \(text)"
        case .weights(let report): "weights: \(report.summary)"
        case .source(let error): "weights: \(error)"
        case .embedding(let found, let expected):
            "embedding: found shape \(found), expected \(expected); "
                + "make it again with this model"
        }
    }
}

extension WeightReader.Report {
    /// The report on one line; of long lists the first three names.
    public var summary: String {
        func list(_ names: [String]) -> String {
            names.prefix(3).joined(separator: ", ")
                + (names.count > 3 ? " and \(names.count - 3) more" : "")
        }
        var parts: [String] = []
        if !missing.isEmpty { parts.append("\(missing.count) missing (\(list(missing)))") }
        if !misshaped.isEmpty {
            let names = misshaped.map { "\($0.name): found \($0.found), expected \($0.expected)" }
            parts.append("\(misshaped.count) of another shape (\(list(names)))")
        }
        if !unused.isEmpty { parts.append("\(unused.count) unused (\(list(unused)))") }
        return parts.isEmpty
            ? "all tensors fit"
            : parts.joined(separator: "; ")
                + (isFatal ? "; the checkpoint belongs to another architecture" : "")
    }
}
