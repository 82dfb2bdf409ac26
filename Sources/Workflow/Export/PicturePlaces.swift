import SampleStore

extension CaseFileReader {
    /// Whether the file holds one picture from corner to corner, and not patches of it.
    var isWholePicture: Bool {
        guard description.axis == CaseFileFormat.planeAxis, count == 1 else { return false }
        guard let patches = description.patches else { return true }
        guard patches.origins[0] == [0, 0] else { return false }
        // Level sizes are rounded, by less than a stored pixel.
        let width = Double(description.columns) * patches.downsample.x - Double(patches.slideSize.x)
        let height = Double(description.rows) * patches.downsample.y - Double(patches.slideSize.y)
        return abs(width) < patches.downsample.x && abs(height) < patches.downsample.y
    }

    /// Where the patches lie on their picture; a single picture without `/patches` lies at its origin.
    func places() throws -> StoredPatches {
        if let patches = description.patches { return patches }
        guard isWholePicture else {
            throw StoreError.malformed(
                path: path, key: "/patches", found: "nothing",
                expected: "where the patches lie on their picture")
        }
        let (scale, shape) = (description.pixelToVoxel.values, description.source.shape)
        guard scale[0] > 0, scale[5] > 0 else {
            throw StoreError.malformed(
                path: path, key: "/geometry@pixel_to_voxel", found: "\(scale[0]) and \(scale[5])",
                expected: "pixels of the picture per stored pixel on the diagonal")
        }
        return StoredPatches(
            origins: [[0, 0]], foreground: [0], contested: [0], latticeIndices: [0], missing: [0],
            downsample: [scale[0], scale[5]], slideSize: [shape.i, shape.j])
    }
}
