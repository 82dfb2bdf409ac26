/// The band along the border of a mask that boundary IoU compares.
public enum BoundaryDefinition: Hashable, Sendable {
    /// Voxels of the mask whose centre is at most this many millimetres from the centre of a border voxel (face
    /// connectivity, the image edge is a border).
    case millimetres(Double)
    /// As millimetres, the width given as a fraction of the diagonal of the image.
    case diagonalFraction(Double)
    /// A picture eroded `max(1, round(ratio * diagonal in pixels))` times by a 3 x 3 square; the image edge is a
    /// border (Cheng et al. 2021).
    case cheng2021(ratio: Double)
    /// Voxels of the mask whose distance to the border is below this many voxels, whatever the spacing
    /// (MetricsReloaded).
    case reloaded(voxels: Double)
}

/// How many voxels the two border bands of one label share, and how many there are in each.
public struct BoundaryOverlap: Hashable, Sendable {
    /// Voxels in both bands.
    public let intersection: UInt64
    /// Voxels in the band of the prediction.
    public let prediction: UInt64
    /// Voxels in the band of the reference.
    public let reference: UInt64

    /// Makes an overlap.
    ///
    /// - Parameters:
    ///   - intersection: Voxels in both bands.
    ///   - prediction: Voxels in the band of the prediction.
    ///   - reference: Voxels in the band of the reference.
    public init(intersection: UInt64, prediction: UInt64, reference: UInt64) {
        self.intersection = intersection
        self.prediction = prediction
        self.reference = reference
    }

    /// Voxels in either band.
    public var union: UInt64 { prediction + reference - intersection }
    /// Intersection over union; NaN when both bands are empty.
    public var iou: Double { union == 0 ? .nan : Double(intersection) / Double(union) }
}
