/// Voxels together with the digests of the files they came from and everything unusual about them.
public struct LoadedNIfTI<Contents: Sendable>: Sendable {
    /// The voxels.
    public let contents: Contents
    /// The SHA-256 digest of each file as it was read: one, or header and image file of a pair, in this order.
    public let digests: [FileDigest]
    /// The warnings of the header and those that reading the voxels added.
    public let warnings: [NIfTIWarning]
    /// Where the affine comes from; `pixdim` means that the orientation is unknown.
    public let affineSource: AffineSource
}

/// The digest of one file.
public struct FileDigest: Hashable, Sendable {
    /// The path of the file.
    public let path: String
    /// The size of the file in bytes.
    public let byteCount: Int
    /// The SHA-256 digest of all its bytes (compressed ones, if they are), 64 hexadecimal digits.
    public let sha256: String
}
