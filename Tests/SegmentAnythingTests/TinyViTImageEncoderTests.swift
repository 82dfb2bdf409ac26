import Tensors
import Testing

@testable import SegmentAnything

/// MobileSAM's encoder on a network small enough to have its reference in this file.
@Suite struct TinyViTImageEncoderTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    /// Widths, head widths and windows that no vector divides; the last width keeps the picture's size.
    static let configuration = TinyViTConfiguration(
        widths: [8, 12, 20, 320], depths: [1, 1, 1, 1], heads: [1, 2, 2, 10],
        windowSizes: [3, 3, 3, 3])

    static let weights = DeterministicWeights(
        salt: "tiny",
        tensors: configuration.tensorShapes(outputWidth: 8)
            .map { (name: "image_encoder." + $0.name, shape: $0.shape) })

    static func encoder(level: Kernels.Level = Kernels.highestLevel) -> TinyViTImageEncoder {
        TinyViTImageEncoder(
            configuration: configuration, imageSize: 64, outputWidth: 8,
            weights: WeightReader(weights), level: level)
    }

    static let input = DeterministicWeights.uniform(
        salt: "picture", name: "input", shape: [1, 3, 64, 64], amplitude: 2, centre: 0)

    @Test(arguments: levels)
    func `the embedding is that of the reference at every level`(level: Kernels.Level) {
        let embedding = Self.encoder(level: level).encode(Self.input)
        #expect(embedding.shape == [1, 8, 4, 4] && embedding.count == Self.reference.count)
        #expect(embedding.values.allSatisfy { $0.isFinite })
        let largest = zip(embedding.values, Self.reference).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest < 1e-5)
    }

    @Test func `the bits do not depend on the number of threads, nor on the call`() {
        let encoder = Self.encoder()
        let before = ParallelRange.threads
        defer { ParallelRange.threads = before }
        let results = [1, 2, 3, 1].map { threads in
            ParallelRange.threads = threads
            return encoder.encode(Self.input).values
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test func `the unused head is known, and everything else that does not fit is reported`()
        throws
    {
        var shapes = Self.weights.tensorNames.compactMap { name in
            Self.weights.shape(of: name).map { (name: name, shape: $0) }
        }
        let whole = WeightReader(Self.weights)
        _ = TinyViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 8, weights: whole)
        #expect(try whole.finish() == WeightReader.Report())

        let removed = "image_encoder.layers.2.blocks.0.local_conv.bn.running_var"
        // A file without the head and the counters can be used too.
        shapes.removeAll { entry in
            entry.name == removed || entry.name.contains("head.")
                || entry.name.hasSuffix("num_batches_tracked")
        }
        let changed = "image_encoder.layers.1.blocks.0.attn.attention_biases"
        for index in shapes.indices where shapes[index].name == changed {
            shapes[index].shape = [2, 49]
        }
        shapes.append((name: "image_encoder.extra", shape: [1]))
        let reader = WeightReader(DeterministicWeights(salt: "tiny", tensors: shapes))
        _ = TinyViTImageEncoder(
            configuration: Self.configuration, imageSize: 64, outputWidth: 8, weights: reader)
        let report = try reader.finish()
        #expect(report.missing == [removed])
        #expect(report.unused == ["image_encoder.extra"])
        #expect(
            report.misshaped == [.init(name: changed, found: [2, 49], expected: [2, 9])])
    }

    @Test func `another image size, with windows cut at the border, gives the embedding's shape`() {
        let encoder = TinyViTImageEncoder(
            configuration: Self.configuration, imageSize: 112, outputWidth: 8,
            weights: WeightReader(Self.weights))
        let embedding = encoder.encode(Tensor(zeros: [1, 3, 112, 112]))
        #expect(embedding.shape == [1, 8, 7, 7] && encoder.gridSize == 7)
        #expect(embedding.values.allSatisfy { $0.isFinite })
    }

    @Test func `MobileSAM has 439 tensors, of which 10.13 million values are parameters`() {
        let shapes = SAMConfiguration.mobileSAM.tensorShapes
        #expect(shapes.count == 439)
        #expect(Set(shapes.map(\.name)).count == 439)
        func count(_ included: (String) -> Bool) -> Int {
            shapes.filter { included($0.name) }.map { Tensor.count($0.shape) }.reduce(0, +)
        }
        let buffers = ["running_mean", "running_var", "num_batches_tracked", "gaussian_matrix"]
        func isParameter(_ name: String) -> Bool { !buffers.contains { name.hasSuffix($0) } }
        #expect(count(isParameter) == 10_130_092)
        #expect(count { isParameter($0) && $0.hasPrefix("image_encoder.") } == 6_065_532)
        #expect(count { $0.hasPrefix("image_encoder.") && $0.contains("head.") } == 321_640)
        #expect(count { $0.hasSuffix("num_batches_tracked") } == 27)
    }

    @Test func `the last stage keeps the picture's size for the published widths only`() {
        #expect((0..<3).map { TinyViTConfiguration().downsamplingStride(after: $0) } == [2, 2, 1])
        let other = TinyViTConfiguration(widths: [96, 192, 384, 576])
        #expect((0..<3).map { other.downsamplingStride(after: $0) } == [2, 2, 1])
        let plain = TinyViTConfiguration(widths: [16, 32, 40, 64])
        #expect((0..<3).map { plain.downsamplingStride(after: $0) } == [2, 2, 2])
    }

    /// Computed from the same weights with NumPy in float64, straight from the definition.
    static let reference: [Float] = [
        -1.790397, -1.264028, -1.92546, -0.4838341, -2.262639, -1.347331, -1.178545,
        -0.3932985, -1.634903, -1.698162, -2.311298, -0.3533635, 0.8927177, -0.4731448,
        -0.5643997, -0.2574985, 1.694167, 1.843733, 1.721678, 1.093977, 1.386872,
        2.118675, 1.423159, 2.405903, 2.013074, 2.098378, 1.943881, 2.192862,
        -0.8438618, 2.156509, 2.192007, 1.163947, -0.7208697, -1.119567, -0.6774615,
        -0.9942699, 0.3869672, -1.24634, -1.609017, -0.9637945, 0.1055779, -1.100434,
        -0.5087105, -1.104376, 1.607754, -0.3659774, -0.6250616, -0.6827166, -0.848023,
        -1.135732, -0.598962, 1.170277, -0.2091081, -0.0220255, 0.435771, 0.191555,
        -0.919966, 0.1767692, -0.0343932, 0.8462442, -1.417168, -0.1775663, -0.140649,
        0.352497, -0.1648397, 0.4733904, 0.4713255, 0.839814, 1.220736, 0.3612456,
        0.7517369, 0.09212465, 0.9506358, 0.162367, -0.04550381, -0.2303692,
        -0.04973943, -1.377145, -1.209627, -0.706064, -0.03732387, 0.4715128, 0.2047352,
        0.4145626, -0.3712642, 0.04195704, 0.2917267, -0.8674246, -0.6223453,
        -0.2153461, -0.3320321, 0.1037848, 0.2162743, 0.3052264, 0.273912, 0.06178945,
        1.043868, 0.4576984, 1.075265, -0.4681161, -0.3488069, -0.2194647, -0.2257048,
        -0.5680047, 0.08551145, 0.3263286, 0.1911641, -0.4567353, -0.3796178, 0.1451117,
        0.4420792, 1.596173, 0.7928659, 0.3658531, -0.8052264, -1.939617, -0.8514089,
        0.4222732, 0.2118808, 0.2746703, -0.7712261, 0.1314528, 0.9044938, -0.8189808,
        -0.1569034, 0.2737166, 0.0400372, -1.723001,
    ]
}
