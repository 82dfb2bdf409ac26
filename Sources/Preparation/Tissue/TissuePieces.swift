/// Connected pieces (8 neighbours) of a picture of 0 and 1, found over runs of ones.
struct TissuePieces {
    /// Neighbouring ones of a row; the end is exclusive.
    struct Run {
        var y: Int32
        var start: Int32
        var end: Int32
    }

    private(set) var runs: [Run] = []
    private var parent: [Int32] = []
    /// The number of pieces.
    private(set) var count = 0

    /// Finds the pieces.
    ///
    /// - Complexity: Linear in the pixels; 16 bytes for each run.
    init(_ samples: UnsafeBufferPointer<UInt8>, width: Int, height: Int) {
        var before = 0..<0
        for y in 0..<height {
            let first = runs.count
            let base = y * width
            var other = before.lowerBound
            var x = 0
            while x < width {
                x = Self.end(of: 0, samples, base: base, from: x, width: width)
                guard x < width else { break }
                let end = Self.end(of: 1, samples, base: base, from: x + 1, width: width)
                let number = Int32(runs.count)
                runs.append(Run(y: Int32(y), start: Int32(x), end: Int32(end)))
                parent.append(number)
                count += 1
                // runs touch, corners included, when they overlap after growing by a pixel
                while other < before.upperBound, Int(runs[other].end) < x { other += 1 }
                var n = other
                while n < before.upperBound, Int(runs[n].start) <= end {
                    join(Int(number), n)
                    n += 1
                }
                x = end
            }
            before = first..<runs.count
        }
    }

    /// The first place of a row that does not hold a value, looked for eight pixels at a time.
    private static func end(
        of value: UInt8, _ samples: UnsafeBufferPointer<UInt8>, base: Int, from start: Int,
        width: Int
    ) -> Int {
        var x = start
        let bytes = UnsafeRawBufferPointer(samples)
        let same = UInt64(value) &* 0x0101_0101_0101_0101
        while x + 8 <= width {
            let word = bytes.loadUnaligned(fromByteOffset: base + x, as: UInt64.self) ^ same
            guard word == 0 else { return x + UInt64(littleEndian: word).trailingZeroBitCount / 8 }
            x += 8
        }
        while x < width, samples[base + x] == value { x += 1 }
        return x
    }

    private mutating func root(_ n: Int) -> Int {
        var n = n
        while Int(parent[n]) != n {
            parent[n] = parent[Int(parent[n])]
            n = Int(parent[n])
        }
        return n
    }

    private mutating func join(_ a: Int, _ b: Int) {
        let (p, q) = (root(a), root(b))
        guard p != q else { return }
        parent[max(p, q)] = Int32(min(p, q))
        count -= 1
    }

    /// The pieces that have no pixel in another picture of the same size, in order of their first pixel.
    mutating func missing(
        from samples: UnsafeBufferPointer<UInt8>, width: Int
    ) -> [TissueMask.Piece] {
        var pieces: [Int: TissueMask.Piece] = [:]
        var kept = Set<Int>()
        for n in runs.indices {
            let piece = root(n)
            guard !kept.contains(piece) else { continue }
            let run = runs[n]
            let base = Int(run.y) * width
            if (Int(run.start)..<Int(run.end)).contains(where: { samples[base + $0] != 0 }) {
                kept.insert(piece)
                pieces[piece] = nil
                continue
            }
            let (x0, x1, y) = (Int(run.start), Int(run.end) - 1, Int(run.y))
            if var known = pieces[piece] {
                known.area += x1 - x0 + 1
                known.x0 = min(known.x0, x0)
                known.x1 = max(known.x1, x1)
                known.y1 = y
                pieces[piece] = known
            } else {
                pieces[piece] = TissueMask.Piece(area: x1 - x0 + 1, x0: x0, y0: y, x1: x1, y1: y)
            }
        }
        return pieces.sorted { $0.key < $1.key }.map(\.value)
    }
}
