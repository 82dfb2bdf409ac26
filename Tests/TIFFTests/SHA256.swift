/// SHA-256 as FIPS 180-4 writes it down; slow, and enough to compare samples with a table.
enum SHA256 {
    static func hex(_ bytes: UnsafeRawBufferPointer) -> String {
        let whole = bytes.count / 64 * 64
        var rest = Array(bytes[whole...]) + [0x80]
        while rest.count % 64 != 56 { rest.append(0) }
        let bits = UInt64(bytes.count) * 8
        rest += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
        var state = initial
        for part in [UnsafeRawBufferPointer(rebasing: bytes[..<whole]), nil] {
            rest.withUnsafeBytes { tail in
                state.withUnsafeMutableBufferPointer { state in
                    let bytes = part ?? tail
                    guard let start = bytes.baseAddress, let state = state.baseAddress else {
                        return
                    }
                    compress(state, start, bytes.count / 64)
                }
            }
        }
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Written for debug builds: pointers and while loops, no calls.
    private static func compress(
        _ state: UnsafeMutablePointer<UInt32>, _ start: UnsafeRawPointer, _ blocks: Int
    ) {
        let w = UnsafeMutablePointer<UInt32>.allocate(capacity: 64)
        let k = UnsafeMutablePointer<UInt32>.allocate(capacity: 64)
        defer {
            w.deallocate()
            k.deallocate()
        }
        for i in 0..<64 { k[i] = constants[i] }
        var block = start
        let end = start + blocks * 64
        while block < end {
            var i = 0
            while i < 16 {
                w[i] = block.loadUnaligned(fromByteOffset: i &* 4, as: UInt32.self).byteSwapped
                i = i &+ 1
            }
            while i < 64 {
                let x = w[i &- 15]
                let y = w[i &- 2]
                let p = (x &>> 7 | x &<< 25) ^ (x &>> 18 | x &<< 14) ^ x &>> 3
                let q = (y &>> 17 | y &<< 15) ^ (y &>> 19 | y &<< 13) ^ y &>> 10
                w[i] = w[i &- 16] &+ p &+ w[i &- 7] &+ q
                i = i &+ 1
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            i = 0
            while i < 64 {
                let p = (e &>> 6 | e &<< 26) ^ (e &>> 11 | e &<< 21) ^ (e &>> 25 | e &<< 7)
                let t = h &+ p &+ (e & f ^ ~e & g) &+ k[i] &+ w[i]
                let q = (a &>> 2 | a &<< 30) ^ (a &>> 13 | a &<< 19) ^ (a &>> 22 | a &<< 10)
                let u = q &+ (a & b ^ a & c ^ b & c)
                h = g
                g = f
                f = e
                e = d &+ t
                d = c
                c = b
                b = a
                a = t &+ u
                i = i &+ 1
            }
            state[0] = state[0] &+ a
            state[1] = state[1] &+ b
            state[2] = state[2] &+ c
            state[3] = state[3] &+ d
            state[4] = state[4] &+ e
            state[5] = state[5] &+ f
            state[6] = state[6] &+ g
            state[7] = state[7] &+ h
            block += 64
        }
    }

    private static let initial: [UInt32] = primes.prefix(8).map { fraction($0.squareRoot()) }
    private static let constants: [UInt32] = primes.map { prime in
        // The cube root by Newton's steps; a Double holds the 32 bits behind the point with room to spare.
        var root = prime / 3
        for _ in 0..<60 { root -= (root * root * root - prime) / (3 * root * root) }
        return fraction(root)
    }
    private static let primes: [Double] = {
        var found: [Int] = []
        var next = 2
        while found.count < 64 {
            if found.allSatisfy({ next % $0 != 0 }) { found.append(next) }
            next += 1
        }
        return found.map(Double.init)
    }()
    private static func fraction(_ value: Double) -> UInt32 {
        UInt32((value - value.rounded(.down)) * 4_294_967_296)
    }
}
