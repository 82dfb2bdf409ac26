#if canImport(Glibc)
    import Glibc
#endif

/// Memory for kernels: aligned, not set, freed with the object.
///
/// Large pieces ask for large pages: the kernels walk through many rows at once, one page each.
public final class KernelMemory: @unchecked Sendable {
    /// The first value.
    ///
    /// Whoever shares the memory between threads divides it.
    public let values: UnsafeMutablePointer<Float>
    /// How many values there are.
    public let count: Int

    /// Takes memory.
    ///
    /// - Parameter count: Number of values.
    public init(count: Int) {
        let large = 1 << 21
        let bytes = max(count, 16) * MemoryLayout<Float>.stride
        let isLarge = bytes >= 2 * large
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isLarge ? large : 64)
        #if os(Linux)
            if isLarge { _ = madvise(raw, bytes & ~(large - 1), 14 /* MADV_HUGEPAGE */) }
        #endif
        values = raw.bindMemory(to: Float.self, capacity: max(count, 16))
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(values).deallocate() }
}
