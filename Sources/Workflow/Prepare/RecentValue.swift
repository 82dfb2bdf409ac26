import Synchronization

/// Keeps the value made last, for work whose neighbours need the same one.
final class RecentValue<Value: Sendable>: Sendable {
    private let state = Mutex<(key: String, value: Value)?>(nil)

    /// The value of a key: the one kept, or a new one, made after the old one is gone.
    func value(of key: String, _ make: () throws -> Value) throws -> Value {
        let kept = state.withLock { kept -> Value? in
            if let kept, kept.key == key { return kept.value }
            kept = nil
            return nil
        }
        if let kept { return kept }
        let value = try make()
        state.withLock { $0 = (key, value) }
        return value
    }
}
