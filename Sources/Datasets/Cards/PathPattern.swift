import SafeFiles

/// Where the files of every case lie, as one relative path with the case id left open.
///
/// `{case}` stands for the case id: the shortest run of `A-Z a-z 0-9 . _ -` that lets the rest match, never beginning
/// with `.` or `-`; written twice it must match the same id. `[...]` is a part that may be missing. Everything else
/// stands for itself: `img/img{case}.nii[.gz]`.
public struct PathPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as written.
    public let text: String

    private enum Piece: Hashable, Sendable {
        case literal([UInt8])
        case optional([UInt8])
        case caseID
    }
    private let pieces: [Piece]

    /// Reads a pattern.
    ///
    /// - Parameter text: For example `img/img{case}.nii[.gz]`.
    /// - Throws: ``DatasetError`` when it is no plain relative path, or its brackets are not understood.
    public init(_ text: String) throws(DatasetError) {
        func failure(_ found: String, _ expected: String) -> DatasetError {
            DatasetError(
                .configuration, found: "the pattern \(OneLine.quoted(text)), which \(found)",
                expected: expected, nextStep: "write it like \"img/img{case}.nii[.gz]\"")
        }
        if let reason = Self.reasonToRefuse(text) {
            throw failure(reason, "a plain path relative to the data set folder")
        }
        var pieces: [Piece] = []
        var rest = text.utf8[...]
        var literal: [UInt8] = []
        func flush() {
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = []
        }
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "{"):
                guard rest.starts(with: "{case}".utf8) else {
                    throw failure("holds a brace that is not {case}", "only {case}")
                }
                flush()
                pieces.append(.caseID)
                rest = rest.dropFirst(6)
            case UInt8(ascii: "["):
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
                    throw failure("has no ] for its [", "brackets in pairs")
                }
                let inside = Array(rest[rest.index(after: rest.startIndex)..<end])
                guard !inside.isEmpty, !inside.contains(where: { "[{}/".utf8.contains($0) }) else {
                    throw failure(
                        "has brackets around nothing, a slash or other brackets", "plain text")
                }
                flush()
                pieces.append(.optional(inside))
                rest = rest[rest.index(after: end)...]
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                throw failure("closes a bracket that was not opened", "brackets in pairs")
            default:
                literal.append(byte)
                rest = rest.dropFirst()
            }
        }
        flush()
        guard pieces.contains(.caseID) else {
            throw failure("does not say where the case id stands", "{case} in it")
        }
        // Matching tries every combination of optional parts.
        let optional = pieces.count { if case .optional = $0 { true } else { false } }
        guard optional <= 4, pieces.count <= 24 else {
            throw failure("has too many parts", "at most 4 optional parts and 24 parts")
        }
        self.text = text
        self.pieces = pieces
    }

    /// The pattern as written.
    public var description: String { text }

    /// The case a path belongs to.
    ///
    /// - Parameter path: A path relative to the data set folder.
    /// - Returns: The case id, or `nil` when the path is none of this pattern.
    public func caseID(of path: String) -> String? {
        let bytes = Array(path.utf8)
        var id: ArraySlice<UInt8>?
        guard match(bytes[...], pieces[...], &id), let id else { return nil }
        return String(decoding: id, as: UTF8.self)
    }

    /// How many components a path of this pattern has.
    var depth: Int { text.utf8.count { $0 == UInt8(ascii: "/") } + 1 }

    /// Whether a folder can hold, or lead to, files of this pattern.
    func mayLead(to folder: [Substring]) -> Bool {
        let components = text.split(separator: "/")
        guard folder.count < components.count else { return false }
        return zip(folder, components).allSatisfy { name, component in
            // Exact where nothing is open; generous where something is, because files are matched in full anyway.
            component.contains("{") || component.contains("[") || name == component
        }
    }

    /// The path of a case with every optional part written out.
    ///
    /// - Parameter caseID: The case id.
    /// - Returns: A path relative to the data set folder.
    public func path(of caseID: String) -> String {
        var bytes: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .literal(let text), .optional(let text): bytes += text
            case .caseID: bytes += Array(caseID.utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func match(
        _ bytes: ArraySlice<UInt8>, _ pieces: ArraySlice<Piece>, _ id: inout ArraySlice<UInt8>?
    ) -> Bool {
        guard let piece = pieces.first else { return bytes.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .literal(let text):
            return bytes.starts(with: text) && match(bytes.dropFirst(text.count), rest, &id)
        case .optional(let text):
            if bytes.starts(with: text), match(bytes.dropFirst(text.count), rest, &id) {
                return true
            }
            return match(bytes, rest, &id)
        case .caseID:
            if let known = id {
                return bytes.starts(with: known) && match(bytes.dropFirst(known.count), rest, &id)
            }
            for length in 1...128 where length <= bytes.count {
                let candidate = bytes.prefix(length)
                guard let last = candidate.last, Self.isCaseByte(last, first: length == 1) else {
                    break
                }
                id = candidate
                if match(bytes.dropFirst(length), rest, &id) { return true }
                id = nil
            }
            return false
        }
    }

    private static func isCaseByte(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "-"): !first
        default: false
        }
    }
}

extension PathPattern {
    /// Why a path in a card is refused, or `nil` when it is plain, relative and not absurdly long.
    static func reasonToRefuse(_ path: String) -> String? {
        if path.utf8.count > 1_024 { return "is longer than 1024 bytes" }
        if let reason = FilePath.reasonToRefuse(relative: path) { return reason }
        if path.split(separator: "/").contains(".") { return "holds the component `.`" }
        if path.unicodeScalars.contains(where: OneLine.isControl) {
            return "holds a control character"
        }
        return nil
    }

    static func checkRelative(_ path: String, _ reader: FieldReader, _ key: String)
        throws(DatasetError)
    {
        if let reason = reasonToRefuse(path) {
            throw reader.failure(
                key, found: "\(OneLine.quoted(path)), which \(reason)",
                expected: "a plain path relative to the data set folder")
        }
    }

    /// The patterns under a key: one text or a list of texts.
    static func read(_ reader: FieldReader, _ key: String) throws(DatasetError) -> [PathPattern] {
        var patterns: [PathPattern] = []
        for text in try reader.texts(key, orOne: true) {
            do throws(DatasetError) { patterns.append(try PathPattern(text)) } catch {
                throw DatasetError(
                    .configuration, place: reader.place(of: key), found: error.found,
                    expected: error.expected, nextStep: error.nextStep)
            }
        }
        return patterns
    }

    /// The patterns as a value of a card: one as a text, several as a list.
    static func node(_ patterns: [PathPattern]) -> JSONNode? {
        switch patterns.count {
        case 0: nil
        case 1: .string(patterns[0].text)
        default: .strings(patterns.map(\.text))
        }
    }
}
