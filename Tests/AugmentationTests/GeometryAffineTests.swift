import Foundation
import MedicalImaging
import Testing

@testable import SampleAugmentation

@Suite("Affine transform") struct GeometryAffineTests {
    @Test("without parameters nothing changes, to the last bit, under any fill")
    func identity() throws {
        var random = RandomSource(seed: 12)
        for fill in [Fill.black, .constant(3), .edge, .reflect] {
            for interpolation in Interpolation.allCases {
                let sample = World.random(from: &random, side: 60)
                let result = try World.after(
                    AffineTransform(interpolation: interpolation, fill: fill), sample)
                #expect(result.image == sample.image && result.labels == sample.labels)
                #expect(result.points == sample.points)
            }
        }
    }

    @Test("positive shifts go to the right and down, by parts of the picture")
    func shifts() throws {
        let picture = World.rows([[1, 2, 3, 4], [5, 6, 7, 8]])
        let right = try World.after(AffineTransform(shiftX: 0.25), picture)
        #expect(World.rows(of: right) == [[0, 1, 2, 3], [0, 5, 6, 7]])
        let down = try World.after(AffineTransform(shiftY: 0.5), picture)
        #expect(World.rows(of: down) == [[0, 0, 0, 0], [1, 2, 3, 4]])
        // half a pixel is a mean, also with what lies outside
        let half = try World.after(AffineTransform(shiftX: 0.125), picture)
        #expect(World.rows(of: half) == [[0.5, 1.5, 2.5, 3.5], [2.5, 5.5, 6.5, 7.5]])
    }

