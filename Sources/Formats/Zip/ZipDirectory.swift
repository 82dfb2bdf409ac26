/// The directory of a zip archive; every number in it is checked before it is used.
///
/// The archive may lie anywhere: it is fetched in pieces (its end, its directory, the head of each member), never whole.
/// A directory that exists has plain names that occur once, and members that lie in the file without overlapping.
///
/// - Source: PKWARE APPNOTE 6.3.x.
public struct ZipDirectory: Sendable {
    /// Fetches the bytes of a range of the file, exactly as many as asked for.
    public typealias Fetch = (Range<Int>) throws(ZipError) -> [UInt8]

    /// The members in the order of the directory.
    public let members: [ZipMember]
    /// Where the data of each member lie in the file, in the same order.
    public let ranges: [Range<Int>]

    private let file: String

    /// Reads the directory of an archive in memory.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What error messages call it.
    ///   - limits: The largest directory to accept.
    /// - Throws: ``ZipError`` when the bytes are no zip, or the directory is damaged or too large.
    public init(
        _ bytes: [UInt8], named name: String, limits: ZipLimits = .standard
    ) throws(ZipError) {
        try self.init(byteCount: bytes.count, named: name, limits: limits) { Array(bytes[$0]) }
    }

    /// Reads the directory of an archive piece by piece.
    ///
    /// - Complexity: One fetch for the end, one for the directory, one for each member.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the file.
    ///   - name: What error messages call it.
    ///   - limits: The largest directory to accept.
    ///   - fetch: Fetches a range within the file.
    /// - Throws: ``ZipError`` when the bytes are no zip, or the directory is damaged or too large; what `fetch` throws.
    public init(
        byteCount: Int, named name: String, limits: ZipLimits = .standard, fetch: Fetch
    ) throws(ZipError) {
        let (end, edge) = try ZipEnd.find(byteCount: byteCount, named: name, fetch: fetch)
        guard end.members <= limits.members else {
            throw .tooLarge(
                file: name, found: "\(end.members) members", limit: "\(limits.members)")
        }
        // A member takes at least 46 bytes of the directory.
        guard end.size <= edge, end.offset == edge - end.size, end.members <= end.size / 46 else {
            throw .damaged(
                file: name, offset: edge,
                found:
                    "a directory of \(end.members) members and \(end.size) bytes at \(end.offset)",
                expected: "one that ends at byte \(edge)")
        }
        guard end.size <= limits.directoryBytes else {
            throw .tooLarge(
                file: name, found: "a directory of \(end.size) bytes",
                limit: "\(limits.directoryBytes) bytes")
        }
        let fields = ZipFields(
            bytes: try fetch(end.offset..<edge), start: end.offset, file: name)
        var members: [ZipMember] = []
        var ranges: [Range<Int>] = []
        var names: Set<String> = []
        var position = end.offset
        for _ in 0..<end.members {
            let member = try ZipMember.read(fields, at: &position)
            guard names.insert(member.name).inserted else {
                throw .damaged(
                    file: name, offset: position, found: "a second member named \(member.name)",
                    expected: "each name once")
            }
            ranges.append(try member.data(in: name, before: end.offset, fetch: fetch))
            members.append(member)
        }
        guard position == edge else {
            throw .damaged(
                file: name, offset: position, found: "more directory than \(end.members) members",
                expected: "its end at byte \(edge)")
        }
        try Self.checkApart(members, ranges, name)
        self.members = members
        self.ranges = ranges
        file = name
    }

    /// Overlapping members are how a small archive pretends to be a huge one.
    private static func checkApart(
        _ members: [ZipMember], _ ranges: [Range<Int>], _ name: String
    ) throws(ZipError) {
        let order = members.indices.sorted { members[$0].offset < members[$1].offset }
        for (earlier, later) in zip(order, order.dropFirst())
        where members[later].offset < ranges[earlier].upperBound {
            throw .damaged(
                file: name, offset: members[later].offset,
                found: "\(members[later].name) inside \(members[earlier].name)",
                expected: "members that do not overlap")
        }
    }

    /// What error messages call a member.
    ///
    /// - Parameter index: Its place in ``members``.
    /// - Returns: The name of the archive, a slash, and its own.
    public func label(of index: Int) -> String { "\(file)/\(members[index].name)" }
}
