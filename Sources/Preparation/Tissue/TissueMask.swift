/// Where a slide shows tissue: one bit per mask pixel, with fast counts in rectangles.
///
/// - Complexity: Memory of 1.5 bits per mask pixel.
public struct TissueMask: Hashable, Sendable {
    /// The most pixels a mask may have.
    public static let mostPixels = 1 << 30

    /// A connected piece (8 neighbours) in mask pixels; the box's corners are inclusive.
    public struct Piece: Hashable, Sendable, Codable {
        /// Its pixels.
        public var area: Int
        /// Left column.
        public var x0: Int
        /// Top row.
        public var y0: Int
        /// Right column.
        public var x1: Int
        /// Bottom row.
        public var y1: Int
    }

    /// What a step left.
    public struct Stage: Hashable, Sendable, Codable {
        /// `threshold`, `closing` or `median`.
        public var step: String
        /// Tissue pixels.
        public var pixels: Int
        /// Connected pieces (8 neighbours).
        public var pieces: Int
    }

    /// How a mask came about, so that nothing is lost silently.
    public struct Report: Hashable, Sendable, Codable {
        /// The most lost pieces that are listed; the largest are.
        public static let listedPieces = 1000

        /// Otsu's threshold of the valid pixels; `nil` when a fixed one was asked for.
        public var otsu: Int?
        /// The saturation above which pixels were taken.
        public var threshold: Int
        /// Whether all valid pixels have one saturation, so that Otsu has nothing to divide.
        public var isFlat: Bool
        /// Pixels with a picture behind them; the others were left out of the histogram and are no tissue.
        public var validPixels: Int
        /// Pixels and pieces after each step that was carried out, in order.
        public var stages: [Stage]
        /// Pieces there before the median and without any pixel after it.
        public var lostPieces: Int
        /// Their pixels.
        public var lostPixels: Int
        /// They themselves, largest first, at most ``listedPieces``.
        public var lost: [Piece]
    }

    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Level-0 pixels per mask pixel along x.
    public let downsampleX: Double
    /// Level-0 pixels per mask pixel along y.
    public let downsampleY: Double
    /// How the mask came about.
    public let report: Report

    private let wordsPerRow: Int
    private let bits: [UInt64]
    /// Ones in the words above and left of (row, word): `height + 1` rows of `wordsPerRow + 1`.
    private let sums: [UInt32]

    init(
        samples: UnsafeBufferPointer<UInt8>, width: Int, height: Int, downsampleX: Double,
        downsampleY: Double, report: Report
    ) {
        precondition(samples.count == width * height && samples.count <= Self.mostPixels)
        self.width = width
        self.height = height
        self.downsampleX = downsampleX
        self.downsampleY = downsampleY
        self.report = report
        let wordCount = (width + 63) / 64
        wordsPerRow = wordCount
        var bits = [UInt64](repeating: 0, count: wordCount * height)
        var sums = [UInt32](repeating: 0, count: (wordCount + 1) * (height + 1))
        for y in 0..<height {
            var line: UInt32 = 0
            for word in 0..<wordCount {
                var value: UInt64 = 0
                let start = y * width + word * 64
                for n in 0..<min(64, width - word * 64) where samples[start + n] != 0 {
                    value |= 1 << UInt64(n)
                }
                bits[y * wordCount + word] = value
                line += UInt32(value.nonzeroBitCount)
                let place = (y + 1) * (wordCount + 1) + word + 1
                sums[place] = sums[place - wordCount - 1] + line
            }
        }
        self.bits = bits
        self.sums = sums
    }

    /// Whether a mask pixel is tissue; outside the mask nothing is.
    ///
    /// - Parameters:
    ///   - x: Column.
    ///   - y: Row.
    public subscript(x: Int, y: Int) -> Bool {
        guard x >= 0, x < width, y >= 0, y < height else { return false }
        return bits[y * wordsPerRow + x / 64] >> UInt64(x % 64) & 1 == 1
    }

