#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// CPU seconds that this process has used so far.
public func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// The words after the program's name; the process ends with a line on how to call it when there are too few.
///
/// - Parameter usage: What the words mean.
/// - Returns: At least one word.
public func words(usage: String) -> [String] {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.isEmpty {
        let line = Array("usage: \(usage)\n".utf8)
        _ = write(2, line, line.count)
        exit(64)
    }
    return words
}

/// A number with five decimals.
///
/// - Parameter seconds: The number, at least 0.
/// - Returns: The number as text, with a full stop.
public func decimals(_ seconds: Double) -> String {
    let units = Int((seconds * 100_000).rounded())
    let fraction = String(units % 100_000)
    return "\(units / 100_000)." + String(repeating: "0", count: 5 - fraction.count) + fraction
}
