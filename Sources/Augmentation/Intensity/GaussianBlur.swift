import MedicalImaging

/// Blurs with a Gaussian, plane by plane.
///
/// The kernel ends at a distance of `Int(4 * sigma + 0.5)` pixels; below a sigma of 0.125 nothing
/// is left of it and nothing changes. Beyond the border the border pixels go on.
///
/// - Shapes: any; channels and slices are not mixed.
/// - Units: sigma in pixels, the same in both directions.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for a sigma outside 0
///   to 100.
/// - Complexity: O(*n* · sigma) in the values; one more plane of memory.
/// - Source: `scipy.ndimage.gaussian_filter` of a 32-bit picture with mode "nearest".
public struct GaussianBlur: SampleTransform {
    /// The name in recipes and records.
    public static let name = "blur"
    static let allowed = 0.0...100

    /// The standard deviation in pixels, 0 to 100.
    public var sigma: Amount

    /// Makes the transform.
    ///
    /// - Parameter sigma: The standard deviation in pixels, 0 to 100.
    public init(sigma: Amount) {
        self.sigma = sigma
    }

    /// Whether sigma is fixed.
    public var isDrawn: Bool { sigma.value != nil }

    /// Fixes sigma.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when sigma is out of bounds, which applying it
    ///   reports.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> GaussianBlur {
        guard (try? sigma.check("sigma", in: Self.allowed, of: Self.name)) != nil else {
            return self
        }
        return GaussianBlur(sigma: sigma.drawn(from: &random))
    }

    /// Blurs every plane of the image.
    ///
    /// - Parameter sample: The sample; labels, points, boxes and the range stay.
    /// - Throws: ``AugmentationError`` for a range or a sigma out of bounds.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        let sigma = try sigma.number("sigma", in: Self.allowed, of: Self.name)
        let size = sample.extent
        var blur = PlaneBlur(sigma: sigma, rows: size.rows, columns: size.columns)
        guard blur.isNeeded else { return }
        let count = size.planeCount
        let image = sample.image
        sample.image = Array(unsafeUninitializedCapacity: image.count) { result, done in
            image.withUnsafeBufferPointer { source in
                guard let input = source.baseAddress, let output = result.baseAddress else {
                    return
                }
                for start in stride(from: 0, to: source.count, by: count) {
                    blur.blur(input + start, into: output + start)
                }
            }
            done = image.count
        }
    }
}
