/// The surface elements of several labels in one map; read-only once marked, so that threads can share it.
final class SurfaceMap: @unchecked Sendable {
    /// One set of elements for each label that was asked for.
    let elements: UnsafeMutablePointer<SurfaceElements>
    private let count: Int

    init(count: Int, withCodes: Bool) {
        self.count = count
        elements = .allocate(capacity: max(1, count))
        for slot in 0..<count { (elements + slot).initialize(to: .init(withCodes: withCodes)) }
    }

    deinit {
        for slot in 0..<count { elements[slot].deallocate() }
        elements.deallocate()
    }
}
