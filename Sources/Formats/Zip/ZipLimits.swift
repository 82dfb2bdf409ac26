/// How much a zip archive may announce before it is refused.
public struct ZipLimits: Hashable, Sendable {
    /// The most members of one archive.
    public let members: Int
    /// The most bytes of the directory, which is read whole.
    public let directoryBytes: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - members: The most members of one archive; 65 536 unless told.
    ///   - directoryBytes: The most bytes of the directory; 64 MiB unless told.
    public init(members: Int = 1 << 16, directoryBytes: Int = 1 << 26) {
        precondition(members > 0 && directoryBytes > 0, "limits of a zip archive must be positive")
        self.members = members
        self.directoryBytes = directoryBytes
    }

    /// 65 536 members and a directory of 64 MiB.
    public static let standard = ZipLimits()
}
