internal import CHDF5
import Synchronization

/// Builds one HDF5 file in memory; the caller writes the bytes to disk.
///
/// Equal calls give equal bytes: no times are stored, the format is fixed between HDF5 1.8 and 1.10, and objects are laid
/// out in the order of the calls. Any reader of HDF5 1.8 or later opens the result.
///
/// Paths are absolute; the groups on the way to an object are made when they are missing. Memory grows in steps of 4 MiB
/// with the file. Not for use from two threads at a time; different writers work side by side, one library call at a time.
public final class HDF5Writer: ObjectWriting {
    /// The name of the file in errors.
    public let name: String

    private var file: hid_t = -1
    private var isOpen = true
    var chunked: [String: ChunkedDataset] = [:]

    /// Starts an empty file.
    ///
    /// - Parameter name: What errors call the file, normally the path it will have.
    /// - Throws: ``HDF5Error`` when the library differs from the one at build time, or has no memory.
    public init(name: String) throws(HDF5Error) {
        self.name = name
        try HDF5Library.checkVersion(file: name)
        file = try HDF5Library.locked { () throws(HDF5Error) in
            guard let access = Handle(H5Pcreate(samdata_h5p_file_access())),
                let creation = Handle(H5Pcreate(samdata_h5p_file_create())),
                H5Pset_fapl_core(access.id, 4 << 20, false) >= 0,
                H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V110) >= 0,
                H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG) >= 0,
                // For the root group; the other groups and the arrays have lists of their own.
                H5Pset_obj_track_times(creation.id, false) >= 0
            else { throw failure("/", "prepare a file in memory") }
            // Two files in memory may not share a name, and a file on disk of that name would be read.
            let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
            let unique = "/dev/null/image-\(number)"
            let file = H5Fcreate(unique, samdata_h5f_truncate(), creation.id, access.id)
            guard file >= 0 else { throw failure("/", "create a file in memory") }
            return file
        }
    }

    deinit { close() }

    private static let counter = Atomic<Int>(0)

    /// Makes a group, and those on the way to it.
    ///
    /// - Parameter path: The path of the group; a group that is there already stays as it is.
    /// - Throws: ``HDF5Error`` when an array stands in the way or the file is finished.
    public func createGroup(_ path: String) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            try makeGroup(try checked(path, "create a group"))
        }
    }

    /// Gives the bytes of the whole file to `body`, and ends the file; no copy is made.
    ///
    /// - Parameter body: Uses the bytes, for example writes them to disk; they are gone when it returns. Runs outside the
    ///   process-wide lock and must not use this writer.
    /// - Returns: What `body` returned.
    /// - Throws: ``HDF5Error`` of kind `misuse` when a chunk is missing or the file was finished before; what `body` throws.
    public func withFileImage<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
        let image = try finishedImage()
        defer { close() }
        return try body(image)
    }

    /// Copies the bytes of the whole file, and ends the file.
    ///
    /// - Returns: The file; ``withFileImage(_:)`` does without the copy.
    /// - Throws: ``HDF5Error`` of kind `misuse` when a chunk is missing or the file was finished before.
    public func finish() throws(HDF5Error) -> [UInt8] {
        let image = try finishedImage()
        defer { close() }
        return [UInt8](image)
    }

    /// Ends the building and finds the memory in which the library keeps the file.
    private func finishedImage() throws(HDF5Error) -> UnsafeRawBufferPointer {
        try HDF5Library.locked { () throws(HDF5Error) in
            try checkOpen("/", "finish")
            for (key, dataset) in chunked.sorted(by: { $0.key < $1.key }) {
                try dataset.checkComplete(file: name, key: key)
            }
            isOpen = false
            closeDatasets()
            guard H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0 else { throw failure("/", "finish") }
            // The in-memory driver hands out its own buffer: H5Fget_file_image would fill a second one of that size.
            let size = H5Fget_file_image(file, nil, 0)
            var memory: UnsafeMutableRawPointer?
            guard size > 0, H5Fget_vfd_handle(file, 0, &memory) >= 0,
                let address = memory?.load(as: UnsafeRawPointer?.self)
            else { throw failure("/", "finish") }
            let image = UnsafeRawBufferPointer(start: address, count: size)
            guard Self.endOfFile(inSuperblock: image) == size else {
                throw failure("/", "finish: superblock and size differ")
            }
            return image
        }
    }

    /// The length that the file's superblock (version 2) gives, from its fixed place.
    private static func endOfFile(inSuperblock image: UnsafeRawBufferPointer) -> Int? {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
        guard image.count >= 48, image.prefix(8).elementsEqual(signature), image[8] == 2 else {
            return nil
        }
        return Int(UInt64(littleEndian: image.loadUnaligned(fromByteOffset: 28, as: UInt64.self)))
    }

    private func close() {
        HDF5Library.locked {
            isOpen = false
            closeDatasets()
            if file >= 0 { H5Fclose(file) }
            file = -1
            _ = samdata_h5e_clear()
        }
    }

    private func closeDatasets() {
        for dataset in chunked.values { H5Dclose(dataset.id) }
        chunked = [:]
    }

    /// The error of a call that just failed; call under the lock.
    func failure(_ key: String, _ operation: String) -> HDF5Error {
        HDF5Error(
            .writing, file: name, key: key, operation: operation, found: "a failure in the library",
            expected: "none; free some memory, or report it with this line",
            libraryMessage: ErrorStack.take())
    }

    func checkOpen(_ key: String, _ operation: String) throws(HDF5Error) {
        guard isOpen else {
            throw misuse(
                key, operation, "a finished file", "calls before the end; make a new writer")
        }
    }

    /// Checks a path for a new or existing object; call under the lock.
    func checked(_ path: String, _ operation: String) throws(HDF5Error) -> ObjectPath {
        try checkOpen(path, operation)
        guard let path = ObjectPath(path) else {
            throw misuse(path, operation, "a '.' or a zero character in the path", "plain names")
        }
        return path
    }

    /// Makes a group and its parents; call under the lock.
    func makeGroup(_ path: ObjectPath) throws(HDF5Error) {
        guard !path.components.isEmpty else { return }
        try makeGroup(path.parent)
        if H5Lexists(file, path.key, 0) > 0 {
            guard let object = Handle(H5Oopen(file, path.key, 0)),
                H5Iget_type(object.id) == H5I_GROUP
            else { throw misuse(path.key, "create a group", "an array", "another path") }
            return
        }
        guard let creation = Handle(H5Pcreate(samdata_h5p_group_create())),
            H5Pset_obj_track_times(creation.id, false) >= 0,
            Handle(H5Gcreate2(file, path.key, 0, creation.id, 0)) != nil
        else { throw failure(path.key, "create a group") }
    }

    /// Makes an array together with the groups on the way; call under the lock.
    func makeDataset(
        _ path: String, type: hid_t, shape: [Int], elementBytes: Int,
        _ configure: (hid_t) -> Bool = { _ in true }
    ) throws(HDF5Error) -> OpenObject {
        let operation = "create an array"
        let target = try checked(path, operation)
        let key = target.key
        guard !target.components.isEmpty,
            H5Lexists(file, target.parent.key, 0) <= 0
                || H5Lexists(file, key, 0) == 0
        else { throw misuse(key, operation, "an object of that path", "a new path") }
        guard shape.count <= Int(H5S_MAX_RANK),
            HDF5Limits.byteCount(of: shape, elementBytes: elementBytes) != nil
        else { throw misuse(key, operation, "shape \(shape)", "sizes that can be counted") }
        try makeGroup(target.parent)
        let space =
            shape.isEmpty
            ? H5Screate(H5S_SCALAR)
            : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
        guard let space = Handle(space),
            let creation = Handle(H5Pcreate(samdata_h5p_dataset_create())),
            H5Pset_obj_track_times(creation.id, false) >= 0, configure(creation.id),
            let dataset = Handle(H5Dcreate2(file, key, type, space.id, 0, creation.id, 0))
        else { throw failure(key, operation) }
        return OpenObject(handle: dataset, key: key)
    }

    /// Opens an object that this writer made; call under the lock.
    func openObject(_ path: String, _ operation: String) throws(HDF5Error) -> OpenObject {
        let target = try checked(path, operation)
        var prefix = ""
        for name in target.components {
            prefix += "/" + name
            guard H5Lexists(file, prefix, 0) > 0 else {
                throw misuse(target.key, operation, "no '\(name)'", "a group or array made before")
            }
        }
        guard let object = Handle(H5Oopen(file, target.key, 0)) else {
            throw failure(target.key, operation)
        }
        return OpenObject(handle: object, key: target.key)
    }
}
