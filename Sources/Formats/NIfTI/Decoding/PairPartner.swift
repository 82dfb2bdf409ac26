import SafeFiles

/// The image file that belongs to a header file.
struct PairPartner {
    let path: String
    let size: Int
    let isCompressed: Bool

    /// Finds the image file: beside `x.hdr` first `x.img`, then `x.img.gz`; beside `x.hdr.gz` the other way round.
    ///
    /// - Parameter path: The header file.
    /// - Throws: ``NIfTIError`` when there is none, or it cannot be read.
    init(of path: String) throws(NIfTIError) {
        guard let candidates = Self.candidates(for: path) else {
            throw NIfTIError(
                .header, path: path, field: "magic", found: "the header of a pair (`ni`)",
                expected: "a name that ends in .hdr or .hdr.gz",
                nextStep: "rename it, so that its .img file can be found")
        }
        guard let partner = candidates.first(where: { Folders.isFile($0) }) else {
            let names = candidates.map { FilePath.name(of: $0) }.joined(separator: " or ")
            throw NIfTIError(
                .file(.missing), path: path, field: "pair",
                found: "no image file beside the header, expected \(names); put it there",
                expected: names, nextStep: "put it there")
        }
        self.path = partner
        let file = try NIfTIError.wrapping { () throws(FileError) in
            try ReadableFile(path: partner)
        }
        let magic = try NIfTIError.wrapping { () throws(FileError) in
            try file.bytes(count: min(2, file.size))
        }
        size = file.size
        isCompressed = magic == [0x1f, 0x8b]
    }

    private static func candidates(for path: String) -> [String]? {
        for (suffix, images) in [
            (".hdr", [".img", ".img.gz"]), (".hdr.gz", [".img.gz", ".img"]),
        ] where path.hasSuffix(suffix) {
            let stem = String(path.dropLast(suffix.count))
            return images.map { stem + $0 }
        }
        return nil
    }
}
