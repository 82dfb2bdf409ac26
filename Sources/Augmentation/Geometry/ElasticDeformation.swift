import MedicalImaging

/// Moves every pixel by a smooth random displacement.
///
/// The displacements are white noise in -1...1, smoothed by a Gaussian and scaled. Simard's factor alpha means something
/// else for every smoothness (the smoother, the smaller the smoothed noise); here `amplitude` is the root mean square of
/// the length of the displacements, whatever the smoothness and the picture.
/// A pixel shows what lies at its place plus its displacement; all planes share one field. Label and instance maps are read
/// from the nearest pixel, boxes with a known object are measured again, points go to where they are seen, within 0.01 pixels.
///
/// Up to an amplitude of half the smoothness the picture hardly ever folds (the displacements' slope has a standard
/// deviation of at most a quarter, and folding begins at -1); beyond it may show things twice. An amplitude
/// above the smoothness is an error.
///
/// - Shapes: any; the size stays.
/// - Units: pixels.
/// - Errors: ``AugmentationError/parameter(transform:name:found:expected:)`` for numbers out of bounds.
/// - Complexity: O(*n*) in the pixels, whatever the smoothness.
/// - Source: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
///   analysis", 2003. The Gaussian is three extended boxes with its variance, on a picture that repeats at its borders.
public struct ElasticDeformation: SampleTransform {
    /// The name in recipes and records.
    public static let name = "elastic"

    /// Root mean square of the length of the displacements in pixels, 0 to 1000 and at most ``smoothness``.
    public var amplitude: Amount
    /// Standard deviation of the smoothing in pixels, 1 to 1000.
    public var smoothness: Amount
    /// Key of the noise; `nil` draws one of 53 bits, which every JSON reader keeps.
    public var seed: UInt64?
    /// How the image is read between its pixels.
    public var interpolation: Interpolation
    /// What lies outside the picture.
    public var fill: Fill

    /// Makes the transform.
    ///
    /// - Parameters:
    ///   - amplitude: Root mean square of the length of the displacements in pixels.
    ///   - smoothness: Standard deviation of the smoothing in pixels.
    ///   - seed: Key of the noise; `nil` draws it.
    ///   - interpolation: How the image is read between its pixels.
    ///   - fill: What lies outside the picture.
    public init(
        amplitude: Amount, smoothness: Amount, seed: UInt64? = nil,
        interpolation: Interpolation = .linear, fill: Fill = .reflect
    ) {
        self.amplitude = amplitude
        self.smoothness = smoothness
        self.seed = seed
        self.interpolation = interpolation
        self.fill = fill
    }

    /// Whether both numbers and the seed are fixed.
    public var isDrawn: Bool {
        amplitude.value != nil && smoothness.value != nil && seed != nil
    }

    /// Fixes the amplitude, the smoothness and the seed, drawn in this sequence.
    ///
    /// - Parameters:
    ///   - random: The generator.
    ///   - extent: The size of the sample; makes no difference.
    /// - Returns: The drawn transform; unchanged when a parameter is out of bounds, which applying it reports.
    public func drawn(
        from random: inout RandomSource, extent: SampleExtent
    ) -> ElasticDeformation {
        guard (try? check()) != nil else { return self }
        var drawn = self
        drawn.amplitude = amplitude.drawn(from: &random)
        drawn.smoothness = smoothness.drawn(from: &random)
        drawn.seed = seed ?? UInt64(random.unit() * 0x1p53)
        return drawn
    }

    /// Moves the pixels of image and maps, the points and the boxes.
    ///
    /// - Parameter sample: The sample.
    /// - Throws: ``AugmentationError`` for a range or a number out of bounds.
    public func apply(to sample: inout AugmentationSample) throws(AugmentationError) {
        try check()
        guard let amplitude = amplitude.value, let smoothness = smoothness.value, let seed else {
            throw .notDrawn(transform: Self.name)
        }
        guard amplitude <= smoothness else {
            throw .parameter(
                transform: Self.name, name: "amplitude", found: "\(amplitude)",
                expected: "at most the smoothness of \(smoothness), beyond which the picture folds")
        }
        if amplitude == 0 { return }
        let field = ElasticField(
            rows: sample.extent.rows, columns: sample.extent.columns, amplitude: amplitude,
            smoothness: smoothness, seed: seed)
        let reader = ElasticReader(field: field, fill: fill)
        let outside = fill.value(black: sample.range.lowerBound)
        switch interpolation {
        case .nearest: sample.image = reader.nearest(sample.image, outside: outside)
        case .linear: sample.image = reader.linear(sample.image, outside: outside)
        }
        sample.labels = sample.labels.map { reader.nearest($0, outside: 0) }
        sample.instances = sample.instances.map { reader.nearest($0, outside: 0) }
        sample.movePoints { field.position(ofX: $0, y: $1) }
        sample.remeasureBoxes()
    }

    private func check() throws(AugmentationError) {
        try amplitude.check("amplitude", in: 0...1000, of: Self.name)
        try smoothness.check("smoothness", in: 1...1000, of: Self.name)
        try fill.check(for: Self.name)
    }
}

extension ElasticDeformation {
    /// Reads the parameters; `amplitude` and `smoothness` must be there, the others have defaults.
    ///
    /// - Parameter decoder: The decoder.
    /// - Throws: A `DecodingError` for a missing parameter or a value that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        amplitude = try container.decode(Amount.self, forKey: .amplitude)
        smoothness = try container.decode(Amount.self, forKey: .smoothness)
        seed = try container.decodeIfPresent(UInt64.self, forKey: .seed)
        interpolation =
            try container.decodeIfPresent(Interpolation.self, forKey: .interpolation) ?? .linear
        fill = try container.decodeIfPresent(Fill.self, forKey: .fill) ?? .reflect
    }
}
