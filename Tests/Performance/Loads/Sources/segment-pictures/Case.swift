import ArrayFiles
import MedicalImaging
import SegmentAnything
import Tensors

/// One question of the benchmark: a model that is ready, and what is timed.
struct Case {
    /// Does the work once.
    let run: () throws -> Void
    /// The result of the last run, to be compared with everybody else's.
    let result: () -> Tensor

    /// The image encoder at 1024 pixels.
    static func encoder(_ model: String, input path: String, precision: String) throws -> Case {
        let sam = try SAM(model, precision: precision)
        let input = Tensor(
            ArrayFile(path: path).next(3 << 20, as: Float.self), shape: [1, 3, 1024, 1024])
        var embedding = Tensor(zeros: [])
        return Case(
            run: { embedding = sam.imageEncoder.encode(input) }, result: { embedding })
    }

    /// Prompt encoder and mask decoder: three masks for each prompt, at low resolution.
    static func prompts(
        _ prompts: [SAMPrompt], _ model: String, embedding path: String
    ) throws -> Case {
        let sam = try SAM(model, precision: "float32")
        let embedding = Tensor(
            ArrayFile(path: path).next(1 << 20, as: Float.self), shape: [1, 256, 64, 64])
        let picture = try sam.encodedImage(
            embedding: embedding,
            frame: InputFrame(original: SliceSize(square: 1024), modelSize: 1024))
        var masks: [LowResolutionMasks] = []
        return Case(
            run: { masks = try picture.predictLowResolution(prompts, output: .multiple) },
            result: {
                Tensor(
                    masks.flatMap(\.logits.values), shape: [masks.count, 3, 256, 256])
            })
    }
}

extension SAM {
    /// A model with the weights that everybody in the benchmark has.
    init(_ name: String, precision: String) throws {
        let (configuration, salt) =
            name == "vit-b" ? (SAMConfiguration.vitB, "vitb-v1") : (.mobileSAM, "mobile-v1")
        try self.init(
            configuration: configuration,
            source: DeterministicWeights(salt: salt, tensors: configuration.tensorShapes),
            precision: EncoderPrecision(rawValue: precision) ?? .float32)
    }
}
