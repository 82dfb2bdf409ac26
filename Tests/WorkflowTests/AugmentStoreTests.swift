import Foundation
import MedicalImaging
import SafeFiles
import SampleAugmentation
import SamplePreparation
import SampleStore
import Testing

@testable import SamdataWorkflow

/// Augmented copies: the same bytes whatever the division of the work, and nothing that cannot be replayed.
@Suite("Augmented stores")
struct AugmentStoreTests {
    typealias Augmentation = PrepareConfiguration.Augmentation

    /// Everything that moves pixels or changes them, keeping the size.
    static let everything = AugmentationRecipe(
        name: "everything",
        steps: [
            AugmentationStep(.flip(Flip(axis: .horizontal)), probability: 0.5),
            AugmentationStep(.quarterTurn(QuarterTurn(turns: .whole(0, 1))), probability: 0),
            AugmentationStep(
                .affine(
                    AffineTransform(
                        degrees: .uniform(-30, 30), scale: .uniform(0.8, 1.2),
                        shiftX: .uniform(-0.1, 0.1)))),
            AugmentationStep(
                .elastic(ElasticDeformation(amplitude: 1, smoothness: 3)), probability: 0.5),
            AugmentationStep(.intensityShift(IntensityShift(offset: .uniform(-0.1, 0.1)))),
            AugmentationStep(
                .noise(GaussianNoise(standardDeviation: .uniform(0, 0.1))), probability: 0.7),
        ])

    /// Index maps only, so that labels and pixels can be followed one by one.
    static let flips = AugmentationRecipe(
        name: "flips", scope: .volume,
        steps: [
            AugmentationStep(.flip(Flip(axis: .slices))),
            AugmentationStep(.flip(Flip(axis: .vertical))),
        ])

    private func slices(_ pixels: PixelFormat = .original) -> SliceRecipe {
        SliceRecipe(
            selection: SliceSelection(.all), window: .range(low: -100, high: 400), pixels: pixels)
    }

    private func store(_ data: TinyDataset, _ recipe: SliceRecipe? = nil) throws -> StoreLayout {
        var run = try data.run(data.configuration(recipe ?? slices()), to: data.output)
        run.threads = 2
        _ = try run.run()
        return StoreLayout(root: data.output)
    }

    private func augment(
        _ source: StoreLayout, _ augmentation: Augmentation, to output: String,
        cases: [String] = [], seed: UInt64? = nil
    ) throws -> PrepareRun {
        let planner = try StoreAugmentPlanner(source: source)
        return PrepareRun(
            plan: try planner.plan(augmentation, seed: seed, cases: cases), card: nil,
            root: source.root, layout: StoreLayout(root: output))
    }

    @Test("one, two and three threads, and shards in any order, write the same bytes")
    func determinism() throws {
        let data = try TinyDataset()
        let source = try store(data)
        let wanted = Augmentation(recipe: Self.everything, copies: 2)
        var stores: [[String: Data]] = []
        for threads in 1...3 {
            let output = "\(data.folder.path)/t\(threads)"
            var run = try augment(source, wanted, to: output)
            run.threads = threads
            #expect(try run.run().wroteManifest)
            stores.append(try PrepareFolder.contents(of: output))
        }
        let sharded = data.folder.path + "/sharded"
        for index in [2, 0, 1] {
            var run = try augment(source, wanted, to: sharded)
            run.shard = (index, 3)
            _ = try run.run()
        }
        _ = try MergeRun(layout: StoreLayout(root: sharded)).run()
        stores.append(try PrepareFolder.contents(of: sharded))
        #expect(stores[0].count == 2 + 2 * 9)
        #expect(stores.dropFirst().allSatisfy { $0 == stores[0] })
    }

    @Test("copies differ from each other, and another seed gives others")
    func seeds() throws {
        let data = try TinyDataset(["a"])
        let source = try store(data)
        let wanted = Augmentation(recipe: Self.everything, copies: 2)
        _ = try augment(source, wanted, to: data.folder.path + "/one").run()
        _ = try augment(source, wanted, to: data.folder.path + "/two", seed: 5).run()
        func label(_ store: String, _ unit: String) throws -> [UInt8] {
            let layout = StoreLayout(root: data.folder.path + store)
            return try CaseFileReader(path: layout.caseFile(unit)).label(at: 2).samples
        }
        let first = try label("/one", "a.copy0001")
        #expect(try first != label("/one", "a.copy0002"))
        #expect(try first != label("/two", "a.copy0001"))
        #expect(try label("/one", "a") == label("/two", "a"))
    }

