extension String {
    /// The text with every control character, line break and change of direction replaced by a space.
    ///
    /// Names come from files: what they hold must not move the cursor of a terminal or start another row.
    var oneLine: String {
        guard unicodeScalars.contains(where: \.isBreaking) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars { text.append(scalar.isBreaking ? " " : scalar) }
        return String(text)
    }
}

extension Unicode.Scalar {
    fileprivate var isBreaking: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