    @Test("a scale above 1 magnifies about the centre")
    func scale() throws {
        let picture = World.rows([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
        let doubled = try World.after(AffineTransform(scale: 2), picture)
        #expect(World.rows(of: doubled) == [[3, 3.5, 4], [4.5, 5, 5.5], [6, 6.5, 7]])
        #expect(doubled.labels == [5, 5, 6, 5, 5, 6, 8, 8, 9])
        let halved = try World.after(AffineTransform(scale: 0.5, fill: .constant(-1)), picture)
        #expect(World.rows(of: halved) == [[-1, -1, -1], [-1, 5, -1], [-1, -1, -1]])
    }

    @Test(
        "a shear of 45 degrees along the rows moves lower rows to the right, one along the columns right ones down"
    )
    func shears() throws {
        let picture = World.rows([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
        let x = try World.after(AffineTransform(shearX: 45, interpolation: .nearest), picture)
        #expect(World.rows(of: x) == [[2, 3, 0], [4, 5, 6], [0, 7, 8]])
        let y = try World.after(AffineTransform(shearY: 45, interpolation: .nearest), picture)
        #expect(World.rows(of: y) == [[4, 2, 0], [7, 5, 3], [0, 8, 6]])
    }

    @Test("scale, shears, rotation and shift are applied in this order")
    func order() throws {
        let transform = AffineTransform(
            degrees: 90, scale: 2, shiftX: 0.1, shiftY: -0.2, shearX: 45, shearY: -45)
        let extent = SampleExtent(rows: 10, columns: 20)
        let map = try #require(transform.sourceMap(extent: extent)).inverse
        // from the centre: (1, 2) doubled (2, 4), sheared (6, 4), then (6, -2), turned (-2, -6), shifted (0, -8)
        let (x, y) = map(9.5 + 1, 4.5 + 2)
        #expect(abs(x - 9.5) < 1e-12 && abs(y - (4.5 - 8)) < 1e-12)
    }

    @Test("an affine transform that only turns is a rotation, to the last bit")
    func rotation() throws {
        var random = RandomSource(seed: 77)
        for _ in 0..<20 {
            let sample = World.random(from: &random, side: 50)
            let degrees = Amount.fixed(random.unit() * 720 - 360)
            #expect(
                try World.after(Rotation(degrees: degrees, fill: .reflect), sample)
                    == World.after(AffineTransform(degrees: degrees, fill: .reflect), sample))
        }
    }

    @Test("parameters out of bounds are errors and leave the sample")
    func hostile() {
        let picture = World.rows([[1, 2], [3, 4]])
        let transforms = [
            AffineTransform(scale: 0), AffineTransform(scale: -1), AffineTransform(scale: 1e308),
            AffineTransform(scale: .fixed(.infinity)), AffineTransform(scale: 1e-300),
            AffineTransform(shiftX: 1e9), AffineTransform(shiftY: .fixed(.nan)),
            AffineTransform(shearX: 90), AffineTransform(shearY: -89.9),
            AffineTransform(degrees: 1e18), AffineTransform(scale: .uniform(0.5, 2)),
            AffineTransform(scale: .uniform(0, 2)), AffineTransform(fill: .constant(.nan)),
        ]
        for transform in transforms {
            var sample = picture
            #expect(throws: AugmentationError.self) { try transform.apply(to: &sample) }
            #expect(sample == picture)
            #expect(transform.sourceMap(extent: picture.extent) == nil || transform.fill != .black)
        }
    }

    @Test("the wildest parameters within bounds neither trap nor read outside")
    func extremes() throws {
        var random = RandomSource(seed: 3)
        for _ in 0..<300 {
            func pick(_ values: [Double]) -> Amount {
                .fixed(values[random.index(below: values.count)])
            }
            let transform = AffineTransform(
                degrees: pick([-1e6, 0, 45, 1e6]), scale: pick([1e-3, 1, 1e3]),
                shiftX: pick([-100, 0, 100]), shiftY: pick([-100, 0, 100]),
                shearX: pick([-80, 0, 80]), shearY: pick([-80, 0, 80]),
                interpolation: Interpolation.allCases[random.index(below: 2)],
                fill: [.black, .edge, .reflect][random.index(below: 3)])
            let sample = World.random(from: &random, side: 33)
            let result = try World.after(transform, sample)
            #expect(result.image.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(result.labels?.allSatisfy { $0 < 4 } ?? true)
        }
    }

    @Test("drawing fixes all ranges in a stated sequence, and only what lies in bounds")
    func draws() {
        let extent = SampleExtent(rows: 4, columns: 4)
        let ranges = AffineTransform(
            degrees: .uniform(-45, 45), scale: .uniform(0.9, 1.1), shiftX: .uniform(-0.1, 0.1))
        var random = RandomSource(seed: 6)
        var again = RandomSource(seed: 6)
        let drawn = ranges.drawn(from: &random, extent: extent)
        #expect(drawn.isDrawn && !ranges.isDrawn)
        #expect(drawn.degrees == .fixed(-45 + 90 * again.unit()))
        #expect(drawn.scale == .fixed(0.9 + (1.1 - 0.9) * again.unit()))
        #expect(drawn.shiftX == .fixed(-0.1 + 0.2 * again.unit()))
        #expect(drawn.shiftY == 0)
        let wild = AffineTransform(scale: .uniform(0, 5))
        #expect(wild.drawn(from: &random, extent: extent) == wild)
    }

    @Test("every geometric transform survives JSON, and missing parameters have their defaults")
    func json() throws {
        let transforms: [Transform] = [
            .flip(Flip(axis: .vertical)), .quarterTurn(QuarterTurn(turns: .whole(0, 3))),
            .rotation(Rotation(degrees: .uniform(-20, 20), interpolation: .nearest, fill: .edge)),
            .affine(AffineTransform(degrees: 3, scale: .uniform(0.5, 2), fill: .constant(4))),
        ]
        let data = try JSONEncoder().encode(transforms)
        #expect(try JSONDecoder().decode([Transform].self, from: data) == transforms)
        func read(_ text: String) throws -> Transform {
            try JSONDecoder().decode(Transform.self, from: Data(text.utf8))
        }
        #expect(
            try read(#"{"transform": "flip", "axis": "horizontal"}"#)
                == .flip(Flip(axis: .horizontal)))
        #expect(
            try read(#"{"transform": "quarter-turn", "turns": -1}"#)
                == .quarterTurn(QuarterTurn(turns: -1)))
        #expect(
            try read(#"{"transform": "rotation", "degrees": 5}"#) == .rotation(Rotation(degrees: 5))
        )
        #expect(try read(#"{"transform": "affine"}"#) == .affine(AffineTransform()))
        for text in [
            #"{"transform": "flip", "axis": "diagonal"}"#, #"{"transform": "rotation"}"#,
            #"{"transform": "rotation", "degrees": "NaN"}"#, #"{"transform": "quarter-turn"}"#,
            #"{"transform": "affine", "scale": [2, 1]}"#,
        ] {
            #expect(throws: DecodingError.self) { try read(text) }
        }
    }
}
