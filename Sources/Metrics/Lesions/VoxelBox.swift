import MedicalImaging

/// A box of voxels, ends included.
struct VoxelBox {
    private var low = GridShape(.max, .max, .max)
    private var high = GridShape(-1, -1, -1)

    /// The box around every label from 1 to `count`, at the place of its number.
    static func boxes(of labels: [Int32], count: Int, _ shape: GridShape) -> [VoxelBox] {
        var boxes = [VoxelBox](repeating: VoxelBox(), count: count + 1)
        var place = 0
        for k in 0..<shape.k {
            for j in 0..<shape.j {
                for i in 0..<shape.i {
                    let label = Int(labels[place])
                    if label > 0 { boxes[label].take(i, j, k) }
                    place += 1
                }
            }
        }
        return boxes
    }

    mutating func join(_ other: VoxelBox) {
        take(other.low.i, other.low.j, other.low.k)
        take(other.high.i, other.high.j, other.high.k)
    }

    /// The box with a margin of one voxel, as far as the grid has one.
    func grown(in shape: GridShape) -> VoxelBox {
        var box = self
        for axis in 0..<3 {
            box.low[axis] = max(0, low[axis] - 1)
            box.high[axis] = min(shape[axis] - 1, high[axis] + 1)
        }
        return box
    }

    /// Two masks of label 1 from the voxels of the box.
    func cut(
        _ prediction: [Int32], _ predicted: Set<Int32>, _ reference: [Int32], _ label: Int32,
        _ grid: MaskGrid
    ) throws(MetricError) -> LabelPair {
        let size = GridShape(high.i - low.i + 1, high.j - low.j + 1, high.k - low.k + 1)
        var masks = (prediction: [UInt8](), reference: [UInt8]())
        masks.prediction.reserveCapacity(size.count)
        masks.reference.reserveCapacity(size.count)
        // Most lesions have one part: no look-up in a set per voxel.
        let only = predicted.count == 1 ? predicted.first : nil
        for k in low.k...high.k {
            for j in low.j...high.j {
                let row = (k * grid.shape.j + j) * grid.shape.i
                for place in row + low.i...row + high.i {
                    let found = prediction[place]
                    let isPredicted =
                        only.map { found == $0 } ?? (found != 0 && predicted.contains(found))
                    masks.prediction.append(isPredicted ? 1 : 0)
                    masks.reference.append(reference[place] == label ? 1 : 0)
                }
            }
        }
        return try LabelPair(
            prediction: masks.prediction, reference: masks.reference,
            grid: MaskGrid(shape: size, spacing: grid.spacing, dimensions: grid.dimensions))
    }

    private mutating func take(_ i: Int, _ j: Int, _ k: Int) {
        low = GridShape(min(low.i, i), min(low.j, j), min(low.k, k))
        high = GridShape(max(high.i, i), max(high.j, j), max(high.k, k))
    }
}
