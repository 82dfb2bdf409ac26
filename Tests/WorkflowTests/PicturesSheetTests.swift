import Testing

@testable import SamdataWorkflow

@Suite("Contact sheets")
struct PicturesSheetTests {
    /// A slice with a bright disc in label 1 that touches a square in label 2.
    static func tile(
        width: Int = 32, height: Int = 32, caption: String = "slice", aspect: Double = 1
    ) -> SheetTile {
        var grey = [UInt8](repeating: 20, count: width * height)
        var labels = [UInt8](repeating: 0, count: width * height)
        for (x, y) in (0..<(width * height)).map({ ($0 % width, $0 / width) }) {
            let (dx, dy) = (2 * x - width, 2 * y - height)
            if 9 * (dx * dx + dy * dy) < width * height {
                grey[y * width + x] = 180
                labels[y * width + x] = 1
            } else if dx > 0, dy > 0, 3 * dx < 2 * width, 3 * dy < 2 * height {
                labels[y * width + x] = 2
            }
        }
        return SheetTile(
            grey: grey, width: width, height: height, labels: labels, caption: caption,
            boxes: [SheetBox(x0: width / 3, y0: height / 3, x1: width * 2 / 3, y1: height * 2 / 3)],
            points: [
                SheetPoint(x: width / 2, y: height / 2, symbol: .centre),
                SheetPoint(x: width / 2 - 3, y: height / 2 + 2, symbol: .random),
                SheetPoint(x: 2, y: 2, symbol: .background),
            ], displayAspect: aspect)
    }

    static func checksum(_ canvas: RGBCanvas) -> UInt64 {
        // FNV-1a, 64 bits.
        canvas.pixels.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    @Test("a tile's longer side is 256 to 512, by a whole factor where pixels are square")
    func displaySize() {
        for (width, height, aspect, expected) in [
            (32, 32, 1.0, (256, 256)), (84, 84, 1, (336, 336)), (255, 100, 1, (510, 200)),
            (256, 256, 1, (256, 256)), (224, 224, 1, (448, 448)), (512, 512, 1, (512, 512)),
            (1024, 512, 1, (512, 256)), (513, 513, 1, (512, 512)), (512, 100, 5, (512, 500)),
            (100, 50, 4, (200, 400)), (100, 100, 0.5, (400, 200)), (1, 600, 1, (1, 512)),
            (10, 10, 1e300, (1, 512)), (10, 10, 1e-300, (512, 1)),
        ] {
            let tile = SheetTile(
                grey: .init(repeating: 0, count: width * height), width: width, height: height,
                displayAspect: aspect)
            #expect(tile.displaySize == expected, "\(width) x \(height), \(aspect)")
        }
    }

    @Test("area resampling repeats upwards, averages downwards and weighs parts")
    func area() {
        func resample(_ grey: [UInt8], _ from: (Int, Int), _ to: (Int, Int)) -> [UInt8] {
            DisplayScaling.byArea(
                grey, width: from.0, height: from.1, toWidth: to.0, toHeight: to.1)
        }
        #expect(resample([1, 2, 3, 4], (2, 2), (4, 2)) == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(resample([10, 20, 30, 41], (2, 2), (1, 1)) == [25])
        #expect(resample([10, 20, 30, 42], (2, 2), (1, 1)) == [26])
        // Three pixels to two: weights 2 : 1 and 1 : 2.
        #expect(resample([0, 90, 255], (3, 1), (2, 1)) == [30, 200])
        #expect(resample([0, 90], (2, 1), (3, 1)) == [0, 45, 90])
        #expect(
            resample(.init(repeating: 255, count: 35), (5, 7), (3, 4))
                == .init(repeating: 255, count: 12))
    }

    @Test("label resampling takes the pixel under the centre and never mixes")
    func nearest() {
        func resample(_ labels: [UInt8], _ from: (Int, Int), _ to: (Int, Int)) -> [UInt8] {
            DisplayScaling.nearest(
                labels, width: from.0, height: from.1, toWidth: to.0, toHeight: to.1)
        }
        #expect(resample([1, 9], (2, 1), (4, 2)) == [1, 1, 9, 9, 1, 1, 9, 9])
        #expect(resample([1, 5, 9], (3, 1), (1, 1)) == [5])
        #expect(resample([1, 9], (2, 1), (3, 1)) == [1, 9, 9])
    }