    /// One byte per mask pixel, row by row: 0 or 1.
    public var samples: [UInt8] {
        var result = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width where self[x, y] { result[y * width + x] = 1 }
        }
        return result
    }

    /// Tissue pixels of the whole mask.
    public var count: Int { Int(sums.last ?? 0) }

    /// The share of tissue in the whole mask; 0 for a mask without pixels.
    public var fraction: Double {
        width == 0 || height == 0 ? 0 : Double(count) / Double(width * height)
    }

    /// Tissue pixels in a rectangle of mask pixels, which is clipped to the mask.
    ///
    /// - Parameters:
    ///   - columns: Columns.
    ///   - rows: Rows.
    /// - Returns: A count; 0 outside.
    /// - Complexity: O(rows); a few nanoseconds each.
    public func count(columns: Range<Int>, rows: Range<Int>) -> Int {
        let x0 = max(columns.lowerBound, 0)
        let x1 = min(columns.upperBound, width)
        let y0 = max(rows.lowerBound, 0)
        let y1 = min(rows.upperBound, height)
        guard x0 < x1, y0 < y1 else { return 0 }
        let (firstWord, lastWord) = (x0 / 64, (x1 - 1) / 64)
        let firstMask = UInt64.max << UInt64(x0 % 64)
        let lastMask = UInt64.max >> UInt64(63 - (x1 - 1) % 64)
        var count = 0
        if firstWord == lastWord {
            for y in y0..<y1 {
                let word = bits[y * wordsPerRow + firstWord]
                count += (word & firstMask & lastMask).nonzeroBitCount
            }
            return count
        }
        for y in y0..<y1 {
            let row = y * wordsPerRow
            count += (bits[row + firstWord] & firstMask).nonzeroBitCount
            count += (bits[row + lastWord] & lastMask).nonzeroBitCount
        }
        let pitch = wordsPerRow + 1
        func above(_ y: Int, _ word: Int) -> Int { Int(sums[y * pitch + word]) }
        return count + above(y1, lastWord) - above(y0, lastWord) - above(y1, firstWord + 1)
            + above(y0, firstWord + 1)
    }

    /// The share of tissue in a rectangle at level 0.
    ///
    /// A mask pixel that lies partly in the rectangle counts with the part of its area that does. What lies outside the mask
    /// is no tissue and stays in the denominator, so that a padded patch has a smaller share.
    ///
    /// - Parameters:
    ///   - x: Left edge in level-0 pixels.
    ///   - y: Top edge in level-0 pixels.
    ///   - width: Width in level-0 pixels.
    ///   - height: Height in level-0 pixels.
    /// - Returns: 0...1; 0 for an empty rectangle and for numbers that are not finite. Exactly 0 without tissue.
    /// - Complexity: O(mask rows under the rectangle).
    public func tissueFraction(x: Double, y: Double, width: Double, height: Double) -> Double {
        let wide = width / downsampleX
        let high = height / downsampleY
        guard wide > 0, high > 0, wide.isFinite, high.isFinite, x.isFinite, y.isFinite else {
            return 0
        }
        let columns = Self.strips(from: x / downsampleX, length: wide, limit: self.width)
        let rows = Self.strips(from: y / downsampleY, length: high, limit: self.height)
        var area = 0.0
        for row in rows {
            for column in columns {
                let ones = count(columns: column.pixels, rows: row.pixels)
                area += Double(ones) * column.share * row.share
            }
        }
        return min(1, area / wide / high)
    }

    /// Cuts an interval into pixels that lie in it with one share: the first, the whole ones, the last.
    private static func strips(
        from start: Double, length: Double, limit: Int
    ) -> [(pixels: Range<Int>, share: Double)] {
        let low = min(max(start, 0), Double(limit))
        let high = min(max(start + length, 0), Double(limit))
        guard low < high else { return [] }
        let first = Int(low)
        let last = Int(high)  // a pixel of which `high - last` lies inside
        if first == last { return [(first..<first + 1, high - low)] }
        var strips: [(pixels: Range<Int>, share: Double)] = []
        if Double(first) < low {
            strips.append((first..<first + 1, Double(first + 1) - low))
            if first + 1 < last { strips.append((first + 1..<last, 1)) }
        } else {
            strips.append((first..<last, 1))
        }
        if Double(last) < high { strips.append((last..<last + 1, high - Double(last))) }
        return strips
    }
}
