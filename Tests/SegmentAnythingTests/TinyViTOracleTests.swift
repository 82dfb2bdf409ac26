import Foundation
import HDF5
import Tensors
import Testing

@testable import SegmentAnything

/// MobileSAM's encoder against the oracle files; weights by rule.
@Suite(.enabled(if: SAMOracle.isPresent)) struct TinyViTOracleTests {
    static let levels = Kernels.Level.allCases.filter { $0 <= Kernels.highestLevel }

    @Test(arguments: levels)
    func `every stage of the small network is that of the reference`(level: Kernels.Level) throws {
        let oracle = try SAMOracle.open("tinyvit.h5")
        let configuration = TinyViTConfiguration(
            widths: try oracle.integers("config_embed_dims"),
            depths: try oracle.integers("config_depths"),
            heads: try oracle.integers("config_heads"),
            windowSizes: try oracle.integers("config_windows"))
        let shapes = configuration.tensorShapes(outputWidth: 256)
        let reader = WeightReader(
            EncoderAlone(
                rule: DeterministicWeights(salt: try oracle.text("det_salt"), tensors: shapes)))
        let encoder = TinyViTImageEncoder(
            configuration: configuration, imageSize: Int(try oracle.number("config_image")),
            outputWidth: 256, weights: reader, level: level)
        #expect(try reader.finish() == WeightReader.Report())
        let input = try oracle.tensor("/input")
        var stages: [String: Tensor] = [:]
        let embedding = encoder.encode(input) { stages[$0] = $1 }
        try SAMOracle.expect(embedding, matches: "/embedding", of: oracle)
        try SAMOracle.expect(encoder.encode(input), matches: "/embedding", of: oracle)
        var compared = 0
        for group in ["", "stage_0/", "stage_1/", "stage_2/", "stage_3/"] {
            for name in try oracle.children(of: "/" + group)
            where name != "input" && !name.hasPrefix("stage_") {
                let found = try #require(stages[group + name], "\(group + name) is not traced")
                try SAMOracle.expect(found, matches: "/" + group + name, of: oracle)
                compared += 1
            }
        }
        // Patches and embedding, five blocks, three ends of stages.
        #expect(compared == 10)
    }

    @Test func `MobileSAM at 1024 pixels is the reference, block by block`() throws {
        let oracle = try SAMOracle.open("mobile_sam_det.h5")
        guard case .tinyViT(let configuration) = SAMConfiguration.mobileSAM.encoder else { return }
        let reader = WeightReader(
            DeterministicWeights(
                salt: try oracle.text("det_salt"), tensors: SAMConfiguration.mobileSAM.tensorShapes)
        )
        let encoder = TinyViTImageEncoder(
            configuration: configuration, imageSize: 1024, outputWidth: 256, weights: reader)
        let report = try reader.finish()
        #expect(!report.isFatal && !report.unused.contains { $0.hasPrefix("image_encoder.") })
        let input = ViTPicture.input(salt: "img-full-a", size: 1024)
        var compared = 0
        func compare(_ name: String, _ found: Tensor) throws {
            let path = "/encoder/" + name
            let values = found.values
            let stride = Int(try oracle.number("stride", at: path + "/strided64"))
            let parts: [(String, [Float])] = [
                ("first16", Array(values.prefix(16))), ("last16", Array(values.suffix(16))),
                ("strided64", (0..<64).map { values[$0 * stride] }),
            ]
            let deviation = try oracle.number("std", at: path)
            for (part, found) in parts {
                var result = OracleComparison(
                    name: "\(name)/\(part)", found: found,
                    expected: try oracle.readArray("\(path)/\(part)"))
                // The attributes speak of the whole: a part of smaller values is measured by it.
                let norm = found.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
                let whole = deviation * Double(found.count).squareRoot()
                result.relativeL2 *= min(1, norm / whole)
                result.setLimits(
                    l2: try oracle.number("f32_rel_l2_err", at: path),
                    largest: try oracle.number("f32_max_abs_err", at: path), rms: deviation)
                #expect(result.isAccepted, "\(result)")
            }
            let mean = values.reduce(into: 0.0) { $0 += Double($1) } / Double(values.count)
            let expectedMean = try oracle.number("mean", at: path)
            #expect(abs(mean - expectedMean) < 1e-6 * deviation, "\(name)")
            let largest = max(
                10 * (try oracle.number("f32_max_abs_err", at: path)), 1e-5 * deviation)
            for (found, extreme) in [(values.min(), "min"), (values.max(), "max")] {
                let expected = try oracle.number(extreme, at: path)
                #expect(abs(Double(found ?? 0) - expected) <= largest, "\(name)")
            }
            compared += 1
        }
        try compare("input", input)
        var failure: (any Error)?
        let embedding = encoder.encode(input) { name, tensor in
            let name = name.replacingOccurrences(of: "/", with: "_")
            do { try compare(name, tensor) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        #expect(compared == (try oracle.children(of: "/encoder")).count)
        try SAMOracle.expect(embedding, matches: "/embedding", of: oracle)
        let plain = encoder.encode(input)
        try SAMOracle.expect(plain, matches: "/embedding", of: oracle)
        let means = try oracle.readArray("/embedding_channel_mean", as: Float.self)
        let values = plain.values
        for (channel, mean) in means.enumerated() {
            let sum = values[channel * 4096..<(channel + 1) * 4096].reduce(into: 0.0) {
                $0 += Double($1)
            }
            #expect(abs(sum / 4096 - Double(mean)) < 1e-5, "channel \(channel)")
        }
    }

    @Test func `the names and shapes are those of the published MobileSAM`() throws {
        let oracle = try SAMOracle.open("mobile_sam_det.h5")
        let shapes = SAMConfiguration.mobileSAM.tensorShapes
        let names = try oracle.readStrings("/state/name")
        // Counters of batch norms are not listed there.
        let expected = shapes.filter { !$0.name.hasSuffix("num_batches_tracked") }
        #expect(shapes.count == 439)
        if names.count == shapes.count {
            #expect(names == shapes.map(\.name))
            #expect(try oracle.readStrings("/state/shape") == shapes.map { "\($0.shape)" })
        } else {
            #expect(names == expected.map(\.name))
            #expect(try oracle.readStrings("/state/shape") == expected.map { "\($0.shape)" })
        }
    }
}

/// The weights of `tinyvit.pth`: there the rule was applied to the encoder alone, to names without `image_encoder.`.
private struct EncoderAlone: TensorSource {
    let rule: DeterministicWeights
    private static let prefix = "image_encoder."

    var tensorNames: [String] { rule.tensorNames.map { Self.prefix + $0 } }
    func shape(of name: String) -> [Int]? {
        rule.shape(of: String(name.dropFirst(Self.prefix.count)))
    }
    func tensor(named name: String) throws -> Tensor {
        try rule.tensor(named: String(name.dropFirst(Self.prefix.count)))
    }
}
