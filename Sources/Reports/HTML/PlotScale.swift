/// Maps values to positions of a drawing, and finds round numbers for its axis.
struct PlotScale {
    let low: Double
    let high: Double
    /// Where the axis begins and ends, in pixels.
    let start: Double
    let end: Double

    /// Makes a scale; a range without width gets some, and numbers beyond 1e300 count as that.
    init(low: Double, high: Double, start: Double, end: Double) {
        let first = Self.bounded(low)
        let last = Self.bounded(high)
        // Ticks need digits between them: below 1e-9 of its ends, or of 1e-300, a range has none to show.
        let least = max(1e-300, 1e-9 * max(first.magnitude, last.magnitude))
        let isEmpty = !(last - first > least)
        let room = isEmpty ? max(0.5, least) : 0
        self.low = first - room
        self.high = isEmpty ? first + room : last
        self.start = start
        self.end = end
    }

    private static func bounded(_ value: Double) -> Double {
        value.isNaN ? 0 : min(max(value, -1e300), 1e300)
    }

    /// The position of a value; of what is no number, the start.
    func position(_ value: Double) -> Double {
        guard !value.isNaN else { return start }
        let share = (min(max(value, low), high) - low) / (high - low)
        return start + share * (end - start)
    }

    /// Round values inside the range, four to ten of them.
    var ticks: [Double] {
        let span = high - low
        var step = 1.0
        while step > span { step /= 10 }
        while step * 10 <= span { step *= 10 }
        for divisor in [1.0, 2, 5] where span / (step / divisor) >= 4 {
            step /= divisor
            break
        }
        let first = (low / step).rounded(.up)
        return (0..<20).map { (first + Double($0)) * step }.filter { $0 <= high + step * 1e-9 }
    }

    /// A position as it stands in a drawing.
    static func text(_ position: Double) -> String { ReportNumber.fixed(position, digits: 1) }

    /// A tick label without needless digits.
    static func label(_ value: Double) -> String {
        var text = ReportNumber.fixed(value, digits: 3)
        while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }
}
