import MedicalImaging
import SegmentationMetrics

/// Hausdorff distances between single instances of two maps, each pair cut out of its images.
struct ObjectDistances {
    private struct Box {
        var low: (i: Int, j: Int, k: Int)
        var high: (i: Int, j: Int, k: Int)

        func joined(_ other: Box) -> Box {
            Box(
                low: (
                    min(low.i, other.low.i), min(low.j, other.low.j), min(low.k, other.low.k)
                ),
                high: (
                    max(high.i, other.high.i), max(high.j, other.high.j), max(high.k, other.high.k)
                ))
        }
    }

    private let prediction: [Int32]
    private let reference: [Int32]
    private let grid: MaskGrid
    private let definition: SurfaceDefinition
    private let predictedBoxes: [Int32: Box]
    private let referenceBoxes: [Int32: Box]

    /// Finds where every instance lies.
    ///
    /// - Parameters:
    ///   - prediction: One id per voxel, i fastest.
    ///   - reference: One id per voxel, i fastest.
    ///   - grid: Where the voxels lie.
    ///   - definition: The surface of an instance.
    init(
        prediction: [Int32], reference: [Int32], grid: MaskGrid, definition: SurfaceDefinition
    ) {
        self.prediction = prediction
        self.reference = reference
        self.grid = grid
        self.definition = definition
        predictedBoxes = Self.boxes(prediction, grid.shape)
        referenceBoxes = Self.boxes(reference, grid.shape)
    }

    /// The Hausdorff distance of two instances; infinite when either does not exist.
    func distance(prediction id: UInt32, reference other: UInt32) -> Double {
        guard let first = Int32(exactly: id), let second = Int32(exactly: other),
            let box = predictedBoxes[first].flatMap({ own in
                referenceBoxes[second].map(own.joined)
            })
        else { return .infinity }
        let shape = GridShape(
            box.high.i - box.low.i + 1, box.high.j - box.low.j + 1, box.high.k - box.low.k + 1)
        var (masks, truths): ([UInt8], [UInt8]) = ([], [])
        masks.reserveCapacity(shape.count)
        truths.reserveCapacity(shape.count)
        for k in box.low.k...box.high.k {
            for j in box.low.j...box.high.j {
                let row = grid.shape.i * (j + grid.shape.j * k)
                for i in box.low.i...box.high.i {
                    masks.append(prediction[row + i] == first ? 1 : 0)
                    truths.append(reference[row + i] == second ? 1 : 0)
                }
            }
        }
        guard
            let cut = try? MaskGrid(
                shape: shape, spacing: grid.spacing, dimensions: grid.dimensions),
            let pair = try? LabelPair(prediction: masks, reference: truths, grid: cut)
        else { return .infinity }
        return pair.surfaceDistances(of: [1], by: definition)[0].hausdorff
    }

    private static func boxes(_ ids: [Int32], _ shape: GridShape) -> [Int32: Box] {
        var boxes: [Int32: Box] = [:]
        var n = 0
        while n < ids.count {
            let id = ids[n]
            let (i, j, k) = (n % shape.i, n / shape.i % shape.j, n / (shape.i * shape.j))
            var end = n + 1
            while end < ids.count, ids[end] == id, end % shape.i != 0 { end += 1 }
            if id != 0 {
                let run = Box(low: (i, j, k), high: (i + end - n - 1, j, k))
                boxes[id] = boxes[id].map { $0.joined(run) } ?? run
            }
            n = end
        }
        return boxes
    }
}
