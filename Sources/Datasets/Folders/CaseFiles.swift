/// The files of one case, relative to the data set folder.
public struct CaseFiles: Hashable, Sendable {
    /// The case id.
    public let id: String
    /// The patient, as far as the card can tell; else the case id.
    public let patient: String
    /// The image.
    public var image: String?
    /// The label map.
    public var label: String?
    /// The outlines.
    public var annotation: String?

    /// Makes the list of files of a case.
    ///
    /// - Parameters:
    ///   - id: The case id.
    ///   - patient: The patient; the case id when `nil`.
    ///   - image: The image, relative to the data set folder.
    ///   - label: The label map, relative to the data set folder.
    ///   - annotation: The outlines, relative to the data set folder.
    public init(
        id: String, patient: String? = nil, image: String? = nil, label: String? = nil,
        annotation: String? = nil
    ) {
        self.id = id
        self.patient = patient ?? id
        self.image = image
        self.label = label
        self.annotation = annotation
    }

    /// The image and the label map or outlines are there.
    var isComplete: Bool { image != nil && (label != nil || annotation != nil) }
}

/// The three kinds of files a case can have.
enum FileRole: String, CaseIterable {
    case image
    case label
    case annotation

    /// What messages call a file of the role.
    var noun: String {
        switch self {
        case .image: "image"
        case .label: "label map"
        case .annotation: "annotation"
        }
    }

    /// The property of a case that holds a file of the role.
    var path: WritableKeyPath<CaseFiles, String?> & Sendable {
        switch self {
        case .image: \.image
        case .label: \.label
        case .annotation: \.annotation
        }
    }
}
