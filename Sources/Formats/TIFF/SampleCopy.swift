/// Copies a rectangle out of decoded rows into interleaved samples of the final type.
///
/// Both sides are checked by the caller: this is the place where bounds are trusted.
struct SampleCopy {
    let bits: Int
    let isFloat: Bool
    /// Samples per pixel in the decoded rows.
    let samples: Int
    /// Samples per pixel in the result, and the first of them to write.
    let resultSamples: Int
    let plane: Int
    /// Bytes per sample in the result.
    let bytes: Int
    /// Whether the first sample of each pixel is to be turned round, because 0 is white.
    let inverts: Bool

    private let way: DecodingWay

    init(_ directory: TIFFDirectory, _ layout: BlockLayout, plane: Int, _ way: DecodingWay) {
        self.way = way
        bits = directory.bitsPerSample
        isFloat = directory.sampleFormat == .float
        samples = layout.samples
        resultSamples = directory.samplesPerPixel
        self.plane = plane
        bytes = directory.sampleType?.bytes ?? 1
        inverts =
            way.reading != .stored && directory.colour == .minIsWhite && plane == 0
            && directory.sampleFormat == .unsigned
    }

    /// Whether stored samples have the form of the result.
    private var isDirect: Bool { bits == bytes * 8 }

    /// Copies `columns` pixels of one row, from column `first` of the decoded row on, to `target`.
    func copyRow(
        _ source: UnsafeRawPointer, first: Int, columns: Int, to target: UnsafeMutableRawPointer
    ) {
        if isDirect && samples == resultSamples {
            target.copyMemory(
                from: source + first * samples * bytes, byteCount: columns * samples * bytes)
        } else if isDirect {
            switch bytes {
            case 1: spread(source, first, columns, target, UInt8.self)
            case 2: spread(source, first, columns, target, UInt16.self)
            case 4: spread(source, first, columns, target, UInt32.self)
            default: spread(source, first, columns, target, UInt64.self)
            }
        } else if isFloat {
            unpackHalves(source, first, columns, target)
        } else if bits == 12 {
            unpackTwelve(source, first, columns, target)
        } else if bits == 1 && samples == 1 && resultSamples == 1 {
            unpackBits(source, first, columns, target)
        } else {
            unpackFew(source, first, columns, target)
        }
        guard inverts else { return }
        switch bytes {
        case 1: invert(target, columns, UInt8.self)
        case 2: invert(target, columns, UInt16.self)
        case 4: invert(target, columns, UInt32.self)
        default: invert(target, columns, UInt64.self)
        }
    }

    /// Writes the chosen value, or zeros, for pixels that are not stored.
    func fillRow(columns: Int, at target: UnsafeMutableRawPointer) {
        if samples == resultSamples, let byte = way.fillByte {
            target.initializeMemory(
                as: UInt8.self, repeating: byte, count: columns * samples * bytes)
            return
        }
        let fill = way.fill
        let to = target.assumingMemoryBound(to: UInt8.self)
        let pixel = resultSamples * bytes
        let part = samples == resultSamples ? 0..<pixel : plane * bytes..<(plane + 1) * bytes
        for column in 0..<columns {
            for byte in part { to[column * pixel + byte] = fill.isEmpty ? 0 : fill[byte] }
        }
    }

    private func spread<Sample: BitwiseCopyable>(
        _ source: UnsafeRawPointer, _ first: Int, _ columns: Int,
        _ target: UnsafeMutableRawPointer, _ type: Sample.Type
    ) {
        let from = source.assumingMemoryBound(to: type) + first
        let to = target.assumingMemoryBound(to: type) + plane
        for column in 0..<columns { to[column &* resultSamples] = from[column] }
    }

    private func invert<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ target: UnsafeMutableRawPointer, _ columns: Int, _ type: Sample.Type
    ) {
        let mask = Sample.max >> (Sample.bitWidth - bits)
        let to = target.assumingMemoryBound(to: type)
        for column in 0..<columns { to[column &* resultSamples] ^= mask }
    }

    /// Where sample `number` of a row goes.
    private func place(_ number: Int) -> Int {
        samples == resultSamples ? number : number &* resultSamples &+ plane
    }

    private func unpackFew(
        _ source: UnsafeRawPointer, _ first: Int, _ columns: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let from = source.assumingMemoryBound(to: UInt8.self)
        let to = target.assumingMemoryBound(to: UInt8.self)
        let mask = UInt8((1 << bits) - 1)
        for number in 0..<(columns * samples) {
            let bit = (first &* samples &+ number) &* bits
            to[place(number)] = from[bit >> 3] &>> UInt8(8 &- bits &- (bit & 7)) & mask
        }
    }

    private func unpackBits(
        _ source: UnsafeRawPointer, _ first: Int, _ columns: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let from = source.assumingMemoryBound(to: UInt8.self)
        let to = target.assumingMemoryBound(to: UInt8.self)
        var column = 0
        while column < columns {
            let bit = first &+ column
            if bit & 7 == 0 && column &+ 8 <= columns {
                // Eight copies of the byte, one bit kept in each, moved down to 0 or 1.
                let copies = UInt64(from[bit >> 3]) &* 0x0101_0101_0101_0101
                let kept = copies & 0x0102_0408_1020_4080
                let ones = ((kept &+ 0x7f7f_7f7f_7f7f_7f7f) | kept) >> 7 & 0x0101_0101_0101_0101
                (target + column).storeBytes(of: ones.littleEndian, as: UInt64.self)
                column &+= 8
            } else {
                to[column] = from[bit >> 3] &>> UInt8(7 &- (bit & 7)) & 1
                column &+= 1
            }
        }
    }

    private func unpackTwelve(
        _ source: UnsafeRawPointer, _ first: Int, _ columns: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let from = source.assumingMemoryBound(to: UInt8.self)
        let to = target.assumingMemoryBound(to: UInt16.self)
        for number in 0..<(columns * samples) {
            let sample = first &* samples &+ number
            let byte = sample / 2 * 3
            to[place(number)] =
                sample % 2 == 0
                ? UInt16(from[byte]) << 4 | UInt16(from[byte + 1]) >> 4
                : UInt16(from[byte + 1] & 15) << 8 | UInt16(from[byte + 2])
        }
    }

    private func unpackHalves(
        _ source: UnsafeRawPointer, _ first: Int, _ columns: Int,
        _ target: UnsafeMutableRawPointer
    ) {
        let from = source.assumingMemoryBound(to: UInt16.self) + first * samples
        let to = target.assumingMemoryBound(to: Float.self)
        for number in 0..<(columns * samples) {
            to[place(number)] = Self.float(half: from[number])
        }
    }

    /// The value of an IEEE half; Swift's own type does not exist on every processor.
    static func float(half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 31)
        let fraction = UInt32(half & 0x3ff)
        switch exponent {
        case 0:
            // 2^-24 times the fraction, exact in a Float.
            let size = Float(fraction) * 0x1p-24
            return sign == 0 ? size : -size
        case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
