import MedicalImaging

/// Makes a colour picture grey; it keeps its three channels.
///
/// - Shapes: three channels.
/// - Errors: ``AugmentationError/unsuitable(transform:found:expected:)`` for other channel counts or a range without width.
/// - Complexity: O(*n*) in the pixels.
/// - Source: torchvision's `rgb_to_grayscale`: 0.2989, 0.587 and 0.114, so white becomes 0.9999 of white.
public struct Greyscale: SampleTransform {
    /// The name in recipes and records.
    public static let name = "greyscale"

    /// Makes the transform.
    public init() {}

    /// Always true: there is nothing to draw.
    public var isDrawn: Bool { true }

    /// The transform itself.
    ///
    /// - Parameters:
    ///   - random: The generator; nothing is taken from it.
    ///   - extent: The size of the sample.
    /// - Returns: The same transform.
    public func drawn(from random: inout RandomSource, extent: SampleExtent) -> Greyscale { self }

    /// Sets all three channels to the grey.
    ///
    /// - Parameter sample: The sample; labels, points and boxes stay.
    /// - Throws: ``AugmentationError/unsuitable(transform:found:expected:)`` unless there are three channels.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try sample.checkColor(for: Self.name)
        let size = sample.extent
        let range = sample.range
        sample.image.withUnsafeMutableBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            ColorPlanes(
                first: start, stride: size.labelCount, channels: 3, count: size.labelCount,
                range: range
            ).becomeGrey()
        }
    }
}
