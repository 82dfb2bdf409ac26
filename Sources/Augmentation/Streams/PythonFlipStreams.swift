import MedicalImaging

/// The draws of SAM-Adapter's training loader: a horizontal flip when `random.random() < 0.5`.
public struct SAMAdapterStream: ReferenceStream {
    /// How many samples have been drawn.
    public private(set) var sampleCount = 0
    private var python: MersenneTwister

    /// Starts as after `random.seed(seed)`.
    ///
    /// The program itself sets no seed.
    ///
    /// - Parameter seed: The seed.
    public init(seed: UInt32) {
        python = MersenneTwister(pythonSeed: UInt64(seed))
    }

    /// Draws the next sample.
    ///
    /// - Parameter extent: The size of the sample; makes no difference.
    /// - Returns: A flip or nothing.
    public mutating func next(extent: SampleExtent) -> DrawnAugmentation {
        sampleCount += 1
        let flips = python.random() < 0.5
        return DrawnAugmentation(transforms: flips ? [.flip(Flip(axis: .horizontal))] : [])
    }
}

/// The draws of MedSAM's point-prompt training: one label of the slice, then two flips.
///
/// A flip happens when `random.random() > 0.5`, left-right first, then up-down.
///
/// The label comes from the same generator as the flips. ``next(extent:)`` draws as for a slice with ``labelCount``
/// labels, 1 unless set; the point itself comes from NumPy's generator and is no part of the stream.
public struct MedSAMPointStream: ReferenceStream {
    /// How many samples have been drawn.
    public private(set) var sampleCount = 0
    /// How many labels the next slice shows, background not counted.
    ///
    /// One label too takes a word or more from the generator, so this matters from slice to slice. A slice without
    /// labels never gets to this loader; 0 draws no label.
    public var labelCount = 1
    /// Which of the labels, in ascending order from 0, was drawn with the last sample.
    public private(set) var label: Int?
    private var python: MersenneTwister

    /// Starts as after `random.seed(seed)`.
    ///
    /// - Parameter seed: The seed; the program's is 2023.
    public init(seed: UInt32) {
        python = MersenneTwister(pythonSeed: UInt64(seed))
    }

    /// Draws the label and the flips of the next sample.
    ///
    /// - Parameter extent: The size of the sample; makes no difference.
    /// - Returns: Left-right flip, up-down flip, both or nothing.
    public mutating func next(extent: SampleExtent) -> DrawnAugmentation {
        sampleCount += 1
        label = labelCount > 0 ? python.randint(0, labelCount - 1) : nil
        var transforms: [Transform] = []
        if python.random() > 0.5 { transforms.append(.flip(Flip(axis: .horizontal))) }
        if python.random() > 0.5 { transforms.append(.flip(Flip(axis: .vertical))) }
        return DrawnAugmentation(transforms: transforms)
    }
}
