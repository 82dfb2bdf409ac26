/// Normal random numbers for the pixels of a plane: a pure function of seed, plane and position.
///
/// Four neighbouring pixels share one block of Philox 4x32-10, whose counter is (block, plane, 0,
/// "NOIS") and whose key is the seed: the words of `RandomSource(seed:stream:)` with the stream
/// (plane, 0, "NOIS"). Every 32-bit word stands for the probability `(word + 0.5) / 2^32`, which
/// ``InverseNormal`` turns into a number; the greatest is 6.34, one in 2³².
struct NoiseField {
    /// Pixels worked on at a time: a multiple of four, small enough for the first cache.
    static let chunk = 512

    private let key: (UInt32, UInt32)
    // distances of the probabilities from one half, and which of them belong to tails
    private var distances = [Double](repeating: 0, count: chunk)
    private var tails = [Int32](repeating: 0, count: chunk)
    private var packed = [Double](repeating: 0, count: chunk)

    /// Makes the field of a seed.
    init(seed: UInt64) {
        key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    /// Adds noise to the pixels of a plane: `value + amount * number`, rounded once.
    mutating func add(
        to plane: UnsafeMutableBufferPointer<Float>, number: Int, amount: Double,
        clip: ClosedRange<Float>?
    ) {
        guard let first = plane.baseAddress else { return }
        let low = clip?.lowerBound ?? -.infinity
        let high = clip?.upperBound ?? .infinity
        for start in stride(from: 0, to: plane.count, by: Self.chunk) {
            let count = min(Self.chunk, plane.count - start)
            fill(from: start, plane: number)
            let values = first + start
            distances.withUnsafeBufferPointer { noise in
                for index in 0..<count {
                    values[index] = ExactMath.limited(
                        Float(Double(values[index]) + amount * noise[index]), low, high)
                }
            }
        }
    }

    /// The numbers of a chunk.
    func numbers(from start: Int, plane: Int) -> [Double] {
        var copy = self
        copy.fill(from: start, plane: plane)
        return copy.distances
    }

    private mutating func fill(from start: Int, plane: Int) {
        let key = key
        let plane = UInt32(truncatingIfNeeded: plane)
        let block = UInt32(truncatingIfNeeded: start / 4)
        distances.withUnsafeMutableBufferPointer { distances in
            for index in 0..<UInt32(Self.chunk / 4) {
                let words = Self.philox(block &+ index, plane, key)
                let at = Int(index) * 4
                distances[at] = Self.distance(words.0)
                distances[at + 1] = Self.distance(words.1)
                distances[at + 2] = Self.distance(words.2)
                distances[at + 3] = Self.distance(words.3)
            }
        }
        findNumbers()
    }

    // The centre for all, in one loop without branches; then the tails, one number in seven, side
    // by side.
    private mutating func findNumbers() {
        distances.withUnsafeMutableBufferPointer { distances in
            tails.withUnsafeMutableBufferPointer { tails in
                packed.withUnsafeMutableBufferPointer { packed in
                    var count = 0
                    for index in 0..<Self.chunk {
                        let distance = distances[index]
                        tails[count] = Int32(truncatingIfNeeded: index)
                        packed[count] = distance
                        count &+= distance.magnitude > InverseNormal.centre ? 1 : 0
                    }
                    for index in 0..<Self.chunk {
                        distances[index] = InverseNormal.central(distances[index])
                    }
                    for index in 0..<count { packed[index] = InverseNormal.tail(packed[index]) }
                    for index in 0..<count { distances[Int(tails[index])] = packed[index] }
                }
            }
        }
    }

    @inline(__always)
    private static func distance(_ word: UInt32) -> Double {
        (Double(Int32(bitPattern: word ^ 0x8000_0000)) + 0.5) * 0x1p-32
    }

    @inline(__always)
    private static func philox(
        _ block: UInt32, _ plane: UInt32, _ key: (UInt32, UInt32)
    ) -> (UInt32, UInt32, UInt32, UInt32) {
        var (c0, c1, c2, c3) = (block, plane, UInt32(0), UInt32(0x4E4F_4953))
        var (k0, k1) = key
        for _ in 0..<10 {
            let a = UInt64(0xD251_1F53) &* UInt64(c0)
            let b = UInt64(0xCD9E_8D57) &* UInt64(c2)
            c0 = UInt32(truncatingIfNeeded: b &>> 32) ^ c1 ^ k0
            c1 = UInt32(truncatingIfNeeded: b)
            c2 = UInt32(truncatingIfNeeded: a &>> 32) ^ c3 ^ k1
            c3 = UInt32(truncatingIfNeeded: a)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }
}
