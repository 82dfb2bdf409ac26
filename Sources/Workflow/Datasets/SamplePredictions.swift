import MedicalDatasets
import MedicalImaging

/// Two made-up models for the sample data set, so that there is something to score.
///
/// Their masks are the label maps with ragged borders; `a` is close, `b` is worse and shifted. Each misses an organ in one
/// case and invents one in another, because that is where scoring conventions part.
public enum SamplePredictions {
    /// A made-up model.
    public enum Model: String, CaseIterable, Sendable {
        /// The better and the worse one.
        case a, b

        /// How often the border is frayed.
        fileprivate var rounds: Int { self == .a ? 1 : 3 }
        /// How far the masks are shifted along i.
        fileprivate var shift: Int { self == .a ? 0 : 1 }
    }

    /// What a model makes of a case.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - reference: The label map of the case.
    ///   - caseID: The case; it decides the random draws.
    /// - Returns: A label map on the same grid; the same bytes on every machine.
    /// - Complexity: O(*n*) per round.
    public static func prediction(
        of model: Model, for reference: LabelMap, caseID: String
    ) -> LabelMap {
        let number = UInt32(caseID.unicodeScalars.reduce(0) { $0 &* 31 &+ $1.value })
        var random = RandomSource(
            seed: model == .a ? 1 : 2, stream: (number, 0x5052_4544, 0))
        var samples = reference.samples
        for _ in 0..<model.rounds { samples = frayed(samples, reference.shape, &random) }
        if model.shift > 0 { samples = shifted(samples, reference.shape, by: model.shift) }
        if let organ = missed(model, caseID) {
            samples = samples.map { $0 == organ ? 0 : $0 }
        }
        let absent = (1...13).map(UInt8.init).filter { !reference.samples.contains($0) }
        if let organ = absent.first {
            invent(organ, in: &samples, reference.shape, near: model == .a ? 3 : 2)
        }
        return LabelMap(grid: reference.grid, samples: samples)
    }

    /// The organ a model misses in a case.
    private static func missed(_ model: Model, _ caseID: String) -> UInt8? {
        switch (model, caseID) {
        case (.a, "0002"): 12
        case (.b, "0002"): 12
        case (.b, "0005"): 4
        default: nil
        }
    }

    /// Gives some voxels at a border the label of a face neighbour.
    private static func frayed(
        _ samples: [UInt8], _ shape: GridShape, _ random: inout RandomSource
    ) -> [UInt8] {
        var result = samples
        let strides = [1, shape.i, shape.i * shape.j]
        for index in samples.indices {
            let place = [
                index % shape.i, index / shape.i % shape.j, index / (shape.i * shape.j),
            ]
            let own = samples[index]
            for axis in 0..<3 {
                for step in [-1, 1] {
                    let next = place[axis] + step
                    guard next >= 0, next < shape[axis] else { continue }
                    let other = samples[index + step * strides[axis]]
                    if other != own, random.index(below: 8) == 0 { result[index] = other }
                }
            }
        }
        return result
    }

    private static func shifted(_ samples: [UInt8], _ shape: GridShape, by count: Int) -> [UInt8] {
        samples.indices.map { index in
            index % shape.i < count ? 0 : samples[index - count]
        }
    }

    /// Paints a small block of an organ that is not there into the background in the middle of the image.
    private static func invent(
        _ organ: UInt8, in samples: inout [UInt8], _ shape: GridShape, near size: Int
    ) {
        let middle = (shape.i / 2, shape.j / 2, shape.k / 2)
        for k in max(0, middle.2 - 1)...min(shape.k - 1, middle.2 + 1) {
            for j in max(0, middle.1 - size)...min(shape.j - 1, middle.1 + size) {
                for i in max(0, middle.0 - size)...min(shape.i - 1, middle.0 + size) {
                    let index = i + shape.i * (j + shape.j * k)
                    if samples[index] == 0 { samples[index] = organ }
                }
            }
        }
    }
}
