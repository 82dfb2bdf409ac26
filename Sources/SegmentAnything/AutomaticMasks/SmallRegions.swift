public import MedicalImaging

/// Fills small holes of a mask and removes its small islands.
///
/// - Source: `remove_small_regions` of Segment Anything; holes and islands are both taken with 8 neighbours.
public enum SmallRegions {
    /// Fills holes below an area, then removes islands below it.
    ///
    /// A hole is any connected background, at the border too. When all islands are too small the largest stays, of equal ones
    /// the first in row-major order.
    ///
    /// - Complexity: O(pixels).
    /// - Parameters:
    ///   - mask: 0 is background, everything else object.
    ///   - area: The fewest pixels of a region that stays.
    /// - Returns: The mask of 0 and 1; `nil` when nothing had to change.
    public static func cleaned(_ mask: LabelSlice, below area: Int) -> LabelSlice? {
        var samples = mask.samples.map { $0 == 0 ? UInt8(0) : 1 }
        let holes = regions(of: samples, value: 0, rows: mask.rows, columns: mask.columns)
        let smallHoles = holes.filter { $0.count < area }
        for hole in smallHoles {
            for pixel in hole { samples[pixel] = 1 }
        }
        let islands = regions(of: samples, value: 1, rows: mask.rows, columns: mask.columns)
        let hasSmallIslands = islands.contains { $0.count < area }
        guard !smallHoles.isEmpty || hasSmallIslands else { return nil }
        let largest = islands.map(\.count).max() ?? 0
        // Regions come in row-major order of their first pixel.
        let saved = largest < area ? islands.firstIndex { $0.count == largest } : nil
        for (index, island) in islands.enumerated() where island.count < area && index != saved {
            for pixel in island { samples[pixel] = 0 }
        }
        return LabelSlice(rows: mask.rows, columns: mask.columns, samples: samples)
    }

    /// The connected regions of a value, with 8 neighbours, in row-major order of their first pixel.
    private static func regions(
        of samples: [UInt8], value: UInt8, rows: Int, columns: Int
    ) -> [[Int]] {
        var isSeen = [Bool](repeating: false, count: samples.count)
        var regions: [[Int]] = []
        for start in samples.indices where samples[start] == value && !isSeen[start] {
            // The region itself is the queue.
            var region = [start]
            isSeen[start] = true
            var next = 0
            while next < region.count {
                let (row, column) = region[next].quotientAndRemainder(dividingBy: columns)
                next += 1
                for y in max(0, row - 1)...min(rows - 1, row + 1) {
                    for x in max(0, column - 1)...min(columns - 1, column + 1) {
                        let pixel = y * columns + x
                        guard !isSeen[pixel], samples[pixel] == value else { continue }
                        isSeen[pixel] = true
                        region.append(pixel)
                    }
                }
            }
            regions.append(region)
        }
        return regions
    }
}
