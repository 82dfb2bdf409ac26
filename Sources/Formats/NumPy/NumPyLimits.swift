/// How much a NumPy file may announce before it is refused.
public struct NumPyLimits: Hashable, Sendable {
    /// The most bytes of one array, inflated.
    public let arrayBytes: Int
    /// The most members of one archive.
    public let members: Int

    /// Makes limits.
    ///
    /// - Parameters:
    ///   - arrayBytes: The most bytes of one array, inflated; 4 GiB unless told.
    ///   - members: The most members of one archive; 65 536 unless told.
    public init(arrayBytes: Int = 1 << 32, members: Int = 1 << 16) {
        precondition(arrayBytes > 0 && members > 0, "limits of a NumPy file must be positive")
        self.arrayBytes = arrayBytes
        self.members = members
    }

    /// 4 GiB per array and 65 536 members.
    public static let standard = NumPyLimits()
}
