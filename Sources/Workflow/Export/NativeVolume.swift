import MedicalImaging
import SampleStore

/// A case whose stored slices are all slices of its volume, in their native size, so that they make up the volume again.
struct NativeVolume {
    private let reader: CaseFileReader

    init(_ reader: CaseFileReader) { self.reader = reader }

    /// Columns, rows and slices with the world position of each pixel.
    var grid: Grid {
        Grid(
            shape: GridShape(reader.description.columns, reader.description.rows, reader.count),
            affine: reader.description.pixelToWorld)
    }

    /// Makes sure that no slice is missing and no pixel was resized.
    ///
    /// The plan says so already; here the file itself is asked.
    func checkComplete() throws {
        let description = reader.description
        let found = [description.columns, description.rows, reader.count]
        let native = (0..<3).map { axis in
            (0..<3).first { abs(description.pixelToVoxel[$0, axis]) == 1 }
                .map { description.source.shape[$0] } ?? 0
        }
        guard found == native, reader.sliceIndices == Array(0..<reader.count) else {
            throw StoreError.malformed(
                path: reader.path, key: "/image",
                found: "\(found[0]) columns, \(found[1]) rows, \(found[2]) slices",
                expected: "all \(native[0]) x \(native[1]) x \(native[2]) of the source volume "
                    + "(--select all, no --size)")
        }
    }
}
