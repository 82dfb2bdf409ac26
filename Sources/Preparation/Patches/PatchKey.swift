import MedicalImaging

/// Random ranks that depend on nothing but the seed, the slide, the number of the patch and the purpose.
///
/// The seed is mixed with 64-bit FNV-1a of the slide's id and 32-bit FNV-1a of the purpose, then with the number, each time
/// by a block of Philox. Whoever works out a rank, in whatever order or shard, gets the same.
public struct PatchKey: Hashable, Sendable {
    /// The seed of this slide and purpose, for `RandomSource` of MedicalImaging.
    public let seed: UInt64

    private static let use: UInt32 = 0x70_61_74_63  // tells these streams from those of prompts

    /// Makes the key of a slide, or of a case.
    ///
    /// - Parameters:
    ///   - seed: The user's seed.
    ///   - slide: The slide's or case's id.
    ///   - purpose: For example `bin`.
    public init(seed: UInt64, slide: String, purpose: String) {
        let name = slide.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        let code = purpose.utf8.reduce(2_166_136_261 as UInt32) {
            ($0 ^ UInt32($1)) &* 16_777_619
        }
        self.seed = Self.mix(seed, name, code)
    }

    /// The rank of a patch; the smallest are chosen.
    ///
    /// - Parameter index: The patch's number in the slide's lattice.
    /// - Returns: A uniform 64-bit number.
    /// - Complexity: Two blocks of Philox at most, some 20 nanoseconds.
    public func rank(_ index: Int) -> UInt64 {
        Self.mix(seed, UInt64(bitPattern: Int64(index)), Self.use)
    }

    private static func mix(_ seed: UInt64, _ number: UInt64, _ code: UInt32) -> UInt64 {
        var source = RandomSource(
            seed: seed,
            stream: (
                UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32), code
            ))
        let high = UInt64(source.next())
        return high << 32 | UInt64(source.next())
    }
}
