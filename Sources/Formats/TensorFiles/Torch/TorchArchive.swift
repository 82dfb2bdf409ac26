internal import DeflateCompression
internal import ZipContainers

/// The zip container that `torch.save` writes since version 1.6: `NAME/data.pkl` and one stored member per storage.
enum TorchArchive {
    static func read(
        _ source: TensorSource, limits: TensorFileLimits
    ) throws(TensorFileError) -> TensorContents {
        let directory = try directory(of: source, limits: limits)
        let root = try root(of: directory, in: source)
        let members = Dictionary(
            uniqueKeysWithValues: directory.members.indices.map {
                (directory.members[$0].name, $0)
            })
        if let index = members[root + "byteorder"] {
            let order = try contents(of: index, directory, source, limit: 64, limits)
            guard order.elementsEqual("little".utf8) else {
                throw .refused(
                    file: directory.label(of: index), place: "byte 0",
                    what: "elements in another byte order than little-endian",
                    next:
                        "save the file again on a machine of that order with PyTorch 2.1 or later, "
                        + "after torch.serialization.set_default_load_endianness")
            }
        }
        guard let pickle = members[root + "data.pkl"] else {
            preconditionFailure("the root was found by this member")
        }
        let label = directory.label(of: pickle)
        var reader = PickleReader(
            try contents(of: pickle, directory, source, limit: limits.pickleBytes, limits),
            file: label, limits: limits)
        let value = try reader.load()
        guard reader.position == reader.bytes.count else {
            throw .damaged(
                file: label, place: "byte \(reader.position)", found: "bytes behind the pickle",
                expected: "its end")
        }
        var tree = PickleTree(file: label, limits: limits, tensors: reader.tensors)
        try tree.collect(value)
        for storage in reader.storages {
            guard let index = members["\(root)data/\(storage.key)"] else {
                throw .damaged(
                    file: label, place: "storage \(Printable.text(storage.key))",
                    found: "no member data/\(Printable.text(storage.key))", expected: "one")
            }
            let member = directory.members[index]
            let size = storage.count * storage.elementType.byteCount
            try checkStored(index, directory)
            guard member.size == size else {
                throw .damaged(
                    file: directory.label(of: index),
                    place: "byte \(directory.ranges[index].lowerBound)",
                    found: "\(member.size) bytes",
                    expected: "\(size) for \(storage.count) \(storage.elementType.rawValue)")
            }
            tree.contents.storages.append(
                TensorStorage(
                    label: directory.label(of: index), range: directory.ranges[index],
                    checksum: member.checksum))
        }
        return tree.contents
    }

    private static func directory(
        of source: TensorSource, limits: TensorFileLimits
    ) throws(TensorFileError) -> ZipDirectory {
        var failure: TensorFileError?
        do throws(ZipError) {
            // Besides the storages there are a handful of small members.
            return try ZipDirectory(
                byteCount: source.byteCount, named: source.name,
                limits: ZipLimits(members: limits.tensors + 64)
            ) { range throws(ZipError) in
                do throws(TensorFileError) {
                    return try source.bytes(range)
                } catch {
                    failure = error
                    throw .unreadable(file: source.name, reason: "\(error)")
                }
            }
        } catch {
            throw failure ?? TensorFileError(error)
        }
    }

    /// The folder all members lie in, with its slash.
    private static func root(
        of directory: ZipDirectory, in source: TensorSource
    ) throws(TensorFileError) -> String {
        let names = directory.members.map(\.name)
        let roots = names.filter {
            $0.hasSuffix("/data.pkl") && $0.count(where: { $0 == "/" }) == 1
        }
        .map { String($0.dropLast("data.pkl".count)) }
        guard let root = roots.first, roots.count == 1 else {
            throw .wrongFormat(
                file: source.name,
                found: "a zip archive with \(roots.count) members NAME/data.pkl"
                    + " among \(Printable.list(names))",
                next: "give the file torch.save wrote")
        }
        if names.contains(root + "constants.pkl") {
            throw .refused(
                file: source.name, place: root + "constants.pkl", what: "a TorchScript program",
                next: "load it with torch.jit.load and save its tensors: "
                    + "torch.save(model.state_dict(), path)")
        }
        return root
    }

    /// A compressed member could be a bomb, and a storage in one could not be read in pieces.
    private static func checkStored(
        _ index: Int, _ directory: ZipDirectory
    ) throws(TensorFileError) {
        let member = directory.members[index]
        guard member.method == 0, member.compressedSize == member.size else {
            throw .refused(
                file: directory.label(of: index),
                place: "byte \(member.offset)", what: "a compressed member",
                next: "write the archive without compression, as torch.save does")
        }
    }

    private static func contents(
        of index: Int, _ directory: ZipDirectory, _ source: TensorSource, limit: Int,
        _ limits: TensorFileLimits
    ) throws(TensorFileError) -> [UInt8] {
        try checkStored(index, directory)
        guard directory.members[index].size <= limit else {
            throw .tooLarge(
                file: directory.label(of: index), place: "its size",
                found: "\(directory.members[index].size) bytes", limit: "\(limit)")
        }
        let bytes = try source.bytes(directory.ranges[index])
        let record = TensorStorage(
            label: directory.label(of: index), range: directory.ranges[index],
            checksum: directory.members[index].checksum)
        if limits.verifiesChecksums {
            try record.compare(bytes.withUnsafeBytes { CRC32.checksum(of: $0) })
        }
        return bytes
    }
}

extension TensorFileError {
    /// What is wrong with the zip around the tensors, said in this room's words.
    init(_ error: ZipError) {
        switch error {
        case .wrongFormat(let file, let found, _):
            self = .damaged(
                file: file, place: "its end", found: found, expected: "a whole zip archive")
        case .damaged(let file, let offset, let found, let expected):
            self = .damaged(file: file, place: "byte \(offset)", found: found, expected: expected)
        case .unsupported(let file, let found, let next):
            self = .refused(file: file, place: "its directory", what: found, next: next)
        case .tooLarge(let file, let found, let limit):
            self = .tooLarge(file: file, place: "its directory", found: found, limit: limit)
        case .unreadable(let file, let reason):
            self = .damaged(file: file, place: "its directory", found: reason, expected: "bytes")
        }
    }
}