    @Test(
        "tiles stand in a grid that stays inside the sheet and does not overlap",
        arguments: [1, 2, 5, 7, 12])
    func grid(count: Int) {
        for columns in [nil, 1, 2, 4] as [Int?] {
            let tiles = (0..<count).map { index in
                Self.tile(
                    width: 20 + 13 * index, height: 90, caption: index % 2 == 0 ? "a" : "b\nc")
            }
            let sheet = ContactSheet(title: "grid", tiles: tiles, columns: columns)
            let layout = ContactSheetLayout(sheet)
            #expect(layout.places.count == count)
            for (index, place) in layout.places.enumerated() {
                #expect(place.x >= SheetStyle.margin && place.y >= layout.top)
                #expect(place.x + place.width <= layout.width - SheetStyle.margin)
                #expect(place.y + place.height <= layout.legendTop)
                for other in layout.places[..<index] {
                    let isApart =
                        other.x + other.width < place.x || place.x + place.width < other.x
                        || other.y + other.height < place.y
                    #expect(isApart, "\(index) with \(columns ?? 0) columns")
                }
            }
            if let columns {
                #expect(
                    Set(layout.places.map { $0.y + $0.height }).count <= (count + columns - 1)
                        / columns)
            }
        }
    }

    @Test("the grid is about half as wide again as high, with few places left empty")
    func columns() {
        for (count, columns) in [(1, 1), (2, 2), (3, 3), (5, 3), (6, 3), (7, 4), (12, 4), (24, 6)] {
            let sheet = ContactSheet(title: "", tiles: .init(repeating: Self.tile(), count: count))
            #expect(Set(ContactSheetLayout(sheet).places.map(\.x)).count == columns, "\(count)")
        }
    }

    @Test("labels that the legend lacks are added with their number")
    func unnamed() {
        let named = SheetLegendEntry(label: 1, name: "liver", color: RGBColor(hex: 0x112233))
        let sheet = ContactSheet(title: "t", tiles: [Self.tile()], legend: [named])
        #expect(sheet.legend == [named, SheetLegendEntry(label: 2, name: "label 2")])
    }

    @Test("the legend names the prompts that occur, and no others")
    func prompts() {
        let plain = SheetTile(grey: [0], width: 1, height: 1)
        let none = SheetLegend(labels: [], tiles: [plain], width: 500)
        #expect(none.items.isEmpty && none.height <= SheetStyle.swatch)
        let all = SheetLegend(labels: [], tiles: [plain, Self.tile()], width: 2000)
        #expect(
            all.items.map(\.name) == ["box", "centre point", "random point", "background point"])
        let long = SheetLegendEntry(label: 1, name: String(repeating: "long ", count: 40))
        let cut = SheetLegend(labels: [long], tiles: [], width: 300)
        #expect(cut.items.map(\.name.count).allSatisfy { $0 < 40 } && cut.items.count == 1)
        let narrow = SheetLegend(labels: [], tiles: [Self.tile()], width: 200)
        #expect(Set(narrow.items.map(\.y)).count == 4)
    }

    @Test("a border is drawn on its label's own pixels, full at inner corners too")
    func border() {
        // An L of one label in a slice of 2 x 2, shown 128 times enlarged.
        let tile = SheetTile(
            grey: [0, 0, 0, 0], width: 2, height: 2, labels: [1, 0, 1, 1])
        var canvas = RGBCanvas(width: 256, height: 256, color: RGBColor(hex: 0))
        let red = RGBColor(hex: 0xFF0000)
        canvas.draw(tile, x: 0, y: 0) { _ in red }
        for (x, y, isBorder) in [
            (0, 0, true), (1, 1, true), (2, 2, false), (127, 50, true), (126, 50, true),
            (125, 50, false), (128, 50, false), (200, 128, true), (200, 129, true),
            (200, 130, false), (200, 127, false), (127, 128, true), (126, 129, true),
            (125, 130, false), (255, 255, true),
        ] {
            #expect((canvas.color(x: x, y: y) == red) == isBorder, "(\(x), \(y))")
        }
        #expect(canvas.color(x: 200, y: 50) == RGBColor(hex: 0))
        #expect(canvas.color(x: 60, y: 60).red == UInt8(SheetStyle.labelOpacity))
    }

    @Test("a box is drawn on its own outermost pixels")
    func box() {
        let tile = SheetTile(
            grey: .init(repeating: 100, count: 64 * 64), width: 64, height: 64,
            boxes: [SheetBox(x0: 10, y0: 20, x1: 30, y1: 40, color: RGBColor(hex: 0x00FF00))])
        var canvas = RGBCanvas(width: 256, height: 256, color: RGBColor(hex: 0))
        canvas.draw(tile, x: 0, y: 0) { _ in RGBColor(hex: 0) }
        let green = (0..<(256 * 256)).filter {
            canvas.color(x: $0 % 256, y: $0 / 256) == RGBColor(hex: 0x00FF00)
        }
        #expect(green.map { $0 % 256 }.min() == 40 && green.map { $0 % 256 }.max() == 123)
        #expect(green.map { $0 / 256 }.min() == 80 && green.map { $0 / 256 }.max() == 163)
        #expect(green.count == 4 * 84 - 4)
    }

    @Test("a sheet without tiles is still a picture")
    func empty() {
        let canvas = ContactSheet(title: "Nothing", tiles: []).render()
        #expect(canvas.width >= 2 * SheetStyle.smallestTile && canvas.height > 60)
    }

    @Test("the same sheet gives the same pixels on every machine")
    func deterministic() {
        let sheet = ContactSheet(
            title: "Two slices, 32 × 32",
            tiles: [
                Self.tile(),
                Self.tile(width: 30, height: 12, caption: "flat\nof 2.5 mm", aspect: 2.5),
            ],
            legend: [SheetLegendEntry(label: 1, name: "liver")])
        let canvas = sheet.render()
        #expect(canvas == sheet.render())
        // Recorded from this code and looked at; a change here changes every sheet.
        #expect([canvas.width, canvas.height] == [616, 545])
        #expect(Self.checksum(canvas) == 3_673_522_121_239_172_503)
    }
}
