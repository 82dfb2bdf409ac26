#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The left and upper edges of patches: two whole numbers on each line of a text file.
public struct PatchList: Sendable {
    /// The edges, in the order of the file.
    public let places: [(x: Int, y: Int)]

    /// Reads a list; the process ends when the file cannot be read.
    ///
    /// - Parameter path: The file.
    public init(path: String) {
        guard let file = fopen(path, "r") else { fatalError("\(path): cannot be opened") }
        defer { fclose(file) }
        var text: [UInt8] = []
        var byte = getc(file)
        while byte >= 0 {
            text.append(UInt8(byte))
            byte = getc(file)
        }
        let numbers = text.split { $0 == 10 || $0 == 32 }.map { word in
            word.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        places = stride(from: 0, to: numbers.count - 1, by: 2).map {
            (numbers[$0], numbers[$0 + 1])
        }
    }
}

/// The Adler-32 of bytes that come in parts: equal for equal pixels, and every language has it.
///
/// - Source: RFC 1950.
public struct Adler32: Sendable {
    private var low: UInt32 = 1
    private var high: UInt32 = 0

    /// The sum of nothing.
    public init() {}

    /// The sum so far.
    public var value: UInt32 { high << 16 | low }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: Any number.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var n = 0
        while n < bytes.count {
            // As many as fit before the sums overflow.
            let end = min(n + 5552, bytes.count)
            while n < end {
                low &+= UInt32(bytes[n])
                high &+= low
                n += 1
            }
            low %= 65521
            high %= 65521
        }
    }
}
