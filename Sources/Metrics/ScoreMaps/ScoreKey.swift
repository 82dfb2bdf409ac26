/// Scores as integers that sort the other way round: the highest score has the lowest key.
///
/// The bits of an IEEE 754 number, read as an integer, grow with its size; turning them over above zero makes one
/// descending order of all finite numbers. Zero and minus zero have one key.
enum ScoreKey {
    /// Keys below are those of infinity and of numbers that are none.
    static let lowest: UInt32 = 0x0080_0000
    /// Keys from here on are those of minus infinity and of numbers that are none.
    static let end: UInt32 = 0xff80_0000
    /// The first key of a score below zero.
    static let firstNegative: UInt32 = 0x8000_0000

    /// The key of a score.
    @inline(__always)
    static func key(of score: Float) -> UInt32 {
        let bits = bits(of: score)
        let isNegative = UInt32(bitPattern: Int32(bitPattern: bits) >> 31)
        return bits ^ (0x7fff_ffff & ~isNegative)
    }

    /// The bits of a score, those of zero for minus zero.
    @inline(__always)
    static func bits(of score: Float) -> UInt32 { (score + 0).bitPattern }

    /// The score of a key.
    @inline(__always)
    static func score(of key: UInt32) -> Float {
        Float(bitPattern: key < firstNegative ? 0x7fff_ffff ^ key : key)
    }

    /// The error of the first score that is no finite number.
    static func invalidScore(
        _ scores: UnsafeBufferPointer<Float>, what: String
    ) -> MetricError {
        let index = scores.firstIndex { !$0.isFinite } ?? 0
        return .invalidScore(what: what, index: index, found: "\(scores[index])")
    }
}
