/// Where the values of a tensor lie while a piece of parallel work reads them.
struct Source: @unchecked Sendable {
    let base: UnsafePointer<Float>
    let count: Int

    init(_ base: UnsafePointer<Float>, count: Int) {
        self.base = base
        self.count = count
    }

    subscript(index: Int) -> Float { base[index] }

    static func + (source: Source, offset: Int) -> UnsafePointer<Float> { source.base + offset }
}

/// Where the values of a tensor lie while pieces of parallel work write them, each its own range.
struct Target: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>

    init(_ base: UnsafeMutablePointer<Float>) { self.base = base }

    subscript(index: Int) -> Float {
        get { base[index] }
        nonmutating set { base[index] = newValue }
    }

    static func + (target: Target, offset: Int) -> UnsafeMutablePointer<Float> {
        target.base + offset
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// The address; tensors of no values have one too, which nobody may use.
    fileprivate var address: UnsafeMutablePointer<Float> {
        guard let baseAddress else { preconditionFailure("a tensor without memory") }
        return baseAddress
    }
}

extension Tensor {
    /// Makes a tensor and lets a body write every value.
    static func filled(_ shape: [Int], _ body: (Target) -> Void) -> Tensor {
        let tensor = Tensor(uninitialized: shape)
        body(Target(tensor.base.address))
        tensor.keepAlive()
        return tensor
    }

    /// Makes a tensor of zeros and lets a body add to it.
    static func accumulated(_ shape: [Int], _ body: (Target) -> Void) -> Tensor {
        let tensor = Tensor(zeros: shape)
        body(Target(tensor.base.address))
        tensor.keepAlive()
        return tensor
    }

    /// Lets a body change the values, after copying them when they are shared.
    mutating func changing(_ body: (Target) -> Void) {
        makeUnique()
        body(Target(base.address))
        keepAlive()
    }

    /// Lets a body read the values.
    func reading<R>(_ body: (Source) -> R) -> R {
        defer { keepAlive() }
        return body(Source(base.address, count: count))
    }
}

/// Lets a body read the values of two tensors.
func reading<R>(_ a: Tensor, _ b: Tensor, _ body: (Source, Source) -> R) -> R {
    a.reading { a in b.reading { b in body(a, b) } }
}

/// Lets a body read the values of three tensors.
func reading<R>(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, _ body: (Source, Source, Source) -> R
) -> R {
    a.reading { a in b.reading { b in c.reading { c in body(a, b, c) } } }
}

/// Lends memory for the intermediate values of one piece of work; not set, aligned to 64 bytes.
func withScratch<R>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    // Aligned by hand: before glibc 2.38, memory that was asked for aligned is hardly ever used again after it was freed.
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4 + 64, alignment: 16)
    defer { raw.deallocate() }
    return body(raw.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: max(count, 1)))
}
