import Foundation
import Tensors

/// Numbers from -1 to 1 by a fixed rule.
struct TestValues {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int(state >> 40) - (1 << 23)) / Float(1 << 23)
    }

    mutating func tensor(_ shape: [Int], scale: Float = 1) -> Tensor {
        Tensor((0..<Tensor.count(shape)).map { _ in next() * scale }, shape: shape)
    }
}

/// A shape and numbers in Double: the slow, obvious twins of the operations work on these.
struct Plain {
    var shape: [Int]
    var values: [Double]

    init(_ shape: [Int], _ values: [Double]) {
        precondition(values.count == shape.reduce(1, *))
        (self.shape, self.values) = (shape, values)
    }

    init(_ tensor: Tensor) { self.init(tensor.shape, tensor.values.map(Double.init)) }

    init(_ shape: [Int], at value: ([Int]) -> Double) {
        self.shape = shape
        values = (0..<shape.reduce(1, *)).map { flat in
            var (rest, index) = (flat, [Int](repeating: 0, count: shape.count))
            for axis in shape.indices.reversed() {
                index[axis] = rest % shape[axis]
                rest /= shape[axis]
            }
            return value(index)
        }
    }

    subscript(index: Int...) -> Double { self[index] }

    subscript(index: [Int]) -> Double {
        values[zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }]
    }

    func map(_ body: (Double) -> Double) -> Plain { Plain(shape, values.map(body)) }

    static func + (a: Plain, b: Plain) -> Plain { Plain(a.shape, zip(a.values, b.values).map(+)) }

    func reshaped(_ shape: [Int]) -> Plain { Plain(shape, values) }
}

/// The operations as their formulas say, in Double, one output at a time.
enum Twin {
    static func linear(_ x: Plain, _ weight: Plain, _ bias: Plain?) -> Plain {
        let (o, i) = (weight.shape[0], weight.shape[1])
        let rows = x.values.count / i
        return Plain([rows, o]) { at in
            (0..<i).reduce(bias?[at[1]] ?? 0) { $0 + x.values[at[0] * i + $1] * weight[at[1], $1] }
        }.reshaped(x.shape.dropLast() + [o])
    }

    static func layerNorm(_ x: Plain, _ weight: Plain, _ bias: Plain, _ epsilon: Double) -> Plain {
        let c = weight.shape[0]
        return Plain([x.values.count / c, c]) { at in
            let row = x.values[at[0] * c..<(at[0] + 1) * c]
            let mean = row.reduce(0, +) / Double(c)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(c)
            return (x.values[at[0] * c + at[1]] - mean) / (variance + epsilon).squareRoot()
                * weight[at[1]] + bias[at[1]]
        }.reshaped(x.shape)
    }

    static func permuted(_ x: Plain, _ order: [Int]) -> Plain {
        Plain(order.map { x.shape[$0] }) { at in
            var from = at
            for (axis, source) in order.enumerated() { from[source] = at[axis] }
            return x[from]
        }
    }

