/// An array of 32-bit floats with a shape; the last index runs fastest.
///
/// A value type: copies share their memory until one of them is written. The memory is aligned to 64 bytes.
///
/// - Shapes: dimensions of 0 or more; an empty shape is a single number.
public struct Tensor: Sendable {
    /// The dimensions, outermost first.
    public private(set) var shape: [Int]
    private var storage: TensorStorage

    /// Makes a tensor of zeros.
    ///
    /// - Parameter shape: The dimensions, outermost first; their product must fit in memory.
    public init(zeros shape: [Int]) {
        self.init(uninitialized: shape)
        storage.buffer.update(repeating: 0)
    }

    /// Makes a tensor whose values are not set yet: the caller writes every one before reading any.
    ///
    /// - Parameter shape: The dimensions, outermost first.
    public init(uninitialized shape: [Int]) {
        self.shape = shape
        storage = TensorStorage(count: Self.count(shape))
    }

    /// Makes a tensor from values.
    ///
    /// - Parameters:
    ///   - values: The values, last index fastest.
    ///   - shape: The dimensions; their product is the number of values.
    public init(_ values: [Float], shape: [Int]) {
        precondition(values.count == Self.count(shape), "values do not fill the shape")
        self.init(uninitialized: shape)
        _ = storage.buffer.update(fromContentsOf: values)
    }

    /// Makes a tensor of one number.
    ///
    /// - Parameter value: The number.
    public init(_ value: Float) { self.init([value], shape: []) }

    /// Number of values.
    public var count: Int { storage.buffer.count }

    /// The values, last index fastest.
    public var values: [Float] { Array(storage.buffer) }

    /// The same values under another shape; shares memory.
    ///
    /// - Parameter shape: The dimensions; their product is ``count``.
    /// - Returns: The tensor.
    public func reshaped(_ shape: [Int]) -> Tensor {
        precondition(Self.count(shape) == count, "another number of values")
        var result = self
        result.shape = shape
        return result
    }

    /// Reads the values in place.
    ///
    /// - Parameter body: Called with all values.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    @inlinable
    public func withValues<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let pointer = UnsafeBufferPointer(base)
        defer { keepAlive() }
        return try body(pointer)
    }

    /// Writes the values in place, after copying them when they are shared.
    ///
    /// - Parameter body: Called with all values.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    @inlinable
    public mutating func withMutableValues<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        makeUnique()
        let pointer = base
        defer { keepAlive() }
        return try body(pointer)
    }

    @usableFromInline var base: UnsafeMutableBufferPointer<Float> { storage.buffer }

    @usableFromInline func keepAlive() { withExtendedLifetime(storage) {} }

    @usableFromInline mutating func makeUnique() {
        guard !isKnownUniquelyReferenced(&storage) else { return }
        let copy = TensorStorage(count: storage.buffer.count)
        _ = copy.buffer.update(fromContentsOf: storage.buffer)
        storage = copy
    }

    /// The number of values of a shape.
    ///
    /// - Parameter shape: The dimensions, none negative.
    /// - Returns: Their product; 1 for the empty shape.
    public static func count(_ shape: [Int]) -> Int {
        shape.reduce(1) { product, dimension in
            precondition(dimension >= 0, "a negative dimension")
            let (result, overflow) = product.multipliedReportingOverflow(by: dimension)
            precondition(!overflow, "a shape too large for this machine")
            return result
        }
    }
}

/// The memory of a tensor.
///
/// Written only while one tensor holds it, so that sharing is safe.
final class TensorStorage: @unchecked Sendable {
    let buffer: UnsafeMutableBufferPointer<Float>
    private let memory: UnsafeMutableRawPointer

    init(count: Int) {
        // Aligned by hand: glibc hardly reuses what it has aligned itself, and a training loop grows without bound.
        memory = .allocate(byteCount: max(count, 1) * 4 + 64, alignment: 16)
        buffer = UnsafeMutableBufferPointer(
            start: memory.alignedUp(toMultipleOf: 64).bindMemory(
                to: Float.self, capacity: max(count, 1)), count: count)
    }

    deinit { memory.deallocate() }
}
