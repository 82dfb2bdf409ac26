import Tensors
import Testing

@testable import SegmentAnything

/// The bfloat16 mode of both image encoders.
@Suite struct BFloat16EncoderTests {
    static func vit(
        _ weights: some TensorSource, _ precision: EncoderPrecision,
        level: Kernels.Level = Kernels.highestLevel
    ) -> ViTImageEncoder {
        ViTImageEncoder(
            configuration: ViTImageEncoderTests.configuration, imageSize: 64, outputWidth: 16,
            weights: WeightReader(weights), precision: precision, level: level)
    }

    /// A source whose matrices are rounded to bfloat16, as the mode does itself.
    struct Rounded: TensorSource {
        let source: DeterministicWeights
        var tensorNames: [String] { source.tensorNames }
        func shape(of name: String) -> [Int]? { source.shape(of: name) }
        func tensor(named name: String) throws -> Tensor {
            let tensor = try source.tensor(named: name)
            let isFactor = name.contains("rel_pos") || tensor.shape.count == 2
            guard isFactor || tensor.shape.count == 4 && !name.hasSuffix("pos_embed") else {
                return tensor
            }
            return Tensor(
                tensor.values.map {
                    // Half of the last place that stays, and a bit more where that is odd: to the even one.
                    let bits = $0.bitPattern
                    return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
                }, shape: tensor.shape)
        }
    }

    @Test(arguments: ViTImageEncoderTests.levels)
    func `the embedding is near that of 32-bit floats, and not the same`(level: Kernels.Level) {
        let weights = ViTImageEncoderTests.weights()
        let input = ViTImageEncoderTests.input
        let exact = Self.vit(weights, .float32, level: level).encode(input)
        let rough = Self.vit(weights, .bfloat16, level: level).encode(input)
        let result = OracleComparison(name: "tiny", found: rough.values, expected: exact.values)
        #expect(result.relativeL2 < 2e-2 && result.relativeL2 > 1e-4, "\(result)")
    }

    @Test func `weights are rounded, and only those of products`() {
        let weights = ViTImageEncoderTests.weights()
        let input = ViTImageEncoderTests.input
        let once = Self.vit(weights, .bfloat16).encode(input).values
        let twice = Self.vit(Rounded(source: weights), .bfloat16).encode(input).values
        #expect(once == twice)
        // Rounding the weights alone is not the whole mode.
        #expect(once != Self.vit(Rounded(source: weights), .float32).encode(input).values)
    }

    @Test func `the bits do not depend on the number of threads`() {
        let encoder = Self.vit(ViTImageEncoderTests.weights(), .bfloat16)
        let before = ParallelRange.threads
        defer { ParallelRange.threads = before }
        let results = [1, 2, 3].map { threads in
            ParallelRange.threads = threads
            return encoder.encode(ViTImageEncoderTests.input).values
        }
        #expect(results[1] == results[0] && results[2] == results[0])
    }

    @Test func `a model is made with the precision that was asked for`() throws {
        var configuration = SAMConfiguration(
            name: "tiny", imageSize: 64, encoder: .vit(ViTImageEncoderTests.configuration),
            decoder: PredictorTests.configuration.decoder)
        configuration.decoder.width = 16
        let source = DeterministicWeights(salt: "tiny", tensors: configuration.tensorShapes)
        let usual = try SAM(configuration: configuration, source: source)
        let rough = try SAM(configuration: configuration, source: source, precision: .bfloat16)
        #expect((usual.imageEncoder as? ViTImageEncoder)?.precision == .float32)
        #expect((rough.imageEncoder as? ViTImageEncoder)?.precision == .bfloat16)
    }
}
