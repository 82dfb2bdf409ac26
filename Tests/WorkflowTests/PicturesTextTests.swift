import Testing

@testable import SamdataWorkflow

@Suite("Lettering")
struct PicturesTextTests {
    static let printable = (UInt8(0x20)...0x7e).map { Character(UnicodeScalar($0)) }

    @Test("every printable ASCII character has a glyph of its own")
    func alphabet() {
        let box = BitmapFont.glyph(for: "\u{1F600}")
        let all = Self.printable.map { BitmapFont.glyph(for: $0) }
        #expect(Set(all.map { "\($0.width) \($0.rows)" }).count == 95)
        for (character, glyph) in zip(Self.printable, all) {
            #expect(glyph.rows != box.rows, "\(character)")
            #expect((1...5).contains(glyph.width) && (1...9).contains(glyph.rows.count))
            // Only the space is empty.
            #expect(glyph.rows.contains { $0 > 0 } == (character != " "))
        }
    }

    @Test("text is as wide as it measures, at every scale", arguments: 1...4)
    func width(scale: Int) {
        let text = "H|O 42"
        let width = BitmapFont.width(of: text, scale: scale)
        var canvas = RGBCanvas(width: 200, height: 60, color: RGBColor(hex: 0))
        canvas.drawText(text, x: 10, y: 10, scale: scale, color: RGBColor(hex: 0xFFFFFF))
        let inked = (0..<200).filter { x in (0..<60).contains { canvas.color(x: x, y: $0).red > 0 }
        }
        #expect(inked.first == 10 && inked.last == 10 + width - 1)
    }

    @Test("an L at scale 2 is two sharp bars; a slash is smoothed")
    func smoothing() {
        func greys(_ text: String) -> Set<UInt8> {
            var canvas = RGBCanvas(width: 16, height: 20, color: RGBColor(hex: 0))
            canvas.drawText(text, x: 2, y: 2, scale: 2, color: RGBColor(hex: 0xFFFFFF))
            return Set(canvas.pixels)
        }
        #expect(greys("L") == [0, 255])
        #expect(greys("/").count > 2)
    }

    @Test("long text is broken at spaces and ends in dots")
    func lines() {
        // At scale 1 "aa" takes 11 pixels and "aa aa" 27.
        func fit(_ text: String, _ width: Int, _ most: Int) -> [String] {
            TextLines.fitting(text, width: width, scale: 1, most: most).map(\.text)
        }
        #expect(BitmapFont.width(of: "aa", scale: 1) == 11)
        #expect(fit("aa aa aa", 27, 2) == ["aa aa", "aa"])
        #expect(
            fit("aa aa aa aa aa", 27, 2) == ["aa aa", "aa aa..."]
                || fit("aa aa aa aa aa", 27, 2)[1].hasSuffix("..."))
        #expect(fit("", 27, 2).isEmpty)
        #expect(fit("aaaaaaaaaa", 27, 2).count == 1)
        for text in ["aaaaaaaaaa", "aa aa aa aa aa", "one\ntwo\nthree four five six"] {
            for line in fit(text, 30, 2) { #expect(BitmapFont.width(of: line, scale: 1) <= 30) }
        }
        let details = TextLines.fitting("aa\nbb", width: 99, scale: 1, most: 3).map(\.isDetail)
        #expect(details == [false, true])
    }
}
