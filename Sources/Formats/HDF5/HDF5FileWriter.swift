internal import CHDF5

/// Builds one HDF5 file on disk, array by array, for files too large to be built in memory.
///
/// Equal calls give equal bytes, as with ``HDF5Writer``: no times are stored, the format is fixed between HDF5 1.8 and 1.10,
/// objects are laid out in the order of the calls. Arrays are contiguous and uncompressed, so that a reader may read them in
/// place. Memory holds one array at a time: the caller's.
///
/// The file is written under the name it is given. Give it a temporary one, and rename after ``finish()``: a writer that goes
/// away before leaves a file that no reader opens. Not for use from two threads at a time.
public final class HDF5FileWriter: ObjectWriting {
    /// The type of the values of an array, and how they are stored.
    public enum ValueType: Hashable, Sendable {
        /// One of the ten number types.
        case number(HDF5ElementType)
        /// IEEE 754 half precision, 2 bytes.
        case float16

        /// Bytes of one value.
        public var byteCount: Int {
            switch self {
            case .number(let type): type.byteCount
            case .float16: 2
            }
        }
    }

    /// The path of the file being written.
    public let path: String
    /// The name of the file in errors.
    public let name: String

    private var file: hid_t = -1

    /// H5F_ACC_EXCL, which Swift cannot import: a file that is there already is not touched.
    private static let exclusive: UInt32 = 0x0004

