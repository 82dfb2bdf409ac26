/// The names and versions of the case file format; the sentences that bind them are in `SampleStore.docc/CaseFile.md`.
public enum CaseFileFormat {
    /// The version of a case file with slices of a volume as they were cut.
    public static let version = "1.0"
    /// The version of a file with the optional group `/augmentation`, added in 1.1.
    public static let augmentedVersion = "1.1"

    /// The version of a file with what was added for pictures in 1.2: colours, patches, instance maps, the axis `plane`.
    public static let pictureVersion = "1.2"
    /// The axis of a case whose slices lie in the plane of a picture.
    public static let planeAxis = "plane"

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
    static let instance = "/instance"
    static let patches = "/patches"
    static let jpeg = "/jpeg"
    /// The attribute of the image stack that says what its channels are.
    static let channelMeaning = "channel_meaning"

    /// The `encoding-type` of each element that must be there; `/jpeg` may stand in for `/image`.
    ///
    /// All carry `encoding-version` 1.0 in this version; the root alone carries the version of the file.
    static let encodings: [String: String] = [
        "/": "samdata-case", image: "image-stack", label: "label-stack",
        sliceIndex: "slice-index", organArea: "organ-area", labels: "label-table",
        records: "records", prompts: "prompts", geometry: "geometry", provenance: "provenance",
    ]
    static let augmentationEncoding = "augmentation"
    static let instanceEncoding = "instance-stack"
    static let patchesEncoding = "patches"
    static let jpegEncoding = "jpeg-tiles"
    static let boxEncoding = "box-prompts"
    static let pointEncoding = "point-prompts"
    static let arrayEncoding = "array"
    static let stringEncoding = "string-array"
}
