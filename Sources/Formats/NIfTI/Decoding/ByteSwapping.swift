/// Reversing the bytes of stored numbers in place.
enum ByteSwapping {
    /// Brings numbers into the byte order of this machine.
    ///
    /// - Parameters:
    ///   - bytes: Whole numbers of `width` bytes each.
    ///   - width: 1, 2, 4 or 8; anything else stays as it is.
    ///   - order: The order of the file.
    static func toNative(
        _ bytes: UnsafeMutableRawBufferPointer, width: Int, from order: NIfTIHeader.ByteOrder
    ) {
        let isNative = (order == .littleEndian) == (Int16(littleEndian: 1) == 1)
        if isNative { return }
        switch width {
        case 2: swap(bytes, UInt16.self)
        case 4: swap(bytes, UInt32.self)
        case 8: swap(bytes, UInt64.self)
        default: break
        }
    }

    @inline(__always)
    private static func swap<Word: FixedWidthInteger>(
        _ bytes: UnsafeMutableRawBufferPointer, _: Word.Type
    ) {
        let words = bytes.assumingMemoryBound(to: Word.self)
        guard let base = words.baseAddress else { return }
        for index in 0..<words.count { base[index] = base[index].byteSwapped }
    }
}
