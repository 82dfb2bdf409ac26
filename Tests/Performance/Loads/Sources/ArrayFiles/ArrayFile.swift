#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A `.npy` file of the benchmark, read from its beginning; type and shape are known to who reads it.
public struct ArrayFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Opens a file and skips its header.
    ///
    /// - Parameter path: A file that NumPy wrote, version 1.
    public init(path: String) {
        self.path = path
        descriptor = open(path, O_RDONLY)
        var start = [UInt8](repeating: 0, count: 10)
        guard descriptor >= 0, read(descriptor, &start, 10) == 10 else {
            fatalError("\(path): cannot be read")
        }
        lseek(descriptor, 10 + Int(start[8]) + 256 * Int(start[9]), SEEK_SET)
    }

    deinit { close(descriptor) }

    /// The next values of the file.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - type: What they are.
    /// - Returns: The values.
    public func next<Element: BitwiseCopyable>(_ count: Int, as type: Element.Type) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, filled in
            guard var place = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            var left = count * MemoryLayout<Element>.stride
            while left > 0 {
                let size = read(descriptor, place, left)
                if size <= 0 { fatalError("\(path): too short") }
                place += size
                left -= size
            }
            filled = count
        }
    }
}
