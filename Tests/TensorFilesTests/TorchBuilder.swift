import DeflateCompression
import TensorFiles
import ZipContainers

/// Puts pickles and archives together byte by byte, also those PyTorch would never write.
enum TorchBuilder {
    static func text(_ text: String) -> [UInt8] {
        [0x58] + number(text.utf8.count, 4) + Array(text.utf8)
    }

    static func integer(_ value: Int) -> [UInt8] { [0x8a, 8] + number(value, 8) }

    static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    static func tuple(_ parts: [[UInt8]]) -> [UInt8] { [0x28] + parts.joined() + [0x74] }

    static func call(_ function: [UInt8], _ arguments: [[UInt8]]) -> [UInt8] {
        function + tuple(arguments) + [0x52]
    }

    static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
        [0x7d, 0x28] + items.flatMap { text($0.0) + $0.1 } + [0x75]
    }

    static func storage(_ key: String, _ count: Int, _ type: String = "FloatStorage") -> [UInt8] {
        tuple([
            text("storage"), global("torch", type), text(key), text("cpu"), integer(count),
        ]) + [0x51]
    }

    static func tensor(
        _ key: String = "0", count: Int = 4, offset: Int = 0, shape: [Int] = [4],
        strides: [Int] = [1], type: String = "FloatStorage"
    ) -> [UInt8] {
        call(
            global("torch._utils", "_rebuild_tensor_v2"),
            [
                storage(key, count, type), integer(offset), tuple(shape.map(integer)),
                tuple(strides.map(integer)), [0x89],
                call(global("collections", "OrderedDict"), []),
            ])
    }

    /// A whole pickle around a value.
    static func pickle(_ value: [UInt8]) -> [UInt8] { [0x80, 2] + value + [0x2e] }

    /// A member that tells the truth about itself.
    static func stored(_ name: String, _ data: [UInt8]) -> (member: ZipMember, data: [UInt8]) {
        (
            ZipMember(
                name: name, method: 0, checksum: data.withUnsafeBytes { CRC32.checksum(of: $0) },
                compressedSize: data.count, size: data.count, offset: 0), data
        )
    }

    static func zip(_ parts: [(member: ZipMember, data: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for var part in parts {
            part.member.offset = file.count
            file += part.member.localHeader(wideFrom: .max) + part.data
            directory += part.member.directoryEntry(wideFrom: .max)
        }
        return file + directory
            + ZipEnd(members: parts.count, offset: file.count, size: directory.count)
            .records(wideFrom: .max)
    }

    /// An archive as `torch.save` writes it, with one storage of four floats 0...3 unless told.
    static func archive(
        _ value: [UInt8], storages: [(String, [UInt8])] = [("0", floats([0, 1, 2, 3]))],
        more: [(member: ZipMember, data: [UInt8])] = []
    ) -> [UInt8] {
        zip(
            [stored("a/data.pkl", pickle(value)), stored("a/byteorder", Array("little".utf8))]
                + storages.map { stored("a/data/\($0.0)", $0.1) } + more)
    }

    static func floats(_ values: [Float]) -> [UInt8] {
        values.flatMap { number(Int($0.bitPattern), 4) }
    }

    /// Opens an archive around a value; `nil` when it opens, else the message.
    static func refusal(
        _ value: [UInt8], storages: [(String, [UInt8])] = [("0", floats([0, 1, 2, 3]))],
        limits: TensorFileLimits = .standard
    ) -> String? {
        refusal(of: archive(value, storages: storages), limits: limits)
    }

    /// Opens a file and reads everything in it; `nil` when that works, else the message.
    static func refusal(of file: [UInt8], limits: TensorFileLimits = .standard) -> String? {
        do throws(TensorFileError) {
            let file = try TensorFile(file, named: "x.pth", limits: limits)
            for entry in file.entries {
                _ = try file.floats(of: entry.name)
                _ = try file.bytes(of: entry.name)
            }
            return nil
        } catch {
            return error.description
        }
    }
}
