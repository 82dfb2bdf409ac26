#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Paths: taking them apart, and refusing those that leave their root.
public enum FilePath {
    /// The folder part of a path; `.` when there is none.
    ///
    /// - Parameter path: Any path.
    /// - Returns: Everything before the last slash.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component of a path.
    ///
    /// - Parameter path: Any path.
    /// - Returns: Everything after the last slash.
    public static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// The absolute path with every symbolic link resolved.
    ///
    /// - Parameter path: The path of something that exists.
    /// - Returns: The path, or `nil` when it does not exist.
    public static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// Whether a path is a folder or lies below it, symbolic links followed.
    ///
    /// - Parameters:
    ///   - path: A path that need not exist yet; the nearest folder above it that does decides.
    ///   - folder: The folder.
    /// - Returns: `false` when the folder does not exist.
    public static func isInside(_ path: String, of folder: String) -> Bool {
        guard let outer = resolved(folder) else { return false }
        var nearest = path
        while resolved(nearest) == nil, nearest != ".", nearest != "/" {
            nearest = FilePath.folder(of: nearest)
        }
        guard let inner = resolved(nearest) else { return false }
        return inner == outer || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
    }

    /// Checks that a path from a card, split, manifest or plan is plain and relative.
    ///
    /// Refused: absolute paths, `..`, empty components, back-slashes, NUL and control characters.
    ///
    /// - Parameter path: The path as written.
    /// - Returns: Why it is refused, or `nil` when it is fine.
    public static func reasonToRefuse(relative path: String) -> String? {
        if path.isEmpty { return "is empty" }
        if path.hasPrefix("/") { return "is absolute" }
        if path.utf8.contains(where: { $0 < 32 || $0 == 127 }) {
            return "holds a control character"
        }
        if path.contains("\\") { return "holds a back-slash" }
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            if part == ".." { return "steps out of its folder with `..`" }
            if part.isEmpty { return "holds an empty component" }
        }
        return nil
    }

    /// Joins a root and a relative path and makes sure the result lies inside the root, links followed.
    ///
    /// - Parameters:
    ///   - root: The folder it must stay in.
    ///   - relative: A path from a file that is not trusted.
    /// - Returns: `root/relative`.
    /// - Throws: ``FileError`` of kind `unsafePath` when it leaves the root.
    public static func join(_ root: String, _ relative: String) throws(FileError) -> String {
        if let reason = reasonToRefuse(relative: relative) {
            throw FileError(
                .unsafePath, path: relative,
                message: "path \(reason); expected a plain path relative to \(root)")
        }
        let joined = root.hasSuffix("/") ? root + relative : root + "/" + relative
        if let real = resolved(joined), let realRoot = resolved(root) {
            let prefix = realRoot == "/" ? "/" : realRoot + "/"
            if real != realRoot, !real.hasPrefix(prefix) {
                throw FileError(
                    .unsafePath, path: relative,
                    message: "a symbolic link leads out of \(root); expected a file inside it")
            }
        }
        return joined
    }

    /// Whether a text can name a case: 1 to 128 of `A-Z a-z 0-9 . _ -`, not starting with `.` or `-`.
    ///
    /// - Parameter text: The proposed case id.
    /// - Returns: `true` when it can.
    public static func isCaseID(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
        if first == UInt8(ascii: ".") || first == UInt8(ascii: "-") { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
