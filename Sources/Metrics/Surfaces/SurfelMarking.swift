import MedicalImaging

/// One pass over a map that finds the lattice points of all labels at once whose cell is neither all set nor all clear.
///
/// Lattice point `(i, j, k)` lies between voxels `i - 1` and `i`, and so on; there is nothing outside of the image. The
/// corner `(dk, dj, di)` of its cell has the bit `128 >> (4 dk + 2 dj + di)`; in a picture `8 >> (2 dj + di)`.
struct SurfelMarking {
    let shape: GridShape
    let slots: LabelSlots
    let isVolume: Bool

    /// Marks the lattice points of a map.
    func mark(_ map: UnsafePointer<UInt8>) -> SurfaceMap {
        let result = SurfaceMap(count: slots.labels.count, withCodes: true)
        for k in 0..<(isVolume ? shape.k + 1 : 1) {
            for j in 0...shape.j { markRow(map, j, k, result.elements) }
        }
        return result
    }

    private func markRow(
        _ map: UnsafePointer<UInt8>, _ j: Int, _ k: Int, _ out: UnsafeMutablePointer<SurfaceElements>
    ) {
        let (width, plane) = (shape.i, shape.i * shape.j)
        let line = j + k * (shape.j + 1)
        let upper = j > 0
        let lower = j < shape.j
        func row(_ j: Int, _ k: Int, _ exists: Bool) -> UnsafePointer<UInt8>? {
            exists ? map + (k * plane + j * width) : nil
        }
        // In the order of the bits; in a picture only the first two.
        let rows: (
            UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?,
            UnsafePointer<UInt8>?
        ) =
            isVolume
            ? (
                row(j - 1, k - 1, upper && k > 0), row(j, k - 1, lower && k > 0),
                row(j - 1, k, upper && k < shape.k), row(j, k, lower && k < shape.k)
            ) : (row(j - 1, 0, upper), row(j, 0, lower), nil, nil)
        var x = 0
        while x <= width {
            if x > 0 && x + 8 <= width {
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
        _ x: Int, _ line: Int,
        _ rows: (
            UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?,
            UnsafePointer<UInt8>?
        ), _ out: UnsafeMutablePointer<SurfaceElements>
    ) {
        let (left, right) = (x > 0, x < shape.i)
        @inline(__always) func pair(_ row: UnsafePointer<UInt8>?) -> SIMD2<Int16> {
            guard let row else { return SIMD2(-1, -1) }
            return SIMD2(left ? Int16(row[x - 1]) : -1, right ? Int16(row[x]) : -1)
        }
        let (a, b) = (pair(rows.0), pair(rows.1))
        let corners: SIMD8<Int16>
        let full: UInt8
        if isVolume {
            let (c, d) = (pair(rows.2), pair(rows.3))
            corners = SIMD8(a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1])
            full = 255
        } else {
            corners = SIMD8(-1, -1, -1, -1, a[0], a[1], b[0], b[1])
            full = 15
        }
        for corner in 0..<8 where corners[corner] >= 0 {
            let label = corners[corner]
            var code: UInt8 = 0
            for other in 0..<8 where corners[other] == label {
                code |= 128 >> UInt8(truncatingIfNeeded: other)
            }
            // Each label once, at its first corner.
            if code.leadingZeroBitCount < corner || code == full { continue }
            let slot = Int(slots.table[Int(label)])
            if slot >= 0 { out[slot].append(column: x, line: line, code: code) }
        }
    }
}
