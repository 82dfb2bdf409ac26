import MedicalImaging
import SampleStore

/// How the pixels of stored slices lie on the voxels they were cut from: a permutation, flips and a scale.
///
/// Every voxel takes the nearest pixel of its slice. Patches of a picture come from no volume: they lie one behind the other.
struct SourcePlacement {
    /// The grid the slices are put on.
    let grid: Grid
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

    /// Finds the place of every pixel.
    ///
    /// - Parameters:
    ///   - reader: The case.
    ///   - name: What errors call it.
    /// - Throws: `StoreError` when the geometry of the case is no permutation with flips and scales.
    init(_ reader: CaseFileReader, name: String) throws {
        guard reader.description.patches != nil else {
            try self.init(reader.description, name: name)
            return
        }
        self.init(stackOf: reader)
    }

    /// Patches one behind the other, each pixel a voxel.
    private init(stackOf reader: CaseFileReader) {
        let description = reader.description
        let size = description.pixelToWorld.spacing
        grid = Grid(
            shape: GridShape(description.columns, description.rows, max(reader.count, 1)),
            affine: Affine(values: [size.i, 0, 0, 0, 0, size.j, 0, 0, 0, 0, 1, 0]))
        shape = grid.shape
        axes = [0, 1, 2]
        columns = Array(0..<description.columns)
        rows = Array(0..<description.rows)
        slices = Dictionary(
            uniqueKeysWithValues: reader.sliceIndices.enumerated().map { ($1, $0) })
        isResized = false
    }

    private init(_ description: CaseDescription, name: String) throws {
        grid = description.source
        let map = description.pixelToVoxel
        let shape = description.source.shape
        let counts = [description.columns, description.rows]
        let failure = StoreError.malformed(
            path: name, key: "geometry@pixel_to_voxel", found: "\(map.values)",
            expected: "a permutation of the axes with flips and scales")
        // A single row or column that was shrunk by corners has the scale 0: what is left tells its axis.
        var open: [Int] = []
        var axes = (0..<3).map { column in
            let rows = (0..<3).filter { map[$0, column] != 0 }
            if rows.isEmpty { open.append(column) }
            return rows.count == 1 ? rows[0] : -1
        }
        let free = (0..<3).filter { !axes.contains($0) }
        if open.count == 1, free.count == 1 { axes[open[0]] = free[0] }
        guard Set(axes) == [0, 1, 2], counts.allSatisfy({ $0 > 0 }) else { throw failure }
        func nearest(_ n: Int) -> [Int] {
            let (scale, shift) = (map[axes[n], n], map[axes[n], 3])
            return (0..<shape[axes[n]]).map { voxel in
                if scale == 0 { return 0 }
                let position = ((Double(voxel) - shift) / scale + 0.5).rounded(.down)
                // At the border a voxel may lie half a pixel outside of the outermost centre, not more.
                guard position >= -1, position <= Double(counts[n]) else { return -1 }
                return min(max(Int(position), 0), counts[n] - 1)
            }
        }
        isResized = abs(map[axes[0], 0]) != 1 || abs(map[axes[1], 1]) != 1
        let (step, shift) = (map[axes[2], 2], map[axes[2], 3])
        guard abs(step) == 1, shift == shift.rounded(), abs(shift) < 16_777_216 else {
            throw failure
        }
        columns = nearest(0)
        rows = nearest(1)
        slices = Dictionary(
            uniqueKeysWithValues: (0..<shape[axes[2]]).map {
                ((Int(shift) - $0) * (step > 0 ? -1 : 1), $0)
            })
        self.axes = axes
        self.shape = shape
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

extension GridShape {
    /// The voxels of a source volume that is about to be allocated; the shape comes from a file.
    func voxelCount(atMost limit: Int, name: String) throws(WorkflowError) -> Int {
        let (plane, overflow) = i.multipliedReportingOverflow(by: j)
        let (count, overflowToo) = plane.multipliedReportingOverflow(by: k)
        guard !overflow, !overflowToo, count <= limit else {
            throw WorkflowError(
                .data,
                "\(name): geometry: found a source volume of \(self) voxels, expected at most "
                    + "\(limit) bytes; allow more (--max-memory)")
        }
        return count
    }
}
