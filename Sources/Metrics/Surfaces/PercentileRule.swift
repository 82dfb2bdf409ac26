/// How one percentile is taken of the distances of two directions; published tables use all of these under one name.
public enum PercentileRule: String, Hashable, Sendable, CaseIterable, Codable {
    /// The larger of the percentiles of the two directions, linear between elements (type 7; MONAI, MetricsReloaded).
    case maxDirected = "max-directed"
    /// The percentile of both directions in one list, linear between elements (type 7; medpy, nnU-Net v1).
    case pooled
    /// The first distance at which the cumulative weight reaches the share, without interpolation; the larger of the two
    /// directions (surface-distance, BraTS).
    case weighted
    /// The mean of the percentiles of the two directions (type 7).
    case meanDirected = "mean-directed"
}
