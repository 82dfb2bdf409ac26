import Tensors

/// Where named tensors come from: a checkpoint, an imported file, a rule.
public protocol TensorSource {
    /// The names there are, in any order.
    var tensorNames: [String] { get }
    /// The shape of a tensor; `nil` when there is none of this name.
    ///
    /// - Parameter name: The published name.
    /// - Returns: The dimensions, outermost first.
    func shape(of name: String) -> [Int]?
    /// Reads a tensor.
    ///
    /// - Parameter name: The published name.
    /// - Returns: Its values as 32-bit floats.
    /// - Throws: When it is not there or its bytes are damaged.
    func tensor(named name: String) throws -> Tensor
}

/// Hands the tensors of a source to the layers of a model and keeps account of what did not fit.
///
/// Layers ask for every tensor by its published name and shape. Missing and mis-shaped ones become zeros and are reported
/// together by ``finish()``, so that a user sees everything that is wrong at once.
public final class WeightReader {
    /// What did not fit.
    public struct Report: Hashable, Sendable {
        /// Names the model needs and the source lacks.
        public var missing: [String] = []
        /// Names the source has and the model does not know.
        public var unused: [String] = []
        /// Names with another shape than the model needs.
        public var misshaped: [Misshaped] = []

        /// A tensor of another shape.
        public struct Misshaped: Hashable, Sendable {
            /// The published name.
            public var name: String
            /// The shape found.
            public var found: [Int]
            /// The shape expected.
            public var expected: [Int]
        }

        /// Whether the model cannot be used: something is missing or has another shape.
        public var isFatal: Bool { !missing.isEmpty || !misshaped.isEmpty }
    }

    private let source: any TensorSource
    private var taken: Set<String> = []
    private var report = Report()
    private var failure: (any Error)?

    /// Makes a reader.
    ///
    /// - Parameter source: Where the tensors come from.
    public init(_ source: any TensorSource) {
        self.source = source
    }

    /// The shape of a tensor as it is stored; for layers that adapt, such as position tables.
    ///
    /// - Parameter name: The published name.
    /// - Returns: The dimensions, or `nil` when there is none of this name.
    public func storedShape(of name: String) -> [Int]? { source.shape(of: name) }

    /// Takes a tensor.
    ///
    /// - Parameters:
    ///   - name: The published name.
    ///   - shape: The shape the layer needs.
    /// - Returns: The tensor; zeros when it is missing, has another shape or cannot be read, which ``finish()``
    ///   reports.
    public func take(_ name: String, _ shape: [Int]) -> Tensor {
        taken.insert(name)
        guard let found = source.shape(of: name) else {
            report.missing.append(name)
            return Tensor(zeros: shape)
        }
        guard found == shape else {
            report.misshaped.append(.init(name: name, found: found, expected: shape))
            return Tensor(zeros: shape)
        }
        do {
            return try source.tensor(named: name)
        } catch {
            failure = failure ?? error
            return Tensor(zeros: shape)
        }
    }

    /// Marks tensors as known although no layer takes them, such as MobileSAM's unused head.
    ///
    /// - Parameter names: Published names.
    public func ignore(_ names: some Sequence<String>) { taken.formUnion(names) }

    /// Ends the account.
    ///
    /// - Returns: What did not fit, names ascending; nothing fatal when the model can be used.
    /// - Throws: The first error of reading a tensor.
    public func finish() throws -> Report {
        if let failure { throw failure }
        report.unused = source.tensorNames.filter { !taken.contains($0) }.sorted()
        report.missing.sort()
        report.misshaped.sort { $0.name < $1.name }
        return report
    }
}
