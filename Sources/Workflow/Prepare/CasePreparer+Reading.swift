import MedicalDatasets
import MedicalImaging
import NIfTI
import SafeFiles
import SampleStore

extension CasePreparer {
    struct Loaded: Sendable {
        var image: ImageVolume
        var labels: LabelMap
        var inputs: [UnitRecord.Input]
        var warnings: [String]
        var affineIsKnown: Bool
    }

    private var affineChoice: AffineChoice {
        AffineChoice(rawValue: plan.configuration.affine) ?? .automatic
    }

    func load(_ unit: PreparePlan.Unit, root: String, threads: Int) throws -> Loaded {
        enum Half: Sendable {
            case image(ImageVolume, [UnitRecord.Input], [String], Bool)
            case labels(LabelMap, [UnitRecord.Input], [String])
        }
        let halves = try ParallelLoop.map(count: 2, threads: threads) { n -> Half in
            if n == 0 {
                let path = try FilePath.join(root, unit.image)
                let loaded = try NIfTIFile(path: path)
                    .loadImage(affine: affineChoice, maxBytes: maxBytes)
                return .image(
                    loaded.contents, inputs("image", unit.image, loaded.digests),
                    loaded.warnings.map { "image: \($0)" }, loaded.affineSource != .pixdim)
            }
            let (labels, loaded, _) = try loadLabels(unit, root: root)
            return .labels(
                labels, inputs("label", unit.label, loaded.digests),
                loaded.warnings.map { "label: \($0)" })
        }
        guard case .image(let image, let imageInputs, let imageWarnings, let known) = halves[0],
            case .labels(let labels, let labelInputs, let labelWarnings) = halves[1]
        else { throw WorkflowError(.internalError, "image and label changed places") }
        var warnings = imageWarnings + labelWarnings
        let differences = image.grid.differences(from: labels.grid)
        if !differences.isEmpty {
            let text = differences.map(\.description).joined(separator: "; ")
            guard plan.configuration.allowGridMismatch, image.grid.shape == labels.grid.shape else {
                throw WorkflowError(
                    .data,
                    "\(unit.label): label grid differs from the grid of \(unit.image): \(text); "
                        + (image.grid.shape == labels.grid.shape
                            ? "check that the files belong together, then use --allow-grid-mismatch"
                            : "a label map needs the shape of its image, fetch the right file"))
            }
            warnings.append("grid mismatch allowed: \(text)")
        }
        return Loaded(
            image: image, labels: labels, inputs: imageInputs + labelInputs, warnings: warnings,
            affineIsKnown: known)
    }

    func loadLabels(
        _ unit: PreparePlan.Unit, root: String
    ) throws -> (LabelMap, LoadedNIfTI<LabelMap>, Bool) {
        let path = try FilePath.join(root, unit.label)
        let ignored = Set(plan.configuration.ignoredLabelValues)
        let loaded = try NIfTIFile(path: path).loadLabels(
            affine: affineChoice, maxBytes: maxBytes
        ) { value in lookup[value] ?? (ignored.contains(value) ? 0 : nil) }
        return (loaded.contents, loaded, loaded.affineSource != .pixdim)
    }

    private func inputs(
        _ role: String, _ path: String, _ digests: [FileDigest]
    ) -> [UnitRecord.Input] {
        digests.enumerated().map { n, digest in
            UnitRecord.Input(
                role: n == 0 ? role : "\(role)_data",
                path: n == 0 ? path : sibling(of: path, named: FilePath.name(of: digest.path)),
                bytes: digest.byteCount, sha256: digest.sha256)
        }
    }

    private func sibling(of path: String, named name: String) -> String {
        let folder = FilePath.folder(of: path)
        return folder == "." ? name : "\(folder)/\(name)"
    }
}
