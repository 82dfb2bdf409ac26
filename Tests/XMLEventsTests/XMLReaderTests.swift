import Testing
import XMLEvents

@Suite struct XMLReaderTests {
    private func events(_ text: String, limits: XMLReader.Limits = .init()) throws -> [XMLReader
        .Event]
    {
        var events: [XMLReader.Event] = []
        try XMLReader.read(Array(text.utf8), document: "a.xml", limits: limits) {
            events.append($0)
        }
        return events
    }

    @Test func `elements attributes and texts come in document order`() throws {
        let found = try events("<a k=\"1&amp;2\"><b><![CDATA[x < y]]></b></a>")
        #expect(
            found == [
                .start(name: "a", attributes: ["k": "1&2"]), .start(name: "b", attributes: [:]),
                .text("x < y"), .end(name: "b"), .end(name: "a"),
            ])
    }

    @Test func `zero bytes behind the document are padding`() throws {
        #expect(try events("<a/>\0\0\0").count == 2)
    }

    @Test(arguments: [
        ("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "a document type declaration"),
        ("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "a document type declaration"),
        ("<a><b></a>", "mismatched tag"), ("", "no element found"), ("<a>", "no element found"),
        ("<a>&unknown;</a>", "undefined entity"), ("<a k=1/>", "not well-formed"),
        (String(repeating: "<a>", count: 40), "more than 32 elements inside each other"),
    ])
    func `a document that is broken or dangerous is refused with the reason`(
        _ text: String, _ reason: String
    ) {
        let error = #expect(throws: XMLError.self) { try events(text) }
        #expect(error.map { "\($0)".contains(reason) } == true, "\(error.map { "\($0)" } ?? "")")
        #expect(error.map { "\($0)".hasPrefix("a.xml: line 1: ") } == true)
    }

    @Test func `a document over the byte limit is not parsed`() {
        var limits = XMLReader.Limits()
        limits.bytes = 3
        #expect(throws: XMLError.self) { try events("<a/>", limits: limits) }
    }

    @Test func `cutting a document anywhere is an error and never a crash`() throws {
        let text = Array("<a k=\"v\"><b>text</b><!-- c --></a>".utf8)
        for length in 0..<text.count {
            #expect(throws: XMLError.self) {
                try XMLReader.read(Array(text.prefix(length)), document: "cut") { _ in }
            }
        }
    }
}
