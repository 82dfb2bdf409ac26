import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct CentrePointTests {
    /// For every pixel the nearest pixel outside, those beyond the border included; the first maximum row by row.
    private func naive(_ slice: LabelSlice) -> (x: Int, y: Int, squaredDistance: Int) {
        var outside: [(x: Int, y: Int)] = []
        for y in -1...slice.rows {
            for x in -1...slice.columns {
                let inside = y >= 0 && y < slice.rows && x >= 0 && x < slice.columns
                if !inside || slice[y, x] != 1 { outside.append((x, y)) }
            }
        }
        var best = (x: -1, y: -1, squaredDistance: 0)
        for pixel in slice.pixels(of: 1) {
            var nearest = Int.max
            for other in outside {
                let (dx, dy) = (other.x - pixel.x, other.y - pixel.y)
                nearest = min(nearest, dx * dx + dy * dy)
            }
            if nearest > best.squaredDistance { best = (pixel.x, pixel.y, nearest) }
        }
        return best
    }

    private func check(_ slice: LabelSlice, _ name: String) {
        guard let region = slice.region else { return }
        let found = CentrePoint.exact(of: region)
        let wanted = naive(slice)
        #expect(found == wanted, "\(name): \(found) instead of \(wanted)")
    }

    @Test("All masks of 3 x 3 and of 3 x 4 pixels have their exact centre")
    func smallWorlds() {
        for bits in 1..<512 { check(LabelSlice(rows: 3, columns: 3, bits: bits), "3x3 \(bits)") }
        for bits in 1..<4096 { check(LabelSlice(rows: 3, columns: 4, bits: bits), "3x4 \(bits)") }
        for bits in 1..<4096 { check(LabelSlice(rows: 4, columns: 3, bits: bits), "4x3 \(bits)") }
    }

    @Test("Random blobs have their exact centre")
    func blobs() {
        for seed in UInt32(1)...150 { check(LabelSlice(blob: seed), "blob \(seed)") }
    }

    @Test("Rectangles have a plateau, and its first pixel counts")
    func rectangles() {
        for height in 1...14 {
            for width in 1...14 {
                let slice = LabelSlice(
                    rows: height, columns: width,
                    samples: [UInt8](repeating: 1, count: height * width))
                check(slice, "\(height)x\(width)")
            }
        }
    }

    @Test("Noise with many ties has its exact centre")
    func noise() {
        for seed in UInt32(1)...60 {
            let samples = Noise.words(24 * 31, seed: seed).map {
                UInt8($0 >> 24 < 150 + 2 * (seed % 50) ? 1 : 0)
            }
            check(LabelSlice(rows: 24, columns: 31, samples: samples), "noise \(seed)")
        }
    }

    @Test("The border of the image is outside")
    func border() throws {
        let slice = drawn(
            "1111...",
            "1111...",
            "1111...",
            "1111...",
            ".......")
        let found = CentrePoint.exact(of: try #require(slice.region))
        #expect(found == (1, 1, 4))
    }
}

@Suite struct ChamferPointTests {
    private struct Oracle: Decodable {
        struct Named: Decodable {
            let name: String
            let shape: [Int]
            let rows: [Int]
            let columns: [Int]
            let point: [Int]
        }
        let points: [[Int]]
        let named: [Named]
    }

    private static let oracle: Oracle = PreparationFixtures.decode("chamfer.json")

    @Test("Blobs, border-touching and full ones too, have OpenCV's point")
    func opencv() {
        #expect(Self.oracle.points.count == 1200)
        var empty = 0
        for (n, point) in Self.oracle.points.enumerated() {
            let slice = LabelSlice(blob: UInt32(n + 1))
            guard let region = slice.region else {
                #expect(point == [-1, -1])
                empty += 1
                continue
            }
            let found = ChamferPoint.centre(of: region, rows: slice.rows, columns: slice.columns)
            #expect([found.x, found.y] == point, "blob \(n + 1), \(slice.rows)x\(slice.columns)")
        }
        #expect(empty < 100)
    }

    @Test("Objects in a corner, whole slices and single rows have OpenCV's point")
    func named() throws {
        #expect(Self.oracle.named.count == 4)
        for oracle in Self.oracle.named {
            var slice = LabelSlice(
                rows: oracle.shape[0], columns: oracle.shape[1],
                samples: [UInt8](repeating: 0, count: oracle.shape[0] * oracle.shape[1]))
            for y in oracle.rows[0]...oracle.rows[1] {
                for x in oracle.columns[0]...oracle.columns[1] { slice[y, x] = 1 }
            }
            let region = try #require(slice.region)
            let found = ChamferPoint.centre(of: region, rows: slice.rows, columns: slice.columns)
            #expect([found.x, found.y] == oracle.point, "\(oracle.name)")
        }
    }
}
