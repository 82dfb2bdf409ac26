import MedicalImaging

/// What a region is.
public enum RegionUnit: String, Hashable, Sendable, CaseIterable, Codable {
    /// All pixels of a label in a slice, connected or not: one record per organ and slice, as the term project has.
    case organ
    /// Each part of a label that hangs together over edges.
    case component4
    /// Each part of a label that hangs together over edges or corners.
    case component8
}

/// Finds the regions of label slices. One pass over the slice finds area and box of every label.
enum RegionFinder {
    /// Area and box of one label.
    struct Extent {
        var area = 0
        var x0 = Int.max
        var y0 = 0
        var x1 = -1
        var y1 = -1
    }

    /// The extent of every label 1...255; index 0 is unused.
    ///
    /// Background is skipped eight pixels at a time.
    static func extents(of slice: LabelSlice) -> [Extent] {
        var extents = [Extent](repeating: Extent(), count: 256)
        slice.samples.withUnsafeBytes { raw in
            extents.withUnsafeMutableBufferPointer { found in
                for y in 0..<slice.rows {
                    let row = y * slice.columns
                    var x = 0
                    while x < slice.columns {
                        if x + 8 <= slice.columns,
                            raw.loadUnaligned(fromByteOffset: row + x, as: UInt64.self) == 0
                        {
                            x += 8
                            continue
                        }
                        let label = Int(raw[row + x])
                        if label == 0 {
                            x += 1
                            continue
                        }
                        // a run of one label
                        var end = x + 1
                        while end < slice.columns, Int(raw[row + end]) == label { end += 1 }
                        if found[label].area == 0 { found[label].y0 = y }
                        found[label].area += end - x
                        found[label].x0 = min(found[label].x0, x)
                        found[label].x1 = max(found[label].x1, end - 1)
                        found[label].y1 = y
                        x = end
                    }
                }
            }
        }
        return extents
    }

    /// The regions of a slice, labels ascending, components in the order of their first pixels.
    static func regions(of slice: LabelSlice, unit: RegionUnit, minimumArea: Int) -> [Region] {
        var regions: [Region] = []
        for (label, extent) in extents(of: slice).enumerated() where label > 0 && extent.area > 0 {
            let whole = region(label: UInt8(label), extent: extent, in: slice)
            switch unit {
            case .organ: regions.append(whole)
            case .component4: regions += Components.split(whole, diagonal: false)
            case .component8: regions += Components.split(whole, diagonal: true)
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
