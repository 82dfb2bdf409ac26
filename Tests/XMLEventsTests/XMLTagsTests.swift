import Testing

@testable import XMLEvents

/// The tags of a document in both ways: with the plain scanner in front, and through expat alone.
@Suite struct XMLTagsTests {
    enum Tag: Hashable {
        case start(String, [String])
        case end(String)
    }

    struct Outcome: Equatable {
        var tags: [Tag] = []
        var line: Int?
        var error: XMLError?
    }

    private func tags(_ bytes: [UInt8], stopAfter limit: Int = .max, depth: Int = 32) -> Outcome {
        var outcome = Outcome()
        var limits = XMLReader.Limits()
        limits.depth = depth
        do throws(XMLError) {
            outcome.line = try XMLReader.tags(
                of: bytes, document: "a.xml", limits: limits,
                start: { tag in
                    outcome.tags.append(Self.copy(tag))
                    return outcome.tags.count < limit
                },
                end: { name in
                    outcome.tags.append(.end(name.string))
                    return outcome.tags.count < limit
                })
        } catch {
            outcome.error = error
        }
        return outcome
    }

    private func tagsOfExpat(_ bytes: [UInt8], stopAfter limit: Int = .max) -> Outcome {
        var outcome = Outcome()
        let result = bytes.withUnsafeBufferPointer { contents in
            XMLReader.tagsThroughExpat(
                contents, from: 0, document: "a.xml", depth: 32,
                start: { tag in
                    outcome.tags.append(Self.copy(tag))
                    return outcome.tags.count < limit
                },
                end: { name in
                    outcome.tags.append(.end(name.string))
                    return outcome.tags.count < limit
                })
        }
        switch result {
        case .success(let line): outcome.line = line
        case .failure(let error): outcome.error = error
        }
        return outcome
    }

    private static func copy(_ tag: XMLTag) -> Tag {
        .start(
            tag.name.string, tag.attributes.map { "\($0.name.string)=\($0.value.string)" })
    }

    @Test func `tags and attributes come in document order and texts are left out`() {
        let found = tags(Array("<a k=\"1&amp;2\" l='x'>text<b/><!-- c --></a>".utf8))
        #expect(
            found
                == Outcome(tags: [
                    .start("a", ["k=1&2", "l=x"]), .start("b", []), .end("b"), .end("a"),
                ]))
    }

    @Test func `an attribute is found by its name`() throws {
        var found: [String?] = []
        _ = try XMLReader.tags(
            of: Array("<a X='1' Y='2'/>".utf8), document: "a.xml",
            start: { tag in
                found = [tag["X"]?.string, tag["Y"]?.string, tag["Z"]?.string, tag[""]?.string]
                return tag.name == "a" && tag.name != "b" && tag.name != "aa"
            }, end: { _ in true })
        #expect(found == ["1", "2", nil, nil])
    }

    static let documents = [
        "<a/>", "<a></a>", "<a ></a >", "<?xml version=\"1.0\"?>\n<a><b c=\"d\"/></a>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>", "<?xml version='1.1'?><a/>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a k=\"\u{e4}\"/>", "\u{FEFF}<a/>",
        " <a/>", " <?xml version=\"1.0\"?><a/>", "<a/><b/>", "<a/>x", "x<a/>", "<a>x</a>",
        "<a k=\"v\"l=\"w\"/>", "<a k = \"v\"/>", "<a k=v/>", "<a k/>", "<a k=\"<\"/>",
        "<a k=\">\"/>", "<a k=\"'\" l='\"'/>", "<a k=\"a\tb\nc\"/>", "<a k=\"1\" k=\"2\"/>",
        "<a k=\"&lt;&#65;\"/>", "<a k=\"&none;\"/>", "<a k=\"\u{7f}\"/>", "<a k=\"gr\u{fc}n\"/>",
        "<a><b></a></b>", "<a><b></b>", "</a>", "<a", "<a k", "<a k=", "<a k=\"", "<a k=\"v\"",
        "<a k=\"v\" /", "<a>< b/></a>", "<a></ a>", "<1/>", "<a:b xmlns:a='c'/>", "<_a-1.x/>",
        "<a><![CDATA[<b/>]]></a>", "<a><?pi?></a>", "<a>]]></a>", "<!DOCTYPE a><a/>",
        "<a>&amp;</a>", "<a>\u{0}</a>", "<a><b/>\n<c/><!-- x --><d k=\"1\"/></a>", "", " ", "<",
        "<>",
        "<a" + String(repeating: " k", count: 9) + "/>",
        "<a" + (0..<40).map { " k\($0)=\"\($0)\"" }.joined() + "/>",
        String(repeating: "<a>", count: 32) + String(repeating: "</a>", count: 32),
        String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33),
    ]

    @Test(arguments: documents)
    func `the plain scanner and expat give the same tags and the same error`(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(tags(bytes) == tagsOfExpat(bytes))
    }

    @Test func `a changed or cut document gives what expat gives`() {
        let text =
            "<?xml version=\"1.0\"?>\n<r a=\"1\">\n\t<v X=\"1.5\" Y='2'/>\n<w><v/></w >\n</r>\n"
        let original = Array(text.utf8)
        let bytes: [UInt8] = Array(" \t\n<>/=\"'&;!?-]x1\u{7f}".utf8) + [0x80, 0xC3, 0xFF, 1]
        for place in original.indices {
            let cut = Array(original[..<place])
            #expect(tags(cut) == tagsOfExpat(cut), "cut at \(place)")
            for byte in bytes {
                var changed = original
                changed[place] = byte
                #expect(tags(changed) == tagsOfExpat(changed), "byte \(byte) at \(place)")
                changed = original
                changed.insert(byte, at: place)
                #expect(tags(changed) == tagsOfExpat(changed), "byte \(byte) before \(place)")
            }
        }
    }

    @Test func `stopping tells the line in both readers`() {
        for text in ["<a>\n<b/>\n<c/>\n</a>", "<a>\n<b/>\n<c k=\"&lt;\"/>\n</a>"] {
            for count in 1...6 {
                let bytes = Array(text.utf8)
                let found = tags(bytes, stopAfter: count)
                #expect(found.tags.count == count)
                #expect(found == tagsOfExpat(bytes, stopAfter: count), "\(text) \(count)")
            }
            #expect(tags(Array(text.utf8), stopAfter: 2).line == 2)
        }
    }

    @Test func `depth is bounded in plain documents too`() {
        #expect(tags(Array("<a><b/></a>".utf8), depth: 2).error == nil)
        let error = tags(Array("<a><b/></a>".utf8), depth: 1).error
        #expect(error?.message.contains("more than 1 elements inside each other") == true)
    }

    @Test func `documents in UTF-16 are read and padding behind them is left out`() throws {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a k=\"gr\u{fc}n\"/>"
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        let expected = Outcome(tags: [.start("a", ["k=gr\u{fc}n"]), .end("a")])
        #expect(tags(bytes) == expected)
        #expect(tags(bytes + [0, 0]) == expected)
    }
}
