import Foundation
import MedicalImaging

@testable import SamplePreparation

/// The pixels that other programs cover with small polygons; `outlines.json`, written by `make_outlines.py`.
struct OutlineFixtures: Decodable {
    struct Polygon: Decodable {
        var points: [[Double]]
        var masks: [String: String]

        var outline: PlanePolygon {
            PlanePolygon(outer: points.map { PlanePoint(x: $0[0], y: $0[1]) })
        }

        /// The mask of a rule, one byte a pixel.
        func mask(_ rule: PolygonRule, pixels: Int) -> [UInt8] {
            let digits = (masks[rule.rawValue] ?? "").utf8.map {
                UInt8($0 > 57 ? $0 - 87 : $0 - 48)
            }
            return (0..<pixels).map { digits[$0 / 4] >> (3 - $0 % 4) & 1 }
        }
    }

    var width: Int
    var height: Int
    var polygons: [Polygon]

    var window: PatchWindow { PatchWindow(width: width, height: height) }

    static let all: OutlineFixtures = PreparationFixtures.decode("outlines.json")
}

/// A polygon of pairs of numbers.
func outline(_ points: [(Double, Double)], holes: [[(Double, Double)]] = []) -> PlanePolygon {
    func ring(_ points: [(Double, Double)]) -> [PlanePoint] {
        points.map { PlanePoint(x: $0.0, y: $0.1) }
    }
    return PlanePolygon(outer: ring(points), holes: holes.map(ring))
}

/// An upright rectangle between two corners.
func rectangle(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> PlanePolygon {
    outline([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
}

/// Wobbly closed rings here and there, some of them with holes.
func wobblyOutlines(_ count: Int, seed: UInt32, side: Int, vertices: Int = 12) -> [PlanePolygon] {
    var noise = Noise(seed: seed)
    func unit() -> Double { Double(noise.below(1 << 20)) / Double(1 << 20) }
    func ring(_ x: Double, _ y: Double, _ radius: Double) -> [PlanePoint] {
        (0..<vertices).map { n in
            let angle = Double(n) / Double(vertices) * 2 * Double.pi
            let distance = radius * (0.6 + 0.6 * unit())
            return PlanePoint(x: x + distance * cos(angle), y: y + distance * sin(angle))
        }
    }
    return (0..<count).map { n in
        let (x, y) = (unit() * Double(side), unit() * Double(side))
        let radius = Double(side) * (0.05 + 0.3 * unit() * unit())
        return PlanePolygon(
            outer: ring(x, y, radius), holes: n % 3 == 0 ? [ring(x, y, radius / 2)] : [])
    }
}

extension OutlineRasteriser {
    /// The numbers and contested pixels of a window.
    func instances(_ window: PatchWindow) -> (ids: [UInt32], contested: [UInt8], count: Int) {
        var ids = [UInt32](repeating: 77, count: window.area)
        var contested = [UInt8](repeating: 77, count: window.area)
        let count = ids.withUnsafeMutableBufferPointer { ids in
            contested.withUnsafeMutableBufferPointer { contested in
                fillInstances(window, into: ids, contested: contested)
            }
        }
        return (ids, contested, count)
    }
}
