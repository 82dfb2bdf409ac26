import MedicalImaging
import Testing

@Suite struct OrientationTests {
    @Test("There are 48 orientations, sorted and all different")
    func all() {
        #expect(Orientation.all.count == 48)
        #expect(Set(Orientation.all).count == 48)
        #expect(Orientation.all.map(\.description) == Orientation.all.map(\.description).sorted())
    }

    @Test("Letters, axes and affines lead back to the same orientation", arguments: Orientation.all)
    func roundTrip(orientation: Orientation) {
        let letters = orientation.description
        #expect(Orientation(letters: letters) == orientation)
        #expect(Orientation(letters: letters.lowercased()) == orientation)
        #expect(Orientation(axes: orientation.axes) == orientation)
        #expect(Orientation(closestTo: Affine(orientation)) == orientation)
        for world in 0..<3 {
            #expect(orientation.axes[orientation.axis(alongWorld: world)].worldAxis == world)
        }
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "R", "RA", "RASS", "RRS", "RLS", "XYZ", "RAS ", "R-S", "stored", "RА\u{405}",
        ])
    func refused(letters: String) {
        #expect(Orientation(letters: letters) == nil)
    }

    @Test("Directions know their world axis and sign", arguments: AxisDirection.allCases)
    func directions(direction: AxisDirection) {
        #expect(
            AxisDirection(worldAxis: direction.worldAxis, isPositive: direction.isPositive)
                == direction)
        #expect("RAS".contains(direction.rawValue) == direction.isPositive)
    }

    // MARK: - nibabel

    private struct Oracle: Decodable {
        struct Random: Decodable {
            let seed: UInt32
            let shear: Double
            let letters: String
        }
        struct Tie: Decodable {
            let matrix: [Double]
            let letters: String
        }
        let random: [Random]
        let nearTies: [Tie]
    }

    private static let oracle: Oracle = ImagingFixtures.decode("orientation.json")

    @Test("Random rotations, mirrored and sheared ones too, get nibabel's letters")
    func random() {
        for run in Self.oracle.random {
            var source = RandomAffines(count: 1000, seed: run.seed)
            let letters = Array(run.letters)
            #expect(letters.count == 3000)
            for n in 0..<1000 {
                let found = Orientation(closestTo: source.next(shear: run.shear)).description
                #expect(
                    found == String(letters[(3 * n)..<(3 * n + 3)]),
                    "seed \(run.seed), shear \(run.shear), affine \(n)")
            }
        }
    }

    @Test("A hundredth of a degree beside 45 degrees gets nibabel's letters")
    func nearTies() {
        #expect(Self.oracle.nearTies.count == 144)
        for tie in Self.oracle.nearTies {
            #expect(
                Orientation(closestTo: Affine(matrix: tie.matrix)).description == tie.letters,
                "\(tie.matrix)")
        }
    }

    /// nibabel's answer at exactly 45 degrees depends on the last bit of its decomposition; ours must not.
    @Test("At 45 degrees the earlier axis takes the earlier world axis, whatever the rounding")
    func ties() {
        let root = 0.5.squareRoot()
        for noise in [0, 1e-7, -1e-7, Double(Float(root)) - root] {
            let (a, b) = (root + noise, root - noise)
            func letters(_ matrix: [Double]) -> String {
                Orientation(closestTo: Affine(matrix: matrix)).description
            }
            #expect(letters([a, -b, 0, b, a, 0, 0, 0, 1]) == "RAS")
            #expect(letters([b, -a, 0, a, b, 0, 0, 0, 1]) == "RAS")
            #expect(letters([-a, -b, 0, b, -a, 0, 0, 0, 1]) == "LPS")
            #expect(letters([3, 0, 0, 0, a, -b, 0, b, a]) == "RAS")
            #expect(letters([0, a, -b, 0, b, a, 3, 0, 0]) == "SRA")
            #expect(letters([a, 0, -b, 0, -2, 0, b, 0, a]) == "RPS")
        }
    }

    @Test("An affine that cannot be inverted gets some orientation and does not trap")
    func degenerate() {
        for values in [
            [Double](repeating: 0, count: 12), [Double](repeating: 1, count: 12),
            [Double](repeating: .nan, count: 12), [Double](repeating: .infinity, count: 12),
        ] {
            #expect(Orientation.all.contains(Orientation(closestTo: Affine(values: values))))
        }
    }
}
