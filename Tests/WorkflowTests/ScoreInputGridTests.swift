import MedicalImaging
import SegmentationMetrics
import Testing

@testable import SamdataWorkflow

@Suite("Grids of a score")
struct ScoreInputGridTests {
    private let shape = ScoreFolder.shape
    private let reader = ScoreImageReader()

    private func image(
        _ data: ScoreFolder, _ name: String, _ values: [UInt8]? = nil, shape: GridShape? = nil,
        affine: Affine = ScoreFolder.affine
    ) throws -> ScoreImage {
        let shape = shape ?? self.shape
        try data.nifti(
            name, values ?? ScoreFolder.pattern(3, shape: shape), shape: shape, affine: affine)
        return try reader.labels(try data.file(name), by: try identityTable(1...9))
    }

    private func settle(
        _ prediction: inout ScoreImage, _ reference: ScoreImage,
        _ change: (inout ScoreInputOptions) -> Void = { _ in }
    ) throws -> [String] {
        var options = ScoreInputOptions()
        change(&options)
        return try GridAgreement.settle(
            prediction: &prediction, reference: reference, names: ("p.nii", "r.nii"),
            options: options)
    }

    private func changed(_ body: (inout Affine) -> Void) -> Affine {
        var affine = ScoreFolder.affine
        body(&affine)
        return affine
    }

