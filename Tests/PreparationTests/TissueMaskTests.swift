import Testing

@testable import SamplePreparation

/// The oracle is OpenCV 5.0.0 (cvtColor, threshold, morphologyEx, medianBlur); see `make_tissue.py`.
@Suite struct TissueMaskTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var width: Int
        var height: Int
        var seed: UInt64
        var blobs: Int
        var noise: Int
        var close: String
        var median: Int
        var picture: UInt64
        var threshold: Int
        var count: Int
        var mask: UInt64
        var testDescription: String { "\(width)x\(height) close \(close) median \(median)" }
    }

    // swift-format-ignore
    static let cases = [
        Case(width: 97, height: 61, seed: 1, blobs: 5, noise: 6, close: "7x2", median: 15, picture: 0xc9eaf2fdc71e48f3, threshold: 14, count: 2296, mask: 0xe6286ccd7d0acc13),
        Case(width: 64, height: 64, seed: 2, blobs: 9, noise: 20, close: "7x2", median: 15, picture: 0x292b641304bf3283, threshold: 78, count: 882, mask: 0x5314773050d0a2cf),
        Case(width: 130, height: 33, seed: 3, blobs: 3, noise: 30, close: "5x1", median: 7, picture: 0x52365e9fcc9590e3, threshold: 74, count: 1334, mask: 0x0729caf264253cab),
        Case(width: 33, height: 130, seed: 4, blobs: 12, noise: 12, close: "3x4", median: 31, picture: 0xf85acdc862ffdc95, threshold: 87, count: 2574, mask: 0x2b867c8d69726fe3),
        Case(width: 1, height: 50, seed: 5, blobs: 2, noise: 9, close: "7x2", median: 15, picture: 0x7127710b4259cda6, threshold: 78, count: 26, mask: 0x5d45ad27ab8a4973),
        Case(width: 50, height: 1, seed: 6, blobs: 2, noise: 9, close: "7x2", median: 15, picture: 0x5566d79d32ca90a5, threshold: 20, count: 39, mask: 0x7b988af61ca26c8a),
        Case(width: 9, height: 9, seed: 7, blobs: 1, noise: 40, close: "7x2", median: 15, picture: 0xd2c5d147e1989e37, threshold: 24, count: 81, mask: 0xc12a77af8f23d8dc),
        Case(width: 200, height: 150, seed: 8, blobs: 25, noise: 25, close: "1x0", median: 9, picture: 0x73b3a6b3b2dd1f42, threshold: 81, count: 17672, mask: 0xb22be28230501ca3),
        Case(width: 200, height: 150, seed: 8, blobs: 25, noise: 25, close: "7x2", median: 1, picture: 0x73b3a6b3b2dd1f42, threshold: 81, count: 19857, mask: 0x6fb461f1a86182c8),
        Case(width: 71, height: 53, seed: 9, blobs: 0, noise: 3, close: "7x2", median: 15, picture: 0x1cd8dc086f543133, threshold: 4, count: 3763, mask: 0xd43e80e55be27952),
    ]

    @Test("Masks equal OpenCV's bit by bit", arguments: cases)
    func masksEqualOpenCV(_ one: Case) throws {
        let picture = TissueFixtures.picture(
            width: one.width, height: one.height, seed: one.seed, blobs: one.blobs,
            noise: one.noise)
        try #require(TissueFixtures.hash(picture.rgb) == one.picture)
        let recipe = try TissueRecipe("close=\(one.close),median=\(one.median)")
        let mask = try TissueMask.compute(
            rgb: picture.rgb, width: one.width, height: one.height, recipe: recipe)
        #expect(mask.report.otsu == one.threshold)
        #expect(mask.count == one.count)
        #expect(TissueFixtures.hash(mask.samples) == one.mask)
    }

    @Test("The mask of a real slide equals OpenCV's and loses two specks that are reported")
    func realSlideEqualsOpenCV() throws {
        let picture = try TissueFixtures.netpbm("tissue-cmu1.ppm")
        let expected = try TissueFixtures.netpbm("tissue-cmu1.pbm")
        let mask = try TissueMask.compute(
            rgb: picture.rgb, width: picture.width, height: picture.height)
        #expect(mask.report.threshold == 47)
        #expect(mask.samples == expected.rgb)
        #expect(mask.report.stages.map(\.step) == ["threshold", "closing", "median"])
        #expect(mask.report.stages.map(\.pixels) == [3628, 4560, 4490])
        #expect(mask.report.stages.map(\.pieces) == [15, 3, 1])
        #expect(mask.report.lostPieces == 2)
        #expect(mask.report.lostPixels == 12)
        #expect(mask.report.lost.map(\.area).reduce(0, +) == 12)
    }

    @Test("Saturation equals OpenCV's for every pair of largest and smallest channel")
    func saturationEqualsOpenCV() {
        var rgb: [UInt8] = []
        for high in 0...255 {
            for low in 0...high { rgb += [UInt8(high), UInt8(low), UInt8((high + low) / 2)] }
        }
        var result = [UInt8](repeating: 0, count: rgb.count / 3)
        rgb.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { Saturation.write(of: source, to: $0) }
        }
        #expect(TissueFixtures.hash(result) == 0xE59F_F40D_927E_7F4E)
    }

    @Test("Otsu's threshold of odd histograms equals OpenCV's")
    func otsuEqualsOpenCV() {
        func value(_ count: (Int) -> Int) -> Int { OtsuThreshold.value(of: (0..<256).map(count)) }
        #expect(value { ($0 * $0 * 7 + 3) % 53 } == 128)
        #expect(value { $0 == 10 || $0 == 200 ? 1 : 0 } == 10)
        #expect(value { [3, 4, 250].contains($0) ? 5 : 0 } == 4)
        #expect(value { ($0 % 17) * (255 - $0) } == 101)
        #expect(value { $0 == 77 ? 9 : 0 } == 0)
        #expect(value { (($0 * 2_654_435_761) >> 8) % 1000 } == 131)
        #expect(value { _ in 0 } == 0)
    }

    @Test(
        "White, black and grey pictures hold no tissue, however small",
        arguments: [0, 128, 255], [1, 2, 40])
    func greyHoldsNoTissue(grey: Int, side: Int) throws {
        let mask = try TissueMask.compute(
            rgb: [UInt8](repeating: UInt8(grey), count: side * side * 3), width: side, height: side)
        #expect(mask.count == 0)
        #expect(mask.fraction == 0)
        #expect(mask.report.isFlat)
        #expect(mask.report.threshold == 0)
        #expect(mask.report.stages.map(\.pieces) == [0, 0, 0])
        #expect(mask.tissueFraction(x: 0, y: 0, width: 16, height: 16) == 0)
    }

    @Test("One coloured pixel is tissue, and a floor above its saturation makes it none")
    func oneColouredPixel() throws {
        let mask = try TissueMask.compute(rgb: [200, 10, 10], width: 1, height: 1)
        #expect(mask.count == 1 && mask.fraction == 1)
        let recipe = TissueRecipe(minimumSaturation: 254)
        let none = try TissueMask.compute(rgb: [200, 10, 10], width: 1, height: 1, recipe: recipe)
        #expect(none.count == 0 && none.report.threshold == 254)
    }

    @Test("Pixels without a picture stay out of the histogram and of the mask")
    func invalidPixelsStayOut() throws {
        let picture = TissueFixtures.picture(width: 60, height: 40, seed: 21, blobs: 6, noise: 8)
        var painted = picture.rgb
        var valid = [UInt8](repeating: 1, count: 60 * 40)
        // the right third is missing and painted in a saturated colour
        for y in 0..<40 {
            for x in 40..<60 {
                valid[y * 60 + x] = 0
                for (n, value) in [UInt8(255), 0, 0].enumerated() {
                    painted[(y * 60 + x) * 3 + n] = value
                }
            }
        }
        let mask = try TissueMask.compute(rgb: painted, width: 60, height: 40, valid: valid)
        let left = (0..<40).flatMap { y in Array(picture.rgb[y * 180..<y * 180 + 120]) }
        let alone = try TissueMask.compute(rgb: left, width: 40, height: 40)
        #expect(mask.report.otsu == alone.report.otsu)
        #expect(mask.report.validPixels == 1600)
        #expect(mask.count(columns: 40..<60, rows: 0..<40) == 0)
        #expect(mask.count(columns: 0..<30, rows: 0..<40) > 0)
        let whole = try TissueMask.compute(rgb: painted, width: 60, height: 40)
        #expect(whole.report.otsu != alone.report.otsu)
    }

    @Test("Rows given one by one make the same mask")
    func rowsGivenOneByOne() throws {
        let picture = TissueFixtures.picture(width: 71, height: 33, seed: 5, blobs: 7, noise: 9)
        let whole = try TissueMask.compute(rgb: picture.rgb, width: 71, height: 33)
        var builder = try TissueMaskBuilder(width: 71, height: 33)
        for y in 0..<33 {
            try Array(picture.rgb[y * 213..<(y + 1) * 213]).withUnsafeBytes {
                try builder.add(rows: $0)
            }
        }
        #expect(try builder.mask() == whole)
    }

    @Test("Sizes that do not fit are refused in one line")
    func wrongSizesAreRefused() throws {
        for (width, height) in [(0, 5), (-1, 5), (Int.max, Int.max), (1 << 20, 1 << 20)] {
            let error = #expect(throws: TissueError.self) {
                try TissueMask.compute(rgb: [1, 2, 3], width: width, height: height)
            }
            #expect(error?.description.contains("\(width)x\(height)") == true)
        }
        #expect(throws: TissueError.self) {
            try TissueMask.compute(rgb: [1, 2, 3, 4], width: 1, height: 1)
        }
        #expect(throws: TissueError.self) {
            try TissueMask.compute(rgb: [1, 2, 3], width: 1, height: 1, valid: [1, 1])
        }
        for scale in [0, -1, 1e-300, 1e300, .nan, .infinity] {
            #expect(throws: TissueError.self) {
                try TissueMask.compute(rgb: [1, 2, 3], width: 1, height: 1, downsampleX: scale)
            }
        }
        let unfinished = try TissueMaskBuilder(width: 2, height: 2)
        #expect(throws: TissueError.self) { try unfinished.mask() }
    }
}
