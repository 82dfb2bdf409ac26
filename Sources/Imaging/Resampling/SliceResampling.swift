/// How slices get another size: a rule for images together with the rule for the labels that belong
/// on them.
///
/// | Rule | Image | Labels | Used by |
/// |---|---|---|---|
/// | ``pillowBilinear`` | ``PillowResize`` | ``NearestRule/pillow`` | SAM's own predictor |
/// | ``splineZoom`` | ``SplineZoom``, order 3 | ``NearestRule/scipyZoom`` | SAMed, SAM-LST |
/// | ``scikit`` | ``ScikitResize``, order 3 | ``NearestRule/scikit`` | MedSAM |
/// | ``nearest`` | ``NearestRule/pillow`` | ``NearestRule/pillow`` | masks |
public enum SliceResampling: String, Hashable, Sendable, CaseIterable {
    /// Bilinear with antialiasing, half-pixel centres, 8 bits after each pass.
    case pillowBilinear = "pillow-bilinear"
    /// Cubic spline, corners on corners, no antialiasing; overshoots.
    case splineZoom = "spline-zoom"
    /// Cubic spline, half-pixel centres, Gaussian before shrinking; limited to the range of the
    /// input.
    case scikit = "scikit"
    /// Copies of input pixels.
    case nearest = "nearest"

    /// The rule for labels that keeps them on the image.
    public var labelRule: NearestRule {
        switch self {
        case .pillowBilinear, .nearest: .pillow
        case .splineZoom: .scipyZoom
        case .scikit: .scikit
        }
    }
}

extension Slice where Sample == Float {
    /// The image in another size.
    ///
    /// - Units: Those of the input; ``SliceResampling/splineZoom`` may leave its range.
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(input pixels + output pixels), times the filter width when shrinking with
    ///   antialiasing.
    ///
    /// - Parameters:
    ///   - size: The size wanted.
    ///   - resampling: The rule.
    /// - Returns: The resized image.
    public func resized(to size: SliceSize, by resampling: SliceResampling) -> Slice<Float> {
        switch resampling {
        case .pillowBilinear: PillowResize.bilinear(self, to: size)
        case .splineZoom: SplineZoom.zoom(self, to: size)
        case .scikit: ScikitResize.resize(self, to: size)
        case .nearest: resized(to: size, nearest: resampling.labelRule)
        }
    }
}

extension Slice where Sample == UInt8 {
    /// The grey image in another size, in 8 bits; for labels use ``resizedLabels(to:by:)``.
    ///
    /// ``SliceResampling/scikit`` is computed in `Double` and rounded half up here;
    /// `ScikitResize.resize(_:to:)` gives the unrounded values MedSAM works with.
    ///
    /// - Units: Grey levels, 0...255.
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(input pixels + output pixels), times the filter width when shrinking with
    ///   antialiasing.
    ///
    /// - Parameters:
    ///   - size: The size wanted.
    ///   - resampling: The rule.
    /// - Returns: The resized image.
    public func resized(to size: SliceSize, by resampling: SliceResampling) -> Slice<UInt8> {
        switch resampling {
        case .pillowBilinear: return PillowResize.bilinear(self, to: size)
        case .splineZoom: return SplineZoom.zoom(self, to: size)
        case .nearest: return resized(to: size, nearest: resampling.labelRule)
        case .scikit:
            let exact: Slice<Double> = ScikitResize.resize(self, to: size)
            return Slice(
                rows: size.rows, columns: size.columns,
                samples: exact.samples.map { SplineZoom.roundedByte($0) })
        }
    }

    /// The labels in another size, by the nearest rule that belongs to an image rule; no new label
    /// appears.
    ///
    /// - Empty: A slice without pixels gives zeros.
    /// - Complexity: O(output pixels).
    ///
    /// - Parameters:
    ///   - size: The size wanted.
    ///   - resampling: The rule the image was resized by.
    /// - Returns: The resized labels.
    public func resizedLabels(to size: SliceSize, by resampling: SliceResampling) -> LabelSlice {
        resized(to: size, nearest: resampling.labelRule)
    }
}
