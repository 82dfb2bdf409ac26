import ArgumentParser

/// The `--shard i/N` of a command.
enum Shard {
    /// Reads the text of the option; `nil` stays `nil`.
    static func parse(_ text: String?) throws -> (index: Int, count: Int)? {
        guard let text else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1,
            count <= 100_000, index >= 0, index < count
        else {
            throw ValidationError(
                "--shard: found `\(text)`, expected i/N with i from 0 to N-1, for example 0/8")
        }
        return (index, count)
    }
}
