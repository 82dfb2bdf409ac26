import MedicalImaging
import Testing

@testable import SamplePreparation

@Suite struct PythonPromptStreamsTests {
    private struct Oracle: Decodable {
        struct Stream: Decodable {
            let seed: String
            let random1: [Int]
            let random3: [Int]
        }
        let areas: [Int]
        let streams: [Stream]
    }

    private static let oracle: Oracle = PreparationFixtures.decode("python_points.json")
    private static let kinds: [PromptKind] = [.randomPoints(1), .centre, .randomPoints(3), .box]

    @Test("Pixel numbers are those of random.seed and randint on the same areas")
    func python() throws {
        for oracle in Self.oracle.streams {
            let seed = try #require(UInt64(oracle.seed))
            var streams = PythonPromptStreams(kinds: Self.kinds, seed: seed)
            var one: [Int] = []
            var three: [Int] = []
            for area in Self.oracle.areas {
                one += streams.draw(.randomPoints(1), area: area)
                three += streams.draw(.randomPoints(3), area: area)
            }
            #expect(one == oracle.random1)
            #expect(three == oracle.random3)
        }
    }

    @Test("A case can start where the cases before have stopped", arguments: 0...66)
    func positions(split: Int) throws {
        let areas = Self.oracle.areas
        #expect(areas.count == 66)
        for oracle in Self.oracle.streams {
            let seed = try #require(UInt64(oracle.seed))
            let words = PythonPromptStreams.positions(
                after: Array(areas[..<split]), from: [:], kinds: Self.kinds, seed: seed)
            #expect(Set(words.keys) == ["random1", "random3"])
            var streams = PythonPromptStreams(kinds: Self.kinds, seed: seed, words: words)
            let rest = areas[split...]
            let one = rest.flatMap { streams.draw(.randomPoints(1), area: $0) }
            let three = rest.flatMap { streams.draw(.randomPoints(3), area: $0) }
            #expect(one == Array(oracle.random1[split...]))
            #expect(three == Array(oracle.random3[(3 * split)...]))
            // In two steps as in one.
            let half = PythonPromptStreams.positions(
                after: Array(areas[..<(split / 2)]), from: [:], kinds: Self.kinds, seed: seed)
            #expect(
                PythonPromptStreams.positions(
                    after: Array(areas[(split / 2)..<split]), from: half, kinds: Self.kinds,
                    seed: seed) == words)
        }
    }

    @Test("The points of a record are the pixels with Python's numbers, row by row")
    func records() {
        let slices = (1...5).map { LabelSlice(rows: 40, columns: 50, labels: 4, seed: $0) }
        let recipe = PromptRecipe(kinds: Self.kinds, randomness: .python)
        let drawer = PromptDrawer(recipe: recipe, caseSeed: 99)
        var streams = PythonPromptStreams(kinds: recipe.kinds, seed: 0)
        var one = MersenneTwister(pythonSeed: 0)
        var three = MersenneTwister(pythonSeed: 0)
        for slice in slices {
            let records = drawer.records(of: slice, streams: &streams)
            #expect(records.map(\.area) == drawer.regionAreas(of: slice))
            for record in records {
                let pixels = slice.pixels(of: record.label)
                func points(_ twister: inout MersenneTwister, _ count: Int) -> PromptRecord.Prompt {
                    .points(
                        (0..<count).map { _ in
                            let pixel = pixels[twister.randint(0, pixels.count - 1)]
                            return PointPrompt(x: Float(pixel.x), y: Float(pixel.y))
                        })
                }
                #expect(record.prompts[0] == points(&one, 1))
                #expect(record.prompts[2] == points(&three, 3))
            }
        }
    }

    @Test("Only random points have a Python stream")
    func streamed() {
        for kind in PromptKindTests.all {
            #expect(PythonPromptStreams.isStreamed(kind) == kind.description.hasPrefix("random"))
        }
    }
}
