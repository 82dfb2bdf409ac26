import MedicalImaging

extension LabelPair {
    /// Counts the voxels of the border bands of prediction and reference, for each of some labels.
    ///
    /// - Parameters:
    ///   - labels: The labels to measure; the result has their order.
    ///   - definition: The band; one that is measured from border voxels has no voxels when its width is not a number.
    /// - Returns: One overlap per label; the band of an empty mask has no voxels.
    /// - Complexity: O(*n*) per label at worst for *n* voxels. Memory: about 12 bytes per voxel of the masks of some
    ///   planes at a time.
    public func boundaryOverlaps(
        of labels: [UInt8], by definition: BoundaryDefinition
    ) -> [BoundaryOverlap] {
        let slots = LabelSlots(labels)
        let found: [BoundaryOverlap]
        switch definition {
        case .millimetres(let width):
            found = bands(slots, width, usesSpacing: true) { $0 <= width }
        case .diagonalFraction(let fraction):
            let width = fraction * grid.diagonal
            found = bands(slots, width, usesSpacing: true) { $0 <= width }
        case .cheng2021(let ratio):
            found = ErosionBand(shape: grid.shape, ratio: ratio).overlaps(of: self, slots)
        case .reloaded(let voxels):
            found = bands(slots, voxels, usesSpacing: false) { $0 < voxels }
        }
        return labels.map { found[Int(slots.table[Int($0)])] }
    }

    /// The bands of voxels whose distance to the border of their own mask passes a test, and is not above `width`.
    private func bands(
        _ slots: LabelSlots, _ width: Double, usesSpacing: Bool, _ isInside: (Double) -> Bool
    ) -> [BoundaryOverlap] {
        let border = SurfaceDefinition(.voxel(.face), usesSpacing: usesSpacing)
        let borders = SurfaceMaps(self, slots, border, jobs: 1)
        let lattice = SurfaceLattice(grid: grid, definition: border)
        let nearest = NearestSurface(
            lattice: lattice, order: RowOrder(lattice: lattice, quadrant: 256))
        let marking = BorderMarking(
            shape: grid.shape, slots: slots, connectivity: .face, imageEdge: .border,
            isVolume: grid.dimensions == 3)
        var counts = [(both: UInt64, prediction: UInt64, reference: UInt64)](
            repeating: (0, 0, 0), count: slots.labels.count)
        // Some columns at a time bound the memory; the distance transform works by columns, too.
        let rows = grid.shape.j * grid.shape.k
        let step = max(8, (1 << 22) / rows & ~7)
        var inPrediction = [Bool](repeating: false, count: min(step, grid.shape.i) * rows)
        for first in stride(from: 0, to: grid.shape.i, by: step) {
            let columns = first..<min(first + step, grid.shape.i)
            let masks = (
                Self.solid(prediction, marking, columns), Self.solid(reference, marking, columns)
            )
            func forEach(
                _ mask: SurfaceElements, _ band: [Bool], _ body: (_ index: Int) -> Void
            ) {
                for row in 0..<mask.rowCount {
                    let base = mask.rows[row].line * columns.count - first
                    for place in mask.rows[row].start..<mask.end(ofRow: row) where band[place] {
                        body(base + Int(mask.columns[place]))
                    }
                }
            }
            for slot in slots.labels.indices {
                let (p, r) = (masks.0.elements[slot], masks.1.elements[slot])
                let (borderP, borderR) = (
                    borders.prediction.elements[slot], borders.reference.elements[slot]
                )
                let inP = Self.band(p, borderP, nearest, width, isInside)
                let inR = Self.band(r, borderR, nearest, width, isInside)
                forEach(p, inP) {
                    inPrediction[$0] = true
                    counts[slot].prediction += 1
                }
                forEach(r, inR) {
                    counts[slot].reference += 1
                    if inPrediction[$0] { counts[slot].both += 1 }
                }
                forEach(p, inP) { inPrediction[$0] = false }
            }
        }
        return counts.map {
            BoundaryOverlap(
                intersection: $0.both, prediction: $0.prediction, reference: $0.reference)
        }
    }

    private static func solid(
        _ map: [UInt8], _ marking: BorderMarking, _ columns: Range<Int>
    ) -> SurfaceMap {
        map.withUnsafeBufferPointer { map in
            guard let map = map.baseAddress else { return SurfaceMap(count: 0, withCodes: false) }
            return marking.markAll(map, columns: columns)
        }
    }

    private static func band(
        _ mask: SurfaceElements, _ border: SurfaceElements, _ nearest: NearestSurface,
        _ width: Double, _ isInside: (Double) -> Bool
    ) -> [Bool] {
        // A mask always has a border: the edge of the image, if nothing else.
        if mask.count == 0 || border.count == 0 {
            return [Bool](repeating: false, count: mask.count)
        }
        let distances = [Double](unsafeUninitializedCapacity: mask.count) { buffer, count in
            if let out = buffer.baseAddress {
                nearest.measure(from: mask, to: border, cutoff: width, into: out)
            }
            count = mask.count
        }
        return distances.map(isInside)
    }
}
