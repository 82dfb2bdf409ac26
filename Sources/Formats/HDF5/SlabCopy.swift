/// Moves the part that a chunk and a wanted slab share from one to the other.
struct SlabCopy {
    let offset: [Int]
    let extents: [Int]
    let chunk: [Int]
    let elementBytes: Int

    /// Visits the corner of every chunk that touches the slab, last axis fastest; the slab must not be empty.
    func forEachCorner<E: Error>(_ body: ([Int]) throws(E) -> Void) throws(E) {
        let first = zip(offset, chunk).map { $0 / $1 * $1 }
        let last = zip(zip(offset, extents), chunk).map { ($0.0 + $0.1 - 1) / $1 * $1 }
        var corner = first
        while true {
            try body(corner)
            var axis = corner.count - 1
            while axis >= 0, corner[axis] == last[axis] {
                corner[axis] = first[axis]
                axis -= 1
            }
            guard axis >= 0 else { return }
            corner[axis] += chunk[axis]
        }
    }

    /// Copies from the chunk at `corner` into the slab, row by row; both in row-major order.
    func copy(
        _ source: UnsafeRawBufferPointer, at corner: [Int],
        into target: UnsafeMutableRawBufferPointer
    ) {
        let rank = corner.count
        // In indices of the whole array.
        let low = (0..<rank).map { max(corner[$0], offset[$0]) }
        let high = (0..<rank).map {
            min(corner[$0] + chunk[$0], offset[$0] + extents[$0])
        }
        guard zip(low, high).allSatisfy({ $0 < $1 }) else { return }
        let rowBytes = (high[rank - 1] - low[rank - 1]) * elementBytes
        var at = low
        while true {
            var from = 0
            var to = 0
            for axis in 0..<rank {
                from = from * chunk[axis] + at[axis] - corner[axis]
                to = to * extents[axis] + at[axis] - offset[axis]
            }
            let row = UnsafeRawBufferPointer(
                rebasing: source[from * elementBytes..<from * elementBytes + rowBytes])
            UnsafeMutableRawBufferPointer(rebasing: target[(to * elementBytes)...])
                .copyMemory(from: row)
            var axis = rank - 2
            while axis >= 0, at[axis] == high[axis] - 1 {
                at[axis] = low[axis]
                axis -= 1
            }
            guard axis >= 0 else { return }
            at[axis] += 1
        }
    }
}
