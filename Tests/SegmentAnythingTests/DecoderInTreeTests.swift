import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// The prompt side of a model of 64 pixels against numbers of numpy in double precision.
///
/// Needs no other files.
///
/// The implementation was written for these tests from the published description, without regrouping anything, and agrees with
/// the reference files of the small models to their last digit (1e-7).
@Suite struct DecoderInTreeTests {
    struct Example: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var prompt: EncoderPrompt
        var hasMask = false
        /// The model's estimates of the four masks.
        var estimates: [Float]
        /// Every 37th logit of the four masks.
        var logits: [Float]
        /// The sum of the logits of each mask.
        var sums: [Float]
        /// Logits above 0 of each mask.
        var areas: [Int]
    }

    static let examples = [
        Example(
            testDescription: "one point",
            prompt: EncoderPrompt(points: [.init(x: 10, y: 20, label: .foreground)]),
            estimates: [-0.30900389, 0.395695925, 1.03774607, -0.343142122],
            logits: [
                -0.0179655347, 0.569452047, -0.0877976716, 0.0818163976, -0.00743244682,
                0.209043771, -0.725762248, -0.0429118685, 0.118928686, 0.29089576, 0.834132135,
                -0.171863332, 0.530184269, 0.335473537, 0.0538848713, 0.310381025, -0.507525802,
                -0.116534948, -1.85319972, -0.482524991, 0.281846911, -0.554058313, -0.014853307,
                -0.205074534, 0.858514309, -1.492944, -0.385515273, 0.0539141968,
            ],
            sums: [2.2600832, 48.9697037, -59.5180473, -52.6871376], areas: [145, 170, 86, 83]),
        Example(
            testDescription: "one box",
            prompt: EncoderPrompt(box: BoxPrompt(x0: 5.5, y0: 8, x1: 50, y1: 60.25)),
            estimates: [-0.270393372, 0.491193891, 0.892595232, -0.306596726],
            logits: [
                0.104470201, 0.473208666, -0.154421613, -0.0535346456, -0.0275888667, -0.0045283041,
                -0.264962524, 0.015419662, 0.158800259, 0.21879968, 0.637141883, -0.0136180446,
                0.348796964, 0.285356164, 0.146054313, -0.0671208203, -0.570566237, -0.145273015,
                -1.2927078, -0.709702134, 0.415022433, -0.696249962, 0.00465782825, -0.114822187,
                0.871334136, -0.908783734, -0.301198453, 0.167261422,
            ],
            sums: [12.5150537, 47.3706779, -36.8351135, -30.6134529], areas: [133, 194, 106, 95]),
        Example(
            testDescription: "points, a box and a mask",
            prompt: EncoderPrompt(
                points: [
                    .init(x: 10, y: 20, label: .foreground),
                    .init(x: 40, y: 3.5, label: .background),
                ], box: BoxPrompt(x0: 5, y0: 8, x1: 50, y1: 60)), hasMask: true,
            estimates: [-0.384093463, 0.646722376, 0.483652741, -0.571314275],
            logits: [
                0.016952116, 0.461443841, -0.0182223767, -0.158226982, 0.183856681, -0.0265706517,
                0.0584715791, -0.205097422, 0.0334425122, -0.161825672, 0.152367041, 0.0920080021,
                0.0214865133, 0.287302136, 0.267365724, -0.277614713, -0.129089475, -0.103885636,
                -0.852244079, -0.241244823, 0.233260378, -0.378696203, -0.42422682, -0.0953279361,
                0.114070386, -0.140338019, 0.106583007, -0.255468637,
            ],
            sums: [16.3571777, 25.1456909, -26.8311806, -40.3957024], areas: [152, 166, 105, 82]),
        Example(
            testDescription: "nothing", prompt: EncoderPrompt(),
            estimates: [-0.45539844, 0.696643651, 0.963047147, -0.182026327],
            logits: [
                0.0300552435, 0.570075393, -0.0844274312, 0.107298434, -0.120666288, 0.239219308,
                -0.403080255, -0.0123211415, 0.282848775, 0.186510757, 0.751121283, 0.0281961877,
                0.354507625, 0.0525123514, 0.167423815, 0.112948895, -0.480808556, -0.33275488,
                -1.53101337, -0.584720433, 0.571006715, -0.627901554, -0.000116253519, -0.116067626,
                0.940462053, -1.28431594, -0.405122161, 0.0638159588,
            ],
            sums: [7.24904919, 46.268837, -28.8650856, -60.0260506], areas: [145, 179, 105, 85]),
    ]

    @Test(arguments: examples)
    func `answers are those of an independent implementation`(example: Example) throws {
        let salt = "in-tree-v1"
        let configuration = SAMConfiguration(
            name: "in-tree", imageSize: 64, encoder: .tinyViT(TinyViTConfiguration()),
            decoder: DecoderConfiguration(width: 64, heads: 8, mlpWidth: 128, qualityHeadWidth: 64))
        let weights = WeightReader(
            DeterministicWeights(salt: salt, tensors: PredictorTests.shapes(configuration)))
        let promptEncoder = PromptEncoder(
            configuration: configuration.decoder, imageSize: 64, weights: weights)
        let decoder = MaskDecoder(
            configuration: configuration.decoder, imageSize: 64, weights: weights)
        #expect(try weights.finish() == WeightReader.Report())
        let embedding = DeterministicWeights.uniform(
            salt: salt, name: "embedding", shape: [1, 64, 4, 4], amplitude: 1.75, centre: 0)
        var prompt = example.prompt
        if example.hasMask {
            prompt.mask = DeterministicWeights.uniform(
                salt: salt, name: "mask_input", shape: [16, 16], amplitude: 6, centre: 0)
        }
        let image = decoder.image(embedding, promptEncoder: promptEncoder)
        let answer = try #require(
            decoder.predict(image, prompts: [promptEncoder.encode(prompt)], output: .all).first)
        func difference(_ found: [Float], _ expected: [Float]) -> Float {
            guard found.count == expected.count else { return .infinity }
            return zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        }
        #expect(difference(answer.predictedIoU, example.estimates) < 3e-6)
        let logits = answer.logits.values
        let some = stride(from: 0, to: logits.count, by: 37).map { logits[$0] }
        #expect(difference(some, example.logits) < 5e-6)
        for mask in 0..<4 {
            let values = logits[mask * 256..<(mask + 1) * 256]
            #expect(abs(values.reduce(0.0) { $0 + Double($1) } - Double(example.sums[mask])) < 2e-4)
            #expect(abs(values.filter { $0 > 0 }.count - example.areas[mask]) <= 1)
        }
    }
}
