/// Closing and median of pictures of 0 and 1 through counts in a square window.
///
/// On such pictures a square dilation is "any", an erosion "all" and a median "more than half", so one running sum serves
/// all three, whatever the window's size.
enum BoxCount {
    enum Border {
        /// Pixels outside count as 0.
        case zero
        /// Pixels outside repeat the nearest pixel.
        case replicate
    }

    /// Writes 1 where the window holds at least so many ones, else 0.
    ///
    /// - Parameters:
    ///   - source: Pixels of 0 and 1, row by row.
    ///   - target: The result, of the same size; not the source.
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    ///   - radius: Half the window's side, rounded down; at most 2,047.
    ///   - border: What lies outside.
    ///   - minimum: Ones that are needed.
    ///   - complement: Counts zeros instead and writes the opposite of the result.
    /// - Complexity: Two additions per pixel and direction.
    static func filter(
        _ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>,
        width: Int, height: Int, radius: Int, border: Border, minimum: Int,
        complement: Bool = false
    ) {
        precondition(source.count == width * height && target.count == source.count)
        precondition((0...2047).contains(radius), "radius must lie in 0...2047")
        guard width > 0, height > 0 else { return }
        let flip: UInt8 = complement ? 1 : 0
        let needed = Int32(minimum)
        // sums over the window's rows, with `radius` entries of border on each side
        var columns = [UInt16](repeating: 0, count: width + 2 * radius)
        columns.withUnsafeMutableBufferPointer { sums in
            func row(_ y: Int) -> UnsafeBufferPointer<UInt8>? {
                guard border == .replicate || (0..<height).contains(y) else { return nil }
                let start = min(max(y, 0), height - 1) * width
                return UnsafeBufferPointer(rebasing: source[start..<start + width])
            }
            let inner = UnsafeMutableBufferPointer(rebasing: sums[radius..<radius + width])
            func add(_ values: UnsafeBufferPointer<UInt8>?) {
                guard let values else { return }
                for x in 0..<width { inner[x] &+= UInt16(values[x] ^ flip) }
            }
            func remove(_ values: UnsafeBufferPointer<UInt8>?) {
                guard let values else { return }
                for x in 0..<width { inner[x] &-= UInt16(values[x] ^ flip) }
            }
            for y in -radius...radius { add(row(y)) }
            for y in 0..<height {
                if border == .replicate {
                    for x in 0..<radius {
                        sums[x] = inner[0]
                        sums[radius + width + x] = inner[width - 1]
                    }
                }
                var count: Int32 = 0
                for x in 0..<2 * radius { count &+= Int32(sums[x]) }
                let line = UnsafeMutableBufferPointer(
                    rebasing: target[y * width..<(y + 1) * width])
                for x in 0..<width {
                    count &+= Int32(sums[x + 2 * radius])
                    line[x] = (count >= needed ? 1 : 0) ^ flip
                    count &-= Int32(sums[x])
                }
                guard y + 1 < height else { break }
                remove(row(y - radius))
                add(row(y + radius + 1))
            }
        }
    }
}
