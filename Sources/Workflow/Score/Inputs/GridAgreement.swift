import MedicalImaging
import SegmentationMetrics

/// Whether a prediction lies on the grid of its reference, and what is done when it does not.
enum GridAgreement {
    /// Compares the grids of two images, and brings the prediction onto that of the reference when that was asked for.
    ///
    /// Shape, spacing, orientation, direction and origin are compared; formats without geometry only by what they have.
    ///
    /// - Parameters:
    ///   - prediction: The image under test; replaced when it is resampled. It takes the grid of the reference.
    ///   - reference: The image taken as truth.
    ///   - names: What messages call the two files.
    ///   - options: Whether differences are allowed or mended.
    /// - Returns: What was allowed or done, one line each.
    /// - Throws: ``WorkflowError`` naming the parts that differ and the way out.
    static func settle(
        prediction: inout ScoreImage, reference: ScoreImage,
        names: (prediction: String, reference: String), options: ScoreInputOptions
    ) throws(WorkflowError) -> [String] {
        var notes: [String] = []
        if let own = prediction.world, let world = reference.world {
            let differences = world.differences(from: own)
            if !differences.isEmpty {
                let text = differences.map(\.description).joined(separator: "; ")
                if options.resamplesPrediction {
                    try resample(&prediction, onto: world, names.prediction)
                    notes.append(
                        "prediction resampled by nearest neighbour onto the reference's grid: \(text)"
                    )
                } else if options.allowsGridMismatch, own.shape == world.shape {
                    notes.append("grid mismatch allowed, compared voxel by voxel: \(text)")
                } else {
                    throw disagreement(text, names, isSameShape: own.shape == world.shape)
                }
            }
        } else {
            try compareWithoutWorld(prediction, reference, names, options, &notes)
        }
        // From here on there is one grid.
        prediction.maskGrid = reference.maskGrid
        prediction.world = reference.world
        return notes
    }

    private static func disagreement(
        _ text: String, _ names: (prediction: String, reference: String), isSameShape: Bool
    ) -> WorkflowError {
        let next =
            isSameShape
            ? "check that the files belong together, then compare voxel by voxel with "
                + "--allow-grid-mismatch, or bring the prediction onto the reference's grid with "
                + "--resample-prediction nearest"
            : "check that the files belong together, then bring the prediction onto the reference's grid "
                + "with --resample-prediction nearest"
        return WorkflowError(
            .data,
            "\(names.prediction): grid differs from that of the reference \(names.reference) (reference "
                + "against prediction): \(text); \(next)")
    }

    /// Compares what there is when one of the two formats has no geometry.
    private static func compareWithoutWorld(
        _ prediction: ScoreImage, _ reference: ScoreImage,
        _ names: (prediction: String, reference: String), _ options: ScoreInputOptions,
        _ notes: inout [String]
    ) throws(WorkflowError) {
        let (own, wanted) = (prediction.maskGrid, reference.maskGrid)
        guard own.shape == wanted.shape else {
            let isTurned =
                own.shape == GridShape(wanted.shape.k, wanted.shape.j, wanted.shape.i)
                || (wanted.shape.k == 1
                    && own.shape == GridShape(wanted.shape.j, wanted.shape.i, 1))
            let next =
                isTurned
                ? "the axes are reversed: read arrays in the other order with --array-axes "
                    + "(zyx or xyz)"
                : options.resamplesPrediction
                    ? "a file without geometry cannot be resampled: write it with its affine, as NIfTI"
                    : "check that the files belong together"
            throw WorkflowError(
                .data,
                "\(names.prediction): grid differs from that of the reference \(names.reference): shape "
                    + "\(wanted.shape) against \(own.shape); \(next)")
        }
        if prediction.hasSpacing, reference.hasSpacing {
            let (a, b) = (wanted.spacing.array, own.spacing.array)
            let differs = zip(a, b).contains { abs($0 - $1) > 1e-3 * max($0, $1) }
            if differs {
                let text = "spacing \(Self.text(a)) against \(Self.text(b))"
                guard options.allowsGridMismatch else {
                    throw disagreement(text, names, isSameShape: true)
                }
                notes.append("grid mismatch allowed, compared voxel by voxel: \(text)")
            }
        }
        if reference.world != nil {
            notes.append("the prediction's format has no geometry: that of the reference is used")
        } else if prediction.world != nil {
            notes.append(
                "the reference's format has no geometry, the prediction's is not used"
                    + (reference.hasSpacing ? "" : ": lengths are in voxels"))
        }
    }

    private static func text(_ values: [Double]) -> String {
        values.map { "\($0)" }.joined(separator: " ")
    }

    // MARK: - Resampling

    private static func resample(
        _ image: inout ScoreImage, onto world: Grid, _ name: String
    ) throws(WorkflowError) {
        guard let own = image.world, let toVoxel = own.affine.inverse else {
            throw WorkflowError(
                .data,
                "\(name): found an affine that cannot be inverted, expected one that can; the file "
                    + "cannot be resampled")
        }
        let map = toVoxel.composed(with: world.affine)
        switch image.samples {
        case .labels(let values):
            image.samples = .labels(nearest(values, own.shape, world.shape, map))
        case .instances(let values):
            image.samples = .instances(nearest(values, own.shape, world.shape, map))
        case .scores(let values):
            image.samples = .scores(nearest(values, own.shape, world.shape, map))
        }
        image.orientation = "\(world.orientation)"
    }

    /// The value of the nearest voxel for every voxel of another grid; 0 outside.
    ///
    /// - Parameters:
    ///   - values: The samples, i fastest.
    ///   - shape: Their shape.
    ///   - target: The shape of the result.
    ///   - map: Voxel indices of the result to voxel indices of the samples.
    /// - Returns: One value per voxel of the result.
    /// - Complexity: O(*n*) in the voxels of the result.
    static func nearest<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ values: [Value], _ shape: GridShape, _ target: GridShape, _ map: Affine
    ) -> [Value] {
        precondition(values.count == shape.count)
        let limits = [Double(shape.i) - 0.5, Double(shape.j) - 0.5, Double(shape.k) - 0.5]
        return [Value](unsafeUninitializedCapacity: target.count) { buffer, count in
            values.withUnsafeBufferPointer { source in
                var n = 0
                for k in 0..<target.k {
                    for j in 0..<target.j {
                        let base = (0..<3).map {
                            map[$0, 1] * Double(j) + map[$0, 2] * Double(k) + map[$0, 3]
                        }
                        let (x0, y0, z0) = (base[0], base[1], base[2])
                        let (dx, dy, dz) = (map[0, 0], map[1, 0], map[2, 0])
                        for i in 0..<target.i {
                            let x = x0 + dx * Double(i)
                            let y = y0 + dy * Double(i)
                            let z = z0 + dz * Double(i)
                            var value: Value = 0
                            // Written so that what is no number is outside.
                            if x >= -0.5, y >= -0.5, z >= -0.5, x < limits[0], y < limits[1],
                                z < limits[2]
                            {
                                let (a, b, c) = (Int(x + 0.5), Int(y + 0.5), Int(z + 0.5))
                                value = source[a + shape.i * (b + shape.j * c)]
                            }
                            buffer[n] = value
                            n += 1
                        }
                    }
                }
            }
            count = target.count
        }
    }
}
