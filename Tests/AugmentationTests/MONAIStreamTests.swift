import Foundation
import MedicalImaging
import SampleAugmentation
import Testing

/// Compares samdata with what MONAI drew and made, from files of `Python/compare_augmentation.py`.
enum MONAIComparison {
    static let chains: [String: (steps: [MONAIStream.Step], form: MONAIStream.Form)] = [
        "term_project": (MONAIStream.termProject, .dictionary),
        "report": (MONAIStream.termProjectReport, .dictionary),
        "dictionary": (
            [
                .flip(.horizontal, probability: 0.5), .quarterTurn(most: 2, probability: 0.4),
                .rotation(.x, radians: -0.2...0.4, probability: 0.5),
                .shift(-0.5...0.25, probability: 0.5),
            ], .dictionary
        ),
        "array": (
            [
                .flipAll(probability: 0.5), .quarterTurn(most: 3, probability: 0.6),
                .rotation(.z, radians: -0.3...0.3, probability: 0.4),
                .shift(-0.2...0.2, probability: 0.7),
            ], .array
        ),
    ]

    static func stream(_ run: StreamFixtures.MONAIRun) throws -> MONAIStream {
        let chain = try #require(chains[run.chain])
        if run.seeding != "each" {
            return MONAIStream(chain.steps, form: chain.form, seed: run.seed)
        }
        let seeds = chain.steps.indices.map { run.seed &+ UInt32($0) }
        return MONAIStream(chain.steps, form: chain.form, seeds: seeds)
    }

    static func runs(_ fixtures: StreamFixtures) throws -> [StreamFixtures.MONAIRun] {
        try fixtures.runs("monai_project.json", StreamFixtures.MONAIRun.self)
            + fixtures.runs("monai_chains.json", StreamFixtures.MONAIRun.self)
    }

    /// Every parameter of every sample, bit for bit.
    static func compareParameters(_ fixtures: StreamFixtures) throws {
        let runs = try runs(fixtures)
        #expect(Set(runs.map(\.chain)) == Set(chains.keys))
        for run in runs {
            var stream = try stream(run)
            let extent = StreamFixtures.sample(run.shape).extent
            for (index, sample) in run.samples.enumerated() {
                let expected = try StreamFixtures.transforms(sample.steps)
                let found = stream.next(extent: extent).transforms
                #expect(
                    found == expected,
                    "\(run.chain), \(run.seeding), seed \(run.seed), sample \(index)")
            }
        }
    }

    /// Whole arrays: bit for bit without a rotation, to 1e-4 of 16 with one, whose grid MONAI keeps in 32 bits.
    static func compareArrays(_ fixtures: StreamFixtures) throws -> Int {
        var compared = 0
        for run in try runs(fixtures) {
            var stream = try stream(run)
            for sample in run.samples {
                var ours = StreamFixtures.sample(run.shape)
                try stream.next(extent: ours.extent).applyBothWays(to: &ours)
                guard let image = sample.image else { continue }
                let theirs = try StreamFixtures.floats(image)
                let rotated = sample.steps.contains { $0.hasPrefix("radians") }
                if rotated {
                    #expect(theirs.count == ours.image.count)
                    let difference = zip(theirs, ours.image).map { abs($0 - $1) }.max() ?? 0
                    #expect(difference < 1.6e-3, "\(run.chain) \(sample.steps): \(difference)")
                } else {
                    #expect(theirs == ours.image, "\(run.chain) \(sample.steps)")
                }
                if let label = try sample.label.map(StreamFixtures.floats) {
                    #expect(
                        ours.labels?.map(Float.init) == label, "\(run.chain) \(sample.steps)")
                }
                compared += 1
            }
        }
        return compared
    }
}

@Suite("MONAI's draws and arrays")
struct MONAIStreamTests {
    @Test("Whether, turns, angles and offsets are MONAI's, however the chain was seeded")
    func parameters() throws {
        try MONAIComparison.compareParameters(.checkedIn)
    }

    @Test("Augmented pictures and labels are MONAI's")
    func arrays() throws {
        let compared = try MONAIComparison.compareArrays(.checkedIn)
        #expect(compared >= 20)
    }

