import MedicalImaging

/// Removal of small connected parts of labels.
///
/// - Source: the preprocessing script of MedSAM: parts of each label with fewer voxels (26-connected), then parts with fewer
///   pixels per slice (8-connected), become background.
public struct LabelCleanup: Hashable, Sendable {
    /// Parts with fewer voxels in 3-D are removed; 0 or 1 removes nothing.
    public var minimumVoxels: Int
    /// Parts with fewer pixels in a slice are removed afterwards; 0 or 1 removes nothing.
    public var minimumPixels: Int

    /// Removes nothing.
    public static let none = LabelCleanup(minimumVoxels: 0, minimumPixels: 0)

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - minimumVoxels: The smallest part that stays, in voxels.
    ///   - minimumPixels: The smallest part of a slice that stays, in pixels.
    public init(minimumVoxels: Int, minimumPixels: Int) {
        self.minimumVoxels = minimumVoxels
        self.minimumPixels = minimumPixels
    }

    /// Removes small 3-D parts.
    ///
    /// - Parameter labels: A label map.
    /// - Returns: The map with small parts set to 0; itself when nothing is to be removed.
    /// - Complexity: O(*n*) time in the voxels; memory of a 32-bit number per labelled run.
    public func applied(to labels: LabelMap) -> LabelMap {
        guard minimumVoxels > 1 else { return labels }
        var samples = labels.samples
        samples.withUnsafeMutableBufferPointer {
            Self.dust(
                $0, width: labels.shape.i, height: labels.shape.j, depth: labels.shape.k,
                minimum: minimumVoxels)
        }
        return LabelMap(grid: labels.grid, samples: samples)
    }

    /// Removes small parts of a slice.
    ///
    /// - Parameter slice: Label ids.
    /// - Returns: The slice with small parts set to 0; itself when nothing is to be removed.
    /// - Complexity: O(*n*) time in the pixels.
    public func applied(to slice: LabelSlice) -> LabelSlice {
        guard minimumPixels > 1 else { return slice }
        var result = slice
        result.samples.withUnsafeMutableBufferPointer {
            Self.dust(
                $0, width: slice.columns, height: slice.rows, depth: 1, minimum: minimumPixels)
        }
        return result
    }

    /// A run of one label along i.
    private struct Run {
        var start: Int32
        var end: Int32  // exclusive
        var label: UInt8
    }

    /// Union-find over runs: neighbours of the row before and of the rows of the slice before, diagonals included.
    private static func dust(
        _ samples: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int, depth: Int,
        minimum: Int
    ) {
        var runs: [Run] = []
        var rowStart: [Int] = []
        rowStart.reserveCapacity(height * depth + 1)
        for row in 0..<(height * depth) {
            rowStart.append(runs.count)
            let base = row * width
            var x = 0
            while x < width {
                let label = samples[base + x]
                var end = x + 1
                while end < width, samples[base + end] == label { end += 1 }
                if label != 0 {
                    runs.append(Run(start: Int32(x), end: Int32(end), label: label))
                }
                x = end
            }
        }
        rowStart.append(runs.count)
        var parent = Array(0..<Int32(runs.count))
        func root(_ n: Int) -> Int {
            var n = n
            while Int(parent[n]) != n {
                parent[n] = parent[Int(parent[n])]
                n = Int(parent[n])
            }
            return n
        }
        func join(_ row: Int, _ other: Int) {
            var b = rowStart[other]
            for a in rowStart[row]..<rowStart[row + 1] {
                // runs touch, corners included, when they overlap after growing by one pixel
                while b < rowStart[other + 1], runs[b].end < runs[a].start { b += 1 }
                var n = b
                while n < rowStart[other + 1], runs[n].start <= runs[a].end {
                    if runs[n].label == runs[a].label {
                        let (p, q) = (root(a), root(n))
                        if p != q { parent[max(p, q)] = Int32(min(p, q)) }
                    }
                    n += 1
                }
            }
        }
        for z in 0..<depth {
            for y in 0..<height {
                let row = z * height + y
                if y > 0 { join(row, row - 1) }
                if z > 0 {
                    for other in max(0, y - 1)...min(height - 1, y + 1) {
                        join(row, (z - 1) * height + other)
                    }
                }
            }
        }
        var size = [Int](repeating: 0, count: runs.count)
        for n in runs.indices { size[root(n)] += Int(runs[n].end - runs[n].start) }
        for row in 0..<(height * depth) {
            for n in rowStart[row]..<rowStart[row + 1] where size[root(n)] < minimum {
                for x in Int(runs[n].start)..<Int(runs[n].end) { samples[row * width + x] = 0 }
            }
        }
    }
}
