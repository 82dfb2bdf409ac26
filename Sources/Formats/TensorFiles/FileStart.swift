/// Tells containers apart by their first bytes, and names what people open by mistake.
enum FileStart {
    static func container(
        of source: TensorSource
    ) throws(TensorFileError) -> TensorFile.Container {
        let start = try source.bytes(0..<min(source.byteCount, 512))
        // First, because the length of a header may look like the magic of another format.
        if SafetensorsHeader.starts(start) { return .safetensors }
        if start.starts(with: [0x50, 0x4b, 0x03, 0x04]) { return .torchArchive }
        if start.count >= 2, start[0] == 0x80, (2...5).contains(start[1]) { return .torchStream }
        let (found, next) = mistake(start)
        throw .wrongFormat(file: source.name, found: found, next: next)
    }

    private static func mistake(_ start: [UInt8]) -> (found: String, next: String) {
        let fetch = "fetch the checkpoint itself"
        if start.isEmpty { return ("no bytes", fetch) }
        if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
            return ("an HDF5 file", "it may be a checkpoint that has been imported already")
        }
        if start.starts(with: [0x1f, 0x8b]) { return ("a gzip file", "unpack it first") }
        if start.count >= 262, start[257..<262].elementsEqual("ustar".utf8) {
            return ("a tar archive", "unpack it, or load it with PyTorch and save it again")
        }
        if start.starts(with: Array("version https://git-lfs".utf8)) {
            return ("a pointer of git-lfs", "fetch the file behind it with git lfs pull")
        }
        if start.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
            return ("a web page", "the download went wrong, " + fetch)
        }
        return ("\(start.count < 512 ? "\(start.count)" : "many") bytes of another kind", fetch)
    }
}
