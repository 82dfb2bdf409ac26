/// Numbers as people read them in a report: a fixed number of digits, a point, and no locale.
///
/// The same number is the same text on every machine. JSON and CSV hold the shortest decimal that reads back instead.
public enum ReportNumber {
    /// What stands where there is no number.
    public static let nothing = "-"

    /// A number with a fixed count of digits after the point, for example `0.9123`.
    ///
    /// - Parameters:
    ///   - value: Any number; nil and NaN give ``nothing``, infinities `inf` and `-inf`.
    ///   - digits: The digits after the point, 0 to 9.
    /// - Returns: The text, rounded to nearest, halves away from zero; never `-0.00`. Numbers from 10^15 on are written
    ///   with an exponent.
    public static func fixed(_ value: Double?, digits: Int) -> String {
        guard let value, !value.isNaN else { return nothing }
        guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
        guard value.magnitude < 1e15 else { return "\(value)" }
        let places = min(max(digits, 0), 9)
        var power: Int64 = 1
        for _ in 0..<places { power *= 10 }
        // Whole and fractional part are scaled apart, so that the product never leaves 64 bits.
        let magnitude = value.magnitude
        var whole = Int64(magnitude)
        var part = Int64(((magnitude - Double(whole)) * Double(power)).rounded())
        if part >= power {
            whole += 1
            part = 0
        }
        let sign = value < 0 && (whole != 0 || part != 0) ? "-" : ""
        guard places > 0 else { return sign + String(whole) }
        let tail = String(part)
        return "\(sign)\(whole)." + String(repeating: "0", count: places - tail.count) + tail
    }

    /// A number with the digits its metric deserves.
    ///
    /// - Parameters:
    ///   - value: Any number.
    ///   - metric: The metric, which fixes the digits: see ``digits(of:)``.
    /// - Returns: The text, without the unit.
    public static func text(_ value: Double?, of metric: MetricEntry) -> String {
        fixed(value, digits: digits(of: metric))
    }

    /// How many digits after the point a metric deserves.
    ///
    /// - Parameter metric: The metric.
    /// - Returns: 2 for millimetres, millilitres and voxels, 4 for fractions and everything else.
    public static func digits(of metric: MetricEntry) -> Int {
        ["mm", "ml", "voxels"].contains(metric.unit) ? 2 : 4
    }

    /// A value with its state where it is none, for example `inf (miss)`.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - metric: The metric it is of.
    /// - Returns: The text, without the unit.
    public static func text(_ value: ScoreValue, of metric: MetricEntry) -> String {
        let number = text(value.value, of: metric)
        return value.state == .value ? number : "\(number) (\(value.state.rawValue))"
    }

    /// Positions or sizes in brackets, for example `(12, 40, 7)`.
    ///
    /// - Parameters:
    ///   - values: The numbers; none gives ``nothing``.
    ///   - digits: The digits after the point.
    /// - Returns: The text.
    public static func tuple(_ values: [Double], digits: Int) -> String {
        guard !values.isEmpty else { return nothing }
        return "(" + values.map { fixed($0, digits: digits) }.joined(separator: ", ") + ")"
    }

    /// A share as percent, for example `95%`.
    ///
    /// - Parameter share: The share, 1 for all.
    /// - Returns: The text, with one digit after the point only where there is one.
    public static func percent(_ share: Double) -> String {
        let text = fixed(share * 100, digits: 1)
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "%"
    }

    /// A whole number in digits.
    ///
    /// - Parameter count: The number.
    /// - Returns: The text.
    public static func count(_ count: some BinaryInteger) -> String { String(count) }

    /// A p-value with four digits, `< 0.0001` below them.
    ///
    /// - Parameter value: The p-value; nil gives ``nothing``.
    /// - Returns: The text.
    public static func pValue(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        return value < 0.0001 ? "< 0.0001" : fixed(value, digits: 4)
    }

    /// A difference with its sign, for example `+0.0123`.
    ///
    /// - Parameters:
    ///   - value: The difference.
    ///   - metric: The metric it is of.
    /// - Returns: The text; a difference that rounds to zero has no sign.
    public static func signed(_ value: Double?, of metric: MetricEntry) -> String {
        let text = text(value, of: metric)
        guard let value, value > 0, text.contains(where: { $0 != "0" && $0 != "." }) else {
            return text
        }
        return "+" + text
    }

    /// The two ends of an interval, for example `[0.8812, 0.9410]`.
    ///
    /// - Parameters:
    ///   - interval: The interval; nil gives an empty text.
    ///   - metric: The metric it is of.
    /// - Returns: The text.
    public static func interval(
        _ interval: ScoreSummary.Interval?, of metric: MetricEntry
    ) -> String {
        guard let interval else { return "" }
        return "[\(text(interval.low, of: metric)), \(text(interval.high, of: metric))]"
    }

    /// The shortest decimal that reads back as the same number, for files that programs read.
    ///
    /// - Parameter value: Any number; nil and NaN give an empty text, infinities `inf` and `-inf`.
    /// - Returns: The text, for example `0.1`, `12`, `1e+20`.
    public static func exact(_ value: Double?) -> String {
        guard let value, !value.isNaN else { return "" }
        guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
