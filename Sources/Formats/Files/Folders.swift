#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Making and listing folders.
public enum Folders {
    /// Makes a folder and the folders above it; fine when it exists.
    ///
    /// - Parameter path: The folder.
    /// - Throws: ``FileError`` when it cannot be made, or a file is in its place.
    public static func make(_ path: String) throws(FileError) {
        if isFolder(path) { return }
        let parent = FilePath.folder(of: path)
        if parent != path, parent != ".", !isFolder(parent) { try make(parent) }
        guard mkdir(path, 0o777) != 0 else { return }
        let number = errno
        // Another process may have made it in the meantime.
        if !isFolder(path) { throw .system(number, "create the folder", path: path) }
    }

    /// Whether a path names a folder, links followed.
    ///
    /// - Parameter path: Any path.
    /// - Returns: `true` for an existing folder.
    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a path names an existing regular file, links followed.
    ///
    /// - Parameter path: Any path.
    /// - Returns: `true` for an existing regular file.
    public static func isFile(_ path: String) -> Bool { size(of: path) != nil }

    /// The size of a regular file.
    ///
    /// - Parameter path: Any path.
    /// - Returns: The size in bytes, or `nil` when there is no such file.
    public static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The names in a folder, sorted by their bytes.
    ///
    /// - Parameter path: The folder.
    /// - Returns: Names without `.` and `..`.
    /// - Throws: ``FileError`` when it is missing or unreadable.
    public static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else {
            throw .system(errno, "read the folder", path: path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    /// Free bytes on the file system of a path, for an unprivileged user.
    ///
    /// - Parameter path: An existing path.
    /// - Returns: Bytes, or `nil` when unknown.
    public static func freeBytes(at path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Removes a file; fine when it is not there.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``FileError`` when it is there and cannot be removed.
    public static func removeFile(_ path: String) throws(FileError) {
        if unlink(path) != 0, errno != ENOENT { throw .system(errno, "remove", path: path) }
    }
}