    @Test("a difference is an error that names the field and the way out")
    func differences() throws {
        let data = try ScoreFolder()
        let reference = try image(data, "r.nii")
        let rows: [(String, ScoreImage)] = [
            ("shape 6x5x4 against 6x5x3", try image(data, "a.nii", shape: GridShape(6, 5, 3))),
            (
                "spacing 0.75 1.5 3 mm against 0.8 1.5 3 mm",
                try image(data, "b.nii", affine: changed { $0[0, 0] = -0.8 })
            ),
            (
                "orientation LPS against RPS",
                try image(data, "c.nii", affine: changed { $0[0, 0] = 0.75 })
            ),
            (
                "direction axes against axes turned by up to 2.2",
                try image(
                    data, "d.nii", affine: changed { ($0[0, 1], $0[1, 0]) = (-0.058, 0.029) })
            ),
            (
                "origin (20 30 -40) mm against (25 30 -40) mm",
                try image(data, "e.nii", affine: changed { $0[0, 3] = 25 })
            ),
        ]
        for (text, candidate) in rows {
            var prediction = candidate
            let failed = failure { _ = try settle(&prediction, reference) }
            #expect(failed.kind == .data)
            #expect(failed.text.contains(text), "\(failed.text)")
            #expect(failed.text.hasPrefix("p.nii: grid differs from that of the reference r.nii"))
            #expect(failed.text.contains("--resample-prediction nearest"))
            let isSameShape = candidate.maskGrid.shape == shape
            #expect(failed.text.contains("--allow-grid-mismatch") == isSameShape)
            var allowed = candidate
            if isSameShape {
                let notes = try settle(&allowed, reference) { $0.allowsGridMismatch = true }
                #expect(notes.count == 1 && notes[0].contains(text))
                #expect(allowed.labels == candidate.labels)
                #expect(allowed.maskGrid == reference.maskGrid)
            } else {
                #expect(
                    failure { _ = try settle(&allowed, reference) { $0.allowsGridMismatch = true } }
                        .kind == .data)
            }
        }
        var same = reference
        #expect(try settle(&same, reference).isEmpty)
    }

    @Test("resampling brings flipped, shifted and coarser predictions onto the reference's grid")
    func resampling() throws {
        let data = try ScoreFolder()
        let reference = try image(data, "r.nii")
        let labels = try #require(reference.labels)
        for orientation in [Orientation.ras, .lps, Orientation(letters: "SPR")] {
            let other = LabelMap(grid: try #require(reference.world), samples: labels)
                .reordered(to: try #require(orientation))
            var prediction = try image(
                data, "o.nii", other.samples, shape: other.shape, affine: other.grid.affine)
            let notes = try settle(&prediction, reference) { $0.resamplesPrediction = true }
            #expect(prediction.labels == labels)
            #expect(notes.isEmpty == (orientation == .lps))
            #expect(prediction.maskGrid == reference.maskGrid && prediction.orientation == "LPS")
        }
        // Shifted by one voxel along i: what comes in from outside is background.
        var shifted = try image(
            data, "s.nii", affine: changed { $0[0, 3] = 20 - 0.75 })
        _ = try settle(&shifted, reference) { $0.resamplesPrediction = true }
        let found = try #require(shifted.labels)
        for n in labels.indices {
            #expect(found[n] == (n % 6 == 0 ? 0 : labels[n - 1]))
        }
        // Twice the voxels: each coarse one fills eight.
        let fine = GridShape(12, 10, 8)
        let half = Affine(values: [
            -0.375, 0, 0, 20 + 0.1875, 0, -0.75, 0, 30 + 0.375, 0, 0, 1.5, -40 - 0.75,
        ])
        let large = try image(data, "l.nii", shape: fine, affine: half)
        var coarse = try image(data, "c.nii")
        _ = try settle(&coarse, large) { $0.resamplesPrediction = true }
        let spread = try #require(coarse.labels)
        for k in 0..<8 {
            for j in 0..<10 {
                for i in 0..<12 {
                    #expect(
                        spread[i + 12 * (j + 10 * k)] == labels[i / 2 + 6 * (j / 2 + 5 * (k / 2))])
                }
            }
        }
    }

    @Test("a prediction without geometry takes the reference's, when the shape agrees")
    func noWorld() throws {
        let data = try ScoreFolder()
        let reference = try image(data, "r.nii")
        try data.npy("p.npy", [4, 5, 6], ScoreFolder.pattern(3))
        let table = try identityTable(1...9)
        var prediction = try reader.labels(
            try data.file("p.npy"), by: table, like: reference.maskGrid)
        let notes = try settle(&prediction, reference)
        #expect(notes == ["the prediction's format has no geometry: that of the reference is used"])
        #expect(prediction.maskGrid.spacing == Spacing(0.75, 1.5, 3))
        // The other way round lengths are in voxels.
        let array = try reader.labels(try data.file("p.npy"), by: table)
        var volume = reference
        #expect(try settle(&volume, array)[0].contains("lengths are in voxels"))
        // Reversed axes are told apart from a wrong file.
        try data.npy("q.npy", [6, 5, 4], ScoreFolder.pattern(3))
        var turned = try reader.labels(try data.file("q.npy"), by: table)
        let failed = failure { _ = try settle(&turned, reference) }
        #expect(failed.text.contains("shape 6x5x4 against 4x5x6; the axes are reversed"))
        try data.npy("w.npy", [4, 5, 7], ScoreFolder.pattern(3, shape: GridShape(7, 5, 4)))
        var wrong = try reader.labels(try data.file("w.npy"), by: table)
        #expect(
            failure { _ = try settle(&wrong, reference) { $0.resamplesPrediction = true } }.text
                .contains("a file without geometry cannot be resampled"))
    }

    @Test("a flipped or turned prediction is recognised, a bad one is not")
    func hint() throws {
        let shape = GridShape(40, 40, 30)
        var reference = [UInt8](repeating: 0, count: shape.count)
        for k in 3..<11 {
            for j in 4..<14 { for i in 5..<12 { reference[i + 40 * (j + 40 * k)] = 1 } }
        }
        let volume = LabelMap(grid: Grid(shape: shape, affine: .identity), samples: reference)
        let cases: [([Int], [Bool])] = [
            ([0, 1, 2], [true, false, false]), ([0, 1, 2], [true, true, false]),
            ([0, 1, 2], [false, false, true]), ([1, 0, 2], [true, true, true]),
        ]
        for (axes, flips) in cases {
            let reordering = AxisReordering(sourceAxes: axes, flips: flips)
            let prediction = volume.reordered(by: reordering).samples
            let found = try #require(
                OrientationHint.suggestion(
                    prediction: prediction, reference: reference, shape: shape))
            #expect(found.dice > 0.99)
            let back = LabelMap(grid: volume.grid, samples: prediction)
                .reordered(by: found.reordering).samples
            #expect(back == reference)
            #expect(found.description.contains("it was probably stored in another orientation"))
        }
        #expect(
            OrientationHint.suggestion(prediction: reference, reference: reference, shape: shape)
                == nil)
        // A shift is no orientation.
        var corner = [UInt8](repeating: 0, count: shape.count)
        for k in 4..<9 { for i in 30..<37 { corner[i + 40 * (20 + 40 * k)] = 1 } }
        #expect(
            OrientationHint.suggestion(prediction: corner, reference: reference, shape: shape)
                == nil)
    }

    @Test("the search for an orientation looks at a bounded number of voxels of a large volume")
    func hintOfLargeVolumes() throws {
        let shape = GridShape(300, 260, 90)
        var reference = [UInt8](repeating: 0, count: shape.count)
        for k in 0..<40 {
            for j in 0..<120 { for i in 0..<90 { reference[i + 300 * (j + 260 * k)] = 1 } }
        }
        let prediction = LabelMap(grid: Grid(shape: shape, affine: .identity), samples: reference)
            .reordered(by: AxisReordering(sourceAxes: [0, 1, 2], flips: [true, true, false]))
            .samples
        let clock = ContinuousClock()
        var found: OrientationHint.Suggestion?
        let time = clock.measure {
            found = OrientationHint.suggestion(
                prediction: prediction, reference: reference, shape: shape)
        }
        #expect(found?.reordering.flips == [true, true, false])
        #expect(time < .seconds(1))
    }
}
