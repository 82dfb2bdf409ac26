/// Rearranges the bytes of array elements.
enum NPYByteOrder {
    /// Reverses the bytes of every element.
    static func swap(_ bytes: inout [UInt8], size: Int) {
        guard size > 1 else { return }
        bytes.withUnsafeMutableBufferPointer { bytes in
            var start = 0
            while start + size <= bytes.count {
                for index in 0..<(size / 2) {
                    bytes.swapAt(start + index, start + size - 1 - index)
                }
                start += size
            }
        }
    }

    /// The elements of an array in Fortran order, brought to C order; `bytes` must fill the shape exactly.
    static func cOrder(fromFortran bytes: [UInt8], shape: [Int], size: Int) -> [UInt8] {
        // An axis of length 1 has no order; one axis alone neither.
        guard shape.count(where: { $0 > 1 }) > 1, !bytes.isEmpty else { return bytes }
        var strides: [Int] = []
        var stride = size
        for length in shape {
            strides.append(stride)
            stride *= length
        }
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            bytes.withUnsafeBufferPointer { input in
                var position = [Int](repeating: 0, count: shape.count)
                var source = 0
                var target = 0
                while target < bytes.count {
                    for byte in 0..<size { output[target + byte] = input[source + byte] }
                    target += size
                    // Counts up like an odometer, last axis fastest.
                    var axis = shape.count - 1
                    while axis >= 0 {
                        position[axis] += 1
                        source += strides[axis]
                        if position[axis] < shape[axis] { break }
                        source -= strides[axis] * shape[axis]
                        position[axis] = 0
                        axis -= 1
                    }
                }
            }
            count = bytes.count
        }
    }
}
