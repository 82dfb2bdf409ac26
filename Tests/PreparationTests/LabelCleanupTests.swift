import MedicalImaging
import SamplePreparation
import Testing

@Suite struct LabelCleanupTests {
    private struct Oracle: Decodable {
        let seed: UInt32
        let shape: [Int]
        let labels: Int
        let threshold: UInt32
        let minimum: Int
        let left: [Int]
        let fnv: [String]
    }

    @Test("What stays equals SciPy's 26-connected and 8-connected parts")
    func scipy() {
        let oracles: [Oracle] = PreparationFixtures.decode("cleanup.json")
        #expect(oracles.count == 60)
        for oracle in oracles {
            let shape = GridShape(oracle.shape[0], oracle.shape[1], oracle.shape[2])
            let samples = Noise.words(shape.count, seed: oracle.seed).map { word in
                word >> 16 < oracle.threshold
                    ? UInt8(1 + Int(word >> 8) % oracle.labels) : UInt8(0)
            }
            let map = LabelMap(grid: Grid(shape: shape, affine: .identity), samples: samples)
            let volume = LabelCleanup(minimumVoxels: oracle.minimum, minimumPixels: 0)
                .applied(to: map)
            #expect(volume.samples.filter { $0 != 0 }.count == oracle.left[0], "\(oracle)")
            #expect(fnv(volume.samples) == oracle.fnv[0], "\(oracle)")
            let rule = LabelCleanup(minimumVoxels: 0, minimumPixels: oracle.minimum)
            let area = shape.i * shape.j
            let slices = (0..<shape.k).flatMap { k in
                rule.applied(
                    to: LabelSlice(
                        rows: shape.j, columns: shape.i,
                        samples: Array(samples[(k * area)..<((k + 1) * area)]))
                ).samples
            }
            #expect(slices.filter { $0 != 0 }.count == oracle.left[1], "\(oracle)")
            #expect(fnv(slices) == oracle.fnv[1], "\(oracle)")
        }
    }

    @Test("Corners connect, other labels do not, and the threshold itself stays")
    func byHand() {
        let slice = drawn(
            "1..22",
            ".1.2.",
            "..1..",
            "3...1")
        let cleaned = LabelCleanup(minimumVoxels: 0, minimumPixels: 3).applied(to: slice)
        #expect(
            cleaned
                == drawn(
                    "1..22",
                    ".1.2.",
                    "..1..",
                    "....."))
        #expect(
            LabelCleanup(minimumVoxels: 0, minimumPixels: 4).applied(to: slice).samples
                .allSatisfy { $0 == 0 })
    }

    @Test("Rules of 0 or 1 change nothing, and empty maps stay empty", arguments: [-1, 0, 1])
    func nothing(minimum: Int) {
        let slice = drawn("1.2", ".3.")
        let rule = LabelCleanup(minimumVoxels: minimum, minimumPixels: minimum)
        #expect(rule.applied(to: slice) == slice)
        let map = LabelMap(
            grid: Grid(shape: GridShape(3, 2, 1), affine: .identity), samples: slice.samples)
        #expect(rule.applied(to: map).samples == map.samples)
        let strict = LabelCleanup(minimumVoxels: 5, minimumPixels: 5)
        for shape in [
            GridShape(0, 0, 0), GridShape(0, 4, 4), GridShape(4, 0, 4), GridShape(4, 4, 0),
        ] {
            let empty = LabelMap(grid: Grid(shape: shape, affine: .identity), samples: [])
            #expect(strict.applied(to: empty).samples.isEmpty)
        }
        #expect(strict.applied(to: LabelSlice(rows: 0, columns: 7, samples: [])).samples.isEmpty)
    }
}
