/// Tells how long work goes on: one redrawn line on a terminal, one line per item elsewhere.
struct Progress {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let isQuiet: Bool
    private let noun: String

    init(noun: String, isQuiet: Bool) {
        start = clock.now
        self.noun = noun
        self.isQuiet = isQuiet
    }

    /// Seconds since the start.
    var seconds: Double {
        let parts = (clock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// Tells of one item that is done.
    ///
    /// - Parameters:
    ///   - text: What was done.
    ///   - done: Items that are done, skipped ones too.
    ///   - total: Items in all.
    ///   - worked: Items that took time; the rate and the time left follow from them.
    func step(_ text: String, done: Int, of total: Int, worked: Int) {
        guard !isQuiet else { return }
        let rate = seconds > 0 ? Double(worked) / seconds : 0
        var line =
            "[\(String(repeating: " ", count: "\(total)".count - "\(done)".count))\(done)/\(total)] \(text)"
        if worked > 0, done < total, rate > 0 {
            line += "  \(Self.rate(rate, noun)), \(Self.time(Double(total - done) / rate)) left"
        }
        if Terminal.isInteractive {
            Terminal.write("\r\u{1B}[K" + line + (done == total ? "\n" : ""))
        } else {
            Terminal.say(line)
        }
    }

    /// Ends a redrawn line before something else is printed.
    func interrupt() {
        if Terminal.isInteractive, !isQuiet { Terminal.write("\r\u{1B}[K") }
    }

    private static func rate(_ perSecond: Double, _ noun: String) -> String {
        perSecond >= 1
            ? "\(Terminal.decimals(perSecond, 1)) \(noun)s/s"
            : "\(Terminal.decimals(1 / perSecond, 1)) s/\(noun)"
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 90 { return "\(whole) s" }
        if whole < 5400 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
