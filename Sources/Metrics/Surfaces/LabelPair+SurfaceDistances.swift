extension LabelPair {
    /// Measures the distances between the surfaces of prediction and reference, for each of some labels.
    ///
    /// - Parameters:
    ///   - labels: The labels to measure; the result has their order. 0 measures the background.
    ///   - definition: What counts as the surface, and the unit.
    ///   - jobs: How many threads to use; the result is the same bit for bit.
    /// - Returns: One pair of distance lists per label. The elements of a mask whose counterpart is empty are infinitely
    ///   far from it; two empty masks give two empty lists.
    /// - Complexity: One pass over both maps, then a few rows per surface element; at worst O(*n*) per label for *n*
    ///   voxels. Memory: 12 bytes per surface element of all labels, one bit per voxel of the largest box and job, and
    ///   16 MB per job at worst.
    public func surfaceDistances(
        of labels: [UInt8], by definition: SurfaceDefinition, jobs: Int = 1
    ) -> [SurfaceDistances] {
        let slots = LabelSlots(labels)
        let maps = SurfaceMaps(self, slots, definition, jobs: jobs)
        let measured = SurfaceMeasurement(maps: maps, pair: self, definition: definition)
            .run(count: slots.labels.count, jobs: jobs)
        return labels.map { measured[Int(slots.table[Int($0)])] }
    }
}
