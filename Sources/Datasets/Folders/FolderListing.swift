import SafeFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The regular files below a folder, down to a limited depth, without ever leaving the folder.
struct FolderListing {
    /// Paths relative to the folder, sorted by their bytes.
    private(set) var files: [String] = []
    /// What could not be looked at.
    private(set) var findings: [Finding] = []

    private let root: String
    private let realRoot: String
    private let entryLimit: Int
    private let shouldEnter: ([Substring]) -> Bool
    private var entries = 0

    /// Lists a folder.
    ///
    /// Names that begin with a dot are passed over silently. A symbolic link counts as what it leads to when that lies inside
    /// the root, and is an error otherwise.
    ///
    /// - Parameters:
    ///   - root: The folder.
    ///   - entryLimit: How many names may be looked at before giving up.
    ///   - shouldEnter: Whether to list a folder, given the components of its relative path.
    /// - Throws: ``DatasetError`` when the root cannot be listed or holds too much.
    init(
        root: String, entryLimit: Int = 1_000_000, shouldEnter: @escaping ([Substring]) -> Bool
    ) throws(DatasetError) {
        guard let real = FilePath.resolved(root), Folders.isFolder(root) else {
            throw DatasetError(
                .missing, file: root, found: "no folder there", expected: "the data set folder",
                nextStep: "check the path given with --from")
        }
        self.root = root
        self.realRoot = real == "/" ? "/" : real + "/"
        self.entryLimit = entryLimit
        self.shouldEnter = shouldEnter
        try list(relative: "", absolute: root.hasSuffix("/") ? root : root + "/", ancestors: [real])
        files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private enum EntryKind {
        case file
        case folder
        case link
        case other
    }

    private mutating func list(relative: String, absolute: String, ancestors: [String])
        throws(DatasetError)
    {
        guard let handle = opendir(absolute) else {
            let error = DatasetError(FileError.system(errno, "read the folder", path: absolute))
            if relative.isEmpty { throw error }
            findings.append(
                Finding(
                    .error, place: relative, message: "folder cannot be read: \(error.found)",
                    repair: "check its permissions"))
            return
        }
        var folders: [(name: String, isLink: Bool)] = []
        while let entry = readdir(handle) {
            let raw = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if raw.first == UInt8(ascii: ".") { continue }
            entries += 1
            if entries > entryLimit {
                closedir(handle)
                throw DatasetError(
                    .contents, file: root, found: "more than \(entryLimit) names",
                    expected: "the folder of one data set",
                    nextStep: "pass the folder of the data set itself with --from")
            }
            guard let name = usableName(raw, in: relative) else { continue }
            var kind = kind(of: entry.pointee.d_type, at: absolute + name)
            var isLink = false
            if kind == .link {
                isLink = true
                guard let target = targetKind(relative + name, absolute + name) else { continue }
                kind = target
            }
            switch kind {
            case .file: files.append(relative + name)
            case .folder: folders.append((name, isLink))
            case .link, .other: break
            }
        }
        closedir(handle)
        for folder in folders.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            let path = relative + folder.name
            guard shouldEnter(path.split(separator: "/")) else { continue }
            var real = (ancestors.last ?? "") + "/" + folder.name
            if folder.isLink {
                // A link back to a folder above would list the same files again under longer names.
                guard let target = FilePath.resolved(absolute + folder.name),
                    !ancestors.contains(target)
                else { continue }
                real = target
            }
            try list(
                relative: path + "/", absolute: absolute + folder.name + "/",
                ancestors: ancestors + [real])
        }
    }

    private mutating func usableName(_ raw: [UInt8], in folder: String) -> String? {
        guard let name = String(validating: raw, as: UTF8.self),
            !name.unicodeScalars.contains(where: OneLine.isControl), !name.contains("\\")
        else {
            findings.append(
                Finding(
                    .warning, place: folder + String(decoding: raw, as: UTF8.self),
                    message: "name holds control characters, a back-slash, or is not UTF-8; "
                        + "it was passed over",
                    repair: "rename it"))
            return nil
        }
        return name
    }

    private func kind(of type: UInt8, at path: String) -> EntryKind {
        switch Int(type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN):
            // Some file systems do not say.
            var status = stat()
            guard lstat(path, &status) == 0 else { return .other }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return .file
            case S_IFDIR: return .folder
            case S_IFLNK: return .link
            default: return .other
            }
        default: return .other
        }
    }

    private mutating func targetKind(_ relative: String, _ absolute: String) -> EntryKind? {
        guard let real = FilePath.resolved(absolute) else {
            findings.append(
                Finding(
                    .warning, place: relative, message: "symbolic link leads nowhere",
                    repair: "remove it or restore its target"))
            return nil
        }
        guard real.hasPrefix(realRoot) || real + "/" == realRoot else {
            findings.append(
                Finding(
                    .error, place: relative,
                    message: "symbolic link leads out of the data set folder; it was not followed",
                    repair: "copy the file there, or pass the folder it leads to with --from"))
            return nil
        }
        return Folders.isFolder(real) ? .folder : Folders.isFile(real) ? .file : nil
    }
}
