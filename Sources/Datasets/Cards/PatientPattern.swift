/// How a case id names its patient: a template such as `patient_{patient}_node_{node}`.
///
/// `{patient}` is the shortest run of `A-Z a-z 0-9 . _ -` that lets the rest match; any other name in braces is a run of
/// letters and digits. Everything else stands for itself.
public struct PatientPattern: Hashable, Sendable, CustomStringConvertible {
    /// The template as written.
    public let text: String

    private enum Piece: Hashable, Sendable {
        case literal([UInt8])
        case patient
        case word
    }
    private let pieces: [Piece]

    /// Reads a template; `nil` when `{patient}` does not occur exactly once, or the braces are not in pairs.
    ///
    /// - Parameter text: The template.
    public init?(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let name = rest[rest.index(after: rest.startIndex)..<end]
                guard !name.isEmpty, name.utf8.allSatisfy(Self.isLetterOrDigit) else { return nil }
                pieces.append(name == "patient" ? .patient : .word)
                rest = rest[rest.index(after: end)...]
            } else {
                let literal = rest.prefix { $0 != "{" }
                guard literal.utf8.allSatisfy(Self.isCaseByte) else { return nil }
                pieces.append(.literal(Array(literal.utf8)))
                rest = rest[literal.endIndex...]
            }
        }
        guard pieces.count(where: { $0 == .patient }) == 1, pieces.count <= 32 else { return nil }
        self.text = text
        self.pieces = pieces
    }

    /// The template as written.
    public var description: String { text }

    /// The patient of a case.
    ///
    /// - Parameter caseID: The case id.
    /// - Returns: The patient, or `nil` when the id does not fit the template.
    public func patient(of caseID: String) -> String? {
        guard caseID.utf8.count <= 128 else { return nil }
        let bytes = Array(caseID.utf8)
        // reachable[p][b]: whether pieces p... can match bytes b...; a table keeps hostile templates cheap.
        var reachable = [[Bool]](
            repeating: [Bool](repeating: false, count: bytes.count + 1), count: pieces.count + 1)
        reachable[pieces.count][bytes.count] = true
        for piece in pieces.indices.reversed() {
            for start in bytes.indices.reversed() {
                reachable[piece][start] = end(of: piece, from: start, bytes, reachable) != nil
            }
        }
        var position = 0
        for piece in pieces.indices {
            guard position < bytes.count, let end = end(of: piece, from: position, bytes, reachable)
            else { return nil }
            if pieces[piece] == .patient {
                return String(decoding: bytes[position..<end], as: UTF8.self)
            }
            position = end
        }
        return nil
    }

    /// The nearest position at which a piece can end so that the pieces after it still match.
    private func end(of piece: Int, from start: Int, _ bytes: [UInt8], _ reachable: [[Bool]])
        -> Int?
    {
        let isAllowed: (UInt8) -> Bool
        switch pieces[piece] {
        case .literal(let text):
            let end = start + text.count
            return bytes[start...].starts(with: text) && reachable[piece + 1][end] ? end : nil
        case .patient: isAllowed = Self.isCaseByte
        case .word: isAllowed = Self.isLetterOrDigit
        }
        var end = start
        while end < bytes.count, isAllowed(bytes[end]) {
            end += 1
            if reachable[piece + 1][end] { return end }
        }
        return nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isCaseByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }
}
