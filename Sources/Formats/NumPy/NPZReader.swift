internal import DeflateCompression

/// Reads arrays from an archive that lies in memory.
///
/// The whole directory is checked when the reader is made: every size, offset and name, and that no two
/// members overlap. An array is inflated, compared with its checksum and parsed when it is asked for.
public struct NPZReader: Sendable {
    /// The names of the arrays in the order of the archive, without `.npy`; other members are left out.
    public let names: [String]

    private let bytes: [UInt8]
    private let file: String
    private let limits: NumPyLimits
    private let directory: ZipDirectory

    /// Opens an archive.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What error messages call the file.
    ///   - limits: The largest archive to accept.
    /// - Throws: ``NumPyError`` when the bytes are no zip, or its directory is damaged.
    public init(
        _ bytes: [UInt8], named name: String = "NumPy archive", limits: NumPyLimits = .standard
    ) throws(NumPyError) {
        self.bytes = bytes
        file = name
        self.limits = limits
        directory = try ZipDirectory(bytes, named: name, limits: limits)
        names = directory.members.compactMap {
            $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : nil
        }
    }

    /// Reads one array.
    ///
    /// - Complexity: O(*n*); for stored members one copy of the bytes, for deflated ones two.
    ///
    /// - Parameter name: Its name, without `.npy`.
    /// - Returns: The array, in C order and little-endian.
    /// - Throws: ``NumPyError`` when there is no such array, or it is damaged, too large or of a type that is not read.
    public func array(_ name: String) throws(NumPyError) -> NPYArray {
        guard let index = directory.members.firstIndex(where: { $0.name == name + ".npy" }) else {
            throw .noSuchArray(file: file, name: name, members: names)
        }
        let member = directory.members[index]
        let range = directory.ranges[index]
        let label = "\(file)/\(member.name)"
        // The header comes on top of the elements the limit is about.
        guard member.size - 65_536 <= limits.arrayBytes else {
            throw .tooLarge(
                file: label, found: "\(member.size) bytes", limit: "\(limits.arrayBytes) bytes")
        }
        let data: ArraySlice<UInt8> =
            switch member.method {
            case 0: bytes[range]
            case 8: try inflate(range, to: member.size, label)[...]
            default:
                throw .unsupported(
                    file: label, found: "compression method \(member.method)",
                    next: "save it with numpy.savez or numpy.savez_compressed")
            }
        guard data.count == member.size else {
            throw .damaged(
                file: label, offset: range.lowerBound, found: "\(data.count) bytes",
                expected: "the \(member.size) of the directory")
        }
        guard data.withUnsafeBytes({ CRC32.checksum(of: $0) }) == member.checksum else {
            throw .damaged(
                file: label, offset: range.lowerBound, found: "data with another checksum",
                expected: "the checksum of the directory")
        }
        return try NPY.decode(data, named: label, limits: limits)
    }

    private func inflate(
        _ range: Range<Int>, to size: Int, _ label: String
    ) throws(NumPyError) -> [UInt8] {
        // Deflate shrinks by at most 1032 to 1; anything beyond is a lie about the size.
        guard size / 1032 <= range.count else {
            throw .damaged(
                file: label, offset: range.lowerBound, found: "\(range.count) compressed bytes",
                expected: "enough for \(size)")
        }
        let inflater = Inflater()
        var failure: DeflateError?
        let result = bytes[range].withUnsafeBytes { input in
            [UInt8](unsafeUninitializedCapacity: size) { output, count in
                do throws(DeflateError) {
                    try inflater.raw(
                        input,
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(output)[..<size]))
                    count = size
                } catch {
                    failure = error
                }
            }
        }
        if let failure {
            throw .damaged(
                file: label, offset: range.lowerBound,
                found: "a deflate stream that fails (\(failure))",
                expected: "one of \(size) bytes")
        }
        return result
    }
}
