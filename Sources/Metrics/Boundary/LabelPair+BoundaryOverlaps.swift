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
            found = bands(slots, usesSpacing: true) { $0 <= width }
        case .diagonalFraction(let fraction):
            let width = fraction * grid.diagonal
            found = bands(slots, usesSpacing: true) { $0 <= width }
        case .cheng2021(let ratio):
            found = ErosionBand(shape: grid.shape, ratio: ratio).overlaps(of: self, slots)
        case .reloaded(let voxels):
            found = bands(slots, usesSpacing: false) { $0 < voxels }
        }
        return labels.map { found[Int(slots.table[Int($0)])] }
    }

    /// The bands of voxels whose distance to the border of their own mask passes a test.
    private func bands(
        _ slots: LabelSlots, usesSpacing: Bool, _ isInside: (Double) -> Bool
    ) -> [BoundaryOverlap] {
        let border = SurfaceDefinition(.voxel(.face), usesSpacing: usesSpacing)
        let borders = SurfaceMaps(self, slots, border, jobs: 1)
        let lattice = SurfaceLattice(grid: grid, definition: border)
        let nearest = NearestSurface(
            lattice: lattice, order: RowOrder(lattice: lattice, quadrant: 256))
        let (shape, plane) = (grid.shape, grid.shape.i * grid.shape.j)
        let marking = BorderMarking(
            shape: shape, slots: slots, connectivity: .face, imageEdge: .border,
            isVolume: grid.dimensions == 3)
        var counts = [(both: UInt64, prediction: UInt64, reference: UInt64)](
            repeating: (0, 0, 0), count: slots.labels.count)
        // Some planes at a time bound the memory.
        let step = max(1, (1 << 22) / plane)
        var inPrediction = [Bool](repeating: false, count: min(step, shape.k) * plane)
        for first in stride(from: 0, to: shape.k, by: step) {
            let planes = first..<min(first + step, shape.k)
            let masks = (
                Self.solid(prediction, marking, planes), Self.solid(reference, marking, planes)
            )
            for slot in slots.labels.indices {
                let (p, r) = (masks.0.elements[slot], masks.1.elements[slot])
                let inP = Self.band(p, borders.prediction.elements[slot], nearest, isInside)
                let inR = Self.band(r, borders.reference.elements[slot], nearest, isInside)
                func index(_ row: SurfaceElements.Row, _ column: UInt32) -> Int {
                    (row.line - first * shape.j) * shape.i + Int(column)
                }
                for row in 0..<p.rowCount {
                    for place in p.rows[row].start..<p.end(ofRow: row) where inP[place] {
                        inPrediction[index(p.rows[row], p.columns[place])] = true
                        counts[slot].prediction += 1
                    }
                }
                for row in 0..<r.rowCount {
                    for place in r.rows[row].start..<r.end(ofRow: row) where inR[place] {
                        counts[slot].reference += 1
                        if inPrediction[index(r.rows[row], r.columns[place])] {
                            counts[slot].both += 1
                        }
                    }
                }
                for row in 0..<p.rowCount {
                    for place in p.rows[row].start..<p.end(ofRow: row) {
                        inPrediction[index(p.rows[row], p.columns[place])] = false
                    }
                }
            }
        }
        return counts.map {
            BoundaryOverlap(
                intersection: $0.both, prediction: $0.prediction, reference: $0.reference)
        }
    }

    private static func solid(
        _ map: [UInt8], _ marking: BorderMarking, _ planes: Range<Int>
    ) -> SurfaceMap {
        map.withUnsafeBufferPointer { map in
            guard let map = map.baseAddress else { return SurfaceMap(count: 0, withCodes: false) }
            return marking.markAll(map, planes: planes)
        }
    }

    private static func band(
        _ mask: SurfaceElements, _ border: SurfaceElements, _ nearest: NearestSurface,
        _ isInside: (Double) -> Bool
    ) -> [Bool] {
        if mask.count == 0 { return [] }
        // A mask in the open, without any border, has no band.
        if border.count == 0 { return [Bool](repeating: false, count: mask.count) }
        let distances = [Double](unsafeUninitializedCapacity: mask.count) { buffer, count in
            if let out = buffer.baseAddress { nearest.measure(from: mask, to: border, into: out) }
            count = mask.count
        }
        return distances.map(isInside)
    }
}
