import MedicalImaging

@testable import MedicalDatasets

/// Geometry for the tests of the histology phantoms: slow and plain.
enum HistologyOutlines {
    /// All vertices in hundredths of a pixel, one ring per line.
    static func text(_ outlines: [PlanePolygon]) -> String {
        func hundredths(_ value: Double) -> String { String(Int((value * 100).rounded())) }
        return outlines.map { outline in
            outline.outer.map { "\(hundredths($0.x)),\(hundredths($0.y))" }.joined(separator: " ")
                + "\n"
        }.joined()
    }

    /// The area of a ring; 0 when its vertices run against the clock for whoever looks at the picture.
    static func area(_ ring: [PlanePoint]) -> Double {
        var sum = 0.0
        for n in ring.indices {
            let (a, b) = (ring[n], ring[(n + 1) % ring.count])
            sum += a.x * b.y - b.x * a.y
        }
        return max(sum / 2, 0)
    }

    /// Whether a position lies inside a ring by the even-odd rule.
    static func contains(_ ring: [PlanePoint], _ p: PlanePoint) -> Bool {
        var isInside = false
        for n in ring.indices {
            let (a, b) = (ring[n], ring[(n + 1) % ring.count])
            if (a.y > p.y) != (b.y > p.y),
                p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y)
            {
                isInside.toggle()
            }
        }
        return isInside
    }

    /// Whether two sides of a ring cross.
    static func crossesItself(_ ring: [PlanePoint]) -> Bool {
        func side(_ a: PlanePoint, _ b: PlanePoint, _ p: PlanePoint) -> Bool {
            (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0
        }
        let count = ring.count
        for m in 0..<count {
            let (a, b) = (ring[m], ring[(m + 1) % count])
            for n in (m + 2)..<max(count, m + 2) where (n + 1) % count != m {
                let (c, d) = (ring[n], ring[(n + 1) % count])
                if side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b) { return true }
            }
        }
        return false
    }

    /// How many outlines hold the centre of each pixel.
    static func counts(_ picture: NucleiPhantom.Picture, shift: Double = 0) -> [UInt8] {
        var counts = [UInt8](repeating: 0, count: picture.width * picture.height)
        for outline in picture.outlines {
            guard outline.outer.count > 2, let bounds = outline.bounds else { continue }
            let ring = outline.outer.map { PlanePoint(x: $0.x + shift, y: $0.y + shift) }
            let columns = range(bounds.minimum.x + shift, bounds.maximum.x + shift, picture.width)
            let rows = range(bounds.minimum.y + shift, bounds.maximum.y + shift, picture.height)
            for y in rows {
                for x in columns
                where contains(ring, PlanePoint(x: Double(x) + 0.5, y: Double(y) + 0.5)) {
                    counts[y * picture.width + x] += 1
                }
            }
        }
        return counts
    }

    /// The mean colours inside and outside of all outlines.
    static func means(
        _ rgb: [UInt8], _ counts: [UInt8]
    ) -> (inside: SIMD3<Double>, outside: SIMD3<Double>) {
        var (inside, outside) = (SIMD4<Double>(), SIMD4<Double>())
        for (n, count) in counts.enumerated() {
            let color = SIMD4(
                Double(rgb[n * 3]), Double(rgb[n * 3 + 1]), Double(rgb[n * 3 + 2]), 1)
            if count > 0 { inside += color } else { outside += color }
        }
        let (a, b) = (inside / inside.w, outside / outside.w)
        return (SIMD3(a.x, a.y, a.z), SIMD3(b.x, b.y, b.z))
    }

    /// The mean colour along a ring that was scaled about its centre, ten pixels to both sides.
    static func mean(
        _ pixels: [UInt8], _ slide: SyntheticSlide, _ ring: [PlanePoint], scale: Double
    ) -> SIMD3<Double> {
        let count = Double(ring.count)
        let x = ring.reduce(0) { $0 + $1.x } / count
        let y = ring.reduce(0) { $0 + $1.y } / count
        var (sum, number) = (SIMD3<Double>(), 0.0)
        for p in ring {
            let (column, row) = (Int(x + (p.x - x) * scale), Int(y + (p.y - y) * scale))
            for dy in -10...10 {
                for dx in -10...10 {
                    let n = ((row + dy) * slide.width + column + dx) * 3
                    sum += SIMD3(
                        Double(pixels[n]), Double(pixels[n + 1]), Double(pixels[n + 2]))
                    number += 1
                }
            }
        }
        return sum / number
    }

    private static func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let first = min(max(Int(low) - 1, 0), count)
        return first..<max(first, min(Int(high) + 2, count))
    }
}
