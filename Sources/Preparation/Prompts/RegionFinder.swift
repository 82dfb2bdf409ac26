import MedicalImaging

/// What a region is.
public enum RegionUnit: String, Hashable, Sendable, CaseIterable, Codable {
    /// All pixels of a label in a slice, connected or not: one record per organ and slice, as the term project has.
    case organ
    /// Each part of a label that hangs together over edges.
    case component4
    /// Each part of a label that hangs together over edges or corners.
    case component8
    /// Each object of an instance map, in one piece or several; without a map, as ``component8``.
    case instance
}

/// Finds the regions of label slices.
///
/// One pass over the slice finds area and box of every label; each region is then cut out of its box.
enum RegionFinder {
    /// Area and box of one label.
    struct Extent {
        var area = 0
        var x0 = Int.max
        var y0 = 0
        var x1 = -1
        var y1 = -1

        /// Adds a run of pixels; rows come in order.
        mutating func append(row: Int, first: Int, last: Int) {
            if area == 0 { y0 = row }
            area += last - first + 1
            x0 = min(x0, first)
            x1 = max(x1, last)
            y1 = row
        }
    }

    /// The extent of every label 1...255; index 0 is unused.
    ///
    /// Background is skipped 32 pixels at a time, runs of one label are followed eight pixels at a time.
    static func extents(of slice: LabelSlice) -> [Extent] {
        var extents = [Extent](repeating: Extent(), count: 256)
        slice.samples.withUnsafeBytes { raw in
            extents.withUnsafeMutableBufferPointer { found in
                for y in 0..<slice.rows {
                    var x = y * slice.columns
                    let rowStart = x
                    let rowEnd = x + slice.columns
                    while true {
                        x = endOfRun(of: 0, in: raw, from: x, to: rowEnd)
                        guard x < rowEnd else { break }
                        let label = raw[x]
                        let end = endOfRun(of: label, in: raw, from: x + 1, to: rowEnd)
                        found[Int(label)].append(
                            row: y, first: x - rowStart, last: end - 1 - rowStart)
                        x = end
                    }
                }
            }
        }
        return extents
    }

    /// The first place that does not hold the value, or the end.
    @inline(__always)
    private static func endOfRun(
        of value: UInt8, in raw: UnsafeRawBufferPointer, from start: Int, to end: Int
    ) -> Int {
        var x = start
        let pattern = UInt64(value) &* 0x0101_0101_0101_0101
        func word(_ offset: Int) -> UInt64 {
            raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ pattern
        }
        while x + 32 <= end, word(x) | word(x + 8) | word(x + 16) | word(x + 24) == 0 { x += 32 }
        while x + 8 <= end {
            let differing = UInt64(littleEndian: word(x))
            if differing != 0 { return x + differing.trailingZeroBitCount / 8 }
            x += 8
        }
        while x < end, raw[x] == value { x += 1 }
        return x
    }

    /// The regions of a slice, labels ascending, components in the order of their first pixels.
    static func regions(of slice: LabelSlice, unit: RegionUnit, minimumArea: Int) -> [Region] {
        var regions: [Region] = []
        for (label, extent) in extents(of: slice).enumerated() where label > 0 && extent.area > 0 {
            let whole = region(label: UInt8(label), extent: extent, in: slice)
            switch unit {
            case .organ: regions.append(whole)
            case .component4: regions += Components.split(whole, diagonal: false)
            case .component8, .instance: regions += Components.split(whole, diagonal: true)
            }
        }
        return minimumArea > 1 ? regions.filter { $0.area >= minimumArea } : regions
    }

    private static func region(label: UInt8, extent: Extent, in slice: LabelSlice) -> Region {
        let width = extent.x1 - extent.x0 + 1
        let height = extent.y1 - extent.y0 + 1
        let padded = [UInt8](unsafeUninitializedCapacity: (width + 2) * (height + 2)) {
            buffer, count in
            count = buffer.count
            buffer.update(repeating: 0)
            slice.samples.withUnsafeBufferPointer { samples in
                for row in 0..<height {
                    let from = (extent.y0 + row) * slice.columns + extent.x0
                    let to = (row + 1) * (width + 2) + 1
                    for column in 0..<width {
                        buffer[to + column] = samples[from + column] == label ? 1 : 0
                    }
                }
            }
            count = (width + 2) * (height + 2)
        }
        return Region(
            label: label, component: 0, x0: extent.x0, y0: extent.y0, x1: extent.x1, y1: extent.y1,
            area: extent.area, padded: padded)
    }
}
