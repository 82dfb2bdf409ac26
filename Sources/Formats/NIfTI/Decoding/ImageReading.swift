import MedicalImaging

extension NIfTIFile {
    /// Reads every voxel of the file as it is stored, over all dimensions.
    ///
    /// - Parameter byteLimit: The most bytes of voxel data to accept.
    /// - Returns: Unscaled values in the byte order of this machine, the first axis fastest.
    /// - Throws: ``NIfTIError`` when the type is refused, or the data is truncated, damaged or too large.
    /// - Complexity: O(*n*). Memory: the file's compressed bytes and the result, nothing more.
    public func readStored(maxBytes byteLimit: Int = defaultByteLimit) throws(NIfTIError)
        -> StoredVoxels
    {
        var findings = VoxelReading.Findings()
        return try reading(0..<header.dataByteCount, byteLimit).voxels(&findings)
    }

    /// Reads one volume as an image, in real values.
    ///
    /// - Parameters:
    ///   - volume: Which volume of a file with several; see ``NIfTIHeader/volumeIndex(_:path:)``.
    ///   - affine: Which affine.
    ///   - byteLimit: The most bytes of voxel data to accept.
    /// - Returns: The image in the smallest type that keeps its values: `int16` or `int32` when the stored values are
    ///   integers, slope and intercept are whole numbers (or absent) and all results fit; else `float32`, each value
    ///   computed in double precision and rounded once. The values decide, not the stored type.
    /// - Throws: ``NIfTIError`` as ``readStored(maxBytes:)``, and when a volume or an affine must be chosen.
    public func readImage(
        volume: Int? = nil, affine: AffineChoice = .automatic,
        maxBytes byteLimit: Int = defaultByteLimit
    ) throws(NIfTIError) -> ImageVolume {
        try image(volume, affine, byteLimit, wantsDigests: false).contents
    }

    /// Reads one volume as an image, with the digests of the files read and every warning.
    ///
    /// - Parameters:
    ///   - volume: Which volume of a file with several.
    ///   - affine: Which affine.
    ///   - byteLimit: The most bytes of voxel data to accept.
    /// - Returns: What ``readImage(volume:affine:maxBytes:)`` returns, and the digests; no file is read twice.
    /// - Throws: As ``readImage(volume:affine:maxBytes:)``.
    public func loadImage(
        volume: Int? = nil, affine: AffineChoice = .automatic,
        maxBytes byteLimit: Int = defaultByteLimit
    ) throws(NIfTIError) -> LoadedNIfTI<ImageVolume> {
        try image(volume, affine, byteLimit, wantsDigests: true)
    }

    /// Reads some slices of one volume as an image, in real values.
    ///
    /// Of an uncompressed file only these slices are read; a compressed file must be inflated whole.
    ///
    /// - Parameters:
    ///   - slices: Positions along the third axis; inside the volume and not empty.
    ///   - volume: Which volume of a file with several.
    ///   - affine: Which affine.
    ///   - byteLimit: The most bytes of voxel data to accept.
    /// - Returns: The slices as a volume of its own, its origin moved to the first of them. The values of these slices
    ///   alone decide the sample type.
    /// - Throws: As ``readImage(volume:affine:maxBytes:)``, and when the file has no such slices.
    public func readSlab(
        k slices: Range<Int>, volume: Int? = nil, affine: AffineChoice = .automatic,
        maxBytes byteLimit: Int = defaultByteLimit
    ) throws(NIfTIError) -> ImageVolume {
        let whole = try grid(choosing: affine)
        guard slices.lowerBound >= 0, slices.upperBound <= whole.shape.k, !slices.isEmpty else {
            throw NIfTIError(
                .choiceNeeded, path: path, field: "slices",
                found: "\(slices.lowerBound) up to \(slices.upperBound)",
                expected: "at least one of 0 up to \(whole.shape.k)",
                nextStep: "choose slices of the volume")
        }
        var grid = whole
        grid.shape.k = slices.count
        let origin = whole.affine.world(at: VoxelPosition(i: 0, j: 0, k: Double(slices.lowerBound)))
        (grid.affine[0, 3], grid.affine[1, 3], grid.affine[2, 3]) = (origin.x, origin.y, origin.z)
        let part = try stored(volume, slices: slices, byteLimit, wantsDigests: false)
        return Intensities.image(part.voxels, grid: grid, scaling: header.scaling)
    }

    private func image(
        _ volume: Int?, _ choice: AffineChoice, _ byteLimit: Int, wantsDigests: Bool
    ) throws(NIfTIError) -> LoadedNIfTI<ImageVolume> {
        let grid = try grid(choosing: choice)
        let all = 0..<header.volumeShape.k
        let part = try stored(volume, slices: all, byteLimit, wantsDigests: wantsDigests)
        return loaded(
            Intensities.image(part.voxels, grid: grid, scaling: header.scaling), part.findings,
            choice)
    }

    func loaded<Contents: Sendable>(
        _ contents: Contents, _ findings: VoxelReading.Findings, _ choice: AffineChoice
    ) -> LoadedNIfTI<Contents> {
        let source: AffineSource =
            switch choice {
            case .automatic: header.automaticAffineSource
            case .sform: .sform
            case .qform: .qform
            }
        return LoadedNIfTI(
            contents: contents, digests: findings.digests, warnings: warnings + findings.warnings,
            affineSource: source)
    }

    /// Some slices of one volume as they are stored; of RGB24 one channel, as bytes.
    func stored(
        _ volume: Int?, slices: Range<Int>, _ byteLimit: Int, wantsDigests: Bool
    ) throws(NIfTIError) -> (voxels: StoredVoxels, findings: VoxelReading.Findings) {
        let index = try header.volumeIndex(volume, path: path)
        let channels = header.dataType == .rgb24 ? 3 : 1
        let shape = header.volumeShape
        let slice = shape.i * shape.j * header.dataType.bytesPerVoxel
        let start = (index / channels * shape.k + slices.lowerBound) * slice
        let range = start..<(start + slices.count * slice)
        var findings = VoxelReading.Findings()
        let voxels = try reading(range, byteLimit, wantsDigests).voxels(&findings)
        guard case .rgb24(let colours) = voxels else { return (voxels, findings) }
        let channel = (0..<(colours.count / 3)).map { colours[3 * $0 + index % channels] }
        return (.uint8(channel), findings)
    }

    private func reading(
        _ range: Range<Int>, _ byteLimit: Int, _ wantsDigests: Bool = false
    ) -> VoxelReading {
        VoxelReading(file: self, range: range, byteLimit: byteLimit, wantsDigests: wantsDigests)
    }
}
