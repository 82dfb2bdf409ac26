import Foundation
import MedicalImaging
import SampleAugmentation
import Testing

@Suite("Presets of augmentation")
struct PresetTests {
    private static let count = 20_000

    private func draws(
        _ preset: AugmentationPreset, count: Int = count, extent: SampleExtent = PresetDraws.volume
    ) -> [DrawnAugmentation] {
        let recipe = preset.recipe
        return (1...count).map {
            recipe.drawn(
                for: AugmentationKey(caseSeed: 0x5EED, slice: $0 % 7, copy: $0), extent: extent)
        }
    }

    /// Checks that a share of the draws is what it should be, to five standard deviations.
    private func expectShare(
        _ found: Int?, of count: Int = count, is share: Double, _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let deviation = (Double(count) * share * (1 - share)).squareRoot()
        let expected = Double(count) * share
        #expect(
            abs(Double(found ?? 0) - expected) <= 5 * deviation, "\(name): \(found ?? 0)",
            sourceLocation: sourceLocation)
    }

    /// Checks that drawn numbers fill a range evenly: bounds, mean, and both ends visited.
    private func expectUniform(
        _ values: [Double], _ low: Double, _ high: Double, _ name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let width = high - low
        #expect(values.count > 300, "\(name)", sourceLocation: sourceLocation)
        #expect(
            values.allSatisfy { $0 >= low && $0 <= high }, "\(name)", sourceLocation: sourceLocation
        )
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation = width / 12.0.squareRoot() / Double(values.count).squareRoot()
        #expect(
            abs(mean - (low + high) / 2) < 5 * deviation, "\(name)", sourceLocation: sourceLocation)
        let margin = 20 * width / Double(values.count)
        #expect((values.min() ?? high) < low + margin, "\(name)", sourceLocation: sourceLocation)
        #expect((values.max() ?? low) > high - margin, "\(name)", sourceLocation: sourceLocation)
    }

    @Test("Names, scopes and one-line texts")
    func names() {
        #expect(
            AugmentationPreset.allCases.map(\.rawValue) == [
                "term-project", "term-project-report", "transunet", "sam-adapter",
                "ep-sam-classifier", "ep-sam", "medsam", "strong", "histology",
            ])
        for preset in AugmentationPreset.allCases {
            #expect(preset.recipe.name == preset.rawValue)
            for text in [preset.summary, preset.source, preset.note] {
                #expect(!text.isEmpty && !text.contains("\n"), "\(preset)")
            }
            #expect(preset.summary.count <= 100, "\(preset)")
            #expect(
                preset.recipe.scope
                    == ([.termProject, .termProjectReport].contains(preset) ? .volume : .slice))
        }
    }

    @Test("Recipes and what they draw survive JSON", arguments: AugmentationPreset.allCases)
    func json(preset: AugmentationPreset) throws {
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        let recipe = try decoder.decode(
            AugmentationRecipe.self, from: encoder.encode(preset.recipe))
        #expect(recipe == preset.recipe)
        for drawn in draws(preset, count: 200) {
            let back = try decoder.decode(DrawnAugmentation.self, from: encoder.encode(drawn))
            #expect(back == drawn)
        }
    }

    @Test(
        "Every draw is complete, can be applied, and is the same again",
        arguments: AugmentationPreset.allCases)
    func draw(preset: AugmentationPreset) throws {
        let extent = SampleExtent(channels: 3, slices: 2, rows: 24, columns: 20)
        let image = (0..<extent.imageCount).map { Float($0 % 97) / 96 }
        let labels = (0..<extent.labelCount).map { UInt8($0 / 40 % 3) }
        let all = draws(preset, count: 60, extent: extent)
        #expect(all == draws(preset, count: 60, extent: extent))
        #expect(Set(all).count > (preset == .samAdapter ? 1 : 3))
        var changed = 0
        for drawn in all {
            #expect(drawn.transforms.allSatisfy { $0.transform.isDrawn })
            var sample = AugmentationSample(extent: extent, image: image, labels: labels)
            try drawn.applyBothWays(to: &sample)
            #expect(sample.image.allSatisfy { $0.isFinite })
            #expect(sample.image.count == extent.imageCount)
            if sample.image != image { changed += 1 }
            if drawn.transforms.isEmpty { #expect(sample.image == image) }
        }
        #expect(changed > 5)
    }

    @Test("The term project's code: flips and turns 0.1 each, shift 0.5")
    func termProject() {
        let draws = draws(.termProject)
        let names = PresetDraws.names(draws)
        for axis in ["vertical", "horizontal", "slices"] {
            expectShare(names["flip \(axis)"], is: 0.1, axis)
        }
        expectShare(names["quarter-turn"], is: 0.1, "quarter turn")
        var turns: [Double: Int] = [:]
        var offsets: [Double] = []
        for transform in draws.flatMap(\.transforms) {
            switch transform {
            case .quarterTurn(let turn): turns[turn.turns.value ?? -1, default: 0] += 1
            case .intensityShift(let shift):
                offsets.append(shift.offset.value ?? .nan)
                #expect(!shift.clips)
            default: break
            }
        }
        #expect(Set(turns.keys) == [1, 2, 3])
        for (number, count) in turns { expectShare(count, is: 0.1 / 3, "turns \(number)") }
        expectShare(offsets.count, is: 0.5, "shift")
        expectUniform(offsets, -0.1, 0.1, "offset")
    }

    @Test("The term project's report: all axes at once, up to 15 degrees, shift")
    func termProjectReport() {
        let draws = draws(.termProjectReport)
        let names = PresetDraws.names(draws)
        expectShare(names["flip slices"], is: 0.1, "flip")
        #expect(names["flip slices"] == names["flip vertical"])
        #expect(names["flip slices"] == names["flip horizontal"])
        var degrees: [Double] = []
        for case .rotation(let rotation) in draws.flatMap(\.transforms) {
            degrees.append(rotation.degrees.value ?? .nan)
            #expect(rotation.fill == .edge && rotation.interpolation == .linear)
        }
        expectShare(degrees.count, is: 0.1, "rotation")
        expectUniform(degrees, -15, 15, "degrees")
        expectShare(names["intensity-shift"], is: 0.1, "shift")
    }

    @Test("TransUNet: half turn and flip, a quarter rotates by whole degrees, a quarter rests")
    func transUNet() {
        let draws = draws(.transunet)
        var pairs: [[Double]: Int] = [:]
        var angles: [Double: Int] = [:]
        var nothing = 0
        for drawn in draws {
            switch drawn.transforms.first {
            case .quarterTurn(let turn):
                #expect(drawn.transforms.count == 2)
                guard case .flip(let flip) = drawn.transforms.last else {
                    Issue.record("a turn without a flip")
                    continue
                }
                #expect(flip.axis != .slices)
                let key = [turn.turns.value ?? -1, flip.axis == .vertical ? 0 : 1]
                pairs[key, default: 0] += 1
            case .rotation(let rotation):
                #expect(drawn.transforms.count == 1 && rotation.interpolation == .nearest)
                angles[rotation.degrees.value ?? .nan, default: 0] += 1
            case nil: nothing += 1
            default: Issue.record("\(drawn)")
            }
        }
        #expect(pairs.count == 8)
        for (pair, count) in pairs { expectShare(count, is: 1.0 / 16, "\(pair)") }
        #expect(Set(angles.keys) == Set((-20...19).map(Double.init)))
        for (angle, count) in angles { expectShare(count, is: 0.25 / 40, "\(angle)") }
        expectShare(nothing, is: 0.25, "nothing")
    }

    @Test("SAM-Adapter and MedSAM: flips with probability one half, independent of each other")
    func flips() {
        let adapter = PresetDraws.names(draws(.samAdapter))
        #expect(adapter.keys.sorted() == ["flip horizontal"])
        expectShare(adapter["flip horizontal"], is: 0.5, "SAM-Adapter")
        let medsam = draws(.medsam)
        let names = PresetDraws.names(medsam)
        #expect(names.keys.sorted() == ["flip horizontal", "flip vertical"])
        for (name, count) in names { expectShare(count, is: 0.5, name) }
        expectShare(medsam.count { $0.transforms.count == 2 }, is: 0.25, "both")
    }

    @Test("EP-SAM's classifier: flips, every angle, colours of 0.2, grey 0.1")
    func classifier() {
        let draws = draws(.epSAMClassifier)
        let names = PresetDraws.names(draws)
        expectShare(names["flip horizontal"], is: 0.5, "horizontal")
        expectShare(names["flip vertical"], is: 0.5, "vertical")
        expectShare(names["greyscale"], is: 0.1, "grey")
        var degrees: [Double] = []
        var colors: [ColorJitter] = []
        for transform in draws.flatMap(\.transforms) {
            switch transform {
            case .rotation(let rotation):
                degrees.append(rotation.degrees.value ?? .nan)
                #expect(rotation.interpolation == .nearest && rotation.fill == .black)
            case .colorJitter(let jitter): colors.append(jitter)
            default: break
            }
        }
        #expect(degrees.count == Self.count && colors.count == Self.count)
        expectUniform(degrees, 0, 360, "degrees")
        for (name, factor) in [
            ("brightness", \ColorJitter.brightness), ("contrast", \.contrast),
            ("saturation", \.saturation),
        ] {
            expectUniform(colors.map { $0[keyPath: factor].value ?? .nan }, 0.8, 1.2, name)
        }
        expectUniform(colors.map { $0.hue.value ?? .nan }, -0.2, 0.2, "hue")
    }

    @Test("EP-SAM's segmentation: in half of the cases one of four, with equal weight")
    func segmentation() {
        let draws = draws(.epSAM)
        #expect(draws.allSatisfy { $0.transforms.count <= 1 })
        expectShare(draws.count { $0.transforms.isEmpty }, is: 0.5, "nothing")
        let names = PresetDraws.names(draws)
        #expect(names.count == 4)
        for (name, count) in names { expectShare(count, is: 0.125, name) }
        var affine: [SampleAugmentation.AffineTransform] = []
        var turns: [Double: Int] = [:]
        for transform in draws.flatMap(\.transforms) {
            switch transform {
            case .affine(let transform): affine.append(transform)
            case .quarterTurn(let turn): turns[turn.turns.value ?? -1, default: 0] += 1
            default: break
            }
        }
        #expect(Set(turns.keys) == [0, 1, 2, 3])
        expectUniform(affine.map { $0.degrees.value ?? .nan }, -45, 45, "degrees")
        expectUniform(affine.map { $0.scale.value ?? .nan }, 0.9, 1.1, "scale")
        expectUniform(affine.map { $0.shiftX.value ?? .nan }, -0.0625, 0.0625, "shift x")
        expectUniform(affine.map { $0.shiftY.value ?? .nan }, -0.0625, 0.0625, "shift y")
        #expect(affine.allSatisfy { $0.fill == .reflect && $0.interpolation == .linear })
        #expect(affine.allSatisfy { $0.shearX == 0 && $0.shearY == 0 })
    }

    @Test("The own presets do what their steps say; slices are never flipped")
    func own() {
        for preset in [AugmentationPreset.strong, .histology] {
            let names = PresetDraws.names(draws(preset))
            for step in preset.recipe.steps {
                let name = PresetDraws.name(step.alternatives[0][0])
                expectShare(names[name], is: step.probability, "\(preset) \(name)")
            }
            let flips = names.keys.filter { $0.hasPrefix("flip") }.count
            #expect(flips == (preset == .strong ? 0 : 2))
        }
    }
}
