/// The random stream of a reference program: sample after sample, the parameters that its own run would have drawn.
///
/// samdata's own draws are a function of an ``AugmentationKey`` and know no order. A reference program draws from
/// generators that every sample moves on, so a stream gives parameters in the order in which the program loads its
/// samples; to start in the middle, for a shard or a resumed run, ``skip(_:)`` draws and forgets.
public protocol ReferenceStream: Sendable {
    /// How many samples have been drawn: where the stream stands.
    var sampleCount: Int { get }

    /// Draws the parameters of the next sample.
    ///
    /// - Parameter extent: The size of the sample; decides what "all axes" are, never how many numbers are drawn.
    /// - Returns: What the program does to the sample.
    mutating func next(extent: SampleExtent) -> DrawnAugmentation
}

extension ReferenceStream {
    /// Passes over samples.
    ///
    /// - Parameter samples: How many, 0 or more.
    /// - Complexity: O(*samples*), well below a microsecond each.
    public mutating func skip(_ samples: Int) {
        precondition(samples >= 0, "a stream cannot go back; start it again")
        let smallest = SampleExtent(rows: 1, columns: 1)
        for _ in 0..<samples { _ = next(extent: smallest) }
    }
}

extension AugmentationPreset {
    /// The stream of the program that a preset follows, where it draws from generators that samdata has.
    ///
    /// - Parameter seed: The number given to `random.seed`, `numpy.random.seed` or `monai.utils.set_determinism`.
    /// - Returns: The stream at its start; `nil` for own presets and for programs that draw from PyTorch
    ///   (`ep-sam-classifier`) or from generators of albumentations (`ep-sam`).
    public func referenceStream(seed: UInt32) -> (any ReferenceStream)? {
        switch self {
        case .termProject: MONAIStream(MONAIStream.termProject, seed: seed)
        case .termProjectReport: MONAIStream(MONAIStream.termProjectReport, seed: seed)
        case .transunet: TransUNetStream(seed: seed)
        case .samAdapter: SAMAdapterStream(seed: seed)
        case .medsam: MedSAMPointStream(seed: seed)
        case .epSAM, .epSAMClassifier, .strong, .histology: nil
        }
    }
}
