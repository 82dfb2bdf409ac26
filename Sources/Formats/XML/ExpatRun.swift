internal import CExpat

/// One document going through expat.
final class ExpatRun {
    enum Outcome {
        case finished
        /// A handler asked to stop, on this line.
        case stopped(Int)
        /// The document is broken or dangerous.
        case refused(line: Int, reason: String)
    }

    private let depthLimit: Int
    private let start: (XMLTag) -> Bool
    private let end: (XMLText) -> Bool
    private let text: ((XMLText) -> Void)?
    private var parser: XML_Parser?
    private var depth = 0
    private var refusal: String?
    private var stopLine: Int?
    private var attributes: [XMLTag.Attribute] = []

    // Without `text`, texts are left out.
    init(
        depthLimit: Int, start: @escaping (XMLTag) -> Bool, end: @escaping (XMLText) -> Bool,
        text: ((XMLText) -> Void)?
    ) {
        self.depthLimit = depthLimit
        self.start = start
        self.end = end
        self.text = text
    }

    func run(_ contents: UnsafeBufferPointer<UInt8>) -> Outcome {
        // No encoding given: the document's own declaration or mark decides, UTF-8 without one.
        guard let parser = XML_ParserCreate(nil) else { preconditionFailure("memory ran out") }
        self.parser = parser
        defer {
            XML_ParserFree(parser)
            self.parser = nil
        }
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        install(on: parser)
        // Expat counts in 32 bits; longer documents come in pieces.
        let pieceLength = 1 << 30
        var offset = 0
        repeat {
            let count = min(pieceLength, contents.count - offset)
            let isLast = offset + count == contents.count
            let status = contents.baseAddress.map { base in
                (base + offset).withMemoryRebound(to: CChar.self, capacity: count) {
                    XML_Parse(parser, $0, Int32(count), isLast ? 1 : 0)
                }
            }
            offset += count
            guard let status else { break }
            if status == XML_STATUS_OK { continue }
            if let stopLine { return .stopped(stopLine) }
            let reason = refusal ?? String(cString: XML_ErrorString(XML_GetErrorCode(parser)))
            return .refused(line: line, reason: reason)
        } while offset < contents.count
        return contents.isEmpty ? .refused(line: 1, reason: "no element found") : .finished
    }

    private var line: Int { parser.map { Int(clamping: XML_GetCurrentLineNumber($0)) } ?? 1 }

    private func refuse(_ reason: String) {
        if refusal == nil { refusal = reason }
        stop()
    }

    private func stop() {
        if let parser { XML_StopParser(parser, XML_FALSE) }
    }

    private var isStopped: Bool { stopLine != nil || refusal != nil }

    private func started(
        _ name: UnsafePointer<CChar>?,
        _ pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) {
        depth += 1
        guard depth <= depthLimit else {
            return refuse("more than \(depthLimit) elements inside each other")
        }
        guard !isStopped, let name else { return }
        attributes.removeAll(keepingCapacity: true)
        var next = pairs
        while let pair = next, let key = pair[0], let value = pair[1] {
            attributes.append(XMLTag.Attribute(name: XMLText(key), value: XMLText(value)))
            next = pair + 2
        }
        let goesOn = attributes.withUnsafeBufferPointer {
            start(XMLTag(name: XMLText(name), attributes: $0))
        }
        if !goesOn { stopHere() }
    }

    private func ended(_ name: UnsafePointer<CChar>?) {
        depth -= 1
        guard !isStopped, let name else { return }
        if !end(XMLText(name)) { stopHere() }
    }

    private func stopHere() {
        stopLine = line
        stop()
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> ExpatRun? {
        pointer.map { Unmanaged<ExpatRun>.fromOpaque($0).takeUnretainedValue() }
    }

    private func install(on parser: XML_Parser) {
        XML_SetElementHandler(
            parser, { user, name, pairs in ExpatRun.from(user)?.started(name, pairs) },
            { user, name in ExpatRun.from(user)?.ended(name) })
        if text != nil {
            XML_SetCharacterDataHandler(parser) { user, characters, count in
                guard let run = ExpatRun.from(user), !run.isStopped, let characters else { return }
                let length = Int(count)
                characters.withMemoryRebound(to: UInt8.self, capacity: length) {
                    run.text?(XMLText(start: $0, count: length))
                }
            }
        }
        XML_SetStartDoctypeDeclHandler(parser) { user, _, _, _, _ in
            ExpatRun.from(user)?.refuse("a document type declaration")
        }
    }
}

extension XMLText {
    /// A text of expat, which ends with a zero byte.
    fileprivate init(_ pointer: UnsafePointer<CChar>) {
        var count = 0
        while pointer[count] != 0 { count += 1 }
        let bytes = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
        self.init(start: bytes, count: count)
    }
}
