internal import CExpat

/// Reads an XML document as a stream of events.
public enum XMLReader {
    /// What a document consists of.
    public enum Event: Hashable, Sendable {
        /// An element starts.
        case start(name: String, attributes: [String: String])
        /// Text inside an element, CDATA included; one text may come in several pieces.
        case text(String)
        /// An element ends.
        case end(name: String)
    }

    /// How much a document may ask for.
    public struct Limits: Hashable, Sendable {
        /// Elements inside each other.
        public var depth = 32
        /// Bytes of the document.
        public var bytes = 1 << 28

        /// The usual limits: 32 levels, 256 MiB.
        public init() {}
    }

    /// Reads a document.
    ///
    /// - Complexity: O(*n*) in the bytes; memory for one element at a time.
    /// - Parameters:
    ///   - bytes: The document; zero bytes at its end are padding.
    ///   - document: What errors call the document.
    ///   - limits: How much the document may ask for.
    ///   - handler: Gets every event in order.
    /// - Throws: ``XMLError`` when the document is not well-formed, declares a document type, or exceeds a limit.
    public static func read(
        _ bytes: [UInt8], document: String, limits: Limits = Limits(),
        handler: (Event) -> Void
    ) throws(XMLError) {
        guard bytes.count <= limits.bytes else {
            throw XMLError(
                document: document, line: 1,
                message: "found \(bytes.count) bytes, expected at most \(limits.bytes)")
        }
        guard let parser = XML_ParserCreate("UTF-8") else {
            preconditionFailure("memory ran out")
        }
        defer { XML_ParserFree(parser) }
        let failure: XMLError? = withoutActuallyEscaping(handler) { handler in
            let state = State(parser: parser, depthLimit: limits.depth, handler: handler)
            XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
            install(on: parser)
            let length = bytes.count - bytes.reversed().prefix { $0 == 0 }.count
            let status = bytes.withUnsafeBytes { raw in
                XML_Parse(
                    parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(length), 1)
            }
            guard status != XML_STATUS_OK else { return nil }
            let line = Int(clamping: XML_GetCurrentLineNumber(parser))
            let reason = state.refusal ?? Self.text(XML_ErrorString(XML_GetErrorCode(parser)))
            return XMLError(
                document: document, line: line,
                message: "found \(reason), expected well-formed XML without a document type; "
                    + "fetch the file again, or save it anew")
        }
        if let failure { throw failure }
    }

    /// What the callbacks share.
    private final class State {
        let parser: XML_Parser
        let depthLimit: Int
        let handler: (Event) -> Void
        var depth = 0
        var refusal: String?

        init(parser: XML_Parser, depthLimit: Int, handler: @escaping (Event) -> Void) {
            self.parser = parser
            self.depthLimit = depthLimit
            self.handler = handler
        }

        func refuse(_ reason: String) {
            if refusal == nil { refusal = reason }
            XML_StopParser(parser, XML_FALSE)
        }

        static func from(_ pointer: UnsafeMutableRawPointer?) -> State? {
            pointer.map { Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
        }
    }

    private static func install(on parser: XML_Parser) {
        XML_SetElementHandler(
            parser,
            { user, name, attributes in
                guard let state = State.from(user) else { return }
                state.depth += 1
                guard state.depth <= state.depthLimit else {
                    return state.refuse("more than \(state.depthLimit) elements inside each other")
                }
                var values: [String: String] = [:]
                var next = attributes
                while let pair = next, let key = pair[0], let value = pair[1] {
                    values[XMLReader.text(key)] = XMLReader.text(value)
                    next = pair + 2
                }
                state.handler(.start(name: XMLReader.text(name), attributes: values))
            },
            { user, name in
                guard let state = State.from(user) else { return }
                state.depth -= 1
                state.handler(.end(name: XMLReader.text(name)))
            })
        XML_SetCharacterDataHandler(parser) { user, characters, count in
            guard let state = State.from(user), let characters else { return }
            let bytes = UnsafeRawBufferPointer(start: characters, count: Int(count))
            state.handler(.text(String(decoding: bytes, as: UTF8.self)))
        }
        XML_SetStartDoctypeDeclHandler(parser) { user, _, _, _, _ in
            State.from(user)?.refuse("a document type declaration")
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }
}
