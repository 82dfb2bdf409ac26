import Foundation
import MedicalImaging
import Testing

@Suite struct NumPyRandomStateTests {
    private struct Oracle: Decodable {
        struct Stream: Decodable {
            let seeds: [UInt32]
            let list: Bool
            let words: [UInt32]
            let doubles: [String]
            let afterThousandDoubles: UInt32
            let integers: [String]
            let bools: [Int]
            let bytes: [Int]
            let shorts: [Int]
            let ints: [Int]
            let uniform: [String]
            let permutation: [Int]
            let choice: [Int]
            let choiceOnce: [Int]
            let choiceWeights: [Int]
            let choiceWeightsOnce: [Int]
            let normal: [String]
            let mixed: [String]
            let mixedBounds: [String]

            var generator: NumPyRandomState {
                list ? NumPyRandomState(seeds: seeds) : NumPyRandomState(seed: seeds[0])
            }
        }
        let seeds: [Stream]
    }

    /// NumPy's answers, written by `Fixtures/augmentation/make_numpy_random.py`.
    private func oracle() throws -> [Oracle.Stream] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("Fixtures/augmentation/numpy_random.json")
        let streams = try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: file)).seeds
        try #require(streams.count == 11)
        return streams
    }

    private let weights = (1...10).map { Double($0) / 55 }

    @Test("The vectors of the design notes")
    func published() {
        var state = NumPyRandomState(seed: 0)
        #expect(
            (0..<3).map { _ in state.random() } == [
                0.5488135039273248, 0.7151893663724195, 0.6027633760716439,
            ])
        state = NumPyRandomState(seed: 1234)
        #expect((0..<10).map { _ in state.randint(0, 4) } == [3, 3, 2, 1, 0, 0, 0, 1, 3, 1])
        state = NumPyRandomState(seed: 1234)
        #expect(
            (0..<10).map { _ in state.randint(-20, 20) } == [-1, 18, -8, 4, -5, 3, 6, 10, 10, 6])
        state = NumPyRandomState(seed: 42)
        #expect(state.permutation(10) == [8, 1, 5, 0, 7, 2, 9, 4, 3, 6])
        state = NumPyRandomState(seed: 21)
        #expect(state.choice(10, count: 4, replacing: false) == [1, 2, 7, 3])
        state = NumPyRandomState(seed: 21)
        #expect(state.choice(weights: weights, count: 4, replacing: false) == [1, 5, 8, 3])
        state = NumPyRandomState(seed: 0)
        _ = state.random()
        #expect(state.uniform(-0.3, 0.3) == 0.1291136198234517)
    }

    @Test("Words and doubles are NumPy's, for numbers and for lists of numbers as seeds")
    func words() throws {
        for stream in try oracle() {
            var state = stream.generator
            #expect(stream.words.map { _ in state.next() } == stream.words, "\(stream.seeds)")
            state = stream.generator
            #expect(
                stream.doubles.map { _ in state.random() } == stream.doubles.compactMap(Double.init)
            )
            state = stream.generator
            #expect(
                stream.uniform.map { _ in state.uniform(-0.1, 0.1) }
                    == stream.uniform.compactMap(Double.init))
        }
    }

    @Test("Whole numbers are NumPy's for every width, also beyond 32 bits")
    func integers() throws {
        for stream in try oracle() {
            var state = stream.generator
            let found = stream.mixedBounds.map { state.randint(0, Int($0) ?? 0) }
            #expect(found == stream.integers.compactMap { Int($0) }, "\(stream.seeds)")
            state = stream.generator
            #expect(state.randint(0, 2, count: 40, width: .bool) == stream.bools)
            state = stream.generator
            #expect(state.randint(-5, 95, count: 12, width: .bits8) == stream.bytes)
            state = stream.generator
            #expect(state.randint(0, 1000, count: 12, width: .bits16) == stream.shorts)
            state = stream.generator
            #expect(state.randint(-20, 20, count: 12) == stream.ints)
        }
    }

    @Test("Orders and choices are NumPy's, with and without weights and replacement")
    func choices() throws {
        for stream in try oracle() {
            var state = stream.generator
            #expect(state.permutation(20) == stream.permutation, "\(stream.seeds)")
            state = stream.generator
            #expect(state.choice(10, count: 6, replacing: true) == stream.choice)
            state = stream.generator
            #expect(state.choice(10, count: 4, replacing: false) == stream.choiceOnce)
            state = stream.generator
            #expect(
                state.choice(weights: weights, count: 8, replacing: true) == stream.choiceWeights)
            state = stream.generator
            #expect(
                state.choice(weights: weights, count: 9, replacing: false)
                    == stream.choiceWeightsOnce)
        }
    }

    @Test("Normal numbers are NumPy's, and the kept second one outlives other draws")
    func normal() throws {
        for stream in try oracle() {
            var state = stream.generator
            #expect(
                stream.normal.map { _ in state.standardNormal() }
                    == stream.normal.compactMap(Double.init), "\(stream.seeds)")
            state = stream.generator
            #expect(state.standardNormal() == Double(stream.mixed[0]))
            #expect(state.randint(0, 7) == Int(stream.mixed[1]))
            #expect(state.standardNormal() == Double(stream.mixed[2]))
            #expect(state.standardNormal() == Double(stream.mixed[3]))
            #expect(state.randint(-20, 20) == Int(stream.mixed[4]))
            #expect(state.uniform(-0.1, 0.1) == Double(stream.mixed[5]))
        }
        var state = NumPyRandomState(seed: 5)
        var twin = NumPyRandomState(seed: 5)
        #expect(state.normal(3, 2) == 3 + 2 * twin.standardNormal())
    }

    @Test("Skipping lands where drawing does, within and across blocks of 624 words")
    func skip() throws {
        for stream in try oracle() {
            var state = stream.generator
            state.skip(2000)
            #expect(state.next() == stream.afterThousandDoubles)
        }
        for count in [0, 1, 623, 624, 625, 1248, 5000] {
            var drawn = NumPyRandomState(seed: 9)
            for _ in 0..<count { _ = drawn.next() }
            var skipped = NumPyRandomState(seed: 9)
            skipped.skip(count)
            #expect(skipped.wordCount == drawn.wordCount && skipped.wordCount == count)
            #expect(skipped.next() == drawn.next(), "\(count)")
        }
    }

    @Test("The word count includes rejected words and leads back to the same place")
    func wordCount() {
        var state = NumPyRandomState(seed: 1)
        for _ in 0..<100 { _ = state.randint(0, 40) }
        #expect(state.wordCount > 120 && state.wordCount < 220)
        _ = state.randint(3, 4)
        var twin = NumPyRandomState(seed: 1)
        twin.skip(state.wordCount)
        #expect(twin.random() == state.random())
    }
}
