import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Positions as sines and cosines of random frequencies.
///
/// A position (x, y) in 0...1 becomes `c = 2 (x, y) - 1`, `f = 2 pi c G` with the stored 2 x C/2 matrix G, and its code is the sines of
/// f followed by the cosines. Angles are computed in Double: in Float they would be wrong by 1e-6.
///
/// - Source: Tancik et al., "Fourier Features Let Networks Learn High Frequency Functions", NeurIPS 2020, as in SAM.
public struct PositionEmbeddingRandom: Sendable {
    /// Length C of a code.
    public let width: Int
    private let frequencies: [Double]

    /// Takes `positional_encoding_gaussian_matrix`.
    ///
    /// - Parameters:
    ///   - weights: Where the matrix comes from.
    ///   - name: The prefix of its name, such as `prompt_encoder.pe_layer`.
    ///   - width: Length C of a code, even.
    public init(_ weights: WeightReader, _ name: String, width: Int) {
        self.width = width
        let matrix = weights.take(name + ".positional_encoding_gaussian_matrix", [2, width / 2])
        frequencies = matrix.values.map { Double($0) }
    }

    /// The code of one position.
    ///
    /// - Parameters:
    ///   - x: Column over the width of the picture, 0 to 1.
    ///   - y: Line over the height of the picture, 0 to 1.
    /// - Returns: C values.
    public func code(x: Double, y: Double) -> [Float] {
        let half = width / 2
        var code = [Float](repeating: 0, count: width)
        for index in 0..<half {
            let angle = angle(x, index) + angle(y, half + index)
            code[index] = Float(sin(angle))
            code[half + index] = Float(cos(angle))
        }
        return code
    }

    /// The codes of the cell centres of a square grid.
    ///
    /// - Complexity: O(g C) sines; the rest follows by their addition theorem.
    /// - Parameter side: Cells along a side, g.
    /// - Returns: One row for each cell, g² x C, line by line.
    public func grid(side: Int) -> Tensor {
        let half = width / 2
        let columns = circles(side: side, matrixRow: 0)
        let lines = circles(side: side, matrixRow: 1)
        var tensor = Tensor(uninitialized: [side * side, width])
        tensor.withMutableValues { codes in
            for y in 0..<side {
                for x in 0..<side {
                    let row = (y * side + x) * width
                    for index in 0..<half {
                        let a = columns[x * half + index]
                        let b = lines[y * half + index]
                        codes[row + index] = Float(a.sine * b.cosine + a.cosine * b.sine)
                        codes[row + half + index] = Float(a.cosine * b.cosine - a.sine * b.sine)
                    }
                }
            }
        }
        return tensor
    }

    private func angle(_ position: Double, _ index: Int) -> Double {
        2 * Double.pi * (2 * position - 1) * frequencies[index]
    }

    private func circles(side: Int, matrixRow: Int) -> [(sine: Double, cosine: Double)] {
        let half = width / 2
        return (0..<side * half).map {
            let angle = angle(
                (Double($0 / half) + 0.5) / Double(side), matrixRow * half + $0 % half)
            return (sin(angle), cos(angle))
        }
    }
}
