/// The names and versions of the case file format; the sentences that bind them are in `SampleStore.docc/CaseFile.md`.
public enum CaseFileFormat {
    /// The version of the case file as a whole.
    public static let version = "1.0"

    static let image = "/image"
    static let label = "/label"
    static let sliceIndex = "/slice_index"
    static let organArea = "/organ_area"
    static let labels = "/labels"
    static let records = "/records"
    static let prompts = "/prompts"
    static let geometry = "/geometry"
    static let provenance = "/provenance"

    /// The `encoding-type` of each element; all carry `encoding-version` 1.0 in this version.
    static let encodings: [String: String] = [
        "/": "samdata-case", image: "image-stack", label: "label-stack",
        sliceIndex: "slice-index", organArea: "organ-area", labels: "label-table",
        records: "records", prompts: "prompts", geometry: "geometry", provenance: "provenance",
    ]
    static let boxEncoding = "box-prompts"
    static let pointEncoding = "point-prompts"
    static let arrayEncoding = "array"
    static let stringEncoding = "string-array"
}
