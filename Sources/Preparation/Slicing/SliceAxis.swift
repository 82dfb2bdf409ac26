import MedicalImaging

/// The anatomical direction a volume is cut along.
public enum SliceAxis: String, Hashable, Sendable, CaseIterable, Codable {
    /// Across the body: slices follow each other from feet to head (or back).
    case axial
    /// Parallel to the face: slices follow each other from back to front (or back).
    case coronal
    /// Parallel to the profile: slices follow each other from left to right (or back).
    case sagittal

    /// The world axis along which slices follow each other: 0 left-right, 1 back-front, 2 feet-head.
    public var worldAxis: Int {
        switch self {
        case .axial: 2
        case .coronal: 1
        case .sagittal: 0
        }
    }
}

/// The order of axes in which a volume is cut.
public enum SliceOrientation: Hashable, Sendable, CustomStringConvertible {
    /// As the voxels lie in the file; nothing is flipped. The layout of TransUNet and SAMed.
    case stored
    /// After an exact reordering, for example to `RAS`.
    case reordered(Orientation)

    /// Reads `stored` or three letters.
    ///
    /// - Parameter text: `stored`, or one of the 48 orientations such as `RAS`.
    public init?(_ text: String) {
        if text.lowercased() == "stored" {
            self = .stored
        } else if let orientation = Orientation(letters: text) {
            self = .reordered(orientation)
        } else {
            return nil
        }
    }

    /// `stored`, or three letters.
    public var description: String {
        switch self {
        case .stored: "stored"
        case .reordered(let orientation): orientation.description
        }
    }
}

/// Which of the two remaining axes runs down the rows of a slice.
public enum RowAxis: String, Hashable, Sendable, CaseIterable, Codable {
    /// The later axis runs down, the earlier one to the right: how pictures are stored (for axial slices rows = j).
    case second
    /// The earlier axis runs down: a NumPy slice `volume[:, :, k]` as it is (the term project's frame).
    case first
}
