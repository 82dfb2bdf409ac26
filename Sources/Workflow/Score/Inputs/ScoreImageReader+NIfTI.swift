import MedicalImaging
import NIfTI
import SafeFiles

extension ScoreImageReader {
    /// A label map; 8- and 16-bit values go through a table in one pass, 8-bit ones in place.
    func niftiLabels(
        _ file: ScoreFile, _ table: LabelValueTable
    ) throws(WorkflowError) -> ScoreImage {
        let opened = try reading(file) { try NIfTIFile(path: file.path) }
        switch opened.header.dataType {
        case .uint8, .int8, .uint16, .int16: break
        default:
            let image = try nifti(file, opened)
            if !image.isRounded { return try image.labels(by: table) }
        }
        var isUnknown = false
        let loaded: LoadedNIfTI<LabelMap>
        do throws(NIfTIError) {
            loaded = try opened.loadLabels(affine: options.affine, maxBytes: options.maxBytes) {
                if let id = table[$0] { return id }
                isUnknown = true
                return 0
            }
        } catch {
            // Reading again is for errors only: it finds the place of the first wrong value.
            if error.kind == .labels { _ = try nifti(file, opened).valueCounts() }
            throw WorkflowError(error, reading: file)
        }
        if isUnknown {
            let counts = try reading(file) { try opened.labelCounts(maxBytes: options.maxBytes) }
            throw table.unknownValues(counts, in: file.name)
        }
        return try image(
            file, opened, loaded, grid: loaded.contents.grid,
            samples: .uint8(loaded.contents.samples)
        ).asLabels()
    }

    /// The numbers of a file; whole ones as integers.
    func nifti(_ file: ScoreFile) throws(WorkflowError) -> StoredImage {
        try nifti(file, try reading(file) { try NIfTIFile(path: file.path) })
    }

    private func nifti(_ file: ScoreFile, _ opened: NIfTIFile) throws(WorkflowError) -> StoredImage
    {
        try reading(file) {
            if opened.header.dataType == .uint8, opened.header.scaling == nil {
                let loaded = try opened.loadLabels(
                    affine: options.affine, maxBytes: options.maxBytes
                ) { UInt8(truncatingIfNeeded: $0) }
                return image(
                    file, opened, loaded, grid: loaded.contents.grid,
                    samples: .uint8(loaded.contents.samples))
            }
            let loaded = try opened.loadImage(affine: options.affine, maxBytes: options.maxBytes)
            let samples: StoredSamples =
                switch loaded.contents {
                case .int16(let volume): .int32(volume.samples.map { Int32($0) })
                case .int32(let volume): .int32(volume.samples)
                case .float32(let volume): .float32(volume.samples)
                }
            var stored = image(
                file, opened, loaded, grid: loaded.contents.grid, samples: samples)
            if case .float32 = samples, opened.header.dataType != .float32 {
                // From here on 32-bit floats are no longer next to each other.
                let range = loaded.contents.range ?? 0...0
                stored.isRounded = max(-range.lowerBound, range.upperBound) >= 16_777_216
            }
            return stored
        }
    }

    private func image<Contents: Sendable>(
        _ file: ScoreFile, _ opened: NIfTIFile, _ loaded: LoadedNIfTI<Contents>, grid: Grid,
        samples: StoredSamples
    ) -> StoredImage {
        let dimensions = opened.header.dimensions.count <= 2 ? 2 : 3
        return StoredImage(
            file: file, samples: samples, shape: grid.shape, dimensions: dimensions,
            spacing: grid.spacing, hasSpacing: true, world: grid,
            digests: loaded.digests.enumerated().map { n, digest in
                ScoreDigest(
                    path: n == 0
                        ? file.displayPath : file.sibling(named: FilePath.name(of: digest.path)),
                    byteCount: digest.byteCount, sha256: digest.sha256)
            },
            notes: loaded.warnings.map(\.text))
    }
}

extension ScoreFile {
    /// The path of a file beside this one, as reports write it.
    func sibling(named name: String) -> String {
        let folder = FilePath.folder(of: displayPath)
        return folder == "." ? name : "\(folder)/\(name)"
    }
}
