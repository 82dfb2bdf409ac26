internal import CNetworkKernels

/// Vector kernels over plain memory, on one thread; callers divide the work.
///
/// Every kernel runs with the widest instructions of this machine, chosen at the first call. Rows lie one after the other and
/// the last index runs fastest. A value depends on its inputs and the level only, not on where it stands, so that any division
/// into rows gives the same bits.
public enum Kernels {
    /// Sets of instructions, ascending.
    ///
    /// Results of different levels differ in the last bits.
    public enum Level: Int, CaseIterable, Comparable, Sendable {
        /// SSE2, or NEON on arm64.
        case base
        /// x86-64-v3: AVX2 and fused multiply-add.
        case v3
        /// x86-64-v4: AVX-512.
        case v4

        /// Whether one level comes before another.
        ///
        /// - Parameters:
        ///   - a: A level.
        ///   - b: Another.
        /// - Returns: Whether `a` has fewer instructions.
        public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    /// The level in use in this thread.
    public static var level: Level { Level(rawValue: Int(nk_level())) ?? .base }

    /// The highest level that this machine can run.
    public static var highestLevel: Level { Level(rawValue: Int(nk_highest_level())) ?? .base }

    /// Runs a body at a level, for tests: kernels that it calls in this very thread use no more.
    ///
    /// - Parameters:
    ///   - level: The level; one above the highest becomes the highest.
    ///   - body: Called once.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    package static func withLevel<Result, Failure: Error>(
        _ level: Level, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        nk_set_thread_level(Int32(level.rawValue))
        defer { nk_set_thread_level(-1) }
        return try body()
    }
}
