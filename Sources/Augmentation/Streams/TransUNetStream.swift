import MedicalImaging

/// The draws of TransUNet's `RandomGenerator`, which SAMed and SAM-LST use too.
///
/// Python's `random` decides what is done: above 0.5 a quarter turn and a flip, else above 0.5 a rotation.
/// NumPy's global generator gives the numbers: turns `randint(0, 4)`, then axis `randint(0, 2)`; or the angle
/// `randint(-20, 20)`. The turn comes first, then the flip, always.
///
/// The program seeds both with `--seed` (1234), and its loader reseeds `random` with seed + worker in every worker at
/// the start of every epoch. What NumPy does there depends on PyTorch: before 1.9 every worker starts from the same
/// copy of the trainer's generator; from 1.9 on PyTorch seeds it with a list of four numbers per worker. Make one
/// stream for every worker and epoch; a worker loads whole batches, every eighth of the epoch with eight workers.
public struct TransUNetStream: ReferenceStream {
    /// How many samples have been drawn.
    public private(set) var sampleCount = 0
    private var python: MersenneTwister
    private var numPy: NumPyRandomState

    /// Starts from two generators.
    ///
    /// - Parameters:
    ///   - python: The generator of Python's `random`.
    ///   - numPy: NumPy's global generator.
    public init(python: MersenneTwister, numPy: NumPyRandomState) {
        self.python = python
        self.numPy = numPy
    }

    /// Starts as after `random.seed(seed + worker)` and `numpy.random.seed(seed)`.
    ///
    /// - Parameters:
    ///   - seed: The trainer's seed.
    ///   - worker: Which worker of the loader, from 0; 0 too without workers.
    public init(seed: UInt32, worker: Int = 0) {
        precondition(worker >= 0)
        self.init(
            python: MersenneTwister(pythonSeed: UInt64(seed) + UInt64(worker)),
            numPy: NumPyRandomState(seed: seed))
    }

    /// Starts as in a worker of PyTorch 1.9 or later.
    ///
    /// - Parameters:
    ///   - seed: The trainer's seed.
    ///   - worker: Which worker of the loader, from 0.
    ///   - numPySeeds: The list that PyTorch gives to `numpy.random.seed` in this worker.
    public init(seed: UInt32, worker: Int, numPySeeds: [UInt32]) {
        precondition(worker >= 0)
        self.init(
            python: MersenneTwister(pythonSeed: UInt64(seed) + UInt64(worker)),
            numPy: NumPyRandomState(seeds: numPySeeds))
    }

    /// Draws the next sample.
    ///
    /// - Parameter extent: The size of the sample; makes no difference.
    /// - Returns: Turn and flip, a rotation, or nothing.
    public mutating func next(extent: SampleExtent) -> DrawnAugmentation {
        sampleCount += 1
        if python.random() > 0.5 {
            let turns = numPy.randint(0, 4)
            let axis = numPy.randint(0, 2)
            return DrawnAugmentation(transforms: [
                .quarterTurn(QuarterTurn(turns: .fixed(Double(turns)))),
                .flip(Flip(axis: axis == 0 ? .vertical : .horizontal)),
            ])
        }
        guard python.random() > 0.5 else { return DrawnAugmentation(transforms: []) }
        let angle = numPy.randint(-20, 20)
        return DrawnAugmentation(transforms: [
            .rotation(
                Rotation(degrees: .fixed(Double(angle)), interpolation: .nearest, fill: .black))
        ])
    }
}
