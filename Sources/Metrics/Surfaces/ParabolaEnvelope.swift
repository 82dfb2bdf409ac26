/// The lower envelope of equal parabolas over a line of whole numbers (Felzenszwalb and Huttenlocher 2012), exact even
/// after rounding.
///
/// Parabolas whose piece is empty or almost so are kept, and a sample looks at all pieces that begin close to it: the
/// least of the rounded sums is then the one that trying all parabolas would find.
struct ParabolaEnvelope {
    /// In steps of the line: far more than rounding moves an intersection, far less than the distance of two samples.
    private static let slack = 1.0 / 64

    private let positions: UnsafeMutablePointer<Int>
    private let values: UnsafeMutablePointer<Double>
    private let starts: UnsafeMutablePointer<Double>
    private let inverses: UnsafeMutablePointer<Double>
    private let squares: UnsafePointer<Double>
    private var last = -1
    private var cursor = 0

    /// Makes an empty envelope.
    ///
    /// - Parameters:
    ///   - squares: The squares of 0, 1, 2, ... steps; not copied.
    ///   - count: How many squares there are, and the most parabolas that fit in.
    init(squares: UnsafePointer<Double>, count: Int) {
        self.squares = squares
        positions = .allocate(capacity: count)
        values = .allocate(capacity: count)
        starts = .allocate(capacity: count)
        inverses = .allocate(capacity: count)
        inverses[0] = 0
        for steps in 1..<max(1, count) { inverses[steps] = 0.5 / (squares[1] * Double(steps)) }
    }

    func deallocate() {
        positions.deallocate()
        values.deallocate()
        starts.deallocate()
        inverses.deallocate()
    }

    /// Removes all parabolas.
    @inline(__always)
    mutating func removeAll() {
        last = -1
        cursor = 0
    }

    /// Adds the parabola with its vertex at `position`, right of all others, and its least value `value`.
    @inline(__always)
    mutating func append(_ position: Int, _ value: Double) {
        var start = -Double.infinity
        while last >= 0 {
            start =
                (value - values[last]) * inverses[position - positions[last]]
                + Double(position + positions[last]) * 0.5
            if start >= starts[last] - Self.slack {
                start = max(start, starts[last])
                break
            }
            last -= 1
        }
        last += 1
        positions[last] = position
        values[last] = value
        starts[last] = last == 0 ? -.infinity : start
    }

    /// The least value at `position`; samples go to the right.
    @inline(__always)
    mutating func sample(_ position: Int) -> Double {
        let x = Double(position)
        while cursor < last && starts[cursor + 1] <= x - Self.slack { cursor += 1 }
        var best = values[cursor] + squares[abs(position - positions[cursor])]
        var next = cursor + 1
        while next <= last && starts[next] <= x + Self.slack {
            best = min(best, values[next] + squares[abs(position - positions[next])])
            next += 1
        }
        return best
    }
}
