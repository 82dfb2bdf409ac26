import PNGCodec
import Testing

@testable import SamdataWorkflow

@Suite("Drawing on a canvas")
struct PicturesCanvasTests {
    static let black = RGBColor(hex: 0)
    static let white = RGBColor(hex: 0xFFFFFF)

    /// The canvas as text: `#` where a pixel is not black.
    static func picture(_ canvas: RGBCanvas) -> [String] {
        (0..<canvas.height).map { y in
            String((0..<canvas.width).map { canvas.color(x: $0, y: y) == black ? "." : "#" })
        }
    }

    @Test("a colour has the parts of its number")
    func hex() {
        #expect(RGBColor(hex: 0x14161A) == RGBColor(red: 0x14, green: 0x16, blue: 0x1A))
    }

    @Test("standard label colours differ for thirteen labels and then repeat")
    func standardColors() {
        let colors = (UInt8(1)...13).map(RGBColor.standard(forLabel:))
        #expect(Set(colors).count == 13)
        #expect(RGBColor.standard(forLabel: 14) == colors[0])
        #expect(!colors.contains(.standard(forLabel: 0)))
    }

    @Test("blending rounds to nearest and ends at both colours")
    func blending() {
        for (opacity, expected) in [(0, 10), (1, 11), (51, 59), (128, 133), (254, 254), (255, 255)]
        {
            var canvas = RGBCanvas(width: 1, height: 1, color: RGBColor(hex: 0x0A0A0A))
            canvas.blend(Self.white, x: 0, y: 0, opacity: opacity)
            #expect(Int(canvas.color(x: 0, y: 0).red) == expected)
        }
    }

    @Test("a line is Bresenham's, from either end alike where it is straight")
    func line() {
        var canvas = RGBCanvas(width: 7, height: 4, color: Self.black)
        canvas.drawLine(x0: 0, y0: 0, x1: 6, y1: 2, color: Self.white)
        #expect(Self.picture(canvas) == ["##.....", "..###..", ".....##", "......."])
        for (x0, y0, x1, y1) in [(1, 2, 5, 2), (5, 2, 1, 2)] {
            var canvas = RGBCanvas(width: 7, height: 4, color: Self.black)
            canvas.drawLine(x0: x0, y0: y0, x1: x1, y1: y1, color: Self.white)
            #expect(Self.picture(canvas) == [".......", ".......", ".#####.", "......."])
        }
    }

    @Test("lines between any two points touch both ends, without gaps")
    func lineLaw() {
        for (x, y) in (0..<121).map({ ($0 % 11, $0 / 11) }) {
            var canvas = RGBCanvas(width: 11, height: 11, color: Self.black)
            canvas.drawLine(x0: 5, y0: 5, x1: x, y1: y, color: Self.white)
            let count = Self.picture(canvas).joined().count { $0 == "#" }
            #expect(count == max(abs(x - 5), abs(y - 5)) + 1)
            #expect(
                canvas.color(x: x, y: y) == Self.white && canvas.color(x: 5, y: 5) == Self.white)
        }
    }

    @Test("a rectangle's outline lies inside its bounds, also when it is thin")
    func rectangle() {
        var canvas = RGBCanvas(width: 7, height: 5, color: Self.black)
        canvas.drawRectangle(x: 1, y: 0, width: 5, height: 4, color: Self.white)
        #expect(Self.picture(canvas) == [".#####.", ".#...#.", ".#...#.", ".#####.", "......."])
        for (width, height) in [(1, 1), (2, 1), (1, 3), (2, 2), (3, 5)] {
            // Translucent: a pixel that was drawn twice would show.
            var canvas = RGBCanvas(width: 7, height: 5, color: Self.black)
            canvas.drawRectangle(
                x: 1, y: 0, width: width, height: height, thickness: 2, color: Self.white,
                opacity: 100)
            let values = canvas.pixels.filter { $0 > 0 }
            #expect(values == .init(repeating: 100, count: width * height * 3))
        }
    }

    @Test("whatever is outside the canvas is cut off")
    func clipping() {
        var canvas = RGBCanvas(width: 4, height: 3, color: Self.black)
        canvas.fillRectangle(x: -5, y: -5, width: 2, height: 2, color: Self.white)
        canvas.fillRectangle(x: 9, y: 9, width: 2, height: 2, color: Self.white)
        canvas.fillRectangle(x: 1, y: 1, width: -3, height: 2, color: Self.white)
        canvas.drawGrey([9, 9, 9, 9], width: 2, height: 2, x: -2, y: 1)
        canvas.drawText("outside", x: -200, y: 40, scale: 2, color: Self.white)
        #expect(Self.picture(canvas) == ["....", "....", "...."])
        canvas.fillRectangle(x: 2, y: -1, width: 9, height: 3, color: Self.white)
        canvas.drawGrey([9, 9, 9, 9], width: 2, height: 2, x: -1, y: 2)
        #expect(Self.picture(canvas) == ["..##", "..##", "#..."])
        for symbol in PromptSymbol.allCases {
            canvas.drawPrompt(symbol, halfX: -1, halfY: 1000, color: Self.white)
        }
        canvas.drawLine(x0: -5, y0: 1, x1: 9, y1: 1, color: Self.white)
        #expect(Self.picture(canvas)[1] == "####")
    }

    @Test("a circle is symmetric and has the area of its radius")
    func circle() {
        var canvas = RGBCanvas(width: 21, height: 21, color: Self.black)
        canvas.fillCircle(halfX: 21, halfY: 21, halfRadius: 16, color: Self.white)
        var sum = 0
        for (x, y) in (0..<441).map({ ($0 % 21, $0 / 21) }) {
            let value = canvas.color(x: x, y: y)
            #expect(value == canvas.color(x: 20 - x, y: y) && value == canvas.color(x: y, y: x))
            sum += Int(value.red)
        }
        // π 8² = 201.06; sixteen samples per pixel miss by less than one pixel here.
        #expect(abs(Double(sum) / 255 - 201.06) < 1)
    }

    @Test("every prompt symbol covers the pixel of its point with colour, or rings it")
    func symbols() {
        for symbol in PromptSymbol.allCases {
            var canvas = RGBCanvas(width: 21, height: 21, color: Self.black)
            canvas.drawPrompt(symbol, halfX: 21, halfY: 21, color: Self.white)
            #expect((canvas.color(x: 10, y: 10) == Self.white) == (symbol != .background))
            let reach = (0..<21).filter { canvas.color(x: $0, y: 10) == Self.white }
            #expect(reach.first.map { $0 + (reach.last ?? 0) } == 20)
        }
    }

    @Test("the PNG of a canvas has its pixels")
    func png() throws {
        var canvas = RGBCanvas(width: 3, height: 2, color: RGBColor(hex: 0x123456))
        canvas.blend(Self.white, x: 2, y: 1)
        let picture = try PNG.decode(canvas.png())
        #expect(picture.width == 3 && picture.height == 2 && picture.channels == 3)
        #expect(picture.bytes == canvas.pixels)
    }
}
