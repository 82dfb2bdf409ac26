/// The parameters of a model under their published names, and which of them are trained.
///
/// A value: a copy taken before training still holds the old numbers. Freezing is a property of the moment: the same
/// model trains its decoder only, its adapters only or everything, by what ``setTrainable(_:where:)`` says.
public struct ParameterStore: Sendable {
    /// The names in the order in which they were added.
    public private(set) var names: [String] = []
    private var values: [String: Tensor] = [:]
    private var trainable: Set<String> = []

    /// Makes an empty store.
    public init() {}

    /// The names of the parameters that are trained, in the order in which they were added.
    public var trainableNames: [String] { names.filter(trainable.contains) }

    /// The value of a parameter; `nil` when there is none of this name.
    ///
    /// A new name is added frozen.
    ///
    /// - Parameter name: The published name.
    public subscript(name: String) -> Tensor? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { names.append(name) }
            if newValue == nil {
                names.removeAll { $0 == name }
                trainable.remove(name)
            }
            values[name] = newValue
        }
    }

    /// Trains or freezes the parameters a rule picks.
    ///
    /// - Parameters:
    ///   - isTrained: `true` to train them, `false` to freeze them.
    ///   - rule: Whether a name is meant.
    public mutating func setTrainable(_ isTrained: Bool, where rule: (String) -> Bool) {
        for name in names where rule(name) {
            if isTrained { trainable.insert(name) } else { trainable.remove(name) }
        }
    }

    /// Whether a parameter is trained.
    ///
    /// - Parameter name: The published name.
    /// - Returns: `false` for a frozen one and for a name that is not there.
    public func isTrainable(_ name: String) -> Bool { trainable.contains(name) }

    /// A parameter for a computation.
    ///
    /// - Parameters:
    ///   - name: The published name; asking for one that is not there is a mistake of the program.
    ///   - tape: Where its gradient is collected; `nil` to compute only.
    /// - Returns: A variable, recorded when there is a tape and the parameter is trained.
    public func variable(_ name: String, on tape: Tape?) -> Variable {
        guard let value = values[name] else { preconditionFailure("no parameter \(name)") }
        guard let tape, trainable.contains(name) else { return Variable(value) }
        return tape.parameter(name, value)
    }

    /// Changes a parameter in place.
    ///
    /// - Parameters:
    ///   - name: The published name; nothing happens when it is not there.
    ///   - body: Called with the value; it must keep the shape.
    public mutating func update(_ name: String, _ body: (inout Tensor) -> Void) {
        guard var value = values[name] else { return }
        values[name] = nil  // Otherwise the value would be shared and the change would copy it.
        let shape = value.shape
        body(&value)
        precondition(value.shape == shape, "\(name) changed its shape")
        values[name] = value
    }
}
