#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Logits of classes at pixels, with the class every pixel truly has; shared by the losses over classes.
///
/// - Shapes: logits `[N, C, S...]`, labels `N S...` in the same order; S... may be empty (one label per picture).
struct ClassPixels: Sendable {
    /// Pixels of a piece of work.
    static let piece = 2048

    let pictures: Int
    let classes: Int
    let plane: Int
    let labels: [Int32]
    /// A label that does not count; `nil` when all do.
    let ignored: Int32?

    init(_ shape: [Int], _ labels: [Int32], ignoring ignored: Int32? = nil) {
        precondition(
            shape.count >= 2 && shape[1] > 0, "[N, C, ...] was expected, not shape \(shape)")
        (pictures, classes) = (shape[0], shape[1])
        plane = shape[2...].reduce(1, *)
        precondition(
            labels.count == pictures * plane,
            "\(labels.count) labels for \(pictures * plane) pixels")
        let classes = Int32(clamping: shape[1])
        precondition(
            labels.allSatisfy { ($0 >= 0 && $0 < classes) || $0 == ignored },
            "a label outside 0..<\(classes)")
        (self.labels, self.ignored) = (labels, ignored)
    }

    /// Pixels that count.
    var counted: Int {
        guard let ignored else { return labels.count }
        return labels.reduce(0) { $0 + ($1 == ignored ? 0 : 1) }
    }

    private var piecesOfPlane: Int { (plane + Self.piece - 1) / Self.piece }
    var pieces: Int { pictures * piecesOfPlane }

    /// A piece of the pixels of one picture.
    struct Piece {
        /// The first pixel in class 0.
        let origin: Int
        /// The first pixel among the labels.
        let label: Int
        let count: Int
    }

    subscript(index: Int) -> Piece {
        let (picture, part) = index.quotientAndRemainder(dividingBy: max(1, piecesOfPlane))
        let start = part * Self.piece
        return Piece(
            origin: picture * classes * plane + start, label: picture * plane + start,
            count: min(Self.piece, plane - start))
    }

    /// The softmax over classes of a piece.
    ///
    /// - Parameters:
    ///   - x: All logits.
    ///   - piece: The piece.
    ///   - p: The probabilities, `[C, count]`.
    ///   - logSum: The logarithm of the sum of exponentials of every pixel, `[count]`.
    func softmax(
        _ x: Source, _ piece: Piece, into p: UnsafeMutablePointer<Float>,
        logSum: UnsafeMutablePointer<Float>
    ) {
        let count = piece.count
        withScratch(2 * count) { top in
            let total = top + count
            top.update(from: x + piece.origin, count: count)
            for c in 1..<max(classes, 1) {
                let line = x + (piece.origin + c * plane)
                for i in 0..<count { top[i] = line[i] > top[i] ? line[i] : top[i] }
            }
            total.update(repeating: 0, count: count)
            for c in 0..<classes {
                let (line, p) = (x + (piece.origin + c * plane), p + c * count)
                for i in 0..<count { p[i] = line[i] - top[i] }
                Kernels.exp(p, into: p, count: count)
                for i in 0..<count { total[i] += p[i] }
            }
            for i in 0..<count { logSum[i] = top[i] + logf(total[i]) }
            for c in 0..<classes {
                let p = p + c * count
                for i in 0..<count { p[i] /= total[i] }
            }
        }
    }
}
