import Foundation
import HDF5
import Tensors
import Testing

@testable import SegmentAnything

/// The rule for weights, against the values of its definition.
@Suite struct ViTDeterministicWeightTests {
    static let vitB = DeterministicWeights(
        salt: "vitb-v1", tensors: SAMConfiguration.vitB.tensorShapes)

    @Test func `splitmix64 and FNV-1a give their published values`() {
        #expect(DeterministicWeights.random(0, 0) == 0xe220_a839_7b1d_cdaf)
        #expect(DeterministicWeights.random(0, 1) == 0x6e78_9e6a_a1b9_65f4)
        #expect(DeterministicWeights.random(0, 2) == 0x06c4_5d18_8009_454f)
        #expect(
            DeterministicWeights.hash("vitb-v1:image_encoder.pos_embed") == 0x518c_f7cc_d102_2142)
    }

    @Test(
        arguments: [
            (
                "image_encoder.pos_embed", 0.75, 0,
                [0.06577912, 0.09037122, -0.17294732, 0.2097432]
            ),
            (
                "image_encoder.blocks.2.attn.rel_pos_h", 0.10825317, 0,
                [0.022239486, -0.06462826, 0.0541581, -0.06688722]
            ),
            (
                "image_encoder.blocks.0.attn.qkv.weight", 0.088388346, 0,
                [0.031826876, -1.3771482e-05, -0.060895726]
            ),
            (
                "image_encoder.blocks.0.norm1.weight", 0.25, 1,
                [0.924186, 1.1094538, 0.9059565]
            ),
            (
                "mask_decoder.output_upscaling.0.weight", 0.10825317, 0,
                [0.08757478, -0.10543145, -0.08787465]
            ),
        ] as [(String, Float, Float, [Float])])
    func `the first values of a tensor are those of the rule`(
        name: String, amplitude: Float, centre: Float, values: [Float]
    ) throws {
        let shape = try #require(Self.vitB.shape(of: name))
        let range = DeterministicWeights.range(of: name, shape: shape)
        #expect(range.amplitude == amplitude && range.centre == centre)
        #expect(Array(try Self.vitB.tensor(named: name).values.prefix(values.count)) == values)
    }

    @Test func `ViT-B has 314 tensors and 93.7 million parameters`() {
        let shapes = SAMConfiguration.vitB.tensorShapes
        #expect(shapes.count == 314)
        let buffer = "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"
        let parameters = shapes.filter { $0.name != buffer }
        #expect(parameters.map { Tensor.count($0.shape) }.reduce(0, +) == 93_735_472)
        #expect(SAMConfiguration.vitL.tensorShapes.count == 482)
        #expect(SAMConfiguration.vitH.tensorShapes.count == 594)
    }

    @Test(.enabled(if: SAMOracle.isPresent))
    func `every tensor of ViT-B has the shape, the first and the last value of the reference`()
        throws
    {
        let file = try SAMOracle.open("vit_b_det.h5")
        let names = try file.readStrings("/state/name")
        #expect(names == Self.vitB.tensorNames)
        let shapes = try file.readStrings("/state/shape")
        let first = try file.readArray("/state/first4", as: Float.self)
        let sums = try file.readArray("/state/sum", as: Double.self)
        let last = try file.readArray("/state/last", as: Float.self)
        for (index, name) in names.enumerated() {
            let shape = try #require(Self.vitB.shape(of: name))
            #expect("\(shape)" == shapes[index], "\(name)")
            let values = try Self.vitB.tensor(named: name).values
            let count = min(4, values.count)
            #expect(
                Array(values.prefix(count)) == Array(first[4 * index..<4 * index + count]),
                "\(name)")
            #expect(values.last == last[index], "\(name)")
            let sum = values.reduce(into: 0.0) { $0 += Double($1) }
            #expect(abs(sum - sums[index]) < 1e-6 * Double(values.count), "\(name)")
        }
    }
}