    @Test("ScaleIntensity and ScaleIntensityRange, clipped or not, constant or not")
    func scaling() throws {
        let arrays = try StreamFixtures.checkedIn.arrays()
        func scaled(
            _ sample: AugmentationSample, _ rescale: IntensityRescale, _ name: String
        ) throws {
            var sample = sample
            try rescale.apply(to: &sample)
            let theirs = try StreamFixtures.floats(try #require(arrays[name]))
            #expect(theirs.count == sample.image.count)
            let difference = zip(theirs, sample.image).map { abs($0 - $1) }.max() ?? 1
            #expect(difference <= 3e-7, "\(name): \(difference)")
        }
        let volume = StreamFixtures.sample([5, 7, 9])
        try scaled(volume, IntensityRescale(from: .extremes, low: 0, high: 1), "extremes")
        let hounsfield = AugmentationSample(
            extent: volume.extent, image: volume.image.map { ($0 - 8) * 60 })
        try scaled(
            hounsfield,
            IntensityRescale(from: .window(low: -175, high: 250), low: 0, high: 1, clips: true),
            "range clipped")
        try scaled(
            hounsfield,
            IntensityRescale(from: .window(low: -175, high: 250), low: 0, high: 1, clips: false),
            "range")
        let constant = AugmentationSample(
            extent: SampleExtent(rows: 4, columns: 4), image: [Float](repeating: 3, count: 16))
        try scaled(constant, IntensityRescale(from: .extremes, low: 0, high: 1), "constant")
    }

    @Test("Rotate90 and Flip without chance")
    func fixed() throws {
        let arrays = try StreamFixtures.checkedIn.arrays()
        for name in ["turn 1", "flip vertical"] {
            var sample = StreamFixtures.sample([5, 7, 9])
            let transforms = try StreamFixtures.transforms([name])
            try DrawnAugmentation(transforms: transforms).applyBothWays(to: &sample)
            let theirs = try StreamFixtures.floats(try #require(arrays[name]))
            #expect(sample.image == theirs, "\(name)")
        }
    }

    @Test("Orientation to RAS of three volumes", arguments: ["LPS", "ARI", "SPL"])
    func orientation(letters: String) throws {
        let theirs = try StreamFixtures.floats(
            try #require(try StreamFixtures.checkedIn.arrays()["orientation \(letters)"]))
        let (x, y, z) = (7, 9, 5)
        let source = try #require(Orientation(letters: letters))
        var affine = Affine(values: [Double](repeating: 0, count: 12))
        for (axis, direction) in source.axes.enumerated() {
            affine[direction.worldAxis, axis] = direction.isPositive ? 1 : -1
        }
        var samples: [Float] = []
        for k in 0..<z {
            for j in 0..<y {
                for i in 0..<x {
                    let position = (i * y + j) * z + k
                    samples.append(Float(position * 37 % 251 + 1) / 16)
                }
            }
        }
        let grid = Grid(shape: GridShape(x, y, z), affine: affine)
        let volume = Volume(grid: grid, samples: samples)
        let turned = volume.reordered(to: try #require(Orientation(letters: "RAS")))
        // theirs: [slice][row][column] with rows along the first axis
        var ours: [Float] = []
        for k in 0..<turned.shape.k {
            for i in 0..<turned.shape.i {
                for j in 0..<turned.shape.j { ours.append(turned[i, j, k]) }
            }
        }
        #expect(ours == theirs)
    }

    @Test("RandRotate's published first angle")
    func published() {
        var stream = MONAIStream(
            [.rotation(.x, radians: -0.3...0.3, probability: 1)], form: .array, seeds: [0])
        let drawn = stream.next(extent: SampleExtent(rows: 8, columns: 8))
        guard case .rotation(let rotation) = drawn.transforms.first else {
            Issue.record("no rotation")
            return
        }
        #expect(rotation.degrees == .fixed(-0.1291136198234517 * 180 / .pi))
    }

    @Test("All axes of a picture are two, of a volume three")
    func axes() {
        let always: [MONAIStream.Step] = [.flipAll(probability: 1)]
        var stream = MONAIStream(always, seed: 1)
        #expect(stream.next(extent: SampleExtent(rows: 2, columns: 2)).transforms.count == 2)
        #expect(
            stream.next(extent: SampleExtent(slices: 2, rows: 2, columns: 2)).transforms.count == 3)
    }
}
