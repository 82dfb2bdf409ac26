import Testing

@testable import MedicalImaging

@Suite struct RandomSourceTests {
    /// From `kat_vectors` of the Random123 library, the lines `philox4x32 10`.
    @Test(
        "Philox 4x32-10 gives the known answers of its authors",
        arguments: [
            (
                [0, 0, 0, 0], [0, 0],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
            ),
            (
                [UInt32](repeating: .max, count: 4), [.max, .max],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ])
    func knownAnswers(counter: [UInt32], key: [UInt32], answer: [UInt32]) {
        let words = RandomSource.philox(
            counter: (counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
        #expect([words.0, words.1, words.2, words.3] == answer)
    }

    @Test("The seed is the key, block and stream are the counter")
    func layout() {
        var source = RandomSource(
            seed: 0x299f_31d0_a409_3822, stream: (0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
        for block in UInt32(0)..<3 {
            let words = RandomSource.philox(
                counter: (block, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                key: (0xa409_3822, 0x299f_31d0))
            for word in [words.0, words.1, words.2, words.3] { #expect(source.next() == word) }
        }
        var zero = RandomSource(seed: 0)
        let first = (0..<4).map { _ in zero.next() }
        #expect(first == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    }

    @Test("Streams that differ in one number share nothing")
    func streams() {
        var seen: Set<[UInt32]> = []
        for seed: UInt64 in [0, 1, 1 << 32] {
            for a: UInt32 in 0..<3 {
                for b: UInt32 in 0..<3 {
                    for c: UInt32 in 0..<3 {
                        var source = RandomSource(seed: seed, stream: (a, b, c))
                        seen.insert((0..<4).map { _ in source.next() })
                    }
                }
            }
        }
        #expect(seen.count == 81)
    }

    @Test(
        "Numbers below a bound are uniform",
        arguments: [1, 2, 3, 5, 6, 7, 10, 64, 100, 1_000])
    func uniform(bound: Int) {
        var source = RandomSource(seed: 99, stream: (UInt32(bound), 0, 0))
        var counts = [Int](repeating: 0, count: bound)
        let draws = 400 * bound
        for _ in 0..<draws { counts[source.index(below: bound)] += 1 }
        let squares = counts.reduce(0.0) { $0 + (Double($1) - 400) * (Double($1) - 400) / 400 }
        // Chi square has mean bound - 1 and variance 2 (bound - 1); five deviations, the seed being fixed.
        let freedom = Double(bound - 1)
        #expect(squares <= freedom + 5 * (2 * freedom).squareRoot() + 1e-9)
        #expect(!counts.contains(0))
    }

    /// Of the 2³² words exactly `2³² mod bound` are refused; a bound just above 2³¹ shows a bias best.
    @Test("Large bounds are exact: rejection happens, and both ends of the range are reached")
    func largeBounds() {
        var source = RandomSource(seed: 3)
        let bound = 3 << 30
        var thirds = [0, 0, 0]
        for _ in 0..<30_000 { thirds[source.index(below: bound) >> 30] += 1 }
        // Without rejection the thirds would be uneven by a third; five deviations of a binomial are 410.
        for count in thirds { #expect(abs(count - 10_000) < 410) }
        var whole = RandomSource(seed: 4)
        var words = RandomSource(seed: 4)
        for _ in 0..<100 { #expect(whole.index(below: 1 << 32) == Int(words.next())) }
        var one = RandomSource(seed: 5)
        for _ in 0..<10 { #expect(one.index(below: 1) == 0) }
    }

    @Test("Every number below a bound follows Lemire's rule on the same words")
    func lemire() {
        for bound in [3, 1_000_003, 1 << 31, (1 << 31) + 1, (1 << 32) - 1] {
            var source = RandomSource(seed: 6, stream: (1, 2, 3))
            var words = RandomSource(seed: 6, stream: (1, 2, 3))
            for _ in 0..<200 {
                var product: UInt64
                repeat {
                    product = UInt64(words.next()) * UInt64(bound)
                } while product % (1 << 32) < (1 << 32) % UInt64(bound)
                #expect(source.index(below: bound) == Int(product >> 32))
            }
        }
    }

    @Test("Units lie in [0, 1) on a grid of 2^-53")
    func unit() {
        var source = RandomSource(seed: 8)
        var sum = 0.0
        for _ in 0..<10_000 {
            let value = source.unit()
            #expect(value >= 0 && value < 1)
            #expect(value * 0x1p53 == (value * 0x1p53).rounded())
            sum += value
        }
        // The mean of 10,000 has deviation 0.0029.
        #expect(abs(sum / 10_000 - 0.5) < 0.015)
    }
}
