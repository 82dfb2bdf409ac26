import Testing

@testable import WholeSlides

@Suite("Slide resolution")
struct SlideResolutionTests {
    private static let slide: SlideBuilder = {
        var pages: [SlideBuilder.Page] = []
        for (width, height) in [(401, 299), (200, 149), (50, 37)] {
            var page = SlideBuilder.Page()
            page.width = width
            page.height = height
            page.resolution = (10_000 / 0.25, 3)
            pages.append(SlideBuilder.plain(page))
        }
        return SlideBuilder(pages: pages)
    }()

    @Test("a level within the tolerance is read as it is, else the next finer one is shrunk")
    func choice() throws {
        try Self.slide.withSlide { slide in
            let exact = try slide.level(micronsPerPixel: 0.5, tolerance: 0.05)
            #expect(exact.level == 1 && exact.isExact && exact.downsampleX == 2.005)
            #expect(exact.micronsPerPixelX == 0.25 * 2.005)
            let near = try slide.level(micronsPerPixel: 0.26)
            #expect(near.level == 0 && near.isExact && near.micronsPerPixelX == 0.25)
            let strict = try slide.level(micronsPerPixel: 0.5, tolerance: 0)
            #expect(strict.level == 0 && strict.factorX == 2 && strict.micronsPerPixelX == 0.5)
            let between = try slide.level(micronsPerPixel: 1)
            #expect(between.level == 1 && !between.isExact)
            #expect(abs(between.factorX - 1 / (0.25 * 2.005)) < 1e-12)
            #expect(abs(between.downsampleX - 4) < 1e-12 && abs(between.downsampleY - 4) < 1e-12)
            let coarse = try slide.level(micronsPerPixel: 20)
            #expect(coarse.level == 2 && coarse.factorX > 9)
        }
    }

