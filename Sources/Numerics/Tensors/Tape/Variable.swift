/// A tensor in a computation and, when a tape records it, the place where its gradient is collected.
///
/// Operations take variables and give variables. One that nobody asks a gradient of (a picture, a frozen parameter) has no
/// such place, and operations on such variables alone record nothing.
public struct Variable {
    /// The value.
    public let value: Tensor
    let node: Node?

    /// Makes a variable without a gradient.
    ///
    /// - Parameter value: The value.
    public init(_ value: Tensor) { self.init(value, node: nil) }

    init(_ value: Tensor, node: Node?) {
        self.value = value
        self.node = node
    }

    /// Whether a gradient is collected for it.
    public var isRecorded: Bool { node != nil }

    /// The dimensions of the value, outermost first.
    public var shape: [Int] { value.shape }

    /// The same value without a gradient: what is computed from it sends nothing back.
    public var detached: Variable { Variable(value) }
}

/// The place where the gradient of one variable is collected.
final class Node {
    /// The sum of what arrived so far; `nil` before the first contribution.
    private(set) var gradient: Tensor?
    let shape: [Int]

    init(shape: [Int]) { self.shape = shape }

    /// Adds a contribution.
    ///
    /// The order of additions is the order in which the tape unwinds, so the sum is always the same.
    func add(_ contribution: Tensor) {
        precondition(
            contribution.count == Tensor.count(shape),
            "a gradient \(contribution.shape) for a value \(shape)")
        guard var sum = gradient else {
            gradient = contribution.reshaped(shape)
            return
        }
        gradient = nil  // Otherwise the sum would be shared and the addition would copy it.
        sum.add(contribution)
        gradient = sum
    }

    /// Takes the gradient out and forgets it.
    func take() -> Tensor? {
        defer { gradient = nil }
        return gradient
    }
}

extension Tensor {
    /// Adds another tensor, value by value.
    ///
    /// - Parameter other: A tensor of as many values.
    public mutating func add(_ other: Tensor) {
        precondition(other.count == count, "tensors of \(count) and \(other.count) values")
        let total = count
        other.reading { other in
            changing { sum in
                ParallelRange.forEach(count: total, piece: Elementwise.cheapPiece) { range in
                    for i in range { sum[i] += other[i] }
                }
            }
        }
    }
}