    /// Creates the file.
    ///
    /// - Parameters:
    ///   - path: A path where nothing is yet.
    ///   - name: What errors call the file; `nil` for the path.
    /// - Throws: ``HDF5Error`` of kind `writing` when it cannot be created or is there already, and when the library differs
    ///   from the one at build time.
    public init(path: String, name: String? = nil) throws(HDF5Error) {
        self.path = path
        self.name = name ?? path
        try HDF5Library.checkVersion(file: self.name)
        file = try HDF5Library.locked { () throws(HDF5Error) in
            guard let access = Handle(H5Pcreate(samdata_h5p_file_access())),
                let creation = Handle(H5Pcreate(samdata_h5p_file_create())),
                H5Pset_fapl_sec2(access.id) >= 0,
                H5Pset_file_locking(access.id, false, true) >= 0,
                H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V110) >= 0,
                H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG) >= 0,
                // For the root group: its attributes stay in its header, however many.
                H5Pset_obj_track_times(creation.id, false) >= 0,
                H5Pset_attr_phase_change(creation.id, 64, 0) >= 0
            else { throw failure("/", "prepare a file") }
            let file = H5Fcreate(path, Self.exclusive, creation.id, access.id)
            guard file >= 0 else { throw failure("/", "create a file") }
            return file
        }
    }

    deinit {
        HDF5Library.locked {
            if file >= 0 { H5Fclose(file) }
            _ = samdata_h5e_clear()
        }
    }

    /// Makes a group whose parent is there already.
    ///
    /// - Parameter path: The path of the new group.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or not plain, or the file is finished.
    public func createGroup(_ path: String) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            let key = try newKey(path, "create a group")
            guard let creation = Handle(H5Pcreate(samdata_h5p_group_create())),
                H5Pset_obj_track_times(creation.id, false) >= 0,
                Handle(H5Gcreate2(file, key, 0, creation.id, 0)) != nil
            else { throw failure(key, "create a group") }
        }
    }

    /// Writes an array in one piece.
    ///
    /// - Parameters:
    ///   - path: The path of the new array; its group is there already.
    ///   - bytes: The values in row-major order as they will be stored, little endian.
    ///   - type: The type of the values.
    ///   - shape: Extents, slowest first; `[]` for a single value.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the path is taken or size and shape differ, of kind `writing` when the
    ///   disk is full.
    public func writeArray(
        _ path: String, _ bytes: UnsafeRawBufferPointer, type: ValueType, shape: [Int]
    ) throws(HDF5Error) {
        let operation = "write an array"
        try HDF5Library.locked { () throws(HDF5Error) in
            let key = try newKey(path, operation)
            guard shape.count <= Int(H5S_MAX_RANK),
                HDF5Limits.byteCount(of: shape, elementBytes: type.byteCount) == bytes.count
            else {
                throw misuse(
                    key, operation, "\(bytes.count) bytes", "as many as shape \(shape) holds")
            }
            let space =
                shape.isEmpty
                ? H5Screate(H5S_SCALAR)
                : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
            // The type of the file serves for memory too, so that the library copies bytes and converts nothing.
            let stored: hid_t =
                switch type {
                case .number(let number): H5Tcopy(number.fileType())
                case .float16: samdata_h5t_float16_copy(0)
                }
            guard let space = Handle(space), let stored = Handle(stored),
                let creation = Handle(H5Pcreate(samdata_h5p_dataset_create())),
                H5Pset_obj_track_times(creation.id, false) >= 0,
                H5Pset_layout(creation.id, H5D_CONTIGUOUS) >= 0,
                H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER) >= 0,
                let dataset = Handle(
                    H5Dcreate2(file, key, stored.id, space.id, 0, creation.id, 0)),
                bytes.isEmpty || H5Dwrite(dataset.id, stored.id, 0, 0, 0, bytes.baseAddress) >= 0
            else { throw failure(key, operation) }
        }
    }

    /// Attaches a value to a group or an array.
    ///
    /// - Parameters:
    ///   - name: The name; one object cannot have two attributes of the same name.
    ///   - value: The value.
    ///   - path: The path of a group or array made before; the root always exists.
    /// - Throws: ``HDF5Error`` of kind `misuse` when the object is missing, the name is taken, or a string holds a zero
    ///   character.
    public func setAttribute(
        _ name: String, _ value: HDF5Attribute, at path: String = "/"
    ) throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            let operation = "set the attribute '\(name)'"
            let key = try key(path, operation)
            guard let object = Handle(H5Oopen(file, key, 0)) else {
                _ = ErrorStack.take()
                throw misuse(key, operation, "no such object", "a group or array made before")
            }
            try write(name, value, to: object.id, key: key)
        }
    }

    /// Ends the file: everything is handed to the operating system.
    ///
    /// - Throws: ``HDF5Error`` of kind `misuse` when it was finished before, of kind `writing` when the disk is full.
    public func finish() throws(HDF5Error) {
        try HDF5Library.locked { () throws(HDF5Error) in
            _ = try key("/", "finish")
            guard H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0 else { throw failure("/", "finish") }
            let file = file
            self.file = -1
            guard H5Fclose(file) >= 0 else { throw failure("/", "finish") }
        }
    }

    /// Checks that the file is open and a path is plain; call under the lock.
    private func key(_ path: String, _ operation: String) throws(HDF5Error) -> String {
        guard file >= 0 else {
            throw misuse(
                path, operation, "a finished file", "calls before the end; make a new writer")
        }
        guard let path = ObjectPath(path) else {
            throw misuse(path, operation, "a '.' or a zero character in the path", "plain names")
        }
        return path.key
    }

    /// The same for a path where nothing is yet, in a group that is there.
    private func newKey(_ path: String, _ operation: String) throws(HDF5Error) -> String {
        let key = try key(path, operation)
        guard key != "/", H5Lexists(file, key, 0) == 0 else {
            _ = ErrorStack.take()
            throw misuse(key, operation, "a path that is taken, or no group for it", "a new path")
        }
        return key
    }

    /// The error of a call that just failed; call under the lock.
    func failure(_ key: String, _ operation: String) -> HDF5Error {
        HDF5Error(
            .writing, file: name, key: key, operation: operation, found: "a failure in the library",
            expected: "none; check that the folder can be written to and has space",
            libraryMessage: ErrorStack.take())
    }
}
