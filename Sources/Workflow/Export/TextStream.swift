import SafeFiles

/// A text file that is written piece by piece and published in one step.
final class TextStream {
    private let path: String
    private var file: AtomicFile?

    /// Starts the file.
    init(path: String) throws {
        self.path = path
        file = try AtomicFile(path: path)
    }

    /// Appends a text.
    func append(_ text: String) throws { try append(Array(text.utf8)) }

    /// Appends UTF-8 bytes.
    func append(_ bytes: [UInt8]) throws {
        guard var open = file.take() else {
            throw WorkflowError(.internalError, "\(path): written to after it was published")
        }
        try bytes.withUnsafeBytes { try open.write($0) }
        file = consume open
    }

    /// Ends the file and gives it its name.
    func publish() throws {
        guard let open = file.take() else {
            throw WorkflowError(.internalError, "\(path): published twice")
        }
        try open.publish()
    }
}
