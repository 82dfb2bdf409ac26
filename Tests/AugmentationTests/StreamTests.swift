import Foundation
import MedicalImaging
import SampleAugmentation
import Testing

@Suite("Streams of the reference programs")
struct StreamTests {
    @Test("TransUNet's turns, axes and angles are those of Python and NumPy, with workers too")
    func transUNet() throws {
        let runs = try StreamFixtures.checkedIn.runs(
            "transunet.json", StreamFixtures.TransUNetRun.self)
        #expect(runs.count == 9)
        for run in runs {
            var stream = run.stream
            let extent = SampleExtent(rows: run.shape[1], columns: run.shape[2])
            for (index, sample) in run.samples.enumerated() {
                let expected = try StreamFixtures.transforms(sample.steps)
                let found = stream.next(extent: extent)
                #expect(found.transforms == expected, "seed \(run.seed), sample \(index)")
            }
            #expect(stream.sampleCount == run.samples.count)
        }
    }

    @Test("TransUNet's pictures and labels come out as SciPy and NumPy make them")
    func transUNetArrays() throws {
        let runs = try StreamFixtures.checkedIn.runs(
            "transunet.json", StreamFixtures.TransUNetRun.self)
        var compared = 0
        for run in runs {
            var stream = run.stream
            for sample in run.samples {
                var ours = StreamFixtures.sample(run.shape)
                try stream.next(extent: ours.extent).applyBothWays(to: &ours)
                guard let image = sample.image, let label = sample.label else { continue }
                let theirs = (
                    image: try StreamFixtures.floats(image), label: try StreamFixtures.floats(label)
                )
                #expect(ours.image == theirs.image, "\(sample.steps)")
                #expect(ours.labels?.map(Float.init) == theirs.label, "\(sample.steps)")
                compared += 1
            }
        }
        #expect(compared >= 40)
    }

    @Test("The flips of SAM-Adapter, and of MedSAM behind its draw of a label")
    func pythonFlips() throws {
        let runs = try StreamFixtures.checkedIn.runs(
            "python_flips.json", StreamFixtures.FlipRun.self)
        #expect(runs.count == 3)
        let extent = SampleExtent(rows: 4, columns: 5)
        for run in runs {
            var adapter = SAMAdapterStream(seed: run.seed)
            for steps in run.samAdapter {
                let expected = try StreamFixtures.transforms(steps)
                #expect(adapter.next(extent: extent).transforms == expected)
            }
            var medsam = MedSAMPointStream(seed: run.seed)
            for (count, drawn) in zip(run.labelCounts, run.medsam) {
                medsam.labelCount = count
                let flips = medsam.next(extent: extent).transforms
                #expect(medsam.label == drawn[0])
                let expected: [Transform?] = [
                    drawn[1] == 1 ? .flip(Flip(axis: .horizontal)) : nil,
                    drawn[2] == 1 ? .flip(Flip(axis: .vertical)) : nil,
                ]
                #expect(flips == expected.compactMap(\.self))
            }
        }
    }

    @Test(
        "A stream that skipped stands where one that drew stands",
        arguments: AugmentationPreset.allCases)
    func skip(preset: AugmentationPreset) throws {
        guard var drawn = preset.referenceStream(seed: 77) else {
            #expect([.epSAM, .epSAMClassifier, .strong, .histology].contains(preset))
            return
        }
        var skipped = try #require(preset.referenceStream(seed: 77))
        let extent = SampleExtent(slices: 3, rows: 8, columns: 8)
        for _ in 0..<313 { _ = drawn.next(extent: extent) }
        skipped.skip(300)
        skipped.skip(13)
        #expect(skipped.sampleCount == 313 && drawn.sampleCount == 313)
        var something = false
        for _ in 0..<100 {
            let next = drawn.next(extent: extent)
            #expect(skipped.next(extent: extent) == next)
            something = something || !next.transforms.isEmpty
        }
        #expect(something)
        #expect(
            preset.referenceStream(seed: 78)?.drawn(400)
                != preset.referenceStream(seed: 77)?.drawn(400))
    }

    @Test(
        "A stream draws as often as its preset: 20,000 samples of each",
        arguments: [
            AugmentationPreset.termProject, .termProjectReport, .transunet, .samAdapter, .medsam,
        ])
    func frequencies(preset: AugmentationPreset) throws {
        let stream = try #require(preset.referenceStream(seed: 3))
        let ours = PresetDraws.names(
            (1...20_000).map {
                preset.recipe.drawn(
                    for: AugmentationKey(caseSeed: 3, slice: 0, copy: $0),
                    extent: PresetDraws.volume)
            })
        let theirs = PresetDraws.names(stream.drawn(20_000))
        #expect(Set(ours.keys) == Set(theirs.keys))
        for (name, count) in ours {
            // six standard deviations of a difference of two counts
            let difference = abs(Double(count - (theirs[name] ?? 0)))
            #expect(difference < 6 * (2 * Double(count)).squareRoot(), "\(name)")
        }
    }
}

extension ReferenceStream {
    /// The next samples of a copy.
    func drawn(_ count: Int) -> [DrawnAugmentation] {
        var stream = self
        return (0..<count).map { _ in stream.next(extent: PresetDraws.volume) }
    }
}
