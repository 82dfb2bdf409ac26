/// What vendors write about a slide into the ImageDescription of its first image.
struct SlideDescription {
    let vendor: SlideVendor
    /// Micrometres per pixel across and down; `nil` when the text names none that can be read.
    private(set) var pixelSize: (x: Double, y: Double)?
    /// The magnification of the objective, for example 20; `nil` when the text names none.
    private(set) var objectivePower: Double?

    init(_ text: String?) {
        guard let text else {
            vendor = .genericTIFF
            return
        }
        if text.hasPrefix("Aperio") {
            vendor = .aperio
            if let size = Self.number(Self.value("MPP", in: text)) { pixelSize = (size, size) }
            objectivePower = Self.number(Self.value("AppMag", in: text))
        } else if text.utf8.prefix(4096).firstRange(of: Array("DPUfsImport".utf8)) != nil {
            vendor = .philips
            pixelSize = Self.philipsPixelSize(text)
        } else {
            vendor = .genericTIFF
        }
    }

    /// The value of a key in `text | key = value | ...`.
    private static func value(_ key: String, in text: String) -> Substring? {
        for part in text.split(separator: "|").dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1)
            if sides.count == 2, trimmed(sides[0]) == key { return trimmed(sides[1]) }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// A positive number; some scanners write a decimal comma.
    private static func number(_ text: Substring?) -> Double? {
        guard let text, text.utf8.count < 40 else { return nil }
        guard let value = Double(String(text.map { $0 == "," ? "." : $0 })), value.isFinite,
            value > 0
        else { return nil }
        return value
    }

    /// The smallest pixel spacing in a Philips description: millimetres down, then across, one pair per level.
    private static func philipsPixelSize(_ text: String) -> (x: Double, y: Double)? {
        let bytes = Array(text.utf8)
        let key = Array("\"DICOM_PIXEL_SPACING\"".utf8)
        var best: (x: Double, y: Double)?
        for range in bytes.ranges(of: key) {
            // The element's own mark ends first; its text is two numbers, each between quotation marks.
            let rest = bytes[range.upperBound...].prefix(400)
            guard let start = rest.firstIndex(of: UInt8(ascii: ">")) else { continue }
            let body = rest[(start + 1)...].prefix { $0 != UInt8(ascii: "<") }
            let numbers = body.split { !"0123456789.,eE+-".utf8.contains($0) }
                .compactMap { Self.number(Substring(decoding: $0, as: UTF8.self)) }
            guard numbers.count == 2 else { continue }
            let size = (x: numbers[1] * 1000, y: numbers[0] * 1000)
            if best.map({ size.x < $0.x }) ?? true { best = size }
        }
        return best
    }
}
