internal import CHDF5

/// An identifier of the C library that is given back when the value goes away.
struct Handle: ~Copyable, Sendable {
    let id: hid_t

    /// Takes over an identifier; `nil` when the call that made it failed.
    init?(_ id: hid_t) {
        guard id >= 0 else { return nil }
        self.id = id
    }

    deinit {
        let id = id
        HDF5Library.locked { _ = H5Idec_ref(id) }
    }
}

/// A group or an array that is open, with its path.
struct OpenObject: ~Copyable {
    let handle: Handle
    let key: String

    var id: hid_t { handle.id }
}

/// An array that is open and was found safe to read.
struct OpenDataset: ~Copyable {
    let object: OpenObject
    let info: HDF5DatasetInfo

    var id: hid_t { object.id }
    var key: String { object.key }
}
