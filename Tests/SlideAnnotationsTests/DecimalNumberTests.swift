import Foundation
import Testing

@testable import SlideAnnotations

@Suite struct DecimalNumberTests {
    private func value(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.value(of: $0) }
    }

    @Test func `random decimals of every length have the value that strtod gives`() {
        var random = SeededNumbers(seed: 1)
        for _ in 0..<60_000 {
            let bits = random.next()
            var text = bits & 1 == 0 ? "" : "-"
            for _ in 0..<Int(bits >> 1 & 15) {
                text += "\(UInt8.random(in: 0...9, using: &random))"
            }
            if bits & 64 != 0 {
                text += "."
                for _ in 0..<Int(bits >> 8 & 15) {
                    text += "\(UInt8.random(in: 0...9, using: &random))"
                }
            }
            if bits & 3 << 16 == 0 { text += "e\(Int.random(in: -330...310, using: &random))" }
            let hasDigit = text.first { $0 != "-" && $0 != "." }?.isNumber ?? false
            guard hasDigit else { continue }
            #expect(value(text)?.bitPattern == strtod(text, nil).bitPattern, "\(text)")
        }
    }

    @Test func `every double reads back from its shortest text`() {
        var random = SeededNumbers(seed: 2)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(value("\(number)")?.bitPattern == number.bitPattern, "\(number)")
        }
    }

    @Test(arguments: [
        ("0", 0), ("-0", -0.0), ("+1.5", 1.5), (" 12711,2998 ", 12711.2998), ("5.", 5), (".5", 0.5),
        ("9007199254740993", 9_007_199_254_740_992), ("1e400", .infinity), ("1e-400", 0),
        ("1E+2", 100), ("123456789012345678901234567890", 123456789012345678901234567890.0),
        ("0,000000000000000000000000000001", 1e-30), ("\t7\n", 7), ("1e99999999999999", .infinity),
    ])
    func `the usual and unusual forms have their value`(_ text: String, _ expected: Double) {
        #expect(value(text)?.bitPattern == expected.bitPattern)
    }

    @Test(arguments: [
        "", " ", "-", "+", ".", ",", "e5", "1e", "1e+", "nan", "NaN", "inf", "-Infinity", "0x10",
        "1 2",
        "1,234.5", "1.2.3", "--1", "1f", "12\u{0}",
    ])
    func `what is not a decimal number has no value`(_ text: String) {
        #expect(value(text) == nil)
    }
}
