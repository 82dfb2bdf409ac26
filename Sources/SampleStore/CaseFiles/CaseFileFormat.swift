/// The names and versions of the case file format; the sentences that bind them are in `SampleStore.docc/CaseFile.md`.
public enum CaseFileFormat {
    /// The version of the case file as a whole.
    public static let version = "1.0"
    /// The version of a file with the optional group `/augmentation`, added in 1.1.
    public static let augmentedVersion = "1.1"

    static let image = "/image"
    static let label = "/label"
    static let sliceIndex = "/slice_index"
    static let organArea = "/organ_area"
    static let labels = "/labels"
    static let records = "/records"
    static let prompts = "/prompts"
    static let geometry = "/geometry"
    static let provenance = "/provenance"
    static let augmentation = "/augmentation"

    /// The `encoding-type` of each element that must be there.
    ///
    /// All carry `encoding-version` 1.0 in this version; the root of an augmented copy carries 1.1.
    static let encodings: [String: String] = [
        "/": "samdata-case", image: "image-stack", label: "label-stack",
        sliceIndex: "slice-index", organArea: "organ-area", labels: "label-table",
        records: "records", prompts: "prompts", geometry: "geometry", provenance: "provenance",
    ]
    static let augmentationEncoding = "augmentation"
    static let boxEncoding = "box-prompts"
    static let pointEncoding = "point-prompts"
    static let arrayEncoding = "array"
    static let stringEncoding = "string-array"
}
