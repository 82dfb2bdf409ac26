import MedicalImaging
import Testing

@Suite struct AffineTests {
    private let affine = Affine(values: [2, 0, 0, 10, 0, 0, -3, 20, 0, 4, 0, 30])

    @Test("World positions follow the matrix")
    func world() {
        let position = affine.world(at: VoxelPosition(i: 1, j: 2, k: 3))
        #expect(position == WorldPosition(x: 12, y: 11, z: 38))
        #expect(
            affine.world(at: VoxelPosition(i: 0, j: 0, k: 0)) == WorldPosition(x: 10, y: 20, z: 30))
        let half = affine.world(at: VoxelPosition(i: 0.5, j: 0, k: -1))
        #expect(half == WorldPosition(x: 11, y: 23, z: 30))
    }

    @Test("Spacing and determinant come from the columns")
    func spacing() {
        #expect(affine.spacing == Spacing(2, 4, 3))
        #expect(affine.spacing.array == [2, 4, 3])
        #expect(affine.determinant == 24)
        let turned = Affine(values: [3, 0, 0, 0, 4, 1, 0, 0, 0, 0, -7, 0])
        #expect(turned.spacing == Spacing(5, 1, 7))
        #expect(turned.determinant == -21)
    }

    @Test("The identity maps indices to themselves")
    func identity() {
        #expect(
            Affine.identity.world(at: VoxelPosition(i: 4, j: 5, k: 6))
                == WorldPosition(x: 4, y: 5, z: 6))
        #expect(Affine.identity.composed(with: affine) == affine)
        #expect(affine.composed(with: .identity) == affine)
        #expect(Affine.identity.inverse == .identity)
    }

    @Test("An affine after its inverse is the identity", arguments: [0.0, 0.4, 1.0])
    func inverse(shear: Double) throws {
        var source = RandomAffines(count: 300, seed: 17)
        for n in 0..<300 {
            var affine = source.next(shear: shear)
            (affine[0, 3], affine[1, 3], affine[2, 3]) = (-120.5, Double(n), 900)
            let inverse = try #require(affine.inverse)
            let product = affine.composed(with: inverse)
            let other = inverse.composed(with: affine)
            // Cofactors of entries below 6 and origins of 900, divided by a determinant above 0.004: 1e4 roundings.
            for (value, wanted) in zip(product.values, Affine.identity.values) {
                #expect(abs(value - wanted) < 1e-9, "affine \(n)")
            }
            for (value, wanted) in zip(other.values, Affine.identity.values) {
                #expect(abs(value - wanted) < 1e-9, "affine \(n)")
            }
        }
    }

    @Test("Composition applies the inner map first")
    func composition() {
        let inner = Affine(values: [0, 1, 0, 1, 1, 0, 0, 0, 0, 0, -1, 5])
        let both = affine.composed(with: inner)
        for (i, j, k) in [(0, 0, 0), (1, 2, 3), (-4, 5, 6)] {
            let step = inner.world(at: VoxelPosition(i: Double(i), j: Double(j), k: Double(k)))
            let twice = affine.world(at: VoxelPosition(i: step.x, j: step.y, k: step.z))
            #expect(
                both.world(at: VoxelPosition(i: Double(i), j: Double(j), k: Double(k))) == twice)
        }
    }

    @Test(
        "Affines that collapse or are not finite have no inverse",
        arguments: [
            [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
            [1, 2, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0],
            [1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0],
            [.nan, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
            [1, 0, 0, .infinity, 0, 1, 0, 0, 0, 0, 1, 0],
            [1e200, 0, 0, 0, 0, 1e200, 0, 0, 0, 0, 1e200, 0],
        ])
    func singular(values: [Double]) {
        let affine = Affine(values: values)
        #expect(!affine.isInvertible)
        #expect(affine.inverse == nil)
        #expect(affine.isFinite == values.allSatisfy(\.isFinite))
    }

    @Test("Tiny and huge voxels are invertible", arguments: [1e-4, 1, 1e4])
    func scales(size: Double) throws {
        let affine = Affine(.ras, spacing: Spacing(size, size, size))
        #expect(try #require(affine.inverse)[0, 0] == 1 / size)
    }

    @Test("A gantry tilt is a shear, a rotation is not")
    func sheared() {
        #expect(!affine.isSheared)
        var tilted = Affine.identity
        tilted[1, 2] = 0.0005
        #expect(!tilted.isSheared)
        tilted[1, 2] = 0.002
        #expect(tilted.isSheared)
        let turned = Affine(matrix: [0.6, -0.8, 0, 0.8, 0.6, 0, 0, 0, 2])
        #expect(!turned.isSheared)
    }
}
