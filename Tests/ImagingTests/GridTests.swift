import MedicalImaging
import Testing

@Suite struct GridTests {
    private let grid = Grid(shape: GridShape(512, 512, 20), affine: Affine(.lps))

    private func changed(_ change: (inout Grid) -> Void) -> [String] {
        var other = grid
        change(&other)
        return grid.differences(from: other).map(\.description)
    }

    private func turned(degrees: Double) -> Affine {
        let (c, s) = Self.circle(degrees)
        var result = grid.affine
        for column in 0..<3 {
            result[0, column] = c * grid.affine[0, column] - s * grid.affine[1, column]
            result[1, column] = s * grid.affine[0, column] + c * grid.affine[1, column]
        }
        return result
    }

    /// Cosine and sine of small angles from their series, to 1e-12.
    private static func circle(_ degrees: Double) -> (Double, Double) {
        let x = degrees * Double.pi / 180
        var (c, s, term) = (0.0, 0.0, 1.0)
        for n in 0..<20 {
            switch n % 4 {
            case 0: c += term
            case 1: s += term
            case 2: c -= term
            default: s -= term
            }
            term *= x / Double(n + 1)
        }
        return (c, s)
    }

    @Test("A grid agrees with itself and with what float32 headers make of it")
    func equal() {
        #expect(grid.differences(from: grid).isEmpty)
        let rounded = changed { other in
            other.affine = Affine(values: other.affine.values.map { Double(Float($0)) })
        }
        #expect(rounded.isEmpty)
    }

    @Test("Another shape is named with both shapes")
    func shape() {
        #expect(changed { $0.shape.k = 19 } == ["shape 512x512x20 against 512x512x19"])
    }

    @Test("Spacing may differ by a thousandth, not more")
    func spacing() {
        #expect(changed { $0.affine[2, 2] = 2.5 * 1.0009 }.isEmpty)
        #expect(
            changed { $0.affine[2, 2] = 2.6 } == ["spacing 0.7 0.8 2.5 mm against 0.7 0.8 2.6 mm"])
    }

    @Test("Axis letters are compared")
    func orientation() {
        #expect(
            changed { $0.affine = Affine(.ras) } == ["orientation LPS against RAS"])
        #expect(
            changed { $0.affine = turned(degrees: 60) } == ["orientation LPS against PRS"])
    }

    @Test("Axes may turn by a tenth of a degree, not more")
    func direction() {
        #expect(changed { $0.affine = turned(degrees: 0.09) }.isEmpty)
        #expect(
            changed { $0.affine = turned(degrees: 0.5) } == [
                "direction axes against axes turned by up to 0.5 degrees"
            ])
        #expect(
            changed { $0.affine = turned(degrees: -30) } == [
                "direction axes against axes turned by up to 30 degrees"
            ])
    }

    @Test("The origin may move by a tenth of the smallest voxel side, not more")
    func origin() {
        #expect(changed { $0.affine[0, 3] += 0.069 }.isEmpty)
        #expect(
            changed { $0.affine[2, 3] += 2.5 } == [
                "origin (-11 7 3) mm against (-11 7 5.5) mm, 2.5 mm away"
            ])
    }

    @Test("Several differences are all found, in a fixed order")
    func several() {
        let other = Grid(
            shape: GridShape(512, 512, 19),
            affine: Affine(.ras, spacing: Spacing(1, 1, 1)).composed(
                with: Affine(values: [1, 0, 0, 50, 0, 1, 0, 0, 0, 0, 1, 0])))
        #expect(
            grid.differences(from: other).map(\.field) == [.shape, .spacing, .orientation, .origin])
    }

    @Test("Two grids turned by 45 degrees agree whatever the last bit of their headers")
    func tie() {
        let root = 0.5.squareRoot()
        for noise in [1e-7, -1e-7, 2e-5, -2e-5, 1e-4, -1e-4] {
            let a = Grid(
                shape: grid.shape,
                affine: Affine(matrix: [root, -root, 0, root, root, 0, 0, 0, 1]))
            let (c, s) = (root + noise, root - noise)
            let b = Grid(
                shape: grid.shape, affine: Affine(matrix: [c, -s, 0, s, c, 0, 0, 0, 1]))
            #expect(a.differences(from: b).isEmpty, "noise \(noise)")
            #expect(b.differences(from: a).isEmpty, "noise \(noise)")
        }
    }

    @Test("Shapes count, index and print")
    func gridShape() {
        var shape = GridShape(2, 3, 4)
        #expect(shape.count == 24)
        #expect((0..<3).map { shape[$0] } == [2, 3, 4])
        for axis in 0..<3 { shape[axis] = 9 - axis }
        #expect(shape == GridShape(9, 8, 7))
        #expect(shape.description == "9x8x7")
    }
}
