/// The colour planes of one slice, changed in place.
///
/// Hot code: plain loops without branches, which the compiler turns into vector instructions; additions and multiplications
/// are never fused or reordered, so the bits are the same on every machine.
struct ColorPlanes {
    /// Weights of the grey picture, as torchvision has them; their sum is 0.9999.
    static let weights: (red: Float, green: Float, blue: Float) = (0.2989, 0.587, 0.114)

    /// First pixel of the first channel.
    let first: UnsafeMutablePointer<Float>
    /// Values from one channel to the next.
    let stride: Int
    /// One or three.
    let channels: Int
    /// Pixels of a plane.
    let count: Int
    /// Black and white.
    let range: ClosedRange<Float>

    /// Mixes every value with one number: `factor * x + (1 - factor) * other`, clipped.
    func blend(with other: Float, factor: Float) {
        let (low, high) = (range.lowerBound, range.upperBound)
        // about black written as a distance, so that black stays black whatever its value
        let rest = (1 - factor) * (other - low)
        for channel in 0..<channels {
            let plane = first + channel * stride
            for index in 0..<count {
                plane[index] = Self.clip(
                    low + (factor * (plane[index] - low) + rest), low, high)
            }
        }
    }

    /// The mean of the grey picture, summed in double precision in four interleaved sums.
    func greyMean() -> Float {
        let low = range.lowerBound
        var sums = (0.0, 0.0, 0.0, 0.0)
        func distance(_ index: Int) -> Double {
            if channels == 1 { return Double(first[index] - low) }
            return Double(
                Self.grey(
                    first[index] - low, first[index + stride] - low,
                    first[index + 2 * stride] - low))
        }
        var index = 0
        while index + 4 <= count {
            sums.0 += distance(index)
            sums.1 += distance(index + 1)
            sums.2 += distance(index + 2)
            sums.3 += distance(index + 3)
            index += 4
        }
        for rest in index..<count { sums.0 += distance(rest) }
        return low + Float(((sums.0 + sums.1) + (sums.2 + sums.3)) / Double(count))
    }

    /// Mixes every colour with its grey.
    func blendWithGrey(factor: Float) {
        let (low, high) = (range.lowerBound, range.upperBound)
        forEachPixel { red, green, blue in
            let rest = (1 - factor) * Self.grey(red - low, green - low, blue - low)
            return (
                Self.clip(low + (factor * (red - low) + rest), low, high),
                Self.clip(low + (factor * (green - low) + rest), low, high),
                Self.clip(low + (factor * (blue - low) + rest), low, high)
            )
        }
    }

    /// Makes every colour its grey; not clipped.
    func becomeGrey() {
        let low = range.lowerBound
        forEachPixel { red, green, blue in
            let grey = low + Self.grey(red - low, green - low, blue - low)
            return (grey, grey, grey)
        }
    }

    /// Turns the hue by a part of the colour circle.
    ///
    /// The way back from hue, saturation and value is the branch-free form
    /// `v - v s max(0, min(k, 4 - k, 1))`, `k = (n + 6 h) mod 6`, `n` = 5, 3, 1 for red, green and blue.
    func turnHue(by turns: Float) {
        let (low, high) = (range.lowerBound, range.upperBound)
        let width = high - low
        forEachPixel { red, green, blue in
            let r = Self.clip((red - low) / width, 0, 1)
            let g = Self.clip((green - low) / width, 0, 1)
            let b = Self.clip((blue - low) / width, 0, 1)
            let value = Self.larger(Self.larger(r, g), b)
            let chroma = value - Self.smaller(Self.smaller(r, g), b)
            let scale = 1 / Self.pick(chroma == 0, 1, chroma)
            // sixths of a turn: about red, else green, else blue, whichever is largest
            let aboutRed = (g - b) * scale
            let aboutGreen = 2 + (b - r) * scale
            let aboutBlue = 4 + (r - g) * scale
            let sixths =
                6 * turns
                + Self.pick(value == r, aboutRed, Self.pick(value == g, aboutGreen, aboutBlue))
            func color(_ offset: Float) -> Float {
                // between -4 and 13 before the remainder is taken
                var k = sixths + offset
                k += Self.pick(k < 0, 6, 0)
                k -= Self.pick(k >= 6, 6, 0)
                k -= Self.pick(k >= 6, 6, 0)
                let part = Self.clip(Self.smaller(k, 4 - k), 0, 1)
                return low + width * (value - chroma * part)
            }
            return (color(5), color(3), color(1))
        }
    }

    @inline(__always)
    private static func grey(_ red: Float, _ green: Float, _ blue: Float) -> Float {
        weights.red * red + weights.green * green + weights.blue * blue
    }

    /// One of two numbers, both of which are computed: a branch would keep the loop from being vectorised.
    @inline(__always)
    private static func pick(_ condition: Bool, _ yes: Float, _ no: Float) -> Float {
        let mask: UInt32 = condition ? .max : 0
        return Float(bitPattern: (yes.bitPattern & mask) | (no.bitPattern & ~mask))
    }

    @inline(__always)
    private static func larger(_ a: Float, _ b: Float) -> Float { pick(a > b, a, b) }

    @inline(__always)
    private static func smaller(_ a: Float, _ b: Float) -> Float { pick(a < b, a, b) }

    @inline(__always)
    static func clip(_ value: Float, _ low: Float, _ high: Float) -> Float {
        smaller(larger(value, low), high)
    }

    /// Passes all pixels through a function of red, green and blue.
    @inline(__always)
    func forEachPixel(_ body: (Float, Float, Float) -> (Float, Float, Float)) {
        let (reds, greens, blues) = (first, first + stride, first + 2 * stride)
        for index in 0..<count {
            (reds[index], greens[index], blues[index]) = body(
                reds[index], greens[index], blues[index])
        }
    }
}
