import MedicalImaging

/// One pass over a map that finds the surface voxels of all labels at once: those whose label differs from that of a
/// neighbour.
///
/// Eight voxels are compared at a time, so that background and the inside of organs cost one test per word.
struct BorderMarking {
    let shape: GridShape
    let slots: LabelSlots
    let connectivity: SurfaceDefinition.Connectivity
    let imageEdge: SurfaceDefinition.ImageEdge
    /// Whether there are neighbours along k.
    let isVolume: Bool

    /// Marks the borders of a map.
    func mark(_ map: UnsafePointer<UInt8>) -> SurfaceMap {
        let result = SurfaceMap(count: slots.labels.count, withCodes: false)
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                if connectivity == .face {
                    markFaces(map, j, k, result.elements)
                } else {
                    markNeighbours(map, j, k, result.elements)
                }
            }
        }
        return result
    }

    /// Marks every voxel of the labels, for the surface that is the whole mask.
    ///
    /// - Parameters:
    ///   - map: The map.
    ///   - columns: The columns to mark; they begin, and end before the last column, at multiples of 8.
    /// - Returns: The voxels of each label.
    func markAll(_ map: UnsafePointer<UInt8>, columns: Range<Int>) -> SurfaceMap {
        let result = SurfaceMap(count: slots.labels.count, withCodes: false)
        for line in 0..<(shape.j * shape.k) {
            let row = map + line * shape.i
            scan(row, line, columns, result.elements) { _, _, _ in LabelWord.tops }
        }
        return result
    }

    private func markFaces(
        _ map: UnsafePointer<UInt8>, _ j: Int, _ k: Int,
        _ out: UnsafeMutablePointer<SurfaceElements>
    ) {
        let (width, plane) = (shape.i, shape.i * shape.j)
        let row = map + (k * plane + j * width)
        let line = j + k * shape.j
        let atEdge =
            j == 0 || j == shape.j - 1 || (isVolume && (k == 0 || k == shape.k - 1))
        if atEdge && imageEdge == .border {
            scan(row, line, 0..<width, out) { _, _, _ in LabelWord.tops }
            return
        }
        // A neighbour outside of the image that counts as inside is the voxel itself.
        let above = j > 0 ? row - width : row
        let below = j < shape.j - 1 ? row + width : row
        let front = isVolume && k > 0 ? row - plane : row
        let back = isVolume && k < shape.k - 1 ? row + plane : row
        let edge: UInt64 = imageEdge == .border ? 0xFF : 0
        scan(row, line, 0..<width, out) { word, x, count in
            let tail = count < 8
            @inline(__always) func near(_ base: UnsafePointer<UInt8>) -> UInt64 {
                tail ? LabelWord.loadTail(base, width, count) : LabelWord.load(base, x)
            }
            var differs = (word ^ near(above)) | (word ^ near(below))
            differs |= (word ^ near(front)) | (word ^ near(back))
            let first = x > 0 ? UInt64(row[x - 1]) : (word & 0xFF) ^ edge
            differs |= word ^ (word << 8 | first)
            let last = UInt64(truncatingIfNeeded: 8 * (count - 1))
            let after =
                x + count < width
                ? UInt64(row[x + count]) : ((word >> last) & 0xFF) ^ edge
            differs |= word ^ (word >> 8 | after << last)
            return LabelWord.nonzero(differs)
        }
    }

    private func markNeighbours(
        _ map: UnsafePointer<UInt8>, _ j: Int, _ k: Int,
        _ out: UnsafeMutablePointer<SurfaceElements>
    ) {
        let (width, plane) = (shape.i, shape.i * shape.j)
        let row = map + (k * plane + j * width)
        let edge: UInt64 = imageEdge == .border ? 0xFF : 0
        scan(row, j + k * shape.j, 0..<width, out) { word, x, count in
            let last = UInt64(truncatingIfNeeded: 8 * (count - 1))
            var differs: UInt64 = 0
            for dk in (isVolume ? -1 : 0)...(isVolume ? 1 : 0) {
                for dj in -1...1 {
                    let diagonal = dj != 0 && dk != 0
                    guard (0..<shape.j).contains(j + dj), (0..<shape.k).contains(k + dk) else {
                        if edge != 0 { return LabelWord.tops }
                        continue
                    }
                    let other = row + (dk * plane + dj * width)
                    let near =
                        count < 8
                        ? LabelWord.loadTail(other, width, count) : LabelWord.load(other, x)
                    differs |= word ^ near
                    if diagonal && connectivity == .edge { continue }
                    let first = x > 0 ? UInt64(other[x - 1]) : (word & 0xFF) ^ edge
                    differs |= word ^ (near << 8 | first)
                    let after =
                        x + count < width
                        ? UInt64(other[x + count]) : ((word >> last) & 0xFF) ^ edge
                    differs |= word ^ (near >> 8 | after << last)
                }
            }
            return LabelWord.nonzero(differs)
        }
    }

    /// Goes along a row by words and keeps the voxels of the labels that `test` marks at the top of their byte.
    ///
    /// `test` gets the word, the column of its first voxel, and how many of its bytes are voxels.
    @inline(__always)
    private func scan(
        _ row: UnsafePointer<UInt8>, _ line: Int, _ columns: Range<Int>,
        _ out: UnsafeMutablePointer<SurfaceElements>, _ test: (UInt64, Int, Int) -> UInt64
    ) {
        let background = slots.includesBackground
        slots.table.withUnsafeBufferPointer { table in
            @inline(__always) func keep(_ word: UInt64, _ x: Int, _ count: Int) {
                var marks = test(word, x, count)
                if !background { marks &= LabelWord.nonzero(word) }
                if count < 8 { marks &= (1 << UInt64(truncatingIfNeeded: 8 * count)) &- 1 }
                while marks != 0 {
                    let column = x + marks.trailingZeroBitCount >> 3
                    marks &= marks &- 1
                    let slot = Int(table[Int(row[column])])
                    if slot >= 0 { out[slot].append(column: column, line: line) }
                }
            }
            let full = columns.upperBound & ~7
            var x = columns.lowerBound
            while x < full {
                if !background {
                    while x + 32 <= full,
                        LabelWord.load(row, x) | LabelWord.load(row, x + 8)
                            | LabelWord.load(row, x + 16) | LabelWord.load(row, x + 24) == 0
                    {
                        x += 32
                    }
                    if x == full { break }
                }
                let word = LabelWord.load(row, x)
                if word != 0 || background { keep(word, x, 8) }
                x += 8
            }
            let rest = columns.upperBound - full
            if rest > 0 { keep(LabelWord.loadTail(row, shape.i, rest), full, rest) }
        }
    }
}
