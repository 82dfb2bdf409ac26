import SampleStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the command prints: data to stdout, talk to stderr.
enum Terminal {
    /// Whether stderr is a terminal, so that a progress line can be redrawn.
    static let isInteractive = isatty(STDERR_FILENO) == 1

    /// Whether colours may be used on stderr.
    static let usesColor = isInteractive && getenv("NO_COLOR") == nil

    /// Prints a line of the result.
    static func result(_ line: String) { print(line) }

    /// Prints a value as one JSON document.
    static func json(_ value: some Encodable) throws {
        print(String(decoding: try CanonicalJSON.pretty(value), as: UTF8.self), terminator: "")
    }

    /// Prints a document whose bytes are made already, for example the JSON of a report.
    static func document(_ bytes: [UInt8]) {
        print(String(decoding: bytes, as: UTF8.self), terminator: "")
    }

    /// The columns a table may take: those of the terminal; without one, or with a narrow one, 100.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 60 else {
            return 100
        }
        return Int(size.ws_col)
    }

    /// Prints a line of talk.
    static func say(_ line: String) { write(line + "\n") }

    /// Prints a warning.
    static func warn(_ line: String) {
        write((usesColor ? "\u{1B}[33mwarning:\u{1B}[0m " : "warning: ") + line + "\n")
    }

    /// Prints an error.
    static func error(_ line: String) {
        write((usesColor ? "\u{1B}[31merror:\u{1B}[0m " : "error: ") + line + "\n")
    }

    /// Prints without a line feed.
    static func write(_ text: String) {
        var bytes = Array(text.utf8)
        bytes.withUnsafeMutableBytes { _ = Self.send(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func send(_ file: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(file, base, count)
        #elseif canImport(Musl)
            Musl.write(file, base, count)
        #else
            Darwin.write(file, base, count)
        #endif
    }

    /// A number of bytes for people.
    static func bytes(_ count: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count)
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(decimals(value, value < 10 ? 2 : 1)) \(units[unit])"
    }

    /// A number with a fixed number of decimals.
    static func decimals(_ value: Double, _ count: Int) -> String {
        var scale = 1.0
        for _ in 0..<count { scale *= 10 }
        guard abs(value) * scale < 1e15 else { return "\(value)" }
        let whole = Int((value * scale).rounded())
        if count == 0 { return "\(whole)" }
        let digits = String(abs(whole) % Int(scale))
        return (whole < 0 ? "-" : "") + "\(abs(whole) / Int(scale))."
            + String(repeating: "0", count: count - digits.count) + digits
    }
}

/// The cores this process may use.
enum Processor {
    static var activeCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
