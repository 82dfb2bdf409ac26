import MedicalImaging

extension NIfTIFile {
    /// Reads one volume as a label map.
    ///
    /// Stored floats and scaled values are accepted when every one is a whole number. Values that the lookup does not know,
    /// and negative ones, are an error that lists up to ten of them with their numbers of voxels.
    ///
    /// - Parameters:
    ///   - volume: Which volume of a file with several.
    ///   - affine: Which affine.
    ///   - byteLimit: The most bytes of voxel data to accept.
    ///   - lookup: The label id of a value in the file (0 for background), `nil` for a value that must not occur. It is
    ///     asked about the values that occur, never about a negative one.
    /// - Returns: The label map.
    /// - Throws: ``NIfTIError`` as ``readImage(volume:affine:maxBytes:)``, and of kind `labels`.
    /// - Complexity: O(*n*); no second copy when the file stores 8-bit integers.
    public func readLabels(
        volume: Int? = nil, affine: AffineChoice = .automatic,
        maxBytes byteLimit: Int = defaultByteLimit, _ lookup: (Int) -> UInt8?
    ) throws(NIfTIError) -> LabelMap {
        try labels(volume, affine, byteLimit, wantsDigests: false, lookup).contents
    }

    /// Reads one volume as a label map, with the digests of the files read and every warning.
    ///
    /// - Parameters:
    ///   - volume: Which volume of a file with several.
    ///   - affine: Which affine.
    ///   - byteLimit: The most bytes of voxel data to accept.
    ///   - lookup: The label id of a value in the file, `nil` for a value that must not occur.
    /// - Returns: What ``readLabels(volume:affine:maxBytes:_:)`` returns, and the digests; no file is read twice.
    /// - Throws: As ``readLabels(volume:affine:maxBytes:_:)``.
    public func loadLabels(
        volume: Int? = nil, affine: AffineChoice = .automatic,
        maxBytes byteLimit: Int = defaultByteLimit, _ lookup: (Int) -> UInt8?
    ) throws(NIfTIError) -> LoadedNIfTI<LabelMap> {
        try labels(volume, affine, byteLimit, wantsDigests: true, lookup)
    }

    /// Counts the voxels of each value of a label map, for drafting a card.
    ///
    /// - Parameters:
    ///   - volume: Which volume of a file with several.
    ///   - byteLimit: The most bytes of voxel data to accept.
    /// - Returns: Number of voxels by real value, negative values included.
    /// - Throws: ``NIfTIError`` as ``readStored(maxBytes:)``; of kind `labels` when a value is not a whole number, or
    ///   there are more than 65,536 different ones (an image, not a label map).
    public func labelCounts(
        volume: Int? = nil, maxBytes byteLimit: Int = defaultByteLimit
    ) throws(NIfTIError) -> [Int: Int] {
        let all = 0..<header.volumeShape.k
        let part = try stored(volume, slices: all, byteLimit, wantsDigests: false)
        return try LabelValues(part.voxels, scaling: header.scaling, path: path).counts
    }

    /// The values that occur in each slice along the third axis.
    ///
    /// - Parameters:
    ///   - volume: Which volume of a file with several.
    ///   - byteLimit: The most bytes of voxel data to accept.
    /// - Returns: For each slice the real values in it, ascending; background (0) included.
    /// - Throws: As ``labelCounts(volume:maxBytes:)``.
    public func sliceLabels(
        volume: Int? = nil, maxBytes byteLimit: Int = defaultByteLimit
    ) throws(NIfTIError) -> [[Int]] {
        let shape = header.volumeShape
        let part = try stored(volume, slices: 0..<shape.k, byteLimit, wantsDigests: false)
        let values = try LabelValues(part.voxels, scaling: header.scaling, path: path)
        return values.sets(ofEach: shape.i * shape.j)
    }

    private func labels(
        _ volume: Int?, _ choice: AffineChoice, _ byteLimit: Int, wantsDigests: Bool,
        _ lookup: (Int) -> UInt8?
    ) throws(NIfTIError) -> LoadedNIfTI<LabelMap> {
        let grid = try grid(choosing: choice)
        let all = 0..<header.volumeShape.k
        let (voxels, findings) = try stored(
            volume, slices: all, byteLimit, wantsDigests: wantsDigests)
        let samples = try LabelValues(consume voxels, scaling: header.scaling, path: path)
            .mapped(lookup, path: path)
        return loaded(LabelMap(grid: grid, samples: samples), findings, choice)
    }
}
