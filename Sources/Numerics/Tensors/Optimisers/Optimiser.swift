/// A rule that changes parameters by their gradients.
public protocol Optimiser: Sendable {
    /// The factor of a step; may be changed between steps.
    var learningRate: Float { get set }

    /// Changes one parameter.
    ///
    /// - Parameters:
    ///   - name: Its name, under which the rule keeps what it remembers.
    ///   - value: The parameter.
    ///   - gradient: Its gradient, as many values.
    mutating func step(_ name: String, _ value: inout Tensor, gradient: Tensor)
}

extension Optimiser {
    /// Changes all trained parameters that have a gradient, in the order of the store.
    ///
    /// - Parameters:
    ///   - parameters: The parameters.
    ///   - gradients: Gradients by name, such as ``Tape/gradients``; those of frozen parameters are not used.
    public mutating func step(_ parameters: inout ParameterStore, gradients: [String: Tensor]) {
        for name in parameters.trainableNames {
            guard let gradient = gradients[name] else { continue }
            parameters.update(name) { step(name, &$0, gradient: gradient) }
        }
    }
}
