import Tensors
import Testing

@testable import SegmentAnything

/// The encoder on a network small enough to have its reference in this file.
@Suite struct ViTImageEncoderTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// A head width, a grid and windows that no vector divides.
    static let configuration = ViTConfiguration(
        width: 24, depth: 2, heads: 2, globalBlocks: [1], windowSize: 3)

    static func weights(imageSize: Int = 64) -> DeterministicWeights {
        DeterministicWeights(
            salt: "tiny",
            tensors: configuration.tensorShapes(gridSize: imageSize / 16, outputWidth: 16)
                .map { (name: "image_encoder." + $0.name, shape: $0.shape) })
    }

    static let input = DeterministicWeights.uniform(
        salt: "picture", name: "input", shape: [1, 3, 64, 64], amplitude: 2, centre: 0)

    @Test(arguments: levels)
    func `the embedding is that of the reference at every level`(level: Kernels.Level) throws {
        let reader = WeightReader(Self.weights())
        let encoder = ViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 16, weights: reader,
            level: level)
        #expect(try reader.finish() == WeightReader.Report())
        let embedding = encoder.encode(Self.input)
        #expect(embedding.shape == [1, 16, 4, 4])
        let largest = zip(embedding.values, Self.reference).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest < 1e-5)
        #expect(embedding.values.allSatisfy { $0.isFinite })
        #expect(embedding.count == Self.reference.count)
    }

    @Test func `the bits do not depend on the number of threads, nor on the call`() {
        let encoder = ViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 16,
            weights: WeightReader(Self.weights()))
        let before = ParallelRange.threads
        defer { ParallelRange.threads = before }
        let results = [1, 2, 3, 1].map { threads in
            ParallelRange.threads = threads
            return encoder.encode(Self.input).values
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test func `a picture with values that are not numbers leaves no trace in the next one`() {
        let encoder = ViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 16,
            weights: WeightReader(Self.weights()))
        let expected = encoder.encode(Self.input).values
        let broken = Tensor(
            [Float](repeating: .nan, count: 3 * 64 * 64), shape: [1, 3, 64, 64])
        #expect(encoder.encode(broken).values.contains { $0.isNaN })
        #expect(encoder.encode(Self.input).values == expected)
    }

    @Test func `pictures encoded at the same time do not disturb one another`() async {
        let encoder = ViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 16,
            weights: WeightReader(Self.weights()))
        let inputs = (0..<4).map { index in
            DeterministicWeights.uniform(
                salt: "\(index)", name: "input", shape: [1, 3, 64, 64], amplitude: 2, centre: 0)
        }
        let expected = inputs.map { encoder.encode($0).values }
        let found = await withTaskGroup(of: (Int, [Float]).self) { group in
            for (index, input) in inputs.enumerated() {
                group.addTask { (index, encoder.encode(input).values) }
            }
            return await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
        }
        #expect(inputs.indices.allSatisfy { found[$0] == expected[$0] })
    }

    @Test func `missing and mis-shaped tensors are all reported`() throws {
        var shapes = Self.weights().tensorNames.compactMap { name in
            Self.weights().shape(of: name).map { (name: name, shape: $0) }
        }
        shapes.removeAll { $0.name == "image_encoder.neck.1.bias" }
        for index in shapes.indices where shapes[index].name.hasSuffix("1.attn.proj.weight") {
            shapes[index].shape = [24, 25]
        }
        // Windows are not resampled: another length cannot be loaded.
        for index in shapes.indices where shapes[index].name.hasSuffix("0.attn.rel_pos_h") {
            shapes[index].shape = [9, 12]
        }
        shapes.append((name: "image_encoder.extra", shape: [1]))
        let reader = WeightReader(DeterministicWeights(salt: "tiny", tensors: shapes))
        _ = ViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 16, weights: reader)
        let report = try reader.finish()
        #expect(report.missing == ["image_encoder.neck.1.bias"])
        #expect(report.unused == ["image_encoder.extra"])
        #expect(
            report.misshaped == [
                .init(
                    name: "image_encoder.blocks.0.attn.rel_pos_h", found: [9, 12],
                    expected: [5, 12]),
                .init(
                    name: "image_encoder.blocks.1.attn.proj.weight", found: [24, 25],
                    expected: [24, 24]),
            ])
    }

    @Test func `a table of equal rows stays so at another length`() {
        let rows = [Float](repeating: 3, count: 7 * 2)
        for length in [1, 5, 7, 20] {
            let result = ViTPositions.resample(rows, rows: 7, to: length, width: 2)
            #expect(result == [Float](repeating: 3, count: length * 2))
        }
    }

    @Test func `resampling interpolates between the centres of rows`() {
        #expect(ViTPositions.resample([0, 1], rows: 2, to: 4, width: 1) == [0, 0.25, 0.75, 1])
        #expect(ViTPositions.resample([0, 1, 2, 3], rows: 4, to: 2, width: 1) == [0.5, 2.5])
    }

    @Test func `weights of another image size give an embedding of the size asked for`() throws {
        let reader = WeightReader(Self.weights(imageSize: 64))
        let encoder = ViTImageEncoder(
            configuration: Self.configuration, imageSize: 112, outputWidth: 16, weights: reader)
        #expect(try reader.finish() == WeightReader.Report())
        let embedding = encoder.encode(Tensor(zeros: [1, 3, 112, 112]))
        #expect(embedding.shape == [1, 16, 7, 7])
        #expect(embedding.values.allSatisfy { $0.isFinite })
    }

    /// Computed from the same weights with NumPy in float64, straight from the definition.
    static let reference: [Float] = [
        -2.258, 0.8068576, -0.4083872, -0.4369389, 0.218766, -1.638261, 0.02231091, -0.7604205,
        -0.7011771, 1.735448, -0.1967374, 1.169454, -0.3969645, 1.886286, 0.6893448, 0.6192027,
        -0.5423006, -1.273316, 0.1066786, 0.3382484, -0.7025802, 0.3315515, -1.242966,
        -0.01788005, -0.4097694, 0.6215742, 1.620874, 0.1824755, -0.4535653, -0.6135349, 2.261329,
        0.4389311, -0.6870084, 0.5755944, -0.4848059, 0.8492806, -0.01855825, -1.24223, 0.5292747,
        -0.6152572, -0.9959992, -1.517436, -0.6642029, -0.2420799, -0.9306904, -0.2666332,
        -0.1512586, -1.336886, 0.6432759, 1.269824, -0.5132866, 0.6696344, 0.9646002, -0.1835347,
        0.2198882, -1.372348, -0.5440387, 0.002664215, 0.17164, -0.1709753, 2.372473, -0.7791741,
        -1.325792, -0.3375564, 0.8443312, 0.6237929, 1.720903, -1.385058, -0.04293789, -0.3476947,
        1.281898, -0.342295, 1.241445, 1.172328, 0.5185308, 0.2290688, 1.196803, -0.02221089,
        0.8527305, -1.046513, 0.2659791, 0.9449998, 1.126256, 0.4855783, 0.6454328, 0.8310054,
        -0.206621, 0.3228506, 0.9196311, -0.5867468, 1.23712, 0.1100156, 0.1955025, 0.6730233,
        0.9329813, -0.1907053, -1.31847, 0.3956546, -0.1359345, 0.8491603, 1.409135, 0.3303273,
        1.264612, -0.07844607, 0.07914462, 0.5097654, -1.277499, 0.597671, 1.038037, 1.821759,
        -0.7011309, 0.8384504, 1.429718, -1.110238, -0.7760538, -2.650032, -0.4077866, 1.47342,
        -2.028219, 1.213479, 0.2070799, -0.8816743, 0.9553214, -1.951131, -0.1495539, 0.2976551,
        0.1644608, -1.131523, 0.94402, 0.6997367, -0.5172339, -0.3578424, 0.5254822, 0.01437392,
        0.1063464, 2.301011, 1.075876, -0.4845036, -0.5164108, 0.489453, 0.03433538, 0.4296487,
        0.9346542, 2.025938, 0.2578954, -1.80625, -0.5344317, -1.152685, -0.5759819, 2.487963,
        -0.4323312, 0.5215359, -0.5394604, -0.5661577, -0.09198331, -1.57406, 0.01053565,
        -0.05980281, -0.5995112, 0.6515217, 0.8446502, -0.1839197, 1.5, 0.5650048, 1.534428,
        1.185666, 2.032323, -0.6186608, 0.8502667, 0.7847289, -0.7038872, 1.651403, -0.1940943,
        0.6152684, -0.3023161, -0.7275621, -0.5575636, -1.005423, 1.091402, -0.0447428, 0.692323,
        -0.8525057, -1.313193, -0.2770112, 1.302613, 0.1862946, 1.457696, -0.9039965, -0.6565959,
        -1.89077, 1.086966, 1.272156, -0.4103533, -1.261856, -1.692473, 1.23984, -1.781658,
        -0.3917691, 0.04521536, 0.6056303, -0.7606256, 0.8659434, -1.197126, 2.145482, 0.2262014,
        -0.6903441, -1.416314, 0.01963034, 1.213865, 1.020634, -0.7323609, 0.8564241, -0.1865207,
        -0.3409316, -0.01093303, 0.9327834, 1.213454, 0.367407, 0.06540153, -0.3090272,
        -0.4219871, 1.061605, -0.5110099, -0.4833973, 0.6711887, -0.7292743, -1.089415, -0.646973,
        -2.182641, -0.8526794, -1.024496, -1.341189, -1.380403, -2.021986, -1.818231, 0.4305294,
        -0.4726493, -0.5333377, -1.268454, -0.1377188, -1.453373, 0.7426775, 1.533816, 1.016103,
        0.02605076, -0.004084103, 0.3268639, -0.2089477, -1.569019, 0.7262002, 1.223759,
        -1.411629, -1.678691, -1.395873, -0.4867505, -0.3608848,
    ]
}