    @Test(
        "nothing is enlarged, and nonsense is refused",
        arguments: [0.1, 0.2, 0, -1, .nan, .infinity, 1e9])
    func refused(size: Double) throws {
        try Self.slide.withSlide { slide in
            #expect {
                try slide.level(micronsPerPixel: size)
            } throws: { error in (error as? SlideError)?.kind == .misuse }
        }
    }

    @Test("a whole factor at a whole corner gives the plain mean of a box", arguments: [2, 3, 5])
    func boxes(factor: Int) throws {
        try Self.slide.withSlide { slide in
            let choice = try slide.choice(
                level: 0, factorX: Double(factor), factorY: Double(factor))
            let result = try slide.read(choice, x: 14, y: 9, width: 20, height: 15).pixels
            let source = try slide.read(
                level: 0, x: 14, y: 9, width: 20 * factor, height: 15 * factor)
            for y in 0..<15 {
                for x in 0..<20 {
                    for channel in 0..<3 {
                        var sum = 0
                        for row in 0..<factor {
                            for column in 0..<factor {
                                sum += Int(
                                    source[x * factor + column, y * factor + row][channel])
                            }
                        }
                        let mean = (2 * sum + factor * factor) / (2 * factor * factor)
                        #expect(Int(result[x, y][channel]) == mean)
                    }
                }
            }
        }
    }

    @Test(
        "other factors and corners give the mean of the covered area",
        arguments: [(1.5, 3.25, 7.75), (2.0576, 0, 0), (3.7, -4.3, 280.6), (1.0001, 5, 5)])
    func areas(factor: Double, x: Double, y: Double) throws {
        try Self.slide.withSlide { slide in
            let choice = try slide.choice(level: 0, factorX: factor, factorY: factor * 1.1)
            let (width, height) = (21, 13)
            let result = try slide.read(choice, x: x, y: y, width: width, height: height).pixels
            func share(_ pixel: Int, _ from: Double, _ to: Double) -> Double {
                max(0, min(to, Double(pixel + 1)) - max(from, Double(pixel)))
            }
            for row in 0..<height {
                let top = y + Double(row) * factor * 1.1
                let bottom = top + factor * 1.1
                for column in 0..<width {
                    let left = x + Double(column) * factor
                    let right = left + factor
                    var sums = [0.0, 0, 0]
                    for sourceRow in Int(top.rounded(.down))..<Int(bottom.rounded(.up)) {
                        for sourceColumn in Int(left.rounded(.down))..<Int(right.rounded(.up)) {
                            let isInside =
                                (0..<401).contains(sourceColumn) && (0..<299).contains(sourceRow)
                            let colour =
                                isInside
                                ? SlideBuilder.colour(sourceColumn, sourceRow) : [255, 255, 255]
                            let weight =
                                share(sourceColumn, left, right) * share(sourceRow, top, bottom)
                            for channel in 0..<3 {
                                sums[channel] += weight * Double(colour[channel])
                            }
                        }
                    }
                    for channel in 0..<3 {
                        let mean = sums[channel] / (factor * factor * 1.1)
                        // Borders are rounded to 1/256 of a pixel, samples to whole numbers.
                        #expect(abs(Double(result[column, row][channel]) - mean) < 1.6)
                    }
                }
            }
        }
    }

    @Test("corners are given in level-0 pixels whatever the level")
    func corners() throws {
        try Self.slide.withSlide { slide in
            let exact = try slide.choice(level: 1)
            let window = try slide.read(exact, x: 100.25, y: 60.2, width: 30, height: 20).pixels
            // 100.25 / 2.005 = 50 and 60.2 / 2.0067 = 30.
            #expect(window == (try slide.read(level: 1, x: 50, y: 30, width: 30, height: 20)))
            let outside = try slide.read(exact, x: -8.02, y: 0, width: 5, height: 2)
            #expect(outside.pixels[3, 0] == [255, 255, 255])
            #expect(outside.pixels[4, 0] == SlideBuilder.colour(0, 0))
            #expect(outside.counts.outsidePixels == 8)
        }
    }

    @Test("large results made in several bands equal one made at once")
    func bands() throws {
        // 401 x 299 pixels read with a factor of 40: the source of a row is 48 kB wide with glass around it.
        try Self.slide.withSlide { slide in
            let choice = try slide.choice(level: 0, factorX: 40.5, factorY: 33.25)
            let all = try slide.read(choice, x: -2000, y: -1000, width: 300, height: 90).pixels
            for row in [0, 31, 32, 33, 45, 89] {
                let one = try slide.read(
                    choice, x: -2000, y: -1000 + Double(row) * 33.25, width: 300, height: 1)
                #expect(one.pixels.samples == all.crop(x: 0, y: row, width: 300, height: 1))
            }
            #expect(all.samples.contains { $0 != 255 })
        }
    }

    @Test("an even colour stays as it is under any factor")
    func even() throws {
        var page = SlideBuilder.Page()
        page.blocks = [[UInt8]](
            repeating: (0..<(48 * 32)).flatMap { _ in [7, 128, 255] as [UInt8] }, count: 9)
        try SlideBuilder(pages: [page]).withSlide { slide in
            for factor in [1.003, 1.7, 2, 6.6] {
                let choice = try slide.choice(level: 0, factorX: factor, factorY: factor)
                let result = try slide.read(choice, x: 1.3, y: 2.7, width: 10, height: 8).pixels
                for index in 0..<80 {
                    #expect(result[index % 10, index / 10] == [7, 128, 255])
                }
            }
        }
    }

    @Test("impossible numbers are refused")
    func impossible() throws {
        try Self.slide.withSlide { slide in
            for factor in [0.99, 4097, .nan] {
                #expect(throws: SlideError.self) {
                    try slide.choice(level: 0, factorX: factor, factorY: 1)
                }
            }
            let choice = try slide.choice(level: 0, factorX: 2, factorY: 2)
            for place in [Double.nan, .infinity, 1e300] {
                #expect(throws: SlideError.self) {
                    try slide.read(choice, x: place, y: 0, width: 5, height: 5)
                }
            }
            #expect(throws: SlideError.self) {
                try slide.read(choice, x: 0, y: 0, width: 1 << 30, height: 1 << 30)
            }
        }
    }

    @Test("division by multiplication is exact")
    func division() {
        var state: UInt64 = 1
        for step in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let divisor = UInt64(65_536 + step * 7919) % (1 << 40) + state >> 44
            let sum = state % (divisor * 255 + 1)
            #expect(
                RoundedDivision(by: divisor)(sum) == UInt8((sum + divisor / 2) / divisor))
        }
    }
}
