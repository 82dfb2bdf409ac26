internal import CImageKernels

extension Array<Float> {
    /// Every value becomes `value * scale`, rounded, `+ shift`, rounded, and is then limited to the
    /// clip.
    ///
    /// Values that are not numbers stay so.
    mutating func applyLinear(scale: Float, shift: Float, clip: ClosedRange<Float>?) {
        var step = ik_linear(
            scale: scale, shift: shift, low: clip?.lowerBound ?? -.infinity,
            high: clip?.upperBound ?? .infinity)
        withUnsafeMutableBufferPointer { values in
            ik_apply_linear(values.baseAddress, values.count, &step, 1)
        }
    }

    /// Every value becomes `(value - minus) / over * times + plus`, every step rounded, and is then
    /// limited to the clip.
    mutating func rescale(
        minus: Float, over: Float, times: Float, plus: Float, clip: ClosedRange<Float>?
    ) {
        let low = clip?.lowerBound ?? -.infinity
        let high = clip?.upperBound ?? .infinity
        withUnsafeMutableBufferPointer { values in
            guard let first = values.baseAddress else { return }
            let count = values.count
            for index in 0..<count {
                first[index] = ExactMath.limited(
                    (first[index] - minus) / over * times + plus, low, high)
            }
        }
    }

    /// The least and the greatest value; not numbers when one of them is not, or there are none.
    func extremes() -> (Float, Float) {
        guard let start = first else { return (.nan, .nan) }
        // sixteen at a time, so that no comparison waits for the one before
        var (least, greatest) = (SIMD16(repeating: start), SIMD16(repeating: start))
        var strange = SIMDMask<SIMD16<Int32>>(repeating: false)
        withUnsafeBytes { bytes in
            for block in 0..<(count / 16) {
                let values = bytes.loadUnaligned(
                    fromByteOffset: block * 64, as: SIMD16<Float>.self)
                least.replace(with: values, where: values .< least)
                greatest.replace(with: values, where: values .> greatest)
                strange .|= values .!= values
            }
        }
        let rest = self[(count / 16 * 16)...]
        guard strange == SIMDMask(repeating: false), !rest.contains(where: \.isNaN) else {
            return (.nan, .nan)
        }
        return (
            rest.reduce(least.min()) { Swift.min($0, $1) },
            rest.reduce(greatest.max()) { Swift.max($0, $1) }
        )
    }
}
