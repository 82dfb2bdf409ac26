/// A volume file seen through its name: which role the name claims, and what is left when the role is taken away.
///
/// Pure text: no file is opened. The conventions known are those of the medical segmentation decathlon and nnU-Net
/// (`imagesTr/x_0000`, `labelsTr/x`), BTCV (`img/img0001`, `label/label0001`), LiTS (`volume-0`, `segmentation-0`), and
/// endings such as `_ct`, `_image` and `_labels`, `_seg`, `_mask`, `_gt`.
struct VolumeName {
    /// What a name claims to be.
    enum Role {
        case image
        case label
        /// Mentions a label word somewhere in the middle: a variant or a by-product, not to be used by guess.
        case unclear
    }

    /// One way to read a name: the text before the base, the base, the text after it.
    struct Reading: Hashable {
        let before: String
        let base: String
        let after: String
    }

    /// The path relative to the folder.
    let path: String
    /// The role claimed by the folder or the file name; an image when nothing is claimed.
    let role: Role
    /// The folders of the path, role folders left out; two files of a case agree in them.
    let place: [Substring]
    /// Possible readings, the whole stem first.
    let readings: [Reading]
    /// The file extension, `.nii` or `.nii.gz`.
    let suffix: String
    /// Whether a folder, not the file name, told the role.
    let roleFromFolder: Bool

    private static let imageWords: Set<String> = [
        "ct", "img", "imgs", "image", "images", "volume", "volumes", "vol", "scan", "scans", "mr",
        "mri", "0000",
    ]
    private static let labelWords: Set<String> = [
        "label", "labels", "lab", "seg", "segs", "segmentation", "segmentations", "mask", "masks",
        "gt", "groundtruth", "annotation", "annotations",
    ]
    private static let imageFolders: Set<String> = imageWords.union([
        "imagestr", "imagests", "data",
    ])
    private static let labelFolders: Set<String> = labelWords.union(["labelstr", "labelsts"])

    /// Reads a name; `nil` when the file is no volume.
    init?(_ path: String) {
        guard let suffix = [".nii.gz", ".nii"].first(where: { path.lowercased().hasSuffix($0) })
        else { return nil }
        self.path = path
        self.suffix = String(path.suffix(suffix.count))
        var folders = path.split(separator: "/")
        let stem = folders.removeLast().dropLast(suffix.count)
        guard !stem.isEmpty else { return nil }

        let imageFolder = folders.lastIndex { Self.imageFolders.contains($0.lowercased()) }
        let labelFolder = folders.lastIndex { Self.labelFolders.contains($0.lowercased()) }
        let affixes = Self.affixes(of: stem)
        let isLabelName = affixes.contains { Self.labelWords.contains($0.word) }
        let isImageName = affixes.contains { Self.imageWords.contains($0.word) }
        let mentionsLabel = Self.words(of: stem).contains { Self.labelWords.contains($0) }

        if let labelFolder, labelFolder > imageFolder ?? -1 {
            role = .label
            roleFromFolder = true
        } else if imageFolder != nil {
            role = isLabelName ? .label : .image
            roleFromFolder = !isLabelName
        } else {
            role = isLabelName ? .label : mentionsLabel && !isImageName ? .unclear : .image
            roleFromFolder = false
        }
        place = folders.enumerated().filter { $0.offset != imageFolder && $0.offset != labelFolder }
            .map(\.element)

        let wanted = role == .label ? Self.labelWords : Self.imageWords
        readings =
            [Reading(before: "", base: String(stem), after: "")]
            + affixes.filter { wanted.contains($0.word) }.map(\.reading)
    }

    /// The words at either end of a stem, with what is left without them.
    private static func affixes(of stem: Substring) -> [(word: String, reading: Reading)] {
        var result: [(String, Reading)] = []
        let separators: Set<Character> = ["_", "-", "."]
        if let cut = stem.lastIndex(where: separators.contains) {
            let word = stem[stem.index(after: cut)...]
            result.append(
                (
                    word.lowercased(),
                    Reading(before: "", base: String(stem[..<cut]), after: String(stem[cut...]))
                ))
        } else {
            // The whole stem is a role: one folder per case.
            result.append(
                (stem.lowercased(), Reading(before: "", base: "", after: String(stem))))
        }
        // `img0001`, `label_7`, `volume-0`: letters, perhaps a separator, then the rest.
        let letters = stem.prefix { $0.isLetter }
        let rest = stem[letters.endIndex...]
        let base = rest.drop { separators.contains($0) }
        if !letters.isEmpty, !base.isEmpty {
            let before = String(stem[..<base.startIndex])
            result.append(
                (letters.lowercased(), Reading(before: before, base: String(base), after: "")))
        }
        return result
    }

    private static func words(of stem: Substring) -> [String] {
        stem.lowercased().split { !$0.isLetter }.map(String.init)
    }
}
