internal import ZipContainers

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
        do throws(ZipError) {
            directory = try ZipDirectory(
                bytes, named: name, limits: ZipLimits(members: limits.members))
        } catch {
            throw NumPyError(error)
        }
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
        let label = "\(file)/\(member.name)"
        // The header comes on top of the elements the limit is about.
        guard member.size - 65_536 <= limits.arrayBytes else {
            throw .tooLarge(
                file: label, found: "\(member.size) bytes", limit: "\(limits.arrayBytes) bytes")
        }
        guard member.method == 0 || member.method == 8 else {
            throw .unsupported(
                file: label, found: "compression method \(member.method)",
                next: "save it with numpy.savez or numpy.savez_compressed")
        }
        let data: ArraySlice<UInt8>
        do throws(ZipError) {
            data = try directory.contents(of: index, packed: bytes[directory.ranges[index]])
        } catch {
            throw NumPyError(error)
        }
        return try NPY.decode(data, named: label, limits: limits)
    }
}

extension NumPyError {
    /// What is wrong with the zip around the arrays, said in this room's words.
    init(_ error: ZipError) {
        switch error {
        case .wrongFormat(let file, let found, _):
            self = .wrongFormat(file: file, found: found, expected: "a whole .npz archive")
        case .damaged(let file, let offset, let found, let expected):
            self = .damaged(file: file, offset: offset, found: found, expected: expected)
        case .unsupported(let file, let found, let next):
            self = .unsupported(file: file, found: found, next: next)
        case .tooLarge(let file, let found, let limit):
            self = .tooLarge(file: file, found: found, limit: limit)
        case .unreadable(let file, let reason):
            self = .unsupported(file: file, found: reason, next: "read it whole first")
        }
    }
}
