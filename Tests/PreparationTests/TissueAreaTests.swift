import Testing

@testable import SamplePreparation

@Suite struct TissueAreaTests {
    static func noisy(_ width: Int, _ height: Int, seed: UInt32, share: Int) -> [UInt8] {
        var noise = Noise(seed: seed)
        return (0..<width * height).map { _ in noise.below(100) < share ? 1 : 0 }
    }

    @Test("Counts in rectangles equal counting pixel by pixel", arguments: [1, 63, 64, 65, 200])
    func countsEqualCounting(width: Int) throws {
        let height = 23
        let samples = Self.noisy(width, height, seed: UInt32(width), share: 40)
        let mask = try TissueFixtures.mask(samples, width: width, height: height)
        #expect(mask.samples == samples)
        #expect(mask.count == samples.count { $0 == 1 })
        var noise = Noise(seed: 77)
        for _ in 0..<400 {
            let x0 = noise.below(width + 20) - 10
            let y0 = noise.below(height + 20) - 10
            let (wide, high) = (noise.below(width + 5), noise.below(height + 5))
            var count = 0
            for y in y0..<y0 + high {
                for x in x0..<x0 + wide where mask[x, y] { count += 1 }
            }
            #expect(mask.count(columns: x0..<x0 + wide, rows: y0..<y0 + high) == count)
        }
        #expect(mask.count(columns: Int.min..<Int.max, rows: Int.min..<Int.max) == mask.count)
    }

    @Test("The share of tissue weighs each mask pixel with the part that lies in the rectangle")
    func shareWeighsParts() throws {
        let (width, height) = (70, 20)
        let samples = Self.noisy(width, height, seed: 9, share: 30)
        let mask = try TissueFixtures.mask(samples, width: width, height: height, downsample: 16.25)
        var noise = Noise(seed: 3)
        func part(_ n: Int, _ low: Double, _ high: Double) -> Double {
            max(0, min(Double(n + 1) * 16.25, high) - max(Double(n) * 16.25, low))
        }
        for _ in 0..<200 {
            let (x, y) = (Double(noise.below(1300)) - 80, Double(noise.below(450)) - 60)
            let (wide, high) = (1 + Double(noise.below(700)), 1 + Double(noise.below(300)) / 7)
            var area = 0.0
            for row in 0..<height {
                for column in 0..<width where samples[row * width + column] == 1 {
                    area += part(column, x, x + wide) * part(row, y, y + high)
                }
            }
            let found = mask.tissueFraction(x: x, y: y, width: wide, height: high)
            #expect(abs(found - area / wide / high) < 1e-11)
        }
    }

    @Test("What lies outside the mask is no tissue and stays in the denominator")
    func outsideIsNoTissue() throws {
        let mask = try TissueFixtures.mask([1, 1, 1, 1], width: 2, height: 2)
        #expect(mask.tissueFraction(x: 0, y: 0, width: 32, height: 32) == 1)
        #expect(mask.tissueFraction(x: 8, y: 8, width: 16, height: 16) == 1)
        #expect(mask.tissueFraction(x: -32, y: 0, width: 64, height: 32) == 0.5)
        #expect(mask.tissueFraction(x: 16, y: 16, width: 64, height: 64) == 1.0 / 16)
        #expect(mask.tissueFraction(x: 32, y: 0, width: 16, height: 16) == 0)
        #expect(mask.tissueFraction(x: 3, y: 5, width: 0.5, height: 0.25) == 1)
    }

    @Test("Numbers that are no rectangle give 0 and never trap")
    func impossibleRectanglesGiveZero() throws {
        let mask = try TissueFixtures.mask([1], width: 1, height: 1)
        let odd = [Double.nan, .infinity, -.infinity, -1, 0]
        for value in odd {
            #expect(mask.tissueFraction(x: 0, y: 0, width: value, height: 16) == 0)
            #expect(mask.tissueFraction(x: 0, y: 0, width: 16, height: value) == 0)
        }
        #expect(mask.tissueFraction(x: .nan, y: 0, width: 16, height: 16) == 0)
        #expect(mask.tissueFraction(x: 1e300, y: -1e300, width: 1e308, height: 1e308) == 0)
        let most = mask.tissueFraction(x: -1e300, y: -1e300, width: 1e308, height: 1e308)
        #expect(most >= 0 && most <= 1)
    }
}
