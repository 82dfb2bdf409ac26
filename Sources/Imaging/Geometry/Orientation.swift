/// The direction in which an index grows, as one letter.
public enum AxisDirection: String, Hashable, Sendable, CaseIterable {
    /// To the patient's right.
    case right = "R"
    /// To the patient's left.
    case left = "L"
    /// To the front.
    case anterior = "A"
    /// To the back.
    case posterior = "P"
    /// To the head.
    case superior = "S"
    /// To the feet.
    case inferior = "I"

    /// The world axis: 0 left-right, 1 back-front, 2 feet-head.
    public var worldAxis: Int {
        switch self {
        case .right, .left: 0
        case .anterior, .posterior: 1
        case .superior, .inferior: 2
        }
    }

    /// Whether the index grows with the RAS+ world coordinate.
    public var isPositive: Bool { self == .right || self == .anterior || self == .superior }

    /// The direction along a world axis.
    ///
    /// - Parameters:
    ///   - worldAxis: 0 left-right, 1 back-front, 2 feet-head.
    ///   - isPositive: Whether the index grows with the RAS+ coordinate.
    public init(worldAxis: Int, isPositive: Bool) {
        switch worldAxis {
        case 0: self = isPositive ? .right : .left
        case 1: self = isPositive ? .anterior : .posterior
        default: self = isPositive ? .superior : .inferior
        }
    }
}

/// The order and directions of a volume's axes, as three letters: one of 48, for example `RAS` or `LPS`.
public struct Orientation: Hashable, Sendable, CustomStringConvertible {
    /// The direction in which i, j and k grow.
    public let axes: [AxisDirection]

    /// Right, anterior, superior: nibabel's canonical order.
    public static let ras = Orientation(unchecked: [.right, .anterior, .superior])
    /// Left, posterior, superior: the order of ITK and DICOM, and of a picture seen as radiologists do.
    public static let lps = Orientation(unchecked: [.left, .posterior, .superior])

    private init(unchecked axes: [AxisDirection]) { self.axes = axes }

    /// Makes an orientation from three directions; `nil` unless each world axis occurs once.
    ///
    /// - Parameter axes: Three directions, one for each world axis.
    public init?(axes: [AxisDirection]) {
        guard axes.count == 3, Set(axes.map(\.worldAxis)).count == 3 else { return nil }
        self.axes = axes
    }

    /// Makes an orientation from letters; `nil` for anything but one of the 48 orientations.
    ///
    /// - Parameter letters: Three letters such as `RAS`, in either case.
    public init?(letters: String) {
        let axes = letters.uppercased().compactMap { AxisDirection(rawValue: String($0)) }
        guard axes.count == letters.count else { return nil }
        self.init(axes: axes)
    }

    /// The 48 orientations, in alphabetical order.
    public static let all: [Orientation] = {
        var result: [Orientation] = []
        for a in AxisDirection.allCases {
            for b in AxisDirection.allCases {
                for c in AxisDirection.allCases {
                    if let found = Orientation(axes: [a, b, c]) { result.append(found) }
                }
            }
        }
        return result.sorted { $0.description < $1.description }
    }()

    /// The orientation closest to an affine, found as nibabel's `io_orientation` does.
    ///
    /// The columns are divided by their lengths, replaced by the closest orthogonal matrix (polar decomposition), and
    /// each index axis, strongest first, takes the world axis it is most aligned with.
    ///
    /// Alignments that differ by less than the rounding of a 32-bit header are ties: the earlier axis comes first, and
    /// takes the earlier world axis. nibabel lets the last bit decide there, so at exactly 45 degrees it may answer
    /// otherwise, and differently for an image and its label map.
    ///
    /// - Parameter affine: An invertible affine; check ``Affine/isInvertible`` first.
    /// - Source: `io_orientation` of nibabel 5.4.
    public init(closestTo affine: Affine) {
        // In steps of the tie tolerance, so that comparing is transitive.
        var matrix = Self.closestOrthogonal(to: affine).map { row in
            row.map { ($0 / Self.tie).rounded() }
        }
        func strength(_ column: Int) -> Double {
            (0..<3).map { abs(matrix[$0][column]) }.max() ?? 0
        }
        let strengths = (0..<3).map(strength)
        let order = (0..<3).sorted { a, b in
            strengths[a] != strengths[b] ? strengths[a] > strengths[b] : a < b
        }
        var axes = [AxisDirection](repeating: .right, count: 3)
        for column in order {
            var best = 0
            for row in 1..<3 where abs(matrix[row][column]) > abs(matrix[best][column]) {
                best = row
            }
            axes[column] = AxisDirection(worldAxis: best, isPositive: matrix[best][column] >= 0)
            for other in 0..<3 { matrix[best][other] = 0 }
        }
        self.axes = Orientation(axes: axes)?.axes ?? Orientation.ras.axes
    }

    /// The index axis that runs along a world axis.
    ///
    /// - Parameter worldAxis: 0 left-right, 1 back-front, 2 feet-head.
    /// - Returns: 0, 1 or 2.
    public func axis(alongWorld worldAxis: Int) -> Int {
        axes.firstIndex { $0.worldAxis == worldAxis } ?? worldAxis
    }

    /// The three letters.
    public var description: String { axes.map(\.rawValue).joined() }

    /// Entries of a rotation that are closer than this count as equal; 32-bit headers round at 6e-8.
    private static let tie = 1e-5

    /// Newton's iteration for the orthogonal polar factor: X ← (X + X⁻ᵀ) / 2.
    private static func closestOrthogonal(to affine: Affine) -> [[Double]] {
        let size = affine.spacing
        var x = (0..<3).map { r in
            (0..<3).map { c in size[c] > 0 ? affine[r, c] / size[c] : affine[r, c] }
        }
        for _ in 0..<64 {
            var flat = Affine.identity
            for r in 0..<3 { for c in 0..<3 { flat[r, c] = x[r][c] } }
            guard let inverse = flat.inverse else { return x }
            var change = 0.0
            for r in 0..<3 {
                for c in 0..<3 {
                    let next = (x[r][c] + inverse[c, r]) / 2
                    change = max(change, abs(next - x[r][c]))
                    x[r][c] = next
                }
            }
            if change < 1e-15 { break }
        }
        return x
    }
}
