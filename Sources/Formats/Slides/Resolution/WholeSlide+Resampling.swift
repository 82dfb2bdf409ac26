extension WholeSlide {
    /// Reads a rectangle at a chosen resolution.
    ///
    /// The rectangle begins at a corner in level-0 pixels and has `width` × `height` pixels of the result. A level that is
    /// read as it is gives its own pixels; the corner is rounded to the nearest of them (halves up). Otherwise each pixel is
    /// the mean of the area it covers: sums of whole numbers with weights in 256ths, halves rounded up, so the result is the
    /// same on every machine; with a whole factor and corner it is the plain mean of a box. Background counts like glass.
    ///
    /// - Complexity: O(pixels of the tiles that are touched); memory for the result and at most about 32 MiB.
    ///
    /// - Parameters:
    ///   - choice: What ``level(micronsPerPixel:tolerance:)`` or ``choice(level:factorX:factorY:)`` of this slide gave.
    ///   - x: The left border in level-0 pixels; may lie outside.
    ///   - y: The upper border in level-0 pixels; may lie outside.
    ///   - width: The number of columns of the result; 1 or more.
    ///   - height: The number of rows of the result; 1 or more.
    /// - Returns: The pixels, and what was met.
    /// - Throws: ``SlideError`` when the rectangle is larger than the limits allow, or a tile is damaged.
    public func read(
        _ choice: SlideLevelChoice, x: Double, y: Double, width: Int, height: Int
    ) throws(SlideError) -> (pixels: RGBPixels, counts: SlideReadCounts) {
        let image = try image(choice.level)
        let bytes = try byteCount(image, x: 0, y: 0, width: width, height: height)
        var failure: SlideError?
        var counts = SlideReadCounts()
        let samples = [UInt8](unsafeUninitializedCapacity: bytes) { memory, done in
            do throws(SlideError) {
                counts = try read(
                    choice, x: x, y: y, width: width, height: height,
                    into: UnsafeMutableRawBufferPointer(memory))
                done = bytes
            } catch { failure = error }
        }
        if let failure { throw failure }
        return (RGBPixels(width: width, height: height, samples: samples), counts)
    }

    /// Reads a rectangle at a chosen resolution into memory of the caller.
    ///
    /// - Parameters:
    ///   - choice: What ``level(micronsPerPixel:tolerance:)`` or ``choice(level:factorX:factorY:)`` of this slide gave.
    ///   - x: The left border in level-0 pixels; may lie outside.
    ///   - y: The upper border in level-0 pixels; may lie outside.
    ///   - width: The number of columns of the result; 1 or more.
    ///   - height: The number of rows of the result; 1 or more.
    ///   - memory: Exactly width × height × 3 bytes, laid out as ``RGBPixels``.
    /// - Returns: What was met; tiles that lie under two bands of a large result count twice.
    /// - Throws: ``SlideError`` as ``read(_:x:y:width:height:)``; the memory is then undefined.
    @discardableResult
    public func read(
        _ choice: SlideLevelChoice, x: Double, y: Double, width: Int, height: Int,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(SlideError) -> SlideReadCounts {
        let image = try image(choice.level)
        let bytes = try byteCount(image, x: 0, y: 0, width: width, height: height)
        let left = x / levels[choice.level].downsampleX
        let top = y / levels[choice.level].downsampleY
        let range = 1...Self.largestFactor
        let reach = -1e12...1e12
        guard bytes == memory.count, reach.contains(left), reach.contains(top),
            range.contains(choice.factorX), range.contains(choice.factorY),
            Double(width) * choice.factorX <= 1e12, Double(height) * choice.factorY <= 1e12
        else {
            throw SlideError(
                .misuse, file: path, place: image.name,
                found: "\(width) x \(height) pixels at (\(x), \(y)) in \(memory.count) bytes",
                expected: "numbers near the slide and \(bytes) bytes")
        }
        if choice.isExact {
            return try fill(
                image, x: Int((left + 0.5).rounded(.down)), y: Int((top + 0.5).rounded(.down)),
                width: width, height: height, into: memory)
        }
        let across = AreaWeights(start: left, factor: choice.factorX, count: width)
        let down = AreaWeights(start: top, factor: choice.factorY, count: height)
        return try shrink(image, across, down, width: width, height: height, into: memory)
    }

    /// Bytes of a level held at once while it is shrunk, unless one row of the result needs more.
    private static let bandBytes = 32 << 20

    private func shrink(
        _ image: SlideImage, _ across: AreaWeights, _ down: AreaWeights, width: Int, height: Int,
        into memory: UnsafeMutableRawBufferPointer
    ) throws(SlideError) -> SlideReadCounts {
        var counts = SlideReadCounts()
        let sourceWidth = across.end - across.origin
        let lineBytes = sourceWidth * 3
        var shrinker = AreaShrinker(across, width: width)
        var first = 0
        while first < height {
            // As many rows of the result as fit; always one.
            let top = down.span(first).lowerBound
            var last = first + 1
            while last < height,
                (down.span(last).upperBound - top) * lineBytes <= Self.bandBytes
            { last += 1 }
            let sourceHeight = down.span(last - 1).upperBound - top
            let bytes = try byteCount(
                image, x: across.origin, y: down.origin + top, width: sourceWidth,
                height: sourceHeight)
            let band = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
            defer { band.deallocate() }
            counts += try fill(
                image, x: across.origin, y: down.origin + top, width: sourceWidth,
                height: sourceHeight, into: band)
            for row in first..<last {
                shrinker.row(row, down, band, firstLine: top, into: memory)
            }
            first = last
        }
        return counts
    }
}
