internal import CHDF5

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads one HDF5 file, which may be hostile.
///
/// The file is opened read only, without file locks (many cluster file systems refuse them). Nothing outside the file is
/// ever opened: soft and external links, external storage, virtual arrays and filter plug-ins are refused by name, as are
/// types other than numbers and strings. Sizes are compared with ``HDF5Limits`` before memory is asked for.
///
/// May be used from several threads: calls into the library take turns, inflating does not.
///
/// Files in the form before HDF5 1.8, which is h5py's default, carry no checksums over their structure, and the library
/// trusts parts of it: of randomly changed ones about 1 in 1000 crashes libhdf5 1.10.8. Open such files of unknown origin in
/// a process of their own with limits on memory and time.
public final class HDF5Reader: Sendable {
    /// The path as the caller gave it.
    public let path: String
    /// How much memory the file may ask for.
    public let limits: HDF5Limits

    let file: hid_t
    let linkAccess: hid_t
    let fileBytes: Int

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The path of a regular file.
    ///   - limits: How much memory the file may ask for.
    /// - Throws: ``HDF5Error`` when the file is missing, is not HDF5, is cut short, or is too new for the library.
    public init(path: String, limits: HDF5Limits = .default) throws(HDF5Error) {
        self.path = path
        self.limits = limits
        let fileBytes = try Self.size(of: path)
        self.fileBytes = fileBytes
        try HDF5Library.checkVersion(file: path)
        (file, linkAccess) = try HDF5Library.locked { () throws(HDF5Error) in
            guard let access = Handle(H5Pcreate(samdata_h5p_file_access())),
                let links = Handle(H5Pcreate(samdata_h5p_link_access())),
                H5Pset_fapl_sec2(access.id) >= 0,
                H5Pset_file_locking(access.id, false, true) >= 0,
                H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG) >= 0,
                // Without a cache, chunks without filters are read in place. The cache takes their size from the file and
                // reads beyond its memory when that is too small.
                H5Pset_cache(access.id, 0, 0, 0, 0) >= 0,
                samdata_h5p_refuse_external_links(links.id) >= 0,
                H5Pset_nlinks(links.id, 1) >= 0
            else { throw Self.failure(.unsupported, path, "/", "prepare to open") }
            let file = H5Fopen(path, samdata_h5f_read_only(), access.id)
            guard file >= 0 else { throw Self.openFailure(path, fileBytes: fileBytes) }
            H5Iinc_ref(links.id)
            return (file, links.id)
        }
    }

    deinit {
        HDF5Library.locked {
            _ = H5Idec_ref(linkAccess)
            _ = H5Fclose(file)
            _ = samdata_h5e_clear()
        }
    }

    /// Whether an object is there.
    ///
    /// - Parameter path: The path of a group or an array, for example `/prompts/box`.
    /// - Returns: `false` when any part of the path does not exist.
    /// - Throws: ``HDF5Error`` when a link on the way is refused or damaged.
    public func exists(_ path: String) throws(HDF5Error) -> Bool {
        do {
            try HDF5Library.locked { () throws(HDF5Error) in _ = try open(path) }
            return true
        } catch {
            if error.kind == .missing { return false }
            throw error
        }
    }

    /// The names in a group, sorted by their bytes; links that would be refused are listed too.
    ///
    /// - Parameter path: The path of a group.
    /// - Returns: Names without slashes; empty for an empty group.
    /// - Throws: ``HDF5Error`` when the path is not a group, or lists more names than the limits allow.
    public func children(of path: String) throws(HDF5Error) -> [String] {
        try HDF5Library.locked { () throws(HDF5Error) in
            let object = try open(path)
            let key = object.key
            guard H5Iget_type(object.id) == H5I_GROUP else {
                throw HDF5Error(
                    .mismatch, file: self.path, key: key, operation: "list a group",
                    found: "an array", expected: "a group; ask for its parent")
            }
            // Decodes every link, as in `attributeNames(at:)`.
            guard H5Lexists(object.id, "\u{1}", linkAccess) == 0 else {
                throw failure(.damaged, key, "list a group")
            }
            return try NameList.collect(
                limit: limits.names, file: self.path, key: key, operation: "list a group"
            ) { samdata_h5l_names(object.id, $0, $1) }
        }
    }

    /// Opens an object by walking its path link by link; call under the lock.
    ///
    /// The library would follow soft and external links on its own.
    func open(_ path: String) throws(HDF5Error) -> OpenObject {
        let operation = "open an object"
        guard let target = ObjectPath(path) else {
            throw HDF5Error(
                .missing, file: self.path, key: path, operation: operation,
                found: "a '.' or a zero character in the path", expected: "plain names")
        }
        let key = target.key
        guard var object = Handle(H5Oopen(file, "/", linkAccess)) else {
            throw failure(.damaged, key, "open the root group")
        }
        for name in target.components {
            guard H5Iget_type(object.id) == H5I_GROUP, H5Lexists(object.id, name, linkAccess) > 0
            else {
                let reason = ErrorStack.take()
                throw HDF5Error(
                    reason.isEmpty ? .missing : .damaged, file: self.path, key: key,
                    operation: operation, found: "no '\(name)'",
                    expected: "an object of that path; list the file's contents",
                    libraryMessage: reason)
            }
            switch samdata_h5l_type(object.id, name, linkAccess) {
            case H5L_TYPE_HARD.rawValue: break
            case H5L_TYPE_SOFT.rawValue: throw refused(key, "a soft link '\(name)'")
            case H5L_TYPE_EXTERNAL.rawValue:
                throw refused(key, "a link '\(name)' to another file")
            case -1: throw failure(.damaged, key, operation)
            default: throw refused(key, "a user-defined link '\(name)'")
            }
            guard let next = Handle(H5Oopen(object.id, name, linkAccess)) else {
                throw failure(.damaged, key, operation)
            }
            object = next
        }
        return OpenObject(handle: object, key: key)
    }

    /// The error of a call that just failed; call under the lock.
    func failure(_ kind: HDF5Error.Kind, _ key: String, _ operation: String) -> HDF5Error {
        Self.failure(kind, path, key, operation)
    }

    /// The error for something this module never does.
    func refused(_ key: String, _ found: String) -> HDF5Error {
        HDF5Error(
            .refused, file: path, key: key, operation: "open an object", found: found,
            expected:
                "an object stored in this file; copy the values into it, or leave the file out"
        )
    }

    private static func failure(
        _ kind: HDF5Error.Kind, _ path: String, _ key: String, _ operation: String
    ) -> HDF5Error {
        let reason = ErrorStack.take()
        if ErrorStack.namesNewerFormat(reason) {
            return HDF5Error(
                .unsupported, file: path, key: key, operation: operation,
                found: "a form newer than libhdf5 \(HDF5Library.version) reads",
                expected:
                    "a file written with libver='v110' or 'earliest', not 'latest'; convert it"
                    + " with h5repack --high=3",
                libraryMessage: reason)
        }
        return HDF5Error(
            kind, file: path, key: key, operation: operation, found: "bytes the library refuses",
            expected: "a sound HDF5 file; compare its checksum or fetch it again",
            libraryMessage: reason)
    }

    private static func openFailure(_ path: String, fileBytes: Int) -> HDF5Error {
        let error = failure(.damaged, path, "/", "open for reading")
        let found: String
        if error.libraryMessage.contains("truncated file") {
            found = "a file cut short at \(fileBytes) bytes"
        } else if error.libraryMessage.contains("signature not found") {
            found = "no HDF5 signature"
        } else {
            return error
        }
        return HDF5Error(
            .damaged, file: path, operation: error.operation, found: found,
            expected: error.expected, libraryMessage: error.libraryMessage)
    }

    /// The size of a regular file; anything else (a pipe would block for ever) is refused.
    private static func size(of path: String) throws(HDF5Error) -> Int {
        let operation = "open for reading"
        guard !path.utf8.contains(0) else {
            throw HDF5Error(
                .missing, file: path, operation: operation, found: "a zero character in the path",
                expected: "a plain path")
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw HDF5Error(
                .missing, file: path, operation: operation,
                found: String(cString: strerror(errno)), expected: "a readable file; check the path"
            )
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw HDF5Error(
                .missing, file: path, operation: operation, found: "a folder or a device",
                expected: "a regular file; check the path")
        }
        guard access(path, R_OK) == 0 else {
            throw HDF5Error(
                .missing, file: path, operation: operation,
                found: String(cString: strerror(errno)),
                expected: "a readable file; check the permissions")
        }
        return Int(status.st_size)
    }
}
