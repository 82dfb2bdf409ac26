/// What is compared with what: it decides which metrics apply.
public enum MetricTask: String, Hashable, Sendable, CaseIterable {
    /// Two label maps.
    case labels
    /// A map of scores with a mask.
    case scores
    /// Two instance maps.
    case instances
    /// Lesions or detections with the lesions of the reference.
    case lesions
    /// Two lists of classes.
    case classes
}

/// The chapter of a report in which a metric stands.
public enum MetricFamily: String, Hashable, Sendable, CaseIterable {
    /// Shared voxels.
    case overlap
    /// Sizes of the masks.
    case volume
    /// Distances between surfaces.
    case surface
    /// Scores and probabilities.
    case score
    /// Objects.
    case instance
    /// Lesions.
    case lesion
    /// Classes of samples.
    case classification
}

/// In what a metric is measured.
public enum MetricUnit: String, Hashable, Sendable, CaseIterable {
    /// A share or an index without unit, usually in [0, 1].
    case fraction
    /// Millimetres.
    case millimetres = "mm"
    /// Millilitres; of a picture square millimetres.
    case millilitres = "ml"
    /// Voxels.
    case voxels
    /// Natural units of information.
    case nats
}

/// Which way a metric improves.
public enum MetricDirection: String, Hashable, Sendable, CaseIterable {
    /// Larger is better.
    case higher
    /// Smaller is better.
    case lower
    /// Neither: the best value lies in between, such as 0 for a signed difference.
    case none
}
