import MedicalImaging

/// One pass over a map that finds the lattice points of all labels at once whose cell is neither all set nor all clear.
///
/// Lattice point `(i, j, k)` lies between voxels `i - 1` and `i`, and so on; there is nothing outside of the image. The
/// corner `(dk, dj, di)` of its cell has the bit `128 >> (4 dk + 2 dj + di)`; in a picture `8 >> (2 dj + di)`.
struct SurfelMarking {
    let shape: GridShape
    let slots: LabelSlots
    let isVolume: Bool

    /// The voxel rows about a row of lattice points in the order of the bits; nil outside of the image, and in a
    /// picture only the first two.
    private typealias Rows = (
        UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?
    )

    /// Marks the lattice points of a map.
    func mark(_ map: UnsafePointer<UInt8>) -> SurfaceMap {
        let result = SurfaceMap(count: slots.labels.count, withCodes: true)
        let extents = slots.includesBackground ? [] : extents(of: map)
        for k in 0..<(isVolume ? shape.k + 1 : 1) {
            for j in 0...shape.j { markRow(map, j, k, extents, result.elements) }
        }
        return result
    }

    /// The columns between which each row has something, empty when it has nothing.
    private func extents(of map: UnsafePointer<UInt8>) -> [Range<Int>] {
        (0..<shape.j * shape.k).map { line in
            let row = map + line * shape.i
            var (first, end) = (0, shape.i)
            while first + 8 <= end && LabelWord.load(row, first) == 0 { first += 8 }
            while first < end && row[first] == 0 { first += 1 }
            while end - 8 >= first && LabelWord.load(row, end - 8) == 0 { end -= 8 }
            while end > first && row[end - 1] == 0 { end -= 1 }
            return first..<end
        }
    }

    private func markRow(
        _ map: UnsafePointer<UInt8>, _ j: Int, _ k: Int, _ extents: [Range<Int>],
        _ out: UnsafeMutablePointer<SurfaceElements>
    ) {
        let width = shape.i
        let line = j + k * (shape.j + 1)
        var (first, last) = extents.isEmpty ? (0, width) : (width + 1, -1)
        func row(_ j: Int, _ k: Int) -> UnsafePointer<UInt8>? {
            guard j >= 0, j < shape.j, k >= 0, k < shape.k else { return nil }
            let line = j + k * shape.j
            if !extents.isEmpty && !extents[line].isEmpty {
                first = min(first, extents[line].lowerBound)
                last = max(last, extents[line].upperBound)
            }
            return map + line * width
        }
        let rows: Rows =
            isVolume
            ? (row(j - 1, k - 1), row(j, k - 1), row(j - 1, k), row(j, k))
            : (row(j - 1, 0), row(j, 0), nil, nil)
        // Background differs from what is outside of the image, but not in words.
        let isInside =
            rows.0 != nil && rows.1 != nil && (!isVolume || (rows.2 != nil && rows.3 != nil))
        let byWords = isInside || !slots.includesBackground
        var x = first
        while x <= last {
            if byWords && x > 0 && x + 8 <= width {
                // Eight lattice points at a time: those whose eight voxels agree have no patch.
                @inline(__always) func pair(_ row: UnsafePointer<UInt8>?) -> (UInt64, UInt64) {
                    guard let row else { return (0, 0) }
                    return (LabelWord.load(row, x - 1), LabelWord.load(row, x))
                }
                let (a, b) = (pair(rows.0), pair(rows.1))
                var differs = (a.0 ^ a.1) | (b.0 ^ b.1) | (a.0 ^ b.0)
                if isVolume {
                    let (c, d) = (pair(rows.2), pair(rows.3))
                    differs |= (c.0 ^ c.1) | (d.0 ^ d.1) | (a.0 ^ c.0) | (a.0 ^ d.0)
                }
                var marks = LabelWord.nonzero(differs)
                while marks != 0 {
                    keep(x + marks.trailingZeroBitCount >> 3, line, rows, out)
                    marks &= marks &- 1
                }
                x += 8
            } else {
                keep(x, line, rows, out)
                x += 1
            }
        }
    }

    /// Adds a lattice point to every label that has some but not all corners of its cell.
    @inline(__always)
    private func keep(
        _ x: Int, _ line: Int, _ rows: Rows, _ out: UnsafeMutablePointer<SurfaceElements>
    ) {
        // One byte per corner, the first in the lowest, and the top bit of those inside of the image.
        var labels: UInt64 = 0
        var open: UInt64 = 0
        let (left, right) = (x > 0, x < shape.i)
        @inline(__always) func add(_ row: UnsafePointer<UInt8>?, _ shift: UInt64) {
            guard let row else { return }
            if left {
                labels |= UInt64(row[x - 1]) << shift
                open |= 0x80 << shift
            }
            if right {
                labels |= UInt64(row[x]) << (shift + 8)
                open |= 0x80 << (shift + 8)
            }
        }
        if isVolume {
            add(rows.0, 0)
            add(rows.1, 16)
            add(rows.2, 32)
            add(rows.3, 48)
        } else {
            add(rows.0, 32)
            add(rows.1, 48)
        }
        let full: UInt8 = isVolume ? 255 : 15
        while open != 0 {
            let label = (labels >> UInt64(open.trailingZeroBitCount & ~7)) & 0xFF
            let others = LabelWord.nonzero(labels ^ (label &* 0x0101_0101_0101_0101))
            let same = open & ~others
            open &= others
            let slot = Int(slots.table[Int(label)])
            if slot < 0 { continue }
            // Gathers the bits, that of the first corner at the top.
            let code = UInt8(truncatingIfNeeded: ((same >> 7) &* 0x8040_2010_0804_0201) >> 56)
            if code != full { out[slot].append(column: x, line: line, code: code) }
        }
    }
}
