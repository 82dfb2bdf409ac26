import MedicalImaging

/// Growing a volume's mask voxel by voxel through faces and edges (18 neighbours).
enum VoxelDilation {
    /// The voxels that are at most `steps` steps from the mask; the image's edge is outside.
    ///
    /// A step to 18 neighbours is a step within one of the three planes, so each is two passes along axes.
    static func grown(_ mask: [UInt8], shape: GridShape, steps: Int) -> [UInt8] {
        var current = mask.map { $0 == 0 ? UInt8(0) : 1 }
        for _ in 0..<steps {
            let along = [1, shape.i, shape.i * shape.j]
            let alongI = passed(current, shape, axis: 0, step: along[0])
            let alongJ = passed(current, shape, axis: 1, step: along[1])
            let planeIJ = passed(alongI, shape, axis: 1, step: along[1])
            let planeIK = passed(alongI, shape, axis: 2, step: along[2])
            let planeJK = passed(alongJ, shape, axis: 2, step: along[2])
            var isGrowing = false
            for place in current.indices {
                let next = planeIJ[place] | planeIK[place] | planeJK[place]
                if next != current[place] {
                    isGrowing = true
                    current[place] = next
                }
            }
            if !isGrowing { break }
        }
        return current
    }

    /// Every voxel or one of its two neighbours along an axis.
    private static func passed(
        _ mask: [UInt8], _ shape: GridShape, axis: Int, step: Int
    ) -> [UInt8] {
        var result = mask
        let (length, block) = (shape[axis], step * shape[axis])
        guard length > 1 else { return result }
        mask.withUnsafeBufferPointer { mask in
            result.withUnsafeMutableBufferPointer { result in
                for start in stride(from: 0, to: mask.count, by: block) {
                    for place in start..<start + block - step {
                        result[place] |= mask[place + step]
                        result[place + step] |= mask[place]
                    }
                }
            }
        }
        return result
    }
}
