/// The distances from every surface element of one mask to the surface of the other, in both directions: every surface
/// metric is a reduction of these two arrays.
///
/// - Units: millimetres, or voxels when the ``SurfaceDefinition`` ignores the spacing.
/// - Empty masks: the surface of an empty mask has no elements, and the distance to it is +infinity; two empty masks
///   give two empty arrays.
/// - Source: Huttenlocher et al. 1993; distances are roots of sums of squared index differences times spacing.
public struct SurfaceDistances: Sendable {
    /// The surface element that lies farthest from the other surface.
    public struct Farthest: Hashable, Sendable {
        /// The linear index (i fastest) of the voxel; of a lattice point, the voxel at its upper corner, clamped.
        public let voxel: Int
        /// Whether it is an element of the prediction.
        public let isOfPrediction: Bool
        /// How far it lies from the other surface.
        public let distance: Double

        /// Makes a farthest element.
        ///
        /// - Parameters:
        ///   - voxel: The linear index of the voxel.
        ///   - isOfPrediction: Whether it is an element of the prediction.
        ///   - distance: How far it lies from the other surface.
        public init(voxel: Int, isOfPrediction: Bool, distance: Double) {
            self.voxel = voxel
            self.isOfPrediction = isOfPrediction
            self.distance = distance
        }
    }

    /// From each surface element of the prediction to the surface of the reference, in scan order.
    public let fromPrediction: [Double]
    /// From each surface element of the reference to the surface of the prediction, in scan order.
    public let fromReference: [Double]
    /// The weight of each element of the prediction; nil when each weighs 1.
    public let predictionWeights: [Double]?
    /// The weight of each element of the reference; nil when each weighs 1.
    public let referenceWeights: [Double]?
    /// The element with the largest distance, the first one in scan order, prediction before reference; nil when either
    /// surface is empty.
    public let farthest: Farthest?

    /// Makes distances.
    ///
    /// - Parameters:
    ///   - fromPrediction: From each element of the prediction.
    ///   - fromReference: From each element of the reference.
    ///   - predictionWeights: The weight of each element of the prediction.
    ///   - referenceWeights: The weight of each element of the reference.
    ///   - farthest: The element with the largest distance.
    public init(
        fromPrediction: [Double], fromReference: [Double], predictionWeights: [Double]? = nil,
        referenceWeights: [Double]? = nil, farthest: Farthest? = nil
    ) {
        self.fromPrediction = fromPrediction
        self.fromReference = fromReference
        self.predictionWeights = predictionWeights
        self.referenceWeights = referenceWeights
        self.farthest = farthest
    }
}
