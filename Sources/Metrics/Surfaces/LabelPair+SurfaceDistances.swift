import Dispatch
import MedicalImaging
import Synchronization

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

/// The surface elements of both maps of a pair.
struct SurfaceMaps: Sendable {
    let prediction: SurfaceMap
    let reference: SurfaceMap

    init(
        _ pair: LabelPair, _ slots: LabelSlots, _ definition: SurfaceDefinition, jobs: Int
    ) {
        let maps = Mutex<(SurfaceMap?, SurfaceMap?)>((nil, nil))
        parallel(2, jobs: jobs) { () in
            { side in
                let map = Self.mark(
                    side == 0 ? pair.prediction : pair.reference, pair.grid, slots, definition)
                maps.withLock { if side == 0 { $0.0 = map } else { $0.1 = map } }
            }
        }
        let found = maps.withLock { $0 }
        let none = SurfaceMap(count: 0, withCodes: false)
        (prediction, reference) = (found.0 ?? none, found.1 ?? none)
    }

    private static func mark(
        _ map: [UInt8], _ grid: MaskGrid, _ slots: LabelSlots, _ definition: SurfaceDefinition
    ) -> SurfaceMap {
        map.withUnsafeBufferPointer { map in
            // A grid has at least one voxel.
            guard let map = map.baseAddress else { return SurfaceMap(count: 0, withCodes: false) }
            let isVolume = grid.dimensions == 3
            switch definition.elements {
            case .surfel:
                return SurfelMarking(shape: grid.shape, slots: slots, isVolume: isVolume)
                    .mark(map)
            case .solid:
                return BorderMarking(
                    shape: grid.shape, slots: slots, connectivity: .face, imageEdge: .open,
                    isVolume: isVolume
                ).markAll(map, planes: 0..<grid.shape.k)
            case .voxel(let connectivity):
                return BorderMarking(
                    shape: grid.shape, slots: slots, connectivity: connectivity,
                    imageEdge: definition.imageEdge, isVolume: isVolume
                ).mark(map)
            }
        }
    }
}

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

/// Does `count` tasks on up to `jobs` threads, in order of their number; each thread makes its own worker.
func parallel(_ count: Int, jobs: Int, _ makeWorker: @Sendable () -> (Int) -> Void) {
    let threads = min(max(1, jobs), count)
    if threads <= 1 {
        if count == 0 { return }
        let work = makeWorker()
        for task in 0..<count { work(task) }
        return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
        let work = makeWorker()
        while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if task >= count { return }
            work(task)
        }
    }
}