    static func gelu(_ x: Plain) -> Plain { x.map { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) } }

    static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

    static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// Attention over a grid; the tables have `2 size - 1` rows.
    static func attention(
        _ q: Plain, _ k: Plain, _ v: Plain, _ tableH: Plain, _ tableW: Plain, _ h: Int, _ w: Int,
        _ scale: Double
    ) -> Plain {
        let (b, n, d) = (q.shape[0], q.shape[1], q.shape[2])
        return Plain([b, n, d]) { at in
            let (head, row) = (at[0], at[1])
            let scores = (0..<n).map { key in
                (0..<d).reduce(0.0) { sum, c in
                    let own = q[head, row, c]
                    return sum + own * k[head, key, c] * scale
                        + own * tableH[row / w - key / w + h - 1, c]
                        + own * tableW[row % w - key % w + w - 1, c]
                }
            }
            let top = scores.max() ?? 0
            let weights = scores.map { exp($0 - top) }
            let total = weights.reduce(0, +)
            return (0..<n).reduce(0) { $0 + weights[$1] / total * v[head, $1, at[2]] }
        }
    }

    static func convolution(
        _ x: Plain, _ weight: Plain, _ bias: Plain?, _ s: Convolution2D.Settings
    ) -> Plain {
        let (h, w) = (x.shape[2], x.shape[3])
        let (o, c, kh, kw) = (
            weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]
        )
        func size(_ extent: Int, _ k: Int) -> Int {
            (extent + 2 * s.padding - s.dilation * (k - 1) - 1) / s.stride + 1
        }
        return Plain([x.shape[0], o, size(h, kh), size(w, kw)]) { at in
            var sum = bias?[at[1]] ?? 0
            for i in 0..<c {
                for ky in 0..<kh {
                    for kx in 0..<kw {
                        let y = at[2] * s.stride - s.padding + ky * s.dilation
                        let x1 = at[3] * s.stride - s.padding + kx * s.dilation
                        guard y >= 0, y < h, x1 >= 0, x1 < w else { continue }
                        let channel = at[1] / (o / s.groups) * c + i
                        sum += x[at[0], channel, y, x1] * weight[at[1], i, ky, kx]
                    }
                }
            }
            return sum
        }
    }

    static func transposedConvolution(
        _ x: Plain, _ weight: Plain, _ bias: Plain, _ s: TransposedConvolution2D.Settings
    ) -> Plain {
        let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let (o, kh, kw) = (weight.shape[1], weight.shape[2], weight.shape[3])
        let (height, width) = (
            (h - 1) * s.stride - 2 * s.padding + kh + s.outputPadding,
            (w - 1) * s.stride - 2 * s.padding + kw + s.outputPadding
        )
        return Plain([n, o, height, width]) { at in
            var sum = bias[at[1]]
            for i in 0..<c {
                for y in 0..<h {
                    for x1 in 0..<w {
                        let ky = at[2] + s.padding - y * s.stride
                        let kx = at[3] + s.padding - x1 * s.stride
                        guard ky >= 0, ky < kh, kx >= 0, kx < kw else { continue }
                        sum += x[at[0], i, y, x1] * weight[i, at[1], ky, kx]
                    }
                }
            }
            return sum
        }
    }

    /// With the statistics of the batch.
    static func batchNorm(_ x: Plain, _ weight: Plain, _ bias: Plain, _ epsilon: Double) -> Plain {
        let turned = permuted(x, [1, 0, 2, 3])
        let c = x.shape[1]
        let (count, ones) = (x.values.count / c, [Double](repeating: 1, count: x.values.count / c))
        let normal = layerNorm(
            turned.reshaped([c, count]), Plain([count], ones), Plain([count], ones.map { _ in 0 }),
            epsilon)
        let back = permuted(normal.reshaped(turned.shape), [1, 0, 2, 3])
        return Plain(x.shape) { back[$0] * weight[$0[1]] + bias[$0[1]] }
    }

    static func layerNorm2D(_ x: Plain, _ weight: Plain, _ bias: Plain, _ epsilon: Double) -> Plain
    {
        permuted(
            layerNorm(permuted(x, [0, 2, 3, 1]), weight, bias, epsilon), [0, 3, 1, 2])
    }

    /// Pixel centres, border repeated.
    static func bilinear(_ x: Plain, _ height: Int, _ width: Int) -> Plain {
        let (h, w) = (x.shape[2], x.shape[3])
        func place(_ i: Int, _ from: Int, _ to: Int) -> (Int, Int, Double) {
            let at = max(0, (Double(i) + 0.5) * Double(from) / Double(to) - 0.5)
            let low = min(Int(at), from - 1)
            return (low, min(low + 1, from - 1), at - Double(low))
        }
        return Plain([x.shape[0], x.shape[1], height, width]) { at in
            let (y0, y1, fy) = place(at[2], h, height)
            let (x0, x1, fx) = place(at[3], w, width)
            let (n, c) = (at[0], at[1])
            return (1 - fy) * ((1 - fx) * x[n, c, y0, x0] + fx * x[n, c, y0, x1])
                + fy * ((1 - fx) * x[n, c, y1, x0] + fx * x[n, c, y1, x1])
        }
    }

    /// Probabilities over axis 1 of `[N, C, H, W]`.
    static func classProbabilities(_ x: Plain) -> Plain {
        let powers = x.map(exp)
        return Plain(x.shape) { at in
            powers[at]
                / (0..<x.shape[1]).reduce(0) { $0 + powers[at[0], $1, at[2], at[3]] }
        }
    }

    static func crossEntropy(_ x: Plain, _ labels: [Int32]) -> Double {
        let p = permuted(classProbabilities(x), [0, 2, 3, 1])
        let c = x.shape[1]
        return labels.enumerated().reduce(0) { $0 - log(p.values[$1.offset * c + Int($1.element)]) }
            / Double(labels.count)
    }

    static func softmaxDice(_ x: Plain, _ labels: [Int32], _ smoothing: Double) -> Double {
        let p = permuted(classProbabilities(x), [0, 2, 3, 1])
        let classes = x.shape[1]
        return (0..<classes).reduce(0) { total, c in
            var (both, squares) = (0.0, 0.0)
            for (pixel, label) in labels.enumerated() {
                let (own, truth) = (p.values[pixel * classes + c], Int(label) == c ? 1.0 : 0.0)
                both += own * truth
                squares += own * own + truth
            }
            return total + 1 - (2 * both + smoothing) / (squares + smoothing)
        } / Double(classes)
    }
}

/// Gradients by central differences in Double.
func centralDifferences(
    at points: [Plain], step: Double = 1e-5, _ loss: ([Plain]) -> Double
) -> [[Double]] {
    points.indices.map { which in
        points[which].values.indices.map { index in
            var moved = points
            moved[which].values[index] += step
            let above = loss(moved)
            moved[which].values[index] -= 2 * step
            return (above - loss(moved)) / (2 * step)
        }
    }
}
