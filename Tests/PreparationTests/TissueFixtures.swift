import Foundation
import Testing

@testable import SamplePreparation

/// Pictures for the tests of tissue masks; `Fixtures/preparation/make_tissue.py` draws the same.
enum TissueFixtures {
    struct Picture {
        var width: Int
        var height: Int
        var rgb: [UInt8]
    }

    /// 64-bit FNV-1a.
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Ellipses of stained colour on a pale ground, with noise.
    static func picture(width: Int, height: Int, seed: UInt64, blobs: Int, noise: Int) -> Picture {
        var state = seed
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        var pixels = [[Int]](repeating: [243, 241, 244], count: width * height)
        for _ in 0..<blobs {
            let (cx, cy) = (next() % width, next() % height)
            let (rx, ry) = (2 + next() % (width / 4 + 1), 2 + next() % (height / 4 + 1))
            let colour = [150 + next() % 80, 60 + next() % 90, 130 + next() % 90]
            for y in max(0, cy - ry)..<min(height, cy + ry + 1) {
                for x in max(0, cx - rx)..<min(width, cx + rx + 1) {
                    let (dx, dy) = ((x - cx) * (x - cx), (y - cy) * (y - cy))
                    if dx * ry * ry + dy * rx * rx <= rx * rx * ry * ry {
                        pixels[y * width + x] = colour
                    }
                }
            }
        }
        var rgb: [UInt8] = []
        for pixel in pixels {
            let v = next() % (2 * noise + 1) - noise
            for (value, change) in zip(pixel, [v, -v, v >> 1]) {
                rgb.append(UInt8(min(255, max(0, value + change))))
            }
        }
        return Picture(width: width, height: height, rgb: rgb)
    }

    /// A binary PPM or PBM of one header line; a PBM gives one byte of 0 or 1 per pixel.
    static func netpbm(_ name: String) throws -> Picture {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/preparation/\(name)")
        let bytes = [UInt8](try Data(contentsOf: file))
        let line = bytes.prefix { $0 != 10 }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        let width = try #require(Int(words[1]))
        let height = try #require(Int(words[2]))
        let body = Array(bytes[(line.count + 1)...])
        if words[0] == "P6" { return Picture(width: width, height: height, rgb: body) }
        let pitch = (width + 7) / 8
        let pixels = (0..<width * height).map { n -> UInt8 in
            let (y, x) = n.quotientAndRemainder(dividingBy: width)
            return body[y * pitch + x / 8] >> UInt8(7 - x % 8) & 1
        }
        return Picture(width: width, height: height, rgb: pixels)
    }

    /// A mask of given pixels of 0 and 1, without any step.
    static func mask(
        _ samples: [UInt8], width: Int, height: Int, downsample: Double = 16
    ) throws -> TissueMask {
        let recipe = TissueRecipe(
            downsample: downsample, fixedThreshold: 100, closingIterations: 0, medianSize: 1)
        return try TissueMask.compute(
            rgb: samples.flatMap { $0 == 0 ? [200, 200, 200] : [200, 0, 100] }, width: width,
            height: height, recipe: recipe)
    }
}
