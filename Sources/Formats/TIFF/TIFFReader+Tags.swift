internal import CTIFF

/// A tag of a TIFF directory that holds a text.
///
/// Texts may name patients, hosts and times, or hold pictures of labels; do not print or copy them unseen.
public enum TIFFText: Int, Hashable, Sendable, CaseIterable {
    /// ImageDescription, where vendors keep pixel sizes and magnifications.
    case imageDescription = 270
    /// Make: who built the scanner.
    case make = 271
    /// Model of the scanner.
    case model = 272
    /// Software that wrote the file.
    case software = 305
}

extension TIFFReader {
    /// A text of an image's directory.
    ///
    /// - Parameters:
    ///   - tag: Which text.
    ///   - directory: The number of the image in ``allDirectories``; also of one that cannot be decoded.
    /// - Returns: The text up to its first zero, with invalid UTF-8 repaired; `nil` when there is none.
    /// - Throws: ``TIFFError`` when there is no such directory.
    public func text(_ tag: TIFFText, directory: Int = 0) throws(TIFFError) -> String? {
        try withHandle(on: described(directory)) { handle in handle.text(Int32(tag.rawValue)) }
    }

    /// The text of an image's ImageDescription tag, where vendors keep pixel sizes.
    ///
    /// It may name patients and hold pictures of labels; do not print or copy it.
    ///
    /// - Parameter directory: The number of the image in ``allDirectories``.
    /// - Returns: The text with invalid UTF-8 repaired; `nil` when there is none.
    /// - Throws: ``TIFFError`` when there is no such directory.
    public func imageDescription(directory: Int = 0) throws(TIFFError) -> String? {
        try text(.imageDescription, directory: directory)
    }

    /// The JPEGTables tag: an abbreviated JPEG stream with the tables that tiles or strips share.
    ///
    /// - Parameter directory: The number of the image in ``allDirectories``.
    /// - Returns: The bytes as stored (SOI, tables, EOI in a sound file); `nil` when there are none.
    /// - Throws: ``TIFFError`` when there is no such directory.
    public func jpegTables(directory: Int = 0) throws(TIFFError) -> [UInt8]? {
        let image = try described(directory)
        guard image.compression == .jpeg else { return nil }
        return try withHandle(on: image) { handle in handle.jpegTables }
    }

    /// The compressed bytes of one tile or strip as the file holds them.
    ///
    /// - Complexity: O(bytes); one read of the file, nothing is decoded.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``; one with a ``TIFFDirectory/problem`` throws it.
    ///   - index: The number of the tile or strip: row × ``TIFFDirectory/blocksAcross`` + column; planes follow each other.
    /// - Returns: The bytes; `nil` when the file stores none (byte count 0).
    /// - Throws: ``TIFFError`` when there is no such image or tile, its bytes do not lie inside the file, or are more than
    ///   ``TIFFLimits/blockBytes``.
    public func rawBlock(directory: Int = 0, index: Int) throws(TIFFError) -> [UInt8]? {
        let (image, noun) = try blockOwner(directory, index)
        let largest = limits.blockBytes
        return try withHandle(on: image) { handle throws(TIFFError) in
            guard let place = try handle.place(ofBlock: index, image, noun: noun) else {
                return nil
            }
            func damaged(_ kind: TIFFError.Kind, _ found: String, _ next: String) -> TIFFError {
                TIFFError(
                    kind, file: handle.name,
                    place: "directory \(image.index), \(noun) \(index)", found: found,
                    expected: next)
            }
            guard place.count <= largest else {
                throw damaged(
                    .tooLarge, "\(place.count) bytes",
                    "at most \(largest); raise the limit if the image is genuine")
            }
            let bytes = handle.file.read(at: place.lowerBound, count: place.count)
            guard bytes.count == place.count else {
                throw damaged(
                    .damaged, "an end of the file within it",
                    "\(place.count) bytes; fetch the file again")
            }
            return bytes
        }
    }

    /// How many bytes the file holds for one tile or strip.
    ///
    /// - Parameters:
    ///   - directory: The number of the image in ``allDirectories``.
    ///   - index: The number of the tile or strip, as for ``rawBlock(directory:index:)``.
    /// - Returns: The byte count; 0 when the tile or strip is missing.
    /// - Throws: ``TIFFError`` when there is no such image or tile, or its bytes do not lie inside the file.
    public func blockByteCount(directory: Int = 0, index: Int) throws(TIFFError) -> Int {
        let (image, noun) = try blockOwner(directory, index)
        return try withHandle(on: image) { handle throws(TIFFError) in
            try handle.place(ofBlock: index, image, noun: noun)?.count ?? 0
        }
    }

    /// How many tiles or strips of an image the file does not store.
    ///
    /// - Complexity: O(tiles); no pixel is read.
    ///
    /// - Parameter directory: The number of the image in ``allDirectories``.
    /// - Returns: The number of tiles or strips with byte count 0.
    /// - Throws: ``TIFFError`` when there is no such image, or the bytes of one do not lie inside the file.
    public func missingBlockCount(directory: Int = 0) throws(TIFFError) -> Int {
        let (image, noun) = try blockOwner(directory, 0)
        return try withHandle(on: image) { handle throws(TIFFError) in
            var missing = 0
            for index in 0..<image.blockCount
            where try handle.place(ofBlock: index, image, noun: noun) == nil { missing += 1 }
            return missing
        }
    }

    /// The image a tile or strip belongs to, and what to call it.
    private func blockOwner(
        _ directory: Int, _ index: Int
    ) throws(TIFFError) -> (image: TIFFDirectory, noun: String) {
        let image = try described(directory)
        if let problem = image.problem { throw problem }
        let noun = image.isTiled ? "tile" : "strip"
        guard (0..<image.blockCount).contains(index) else {
            throw TIFFError(
                .misuse, file: path, place: "directory \(directory)", found: "\(noun) \(index)",
                expected: "a number of 0 to \(image.blockCount - 1)")
        }
        return (image, noun)
    }
}

extension TIFFHandle {
    /// The shared JPEG tables of the current directory.
    fileprivate var jpegTables: [UInt8]? {
        var count: UInt32 = 0
        guard let bytes = samdata_tiff_get_jpeg_tables(tiff, &count) else { return nil }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
