/// Three extended boxes, one after the other: close to a Gaussian, with exactly its variance.
///
/// An extended box has `2 radius + 1` weights of one and a smaller one at either end.
struct ElasticBox {
    private let radius: Int
    private let end: Float
    private let norm: Float
    private static let passes = 3

    typealias Lanes = ElasticField.Lanes

    /// The boxes for a standard deviation.
    init(smoothness: Double) {
        let variance = smoothness * smoothness / Double(Self.passes)
        let r = (0.5 * (12 * variance + 1).squareRoot() - 0.5).rounded(.down)
        let weight =
            (2 * r + 1) * (r * (r + 1) - 3 * variance) / (6 * (variance - (r + 1) * (r + 1)))
        radius = Int(r)
        end = Float(weight)
        norm = Float(1 / (2 * r + 1 + 2 * weight))
    }

    /// Smooths sixteen lines that repeat at their ends.
    ///
    /// - Parameters:
    ///   - lines: The lines, one per lane; replaced.
    ///   - spare: As many values, overwritten.
    func smooth(
        _ lines: UnsafeMutableBufferPointer<Lanes>, spare: UnsafeMutableBufferPointer<Lanes>
    ) {
        pass(from: lines, to: spare)
        pass(from: spare, to: lines)
        pass(from: lines, to: spare)
        lines.baseAddress.map { target in
            spare.baseAddress.map { target.update(from: $0, count: lines.count) }
        }
    }

    private func pass(
        from source: UnsafeMutableBufferPointer<Lanes>, to target: UnsafeMutableBufferPointer<Lanes>
    ) {
        let count = source.count
        func wrapped(_ index: Int) -> Int {
            let rest = index % count
            return rest < 0 ? rest + count : rest
        }
        var sum = Lanes()
        for index in -radius...radius { sum += source[wrapped(index)] }
        var before = wrapped(-radius - 1)
        var after = wrapped(radius + 1)
        for index in 0..<count {
            target[index] = (sum + end * (source[before] + source[after])) * norm
            before = before + 1 == count ? 0 : before + 1
            sum += source[after] - source[before]
            after = after + 1 == count ? 0 : after + 1
        }
    }
}
