/// The container that `torch.save` wrote before version 1.6: five pickles, then the storages, one behind the other.
///
/// Magic number, protocol version, facts about the machine, the tree of tensors, the keys of the storages in the order
/// in which they follow; each storage is its number of elements (8 bytes, little-endian) and its elements.
enum TorchStream {
    /// 0x1950a86a20f9469cfc6c, little-endian.
    private static let magic: [UInt8] = [
        0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
    ]
    private static let version = 1001

    static func read(
        _ source: TensorSource, limits: TensorFileLimits
    ) throws(TensorFileError) -> TensorContents {
        // How long the pickles are is not written anywhere: read ever more until they are whole.
        let most = min(source.byteCount, limits.pickleBytes)
        var count = min(most, 1 << 20)
        while true {
            var reader = PickleReader(
                try source.bytes(0..<count), file: source.name, limits: limits)
            do throws(TensorFileError) {
                return try read(&reader, source, limits)
            } catch {
                guard reader.ranOut, count < source.byteCount else { throw error }
                guard count < most else {
                    throw .tooLarge(
                        file: source.name, place: "byte 0",
                        found: "pickles of \(count) bytes or more",
                        limit: "\(limits.pickleBytes) bytes")
                }
                count = min(most, count * 4)
            }
        }
    }

    private static func read(
        _ reader: inout PickleReader, _ source: TensorSource, _ limits: TensorFileLimits
    ) throws(TensorFileError) -> TensorContents {
        guard case .wide(magic) = try reader.load() else {
            throw .wrongFormat(
                file: source.name, found: "a pickle that is no checkpoint",
                next: "give the file torch.save wrote")
        }
        guard case .integer(version) = try reader.load() else {
            throw reader.damaged("another version of the container", "\(version)")
        }
        guard case .dictionary(let machine) = try reader.load() else {
            throw reader.damaged("no facts about the machine", "a dictionary")
        }
        for (key, value) in machine.items where key == "little_endian" {
            guard case .bool(true) = value else {
                throw reader.refused(
                    "elements in another byte order than little-endian",
                    next: "load the file with PyTorch on a common machine and save it again")
            }
        }
        let value = try reader.load()
        guard case .list(let keys) = try reader.load() else {
            throw reader.damaged("no list of storages", "one")
        }
        var tree = PickleTree(file: source.name, limits: limits, tensors: reader.tensors)
        try tree.collect(value)
        tree.contents.storages = try storages(keys.values, reader, source)
        return tree.contents
    }

    /// Walks over the storages; gives them in the order in which the tensors number them.
    private static func storages(
        _ keys: [PickleValue], _ reader: PickleReader, _ source: TensorSource
    ) throws(TensorFileError) -> [TensorStorage] {
        var found: [Int: TensorStorage] = [:]
        var position = reader.position
        for key in keys {
            guard case .text(let name) = key, let place = reader.storagePlaces[name],
                found[place] == nil
            else {
                throw .damaged(
                    file: source.name, place: "the list of storages",
                    found: "a storage that no tensor uses, or twice the same", expected: "each once"
                )
            }
            let storage = reader.storages[place]
            guard source.byteCount - position >= 8 else {
                throw .damaged(
                    file: source.name, place: "byte \(position)", found: "the end of the file",
                    expected: "storage \(Printable.text(name))")
            }
            let count = try source.bytes(position..<(position + 8)).reversed().reduce(0 as UInt64) {
                $0 << 8 | UInt64($1)
            }
            let size = storage.count * storage.elementType.byteCount
            guard count == UInt64(storage.count), size <= source.byteCount - position - 8 else {
                throw .damaged(
                    file: source.name, place: "byte \(position)",
                    found: "\(count) elements in the \(source.byteCount - position - 8) bytes left",
                    expected: "\(storage.count) \(storage.elementType.rawValue)")
            }
            found[place] = TensorStorage(
                label: source.name, range: (position + 8)..<(position + 8 + size), checksum: nil)
            position += 8 + size
        }
        guard position == source.byteCount else {
            throw .damaged(
                file: source.name, place: "byte \(position)",
                found: "\(source.byteCount - position) bytes behind the last storage",
                expected: "the end of the file")
        }
        var result: [TensorStorage] = []
        for place in reader.storages.indices {
            guard let storage = found[place] else {
                throw .damaged(
                    file: source.name, place: "the list of storages",
                    found: "no storage \(Printable.text(reader.storages[place].key))",
                    expected: "one for every tensor")
            }
            result.append(storage)
        }
        return result
    }
}
