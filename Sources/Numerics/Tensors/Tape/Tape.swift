/// Records operations and sends gradients back through them, last operation first.
///
/// A tape belongs to one thread and one computation. Operations are coarse (a linear layer, an attention), so that
/// recording costs next to nothing beside the work itself. For several samples at once, give each its own tape and add the
/// gradients in a fixed order.
///
/// ```swift
/// let tape = Tape()
/// let weight = store.variable("head.weight", on: tape)
/// let logits = Linear.apply(x, weight: weight, on: tape)
/// let loss = CrossEntropyLoss.apply(logits, labels: labels, on: tape)
/// tape.backward(from: loss)
/// let gradients = tape.gradients        // by parameter name
/// ```
public final class Tape {
    /// One recorded operation: where its output's gradient is, where its inputs' go, and how to get from one to the other.
    private struct Entry {
        let output: Node
        let inputs: [Node?]
        let backward: (Tensor) -> [Tensor?]
    }

    private var entries: [Entry] = []
    private let leaves: ParameterNodes

    /// Makes an empty tape.
    public init() { leaves = ParameterNodes() }

    /// Makes an empty tape whose parameters are those of another: gradients arrive there.
    init(sharing other: Tape) { leaves = other.leaves }

    /// The number of recorded operations that have not been unwound.
    public var count: Int { entries.count }

    /// Makes a variable whose gradient is kept: an input, an unnamed parameter.
    ///
    /// - Parameter value: The value.
    /// - Returns: The variable; read its gradient with ``gradient(of:)``.
    public func variable(_ value: Tensor) -> Variable {
        Variable(value, node: Node(shape: value.shape))
    }

    /// The variable of a named parameter; asked twice for a name, it gives the same one.
    ///
    /// - Parameters:
    ///   - name: The published name.
    ///   - value: The value.
    /// - Returns: The variable; its gradient appears in ``gradients`` under the name.
    public func parameter(_ name: String, _ value: Tensor) -> Variable {
        Variable(value, node: leaves.node(name, shape: value.shape))
    }

    /// The gradients of the named parameters that were reached, by name.
    public var gradients: [String: Tensor] { leaves.gradients }

    /// The gradient of a variable made by ``variable(_:)`` or ``parameter(_:_:)``.
    ///
    /// - Parameter variable: The variable.
    /// - Returns: Its gradient in its shape; `nil` before ``backward(from:seed:)``, when nothing was sent to it, and for
    ///   results of operations, whose gradients are freed on the way.
    public func gradient(of variable: Variable) -> Tensor? { variable.node?.gradient }

    /// Records an operation.
    ///
    /// - Parameters:
    ///   - value: Its result.
    ///   - inputs: What it was computed from; `nil` for an absent one.
    ///   - backward: From the gradient of the result to one gradient per input, `nil` where none is wanted. Holds what the
    ///     operation saved, and is freed as soon as it was called.
    /// - Returns: The result as a variable; not recorded when no input is.
    func record(
        _ value: Tensor, from inputs: [Variable?], _ backward: @escaping (Tensor) -> [Tensor?]
    ) -> Variable {
        let output = Node(shape: value.shape)
        entries.append(
            Entry(output: output, inputs: inputs.map { $0?.node }, backward: backward))
        return Variable(value, node: output)
    }

    /// Sends gradients back from a result to all it was computed from, and empties the tape.
    ///
    /// What operations saved is freed one by one on the way. Gradients of named parameters add up over several calls on the
    /// same tape.
    ///
    /// - Parameters:
    ///   - result: Usually a loss.
    ///   - seed: The gradient of the result; ones by default.
    public func backward(from result: Variable, seed: Tensor? = nil) {
        guard let start = result.node else {
            entries.removeAll()
            return
        }
        start.add(seed ?? Elementwise.map(result.value) { _ in 1 })
        while let entry = entries.popLast() {
            guard let gradient = entry.output.take() else { continue }
            let contributions = entry.backward(gradient)
            precondition(
                contributions.count == entry.inputs.count, "one gradient per input was expected")
            for (input, contribution) in zip(entry.inputs, contributions) {
                if let input, let contribution { input.add(contribution) }
            }
        }
    }

    /// Forgets all recorded operations without sending anything back.
    public func clear() { entries.removeAll() }
}

/// The places of named parameters' gradients; shared by a tape and the tapes of its checkpoints.
final class ParameterNodes {
    private var nodes: [String: Node] = [:]

    func node(_ name: String, shape: [Int]) -> Node {
        if let node = nodes[name] {
            precondition(node.shape == shape, "\(name) has two shapes on one tape")
            return node
        }
        let node = Node(shape: shape)
        nodes[name] = node
        return node
    }

    var gradients: [String: Tensor] { nodes.compactMapValues(\.gradient) }
}

extension Tape? {
    /// Records an operation when there is a tape and an input is recorded; otherwise only passes the value on.
    ///
    /// - Parameters:
    ///   - value: The result of the operation.
    ///   - inputs: What it was computed from.
    ///   - backward: Makes the closure of `Tape.record(_:from:_:)`; called only when it is needed, so that without a
    ///     tape nothing is saved.
    /// - Returns: The result as a variable.
    public func record(
        _ value: Tensor, from inputs: [Variable?], _ backward: () -> (Tensor) -> [Tensor?]
    ) -> Variable {
        guard let self, inputs.contains(where: { $0?.isRecorded == true }) else {
            return Variable(value)
        }
        return self.record(value, from: inputs, backward())
    }
}
