import MedicalImaging

/// The streams of Python's `random` that the term project's point prompts come from.
///
/// Each kind of prompt had its own run of the script, so each has its own stream. The position of a stream is counted in
/// 32-bit words, so that a case can be prepared without the cases before it once their positions are known.
public struct PythonPromptStreams: Sendable {
    private var streams: [PromptKind: MersenneTwister] = [:]

    /// Makes the streams of a recipe.
    ///
    /// - Parameters:
    ///   - kinds: The kinds of the recipe; those that draw no points from a region have no stream.
    ///   - seed: The seed given to `random.seed`.
    ///   - words: For each kind, by name, how many 32-bit words the cases before have used.
    public init(kinds: [PromptKind], seed: UInt64, words: [String: Int] = [:]) {
        for kind in kinds where Self.isStreamed(kind) {
            var twister = MersenneTwister(pythonSeed: seed)
            twister.skip(words[kind.description] ?? 0)
            streams[kind] = twister
        }
    }

    /// Whether a kind can be drawn from a Python stream: `randomN` only.
    ///
    /// - Parameter kind: A kind of prompt.
    /// - Returns: `true` for `randomN`.
    public static func isStreamed(_ kind: PromptKind) -> Bool {
        if case .randomPoints = kind { true } else { false }
    }

    /// How many words each stream uses for a list of regions.
    ///
    /// - Parameters:
    ///   - areas: The areas of the regions, in order.
    ///   - words: The positions to start from, by name of the kind.
    ///   - kinds: The kinds of the recipe.
    ///   - seed: The seed given to `random.seed`.
    /// - Returns: The positions after the last region, by name of the kind; those given when there are no regions.
    /// - Complexity: O(words before and after), about 1 ns each: streams are skipped from their start.
    public static func positions(
        after areas: [Int], from words: [String: Int], kinds: [PromptKind], seed: UInt64
    ) -> [String: Int] {
        var result: [String: Int] = [:]
        for kind in kinds where isStreamed(kind) {
            var twister = MersenneTwister(pythonSeed: seed)
            let start = words[kind.description] ?? 0
            twister.skip(start)
            var used = start
            for area in areas {
                for _ in 0..<kind.pointCount { used += twister.wordsOfRandint(below: area) }
            }
            result[kind.description] = used
        }
        return result
    }

    /// The row-by-row pixel numbers of one region's points.
    mutating func draw(_ kind: PromptKind, area: Int) -> [Int] {
        guard var twister = streams[kind] else { return [] }
        let numbers = (0..<kind.pointCount).map { _ in twister.randint(0, area - 1) }
        streams[kind] = twister
        return numbers
    }
}

extension MersenneTwister {
    /// Draws as `randint(0, bound - 1)` does and counts the words it takes.
    fileprivate mutating func wordsOfRandint(below bound: Int) -> Int {
        let shift = UInt32(32 - (Int.bitWidth - bound.leadingZeroBitCount))
        var words = 0
        repeat { words += 1 } while Int(next() >> shift) >= bound
        return words
    }
}
