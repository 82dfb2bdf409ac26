/// How lesions of a volume are grouped, dropped and penalised.
public struct LesionwiseRule: Hashable, Sendable {
    /// Reference parts whose growths by this many voxels touch are one lesion, and predicted parts that touch the
    /// growth belong to it.
    public let dilation: Int
    /// Lesions of at most this many cubic millimetres are not counted, and punish nothing.
    public let smallestVolume: Double
    /// The distance of a missed or a hallucinated lesion, in millimetres.
    public let missingDistance: Double

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - dilation: By how many voxels reference lesions grow; 0 and more.
    ///   - smallestVolume: Lesions of at most this many cubic millimetres are not counted.
    ///   - missingDistance: The distance of a missed or a hallucinated lesion, in millimetres.
    public init(dilation: Int, smallestVolume: Double, missingDistance: Double = 374) {
        self.dilation = dilation
        self.smallestVolume = smallestVolume
        self.missingDistance = missingDistance
    }

    /// BraTS 2023, adult glioma: 3 voxels, 50 mm³.
    public static let brats2023Glioma = LesionwiseRule(dilation: 3, smallestVolume: 50)
    /// BraTS 2023, metastases: 1 voxel, 2 mm³.
    public static let brats2023Metastases = LesionwiseRule(dilation: 1, smallestVolume: 2)
}