    @Test("the stored transforms, applied to the stored original, give the stored copy")
    func replay() throws {
        let data = try TinyDataset()
        let source = try store(data, slices(.float32))
        let output = data.folder.path + "/aug"
        _ = try augment(source, Augmentation(recipe: Self.everything, copies: 1), to: output).run()
        let layout = StoreLayout(root: output)
        let copy = try CaseFileReader(path: layout.caseFile("b.copy0001"))
        let original = try CaseFileReader(path: source.caseFile("b"))
        let about = try #require(copy.description.augmentation)
        #expect(about.sourceCase == "b" && about.copy == 1)
        #expect(
            try JSONDecoder().decode(AugmentationRecipe.self, from: Data(about.recipe.utf8))
                == Self.everything)
        for position in 0..<copy.count {
            let drawn = try JSONDecoder().decode(
                DrawnAugmentation.self, from: Data(about.slices[position].transforms.utf8))
            #expect(drawn.transforms.allSatisfy { $0.transform.isDrawn })
            let image = try original.image(at: position)
            var sample = AugmentationSample(
                extent: SampleExtent(rows: image.rows, columns: image.columns),
                image: image.samples, labels: try original.label(at: position).samples)
            try drawn.apply(to: &sample)
            #expect(try copy.image(at: position).samples == sample.image)
            #expect(try copy.label(at: position).samples == sample.labels)
        }
    }

    @Test("preparing with copies gives the slices that augmenting the store gives")
    func prepareOrAugment() throws {
        let data = try TinyDataset()
        let wanted = Augmentation(recipe: Self.everything, copies: 2)
        let source = try store(data)
        let output = data.folder.path + "/aug"
        _ = try augment(source, wanted, to: output).run()
        var configuration = data.configuration(slices())
        configuration.augmentation = wanted
        let direct = data.folder.path + "/direct"
        var run = try data.run(configuration, to: direct)
        run.threads = 3
        _ = try run.run()
        for unit in ["a", "a.copy0001", "c.copy0002"] {
            let first = try CaseFileReader(path: StoreLayout(root: output).caseFile(unit))
            let second = try CaseFileReader(path: StoreLayout(root: direct).caseFile(unit))
            #expect(first.sliceIndices == second.sliceIndices)
            #expect(first.organAreas == second.organAreas)
            #expect(first.description.augmentation == second.description.augmentation)
            #expect(try first.records() == second.records())
            #expect(try first.prompts("box") == second.prompts("box"))
            for position in 0..<first.count {
                #expect(
                    try first.imageBytes(at: position) == second.imageBytes(at: position))
                #expect(try first.label(at: position) == second.label(at: position))
            }
        }
    }

    @Test("a volume is flipped along its slices, and every pixel says where it came from")
    func volumes() throws {
        let data = try TinyDataset()
        let source = try store(data)
        let output = data.folder.path + "/aug"
        _ = try augment(source, Augmentation(recipe: Self.flips, copies: 1), to: output).run()
        let copy = try CaseFileReader(path: StoreLayout(root: output).caseFile("a.copy0001"))
        let original = try CaseFileReader(path: source.caseFile("a"))
        let about = try #require(copy.description.augmentation)
        #expect(copy.sliceIndices == original.sliceIndices)
        for position in 0..<copy.count {
            let entry = about.slices[position]
            #expect(entry.source == copy.count - 1 - position)
            let before = try original.label(at: entry.source)
            let after = try copy.label(at: position)
            let map = try #require(entry.pixelToSource)
            for y in 0..<after.rows {
                for x in 0..<after.columns {
                    let column = map[0] * Double(x) + map[1] * Double(y) + map[2]
                    let row = map[3] * Double(x) + map[4] * Double(y) + map[5]
                    #expect(after[y, x] == before[Int(row), Int(column)])
                }
            }
            #expect(
                copy.organAreas[position] == original.organAreas[entry.source])
        }
    }

    @Test("cases as they are keep their very bytes, and copies know what they are copies of")
    func originals() throws {
        let data = try TinyDataset()
        let source = try store(data)
        let output = data.folder.path + "/aug"
        _ = try augment(source, Augmentation(recipe: Self.flips, copies: 1), to: output).run()
        let before = try Manifest.read(source)
        let after = try Manifest.read(StoreLayout(root: output))
        #expect(
            after.cases.map(\.id) == ["a", "a.copy0001", "b", "b.copy0001", "c", "c.copy0001"])
        #expect(
            after.cases.filter { $0.copyOf == nil }.map(\.sha256) == before.cases.map(\.sha256))
        #expect(after.cases.map(\.copyOf) == [nil, "a", nil, "b", nil, "c"])
        #expect(after.cases.allSatisfy { $0.inputs.count == 1 })
        #expect(try VerifyRun(layout: StoreLayout(root: output)).run().problems == [])
    }

    @Test("resized slices name the position of every pixel in the resized source")
    func resized() throws {
        let data = try TinyDataset(["a"])
        var recipe = slices(.float32)
        recipe.size = SliceSize(rows: 22, columns: 28)
        recipe.resampling = .nearest
        var configuration = data.configuration(recipe)
        configuration.augmentation = Augmentation(recipe: Self.flips, copies: 1)
        let output = data.folder.path + "/direct"
        _ = try data.run(configuration, to: output).run()
        let layout = StoreLayout(root: output)
        let copy = try CaseFileReader(path: layout.caseFile("a.copy0001"))
        let original = try CaseFileReader(path: layout.caseFile("a"))
        let entry = try #require(copy.description.augmentation?.slices[3])
        let map = try #require(entry.pixelToSource)
        let (before, after) = (try original.label(at: entry.source), try copy.label(at: 3))
        for y in 0..<22 {
            let row = map[3] * 5 + map[4] * Double(y) + map[5]
            #expect(abs(row - row.rounded()) < 1e-9)
            for x in 0..<28 { #expect(after[y, x] == before[Int(row.rounded()), x]) }
        }
    }

    @Test("an epoch of batches is the copy of that number, shuffled, for any number of threads")
    func batches() throws {
        let data = try TinyDataset()
        let source = try store(data, slices(.float32))
        let output = data.folder.path + "/aug"
        _ = try augment(source, Augmentation(recipe: Self.everything, copies: 2), to: output).run()
        var batches = try AugmentedBatches(store: source, recipe: Self.everything)
        batches.batchSize = 4
        func all(_ epoch: Int, threads: Int) throws -> [TrainingSample] {
            var result: [TrainingSample] = []
            batches.threads = threads
            var iterator = batches.epoch(epoch)
            while let batch = try iterator.next() {
                #expect(batch.count <= 4 && !batch.isEmpty)
                result += batch
            }
            return result
        }
        let second = try all(2, threads: 1)
        #expect(try second == all(2, threads: 3))
        #expect(second.count == batches.slices.count)
        #expect(Set(second.map { "\($0.caseID) \($0.sliceIndex)" }).count == second.count)
        #expect(try all(1, threads: 2).map(\.sliceIndex) != second.map(\.sliceIndex))
        for sample in second {
            let copy = try CaseFileReader(
                path: StoreLayout(root: output).caseFile(sample.caseID + ".copy0002"))
            #expect(try copy.image(at: sample.sliceIndex).samples == sample.sample.image)
            #expect(try copy.label(at: sample.sliceIndex).samples == sample.sample.labels)
        }
    }

    @Test("a reference stream gives a case the same copies alone and among the others")
    func referenceStream() throws {
        let data = try TinyDataset()
        var recipe = slices()
        recipe.size = SliceSize(square: 16)
        recipe.resampling = .nearest
        let source = try store(data, recipe)
        let wanted = Augmentation(
            recipe: AugmentationPreset.transunet.recipe, copies: 2, randomness: "reference")
        let (all, one) = (data.folder.path + "/all", data.folder.path + "/one")
        _ = try augment(source, wanted, to: all, seed: 1234).run()
        _ = try augment(source, wanted, to: one, cases: ["b"], seed: 1234).run()
        let paths = [all, one].map { StoreLayout(root: $0).caseFile("b.copy0002") }
        let found = try paths.map {
            try #require(try CaseFileReader(path: $0).description.augmentation)
        }
        #expect(found[0].slices == found[1].slices)
        var stream = try #require(AugmentationPreset.transunet.referenceStream(seed: 1234))
        let first = stream.next(extent: SampleExtent(rows: 16, columns: 16))
        let copy = try CaseFileReader(path: StoreLayout(root: all).caseFile("a.copy0001"))
        let stored = try #require(copy.description.augmentation).slices[0].transforms
        #expect(
            try JSONDecoder().decode(DrawnAugmentation.self, from: Data(stored.utf8)) == first)
    }

    @Test("what cannot be augmented says why and what to do")
    func refusals() throws {
        let data = try TinyDataset(["a"])
        let source = try store(data)
        let output = data.folder.path + "/aug"
        _ = try augment(source, Augmentation(recipe: Self.flips, copies: 1), to: output).run()
        func message(_ work: () throws -> Void) -> String {
            do {
                try work()
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(
            message { _ = try StoreAugmentPlanner(source: StoreLayout(root: output)) }.hasSuffix(
                "found the augmented copy a.copy0001, expected a store as it was prepared; augment the store it "
                    + "was made from, with more --copies or another --seed"))
        let turns = AugmentationRecipe(
            name: "turns",
            steps: [
                AugmentationStep(.quarterTurn(QuarterTurn(turns: 1)), probability: 0.5)
            ])
        #expect(
            message {
                _ = try augment(
                    source, Augmentation(recipe: turns, copies: 8), to: output + "2"
                ).run()
            }.contains("the augmented slices come out in different sizes (11 x 14, 14 x 11)"))
        let raw = try TinyDataset(["a"])
        _ = try raw.run(raw.configuration(SliceRecipe(window: .none)), to: raw.output).run()
        #expect(
            message {
                _ = try augment(
                    StoreLayout(root: raw.output), Augmentation(recipe: Self.flips, copies: 1),
                    to: output + "3"
                ).run()
            }.contains("found no intensity window"))
        let stream = Augmentation(recipe: Self.flips, copies: 1, randomness: "reference")
        #expect(
            message { _ = try augment(source, stream, to: output + "4").run() }.contains(
                "`flips` has no stream of a reference program"))
        #expect(
            message {
                _ = try augment(
                    source, Augmentation(recipe: Self.flips, copies: 1), to: output + "5",
                    cases: ["nobody"])
            }.contains("found no case `nobody`, expected one of a"))
    }

    @Test("a case outside of the parts to augment is refused, not passed over")
    func nothingToAugment() throws {
        let data = try TinyDataset(["a"])
        let source = try store(data)
        let (kind, text) = failure {
            _ = try augment(
                source, Augmentation(recipe: Self.flips, copies: 1, parts: ["train"]),
                to: data.folder.path + "/o")
        }
        #expect(kind == .missingInput && text.contains("none in the parts to augment (train)"))
    }

    @Test("a recipe file comes back as it was written, and a bad one is named with the place")
    func recipeFiles() throws {
        let folder = try PrepareFolder()
        let path = folder.path + "/r.json"
        for preset in AugmentationPreset.allCases {
            try AtomicFile.write(try CanonicalJSON.pretty(preset.recipe), to: path)
            #expect(try AugmentationRecipe.read(path) == preset.recipe)
        }
        let table = [
            ("nonsense", "found no JSON"), (#"{"name":"a","scope":"slice"}"#, "no `steps`"),
            (
                #"{"name":"a","scope":"slice","steps":[{"probability":2,"alternatives":[[]]}]}"#,
                "steps[0].probability: found 2.0, expected 0 to 1"
            ),
            (
                #"{"name":"a","scope":"slice","steps":[{"probability":1,"alternatives":[[{"transform":"warp"}]]}]}"#,
                "unknown transform `warp`"
            ),
            (
                #"{"name":"a","scope":"slice","steps":[{"probability":1,"alternatives":[[{"transform":"rotation","degrees":[5,-5]}]]}]}"#,
                "expected a number, [low, high]"
            ),
            (#"{"name":"","scope":"slice","steps":[]}"#, "name: found ``"),
            (
                #"{"name":"a","scope":"galaxy","steps":[]}"#,
                "found `galaxy`, expected slice or volume"
            ),
            (#"{"name":"a","scope":"slice","steps":[]}"#, "steps: found 0, expected 1 to 100"),
            (
                #"{"name":"a","scope":"slice","steps":[{"probability":1,"alternatives":[[{"transform":"blur","sigma":2,"sgima":3}]]}]}"#,
                "steps[0].alternatives[0][0].sgima: found this key, expected some of sigma, transform"
            ),
            (
                #"{"name":"a","scope":"slice","steps":[{"probability":1,"alternatives":[[{"transform":"affine","degrees":[-5,5],"scale":[0,500]}]]}]}"#,
                "steps[0].alternatives[0][0]: augmentation affine"
            ),
            (
                #"{"name":"a","scope":"slice","steps":[{"probability":1,"alternatives":[[{"transform":"flip","axis":"slices"}]]}]}"#,
                "flip along the slices"
            ),
            (String(repeating: "[", count: 100_000), "brackets more than 32 deep"),
        ]
        for (text, expected) in table {
            try AtomicFile.write(Array(text.utf8), to: path)
            let error = #expect(throws: WorkflowError.self) {
                _ = try AugmentationRecipe.read(path)
            }
            let message = "\(try #require(error))"
            #expect(message.contains(expected), "\(message)")
            #expect(message.hasPrefix(path) && !message.contains("\n"))
        }
    }
}
