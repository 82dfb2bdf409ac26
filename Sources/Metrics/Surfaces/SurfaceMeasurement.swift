import MedicalImaging
import Synchronization

/// The distances of all labels, measured direction by direction.
struct SurfaceMeasurement: Sendable {
    let maps: SurfaceMaps
    let grid: MaskGrid
    let lattice: SurfaceLattice
    let order: RowOrder
    let weights: [Double]?

    init(maps: SurfaceMaps, pair: LabelPair, definition: SurfaceDefinition) {
        self.maps = maps
        grid = pair.grid
        lattice = SurfaceLattice(grid: grid, definition: definition)
        order = RowOrder(lattice: lattice, quadrant: 256)
        let spacing = definition.usesSpacing ? grid.spacing : Spacing(1, 1, 1)
        weights =
            definition.elements == .surfel
            ? SurfelTable(spacing: spacing, isVolume: grid.dimensions == 3).weights : nil
    }

    /// Measures every label.
    func run(count: Int, jobs: Int) -> [SurfaceDistances] {
        // Each direction of each label is a task; the biggest come first.
        let sizes = (0..<2 * count).map { task -> Int in
            let (queries, targets) = sides(task)
            return queries.count + targets.count / 4
        }
        let tasks = sizes.indices.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
        let lists = Mutex([[Double]](repeating: [], count: 2 * count))
        parallel(2 * count, jobs: jobs) { () in
            let nearest = NearestSurface(lattice: lattice, order: order)
            return { place in
                let task = tasks[place]
                let (queries, targets) = sides(task)
                let list = distances(queries, targets, nearest)
                lists.withLock { $0[task] = list }
            }
        }
        let found = lists.withLock { $0 }
        return (0..<count).map { slot in
            let (prediction, reference) = (sides(2 * slot).0, sides(2 * slot).1)
            return SurfaceDistances(
                fromPrediction: found[2 * slot], fromReference: found[2 * slot + 1],
                predictionWeights: patches(prediction), referenceWeights: patches(reference),
                farthest: farthest(slot, found[2 * slot], found[2 * slot + 1]))
        }
    }

    /// From where to where a task measures.
    private func sides(_ task: Int) -> (SurfaceElements, SurfaceElements) {
        let (prediction, reference) = (
            maps.prediction.elements[task / 2], maps.reference.elements[task / 2]
        )
        return task % 2 == 0 ? (prediction, reference) : (reference, prediction)
    }

    private func distances(
        _ queries: SurfaceElements, _ targets: SurfaceElements, _ nearest: NearestSurface
    ) -> [Double] {
        if targets.count == 0 { return [Double](repeating: .infinity, count: queries.count) }
        return [Double](unsafeUninitializedCapacity: queries.count) { buffer, count in
            if let out = buffer.baseAddress {
                nearest.measure(from: queries, to: targets, into: out)
            }
            count = queries.count
        }
    }

    private func patches(_ elements: SurfaceElements) -> [Double]? {
        guard let weights, let codes = elements.codes else { return nil }
        return (0..<elements.count).map { weights[Int(codes[$0])] }
    }

    private func farthest(
        _ slot: Int, _ fromPrediction: [Double], _ fromReference: [Double]
    ) -> SurfaceDistances.Farthest? {
        guard !fromPrediction.isEmpty, !fromReference.isEmpty else { return nil }
        func last(_ list: [Double]) -> (place: Int, distance: Double) {
            var best = (place: 0, distance: list[0])
            for place in list.indices where list[place] > best.distance {
                best = (place, list[place])
            }
            return best
        }
        let (a, b) = (last(fromPrediction), last(fromReference))
        let isOfPrediction = a.distance >= b.distance
        let (place, distance) = isOfPrediction ? a : b
        let elements = sides(isOfPrediction ? 2 * slot : 2 * slot + 1).0
        var (low, high) = (0, elements.rowCount - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if elements.rows[middle].start <= place { low = middle } else { high = middle - 1 }
        }
        let (k, j) = elements.rows[low].line.quotientAndRemainder(dividingBy: lattice.height)
        let shape = grid.shape
        let voxel =
            (min(k, shape.k - 1) * shape.j + min(j, shape.j - 1)) * shape.i
            + min(Int(elements.columns[place]), shape.i - 1)
        return .init(voxel: voxel, isOfPrediction: isOfPrediction, distance: distance)
    }
}
