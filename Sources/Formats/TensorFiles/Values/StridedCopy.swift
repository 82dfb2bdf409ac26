/// Collects the elements of a strided view in row-major order.
enum StridedCopy {
    /// Copies a view.
    ///
    /// - Parameters:
    ///   - layout: The view; its strides and shape have been checked.
    ///   - bytes: The bytes of its span, the first element at 0.
    ///   - output: Memory for its elements.
    static func gather(
        _ layout: TensorLayout, from bytes: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) {
        switch layout.elementType.byteCount {
        case 1: gather(layout, bytes, output, UInt8.self)
        case 2: gather(layout, bytes, output, UInt16.self)
        case 4: gather(layout, bytes, output, UInt32.self)
        default: gather(layout, bytes, output, UInt64.self)
        }
    }

    private static func gather<Element: BitwiseCopyable>(
        _ layout: TensorLayout, _ bytes: UnsafeRawBufferPointer,
        _ output: UnsafeMutableRawBufferPointer, _ type: Element.Type
    ) {
        let size = MemoryLayout<Element>.size
        precondition(output.count == layout.elementCount * size)
        precondition(bytes.count == layout.span.count * size)
        guard layout.elementCount > 0 else { return }
        // Axes of length 1 do not move; their strides may be anything and must not be added up.
        let axes = layout.shape.indices.filter { layout.shape[$0] != 1 }
        let shape = axes.map { layout.shape[$0] }
        let strides = axes.map { layout.strides[$0] }
        let inner = shape.last ?? 1
        let step = strides.last ?? 1
        let outer = shape.dropLast()
        var index = [Int](repeating: 0, count: outer.count)
        var source = 0
        var target = 0
        while true {
            for column in 0..<inner {
                let value = bytes.loadUnaligned(
                    fromByteOffset: (source + column * step) * size, as: Element.self)
                output.storeBytes(of: value, toByteOffset: target * size, as: Element.self)
                target += 1
            }
            var axis = outer.count - 1
            while axis >= 0 {
                index[axis] += 1
                source += strides[axis]
                if index[axis] < outer[axis] { break }
                source -= outer[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
