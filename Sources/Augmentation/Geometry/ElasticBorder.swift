extension Fill {
    /// Throws when a constant is no number that pixels can hold.
    func check(for transform: String) throws(AugmentationError) {
        if case .constant(let value) = self, !Float(value).isFinite {
            throw .parameter(
                transform: transform, name: "fill", found: "\(value)",
                expected: "a finite 32-bit number")
        }
    }

    /// The value outside the picture; of no use for ``edge`` and ``reflect``.
    func value(black: Float) -> Float {
        if case .constant(let value) = self { Float(value) } else { black }
    }

    /// The index that stands in for one outside `0..<count`; -1 where the fill is a value.
    func index(for index: Int, count: Int) -> Int {
        if index >= 0 && index < count { return index }
        switch self {
        case .constant, .black: return -1
        case .edge: return index < 0 ? 0 : count - 1
        case .reflect:
            if count == 1 { return 0 }
            // mirrored at both border pixels, the picture repeats with this period
            let period = 2 * (count - 1)
            let remainder = index % period
            let phase = remainder < 0 ? remainder + period : remainder
            return phase < count ? phase : period - phase
        }
    }
}
