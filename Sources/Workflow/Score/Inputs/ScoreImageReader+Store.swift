import MedicalImaging
import SafeFiles
import SampleStore

extension ScoreImageReader {
    /// The labels of a prepared case on the voxel grid of the volume it was cut from.
    ///
    /// Every voxel takes the label of the nearest pixel of its slice; slices that the store left out are background.
    func preparedCase(_ file: ScoreFile) throws(WorkflowError) -> StoredImage {
        try reading(file) {
            let digest = ScoreDigest(
                path: file.displayPath, byteCount: Folders.size(of: file.path) ?? 0,
                sha256: try FileReading.sha256(of: file.path))
            let reader = try CaseFileReader(path: file.path)
            let frame = try SourcePlacement(reader, name: file.name)
            let source = frame.grid
            guard source.affine.isInvertible else {
                throw WorkflowError(
                    .data,
                    "\(file.name): geometry: found an affine that cannot be inverted, expected the "
                        + "grid of the source volume; prepare the case again")
            }
            let count = try source.shape.voxelCount(
                atMost: options.maxBytes, name: file.name)
            var samples = [UInt8](repeating: 0, count: count)
            for (position, index) in reader.sliceIndices.enumerated() {
                let slice = try reader.label(at: position)
                try frame.put(slice, at: index, into: &samples, name: file.name)
            }
            var notes: [String] = []
            let total = frame.sliceCount
            if reader.count < total {
                notes.append(
                    "\(total - reader.count) of \(total) slices are not in the store and count as background"
                )
            }
            if frame.isResized {
                notes.append(
                    "slices of \(reader.description.rows) x \(reader.description.columns) pixels were put "
                        + "back on the source grid by nearest neighbour")
            }
            return StoredImage(
                file: file, samples: .uint8(samples), shape: source.shape, dimensions: 3,
                spacing: source.spacing, hasSpacing: true, world: source, digests: [digest],
                notes: notes)
        }
    }

    /// The labels of a prepared case.
    func preparedScheme(_ file: ScoreFile) throws(WorkflowError) -> LabelScheme {
        try reading(file) {
            let description = try CaseFileReader(path: file.path).description
            return LabelScheme(classes: description.labels, store: description.dataset)
        }
    }
}
