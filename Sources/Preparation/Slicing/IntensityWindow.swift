/// How raw intensities become picture intensities.
public enum IntensityWindow: Hashable, Sendable {
    /// No window: values stay as they are.
    case none
    /// Values are clipped to `low...high` and mapped linearly to 0...1, in 32-bit arithmetic:
    /// `clip((v - low) / (high - low))`, as MONAI's ScaleIntensityRange does, and TransUNet with its whole limits.
    case range(low: Double, high: Double)
    /// Values are clipped to `low...high`, then the smallest and largest *clipped value of the volume* become 0 and 1, in
    /// 64-bit arithmetic: MedSAM's rule.
    case rangeThenExtremes(low: Double, high: Double)
    /// As ``rangeThenExtremes(low:high:)`` with the given percentiles of the volume as limits (linear interpolation, as
    /// NumPy, in 64 bits). With `nonZeroOnly` percentiles are taken over voxels that are not 0, and voxels that are 0 stay
    /// 0: MedSAM's rule for MR and ultrasound, whose values are never negative.
    ///
    /// Values that are not finite are left out; a volume without a voxel to count has the limits 0...0.
    case percentiles(lower: Double, upper: Double, nonZeroOnly: Bool)

    /// Whether the limits can be used: finite, the lower one below the upper one, percentiles within 0...100.
    public var isValid: Bool {
        switch self {
        case .none: true
        case .range(let low, let high), .rangeThenExtremes(let low, let high):
            low.isFinite && high.isFinite && low < high
        case .percentiles(let lower, let upper, _):
            lower >= 0 && lower < upper && upper <= 100
        }
    }
}

/// The pixels a sample is stored with.
public enum PixelFormat: String, Hashable, Sendable, CaseIterable, Codable {
    /// The original numbers, lossless; the window is only recorded beside them.
    case original
    /// 0...255: the windowed value times 255, truncated; without a window the value itself, clipped and truncated.
    case uint8
    /// 0...1: the windowed value as a 32-bit float; without a window the value itself.
    case float32
}
