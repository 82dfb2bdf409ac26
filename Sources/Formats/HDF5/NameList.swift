internal import CHDF5

/// Names that the C library hands out one by one.
struct NameList {
    private var names: [String] = []
    private var limit: Int
    private var isTooLong = false

    /// Collects the names that `iterate` visits and sorts them by their bytes; call under the lock.
    static func collect(
        limit: Int, file: String, key: String, operation: String,
        _ iterate: (samdata_h5_visit, UnsafeMutableRawPointer) -> herr_t
    ) throws(HDF5Error) -> [String] {
        var list = NameList(limit: limit)
        let result = withUnsafeMutablePointer(to: &list) { pointer in
            iterate(
                { name, context in
                    guard let name, let context else { return -1 }
                    let list = context.assumingMemoryBound(to: NameList.self)
                    guard list.pointee.names.count < list.pointee.limit else {
                        list.pointee.isTooLong = true
                        return -1
                    }
                    list.pointee.names.append(String(cString: name))
                    return 0
                }, pointer)
        }
        let reason = result < 0 ? ErrorStack.take() : ""
        if list.isTooLong {
            throw HDF5Error(
                .tooLarge, file: file, key: key, operation: operation,
                found: "more than \(limit) names", expected: "at most that many; raise the limit")
        }
        guard result >= 0 else {
            throw HDF5Error(
                .damaged, file: file, key: key, operation: operation,
                found: "bytes the library refuses", expected: "a sound file; fetch it again",
                libraryMessage: reason)
        }
        return list.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private init(limit: Int) { self.limit = limit }
}
