import MedicalImaging
import Testing

@Suite struct MersenneTwisterTests {
    @Test("The first output for the authors' key array is theirs")
    func reference() {
        // mt19937ar.out, seeded with init_by_array {0x123, 0x234, 0x345, 0x456}
        var twister = MersenneTwister(key: [0x123, 0x234, 0x345, 0x456])
        let words = (0..<5).map { _ in twister.next() }
        #expect(words == [1_067_595_299, 955_945_823, 477_289_528, 4_107_218_783, 4_228_976_476])
    }

    @Test("Python's published vectors")
    func published() {
        var twister = MersenneTwister(pythonSeed: 0)
        #expect(
            (0..<10).map { _ in twister.randint(0, 99) } == [49, 97, 53, 5, 33, 65, 62, 51, 38, 61])
        twister = MersenneTwister(pythonSeed: 0)
        #expect((0..<6).map { _ in twister.randint(0, 1023) } == [788, 861, 82, 530, 995, 829])
        twister = MersenneTwister(pythonSeed: 0)
        #expect(
            (0..<3).map { _ in twister.random() } == [
                0.8444218515250481, 0.7579544029403025, 0.420571580830845,
            ])
        twister = MersenneTwister(pythonSeed: 1234)
        #expect(
            (0..<3).map { _ in twister.random() } == [
                0.9664535356921388, 0.4407325991753527, 0.007491470058587191,
            ])
    }

    private struct Oracle: Decodable {
        struct Stream: Decodable {
            let seed: String
            let words: [UInt32]
            let doubles: [String]
            let integers: [Int]
            let afterSkip: UInt32
        }
        let bounds: [Int]
        let streams: [Stream]
    }

    @Test("Seeds of up to 64 bits give CPython's words, doubles and integers")
    func python() throws {
        let oracle: Oracle = ImagingFixtures.decode("python_random.json")
        #expect(oracle.streams.count == 11)
        for stream in oracle.streams {
            let seed = try #require(UInt64(stream.seed))
            var twister = MersenneTwister(pythonSeed: seed)
            #expect(stream.words.map { _ in twister.next() } == stream.words, "seed \(seed)")
            twister = MersenneTwister(pythonSeed: seed)
            #expect(
                stream.doubles.map { _ in twister.random() }
                    == stream.doubles.compactMap(Double.init),
                "seed \(seed)")
            twister = MersenneTwister(pythonSeed: seed)
            #expect(
                oracle.bounds.map { twister.randint(0, $0) } == stream.integers, "seed \(seed)")
            twister = MersenneTwister(pythonSeed: seed)
            twister.skip(2000)
            #expect(twister.next() == stream.afterSkip, "seed \(seed)")
        }
    }

    @Test("randint keeps to its range and shifts with its lower end")
    func ranges() {
        var a = MersenneTwister(pythonSeed: 7)
        var b = MersenneTwister(pythonSeed: 7)
        for _ in 0..<500 {
            let value = a.randint(-20, 19)
            #expect((-20...19).contains(value))
            #expect(b.randint(0, 39) - 20 == value)
        }
        #expect(a.randint(5, 5) == 5)
    }
}
