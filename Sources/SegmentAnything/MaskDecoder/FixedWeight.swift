import Tensors

/// A weight at a fixed address, for kernels that take many of them.
///
/// The memory of a tensor stays where it is while the tensor lives and nobody writes it; this value holds it and only reads. Use
/// the address only while the value is alive.
struct FixedWeight: @unchecked Sendable {
    private let tensor: Tensor
    /// The first value.
    let values: UnsafePointer<Float>
    /// How many there are.
    var count: Int { tensor.count }

    init(_ tensor: Tensor) {
        self.tensor = tensor
        values = tensor.withValues { values in
            guard let base = values.baseAddress else {
                preconditionFailure("a tensor without memory")
            }
            return base
        }
    }

    init(_ weights: WeightReader, _ name: String, _ shape: [Int]) {
        self.init(weights.take(name, shape))
    }

    /// A tensor of `count` values, written by a body.
    init(count: Int, _ write: (UnsafeMutableBufferPointer<Float>) -> Void) {
        var tensor = Tensor(zeros: [count])
        tensor.withMutableValues { write($0) }
        self.init(tensor)
    }
}
