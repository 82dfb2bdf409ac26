internal import CHDF5

/// The error stack that the C library keeps per thread.
enum ErrorStack {
    /// Takes the descriptions off the stack, innermost first, as one line; call under the lock, right after a failure.
    static func take() -> String {
        var descriptions: [String] = []
        withUnsafeMutablePointer(to: &descriptions) { pointer in
            _ = samdata_h5e_descriptions(
                { text, context in
                    guard let text, let context else { return 0 }
                    let list = context.assumingMemoryBound(to: [String].self)
                    list.pointee.append(String(cString: text))
                    return 0
                }, pointer)
        }
        _ = samdata_h5e_clear()
        return summary(of: descriptions)
    }

    /// Whether a reason says that the file uses a newer form than the library knows.
    static func namesNewerFormat(_ message: String) -> Bool {
        let message = message.lowercased()
        return ["version number", "unknown message", "unknown version", "library bounds"].contains {
            message.contains($0)
        }
    }

    /// The innermost reasons without repetition; the outer ones only say which function was called.
    private static func summary(of descriptions: [String]) -> String {
        var kept: [String] = []
        for description in descriptions where !description.isEmpty {
            // A failed read mentions the time of day and the address of the buffer.
            let line =
                description.split(separator: "\n", maxSplits: 1)[0]
                .split(separator: ",").filter { part in
                    !["time =", "buf =", "file descriptor ="].contains { part.contains($0) }
                }
                .joined(separator: ",")
            if !kept.contains(line) { kept.append(line) }
            if kept.count == 3 { break }
        }
        return String(kept.joined(separator: "; ").prefix(400))
    }
}
