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
            let source = reader.description.source
            guard source.affine.isInvertible else {
                throw WorkflowError(
                    .data,
                    "\(file.name): geometry: found an affine that cannot be inverted, expected the "
                        + "grid of the source volume; prepare the case again")
            }
            let (plane, overflow) = source.shape.i.multipliedReportingOverflow(by: source.shape.j)
            let (count, overflowToo) = plane.multipliedReportingOverflow(by: source.shape.k)
            guard !overflow, !overflowToo, count <= options.maxBytes else {
                throw WorkflowError(
                    .data,
                    "\(file.name): geometry: found a source volume of \(source.shape) voxels, "
                        + "expected at most \(options.maxBytes) bytes; allow more (--max-memory)")
            }
            let frame = try PixelFrame(reader.description, name: file.name)
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

/// How the pixels of stored slices lie on the voxels they were cut from: a permutation, flips and a scale.
private struct PixelFrame {
    /// The source axes along which columns, rows and slices run.
    private let axes: [Int]
    /// The column of each voxel along its axis; -1 for none.
    private let columns: [Int]
    /// The row of each voxel along its axis; -1 for none.
    private let rows: [Int]
    /// The voxel along the slice axis of each slice index.
    private let slices: [Int: Int]
    private let shape: GridShape
    /// Whether pixels are no voxels.
    let isResized: Bool

    /// Slices of the source volume.
    var sliceCount: Int { shape[axes[2]] }

    init(_ description: CaseDescription, name: String) throws {
        let map = description.pixelToVoxel
        let shape = description.source.shape
        func failure() -> StoreError {
            StoreError.malformed(
                path: name, key: "geometry@pixel_to_voxel", found: "\(map.values)",
                expected: "a permutation of the axes with flips and scales")
        }
        // A single row or column that was shrunk by corners has the scale 0: what is left tells its axis.
        var axes: [Int?] = (0..<3).map { column in
            let rows = (0..<3).filter { map[$0, column] != 0 }
            return rows.count == 1 ? rows[0] : nil
        }
        let free = (0..<3).filter { !axes.contains($0) }
        let open = axes.indices.filter { axes[$0] == nil }
        if open.count == 1, free.count == 1, (0..<3).allSatisfy({ map[$0, open[0]] == 0 }) {
            axes[open[0]] = free[0]
        }
        let found = axes.compactMap(\.self)
        guard Set(found).count == 3 else { throw failure() }
        let counts = [description.columns, description.rows]
        func nearest(_ n: Int) -> [Int] {
            let (scale, shift) = (map[found[n], n], map[found[n], 3])
            return (0..<shape[found[n]]).map { voxel in
                if scale == 0 { return 0 }
                let position = ((Double(voxel) - shift) / scale + 0.5).rounded(.down)
                // At the border a voxel may lie half a pixel outside of the outermost centre, not more.
                guard position >= -1, position <= Double(counts[n]) else { return -1 }
                return min(max(Int(position), 0), counts[n] - 1)
            }
        }
        self.axes = found
        self.shape = shape
        columns = nearest(0)
        rows = nearest(1)
        isResized =
            abs(map[found[0], 0]) != 1 || abs(map[found[1], 1]) != 1
        let (step, shift) = (map[found[2], 2], map[found[2], 3])
        guard abs(step) == 1, shift == shift.rounded(), abs(shift) < 16_777_216,
            counts.allSatisfy({ $0 > 0 })
        else { throw failure() }
        slices = Dictionary(
            uniqueKeysWithValues: (0..<shape[found[2]]).map {
                ((Int(shift) - $0) * (step > 0 ? -1 : 1), $0)
            })
    }

    /// Copies the labels of a slice to the voxels nearest to its pixels.
    func put(
        _ slice: LabelSlice, at index: Int, into samples: inout [UInt8], name: String
    ) throws {
        guard let voxel = slices[index] else {
            throw StoreError.malformed(
                path: name, key: "/slice_index", found: "\(index)",
                expected: "a slice of the \(sliceCount) of the source volume")
        }
        let strides = [1, shape.i, shape.i * shape.j]
        let (across, down) = (strides[axes[0]], strides[axes[1]])
        let start = voxel * strides[axes[2]]
        for (y, row) in rows.enumerated() where row >= 0 {
            let line = start + y * down
            for (x, column) in columns.enumerated() where column >= 0 {
                samples[line + x * across] = slice.samples[row * slice.columns + column]
            }
        }
    }
}
