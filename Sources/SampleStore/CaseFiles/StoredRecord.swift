import MedicalImaging

/// One region of one stored slice: an organ, or a component of one.
public struct StoredRecord: Hashable, Sendable {
    /// The position of the slice in the file, `0..<slices`.
    public var slice: Int
    /// The label id.
    public var label: UInt8
    /// 0 for the whole organ; components count from 1.
    public var component: Int
    /// Number of pixels.
    public var area: Int

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - slice: The position of the slice in the file.
    ///   - label: The label id.
    ///   - component: 0 for the whole organ; components count from 1.
    ///   - area: Number of pixels.
    public init(slice: Int, label: UInt8, component: Int, area: Int) {
        self.slice = slice
        self.label = label
        self.component = component
        self.area = area
    }
}

/// The prompts of one kind for all records of a case.
public struct StoredPrompts: Hashable, Sendable {
    /// Boxes, or points.
    public enum Values: Hashable, Sendable {
        /// One box per record, corners inclusive.
        case boxes([BoxPrompt])
        /// The same number of points for every record.
        case points([[PointPrompt]])
    }

    /// The name of the kind, for example `box+5`.
    public var name: String
    /// Points of each record, so that a case without records has arrays of the same shape as the others; 0 for boxes.
    public var pointsPerRecord: Int
    /// Whether points lie on the object; `true` for boxes.
    public var isForeground: Bool
    /// One entry per record.
    public var values: Values

    /// Makes the prompts of one kind.
    ///
    /// - Parameters:
    ///   - name: The name of the kind.
    ///   - pointsPerRecord: Points of each record; 0 for boxes.
    ///   - isForeground: Whether points lie on the object.
    ///   - values: One entry per record.
    public init(
        name: String, pointsPerRecord: Int = 0, isForeground: Bool = true, values: Values
    ) {
        self.name = name
        self.pointsPerRecord = pointsPerRecord
        self.isForeground = isForeground
        self.values = values
    }
}
