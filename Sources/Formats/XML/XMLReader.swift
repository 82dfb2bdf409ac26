/// Reads an XML document as a stream of events.
///
/// ``read(_:document:limits:handler:)`` gives elements and texts as values of their own; ``tags(of:document:limits:start:end:)``
/// gives the tags only, borrowed, and is several times faster.
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
        let length = try checkedLength(of: bytes, document: document, limits: limits)
        let failure: XMLError? = withoutActuallyEscaping(handler) { handler in
            let expat = ExpatRun(
                depthLimit: limits.depth,
                start: { tag in
                    var values: [String: String] = [:]
                    for attribute in tag.attributes {
                        values[attribute.name.string] = attribute.value.string
                    }
                    handler(.start(name: tag.name.string, attributes: values))
                    return true
                },
                end: { name in
                    handler(.end(name: name.string))
                    return true
                },
                text: { handler(.text($0.string)) })
            return bytes.withUnsafeBufferPointer { raw in
                switch expat.run(UnsafeBufferPointer(rebasing: raw[..<length])) {
                case .finished, .stopped: nil
                case .refused(let line, let reason): refusal(document, line, reason)
                }
            }
        }
        if let failure { throw failure }
    }

    /// Reads the tags of a document, without its texts and without making a string for anything.
    ///
    /// The handlers return `false` to stop. A tag and its texts are borrowed: they are gone when the handler returns.
    ///
    /// - Complexity: O(*n*) in the bytes; memory for one element at a time. A document as programs write it (plain ASCII values,
    ///   white space between tags) takes about a third of the time of expat; every other document goes through expat.
    /// - Parameters:
    ///   - bytes: The document; zero bytes at its end are padding.
    ///   - document: What errors call the document.
    ///   - limits: How much the document may ask for.
    ///   - start: Gets the start of every element.
    ///   - end: Gets the name of every element that ends.
    /// - Returns: The line where a handler stopped, from 1; `nil` when the document was read to its end.
    /// - Throws: ``XMLError`` when the document is not well-formed, declares a document type, or exceeds a limit.
    public static func tags(
        of bytes: [UInt8], document: String, limits: Limits = Limits(),
        start: (XMLTag) -> Bool, end: (XMLText) -> Bool
    ) throws(XMLError) -> Int? {
        let length = try checkedLength(of: bytes, document: document, limits: limits)
        let result: Result<Int?, XMLError> = bytes.withUnsafeBufferPointer { raw in
            let contents = UnsafeBufferPointer(rebasing: raw[..<length])
            var plain = PlainTagScanner(depthLimit: limits.depth)
            switch plain.scan(contents, start: start, end: end) {
            case .finished:
                return .success(nil)
            case .stopped(let place):
                return .success(1 + contents[..<place].count { $0 == UInt8(ascii: "\n") })
            case .gaveUp:
                break
            }
            return tagsThroughExpat(
                contents, from: plain.delivered, document: document, depth: limits.depth,
                start: start, end: end)
        }
        return try result.get()
    }

    /// The tags that the plain scanner did not give: expat reads the whole document, and the first events are left out.
    static func tagsThroughExpat(
        _ contents: UnsafeBufferPointer<UInt8>, from first: Int, document: String, depth: Int,
        start: (XMLTag) -> Bool, end: (XMLText) -> Bool
    ) -> Result<Int?, XMLError> {
        withoutActuallyEscaping(start) { start in
            withoutActuallyEscaping(end) { end in
                var toSkip = first
                let expat = ExpatRun(
                    depthLimit: depth,
                    start: { tag in
                        guard toSkip == 0 else {
                            toSkip -= 1
                            return true
                        }
                        return start(tag)
                    },
                    end: { name in
                        guard toSkip == 0 else {
                            toSkip -= 1
                            return true
                        }
                        return end(name)
                    }, text: nil)
                switch expat.run(contents) {
                case .finished: return .success(nil)
                case .stopped(let line): return .success(line)
                case .refused(let line, let reason):
                    return .failure(refusal(document, line, reason))
                }
            }
        }
    }

    /// The length without the padding.
    private static func checkedLength(
        of bytes: [UInt8], document: String, limits: Limits
    ) throws(XMLError) -> Int {
        guard bytes.count <= limits.bytes else {
            throw XMLError(
                document: document, line: 1,
                message: "found \(bytes.count) bytes, expected at most \(limits.bytes)")
        }
        var length = bytes.count
        while length > 0, bytes[length - 1] == 0 { length -= 1 }
        // In UTF-16 with the low byte first, the last character ends with a zero byte of its own.
        if bytes.starts(with: [0xFF, 0xFE]), length % 2 == 1, length < bytes.count { length += 1 }
        return length
    }

    private static func refusal(_ document: String, _ line: Int, _ reason: String) -> XMLError {
        XMLError(
            document: document, line: line,
            message: "found \(reason), expected well-formed XML without a document type; "
                + "fetch the file again, or save it anew")
    }
}
