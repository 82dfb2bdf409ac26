import Foundation
import HDF5
import TensorFiles
import Tensors
import Testing

@testable import SegmentAnything

@Suite("Checkpoints of the reference", .enabled(if: SAMOracle.isPresent))
struct CheckpointOracleTests {
    let files: CheckpointTestFiles

    init() throws { files = try CheckpointTestFiles() }

    /// The architecture that the attributes of a reference file give.
    private func configuration(_ file: HDF5Reader, name: String) throws -> SAMConfiguration {
        func number(_ name: String) throws -> Int { Int(try file.number("config_" + name)) }
        return SAMConfiguration(
            name: name, imageSize: try number("image"),
            encoder: .vit(
                ViTConfiguration(
                    width: try number("embed"), depth: try number("depth"),
                    heads: try number("heads"), globalBlocks: try file.integers("config_global"),
                    windowSize: try number("window"))),
            decoder: DecoderConfiguration(
                width: try number("dim"), heads: try number("dec_heads"),
                mlpWidth: try number("dec_mlp"), maskTokens: try number("multimask") + 1,
                qualityHeadWidth: try number("iou_hidden"),
                maskPromptChannels: try number("mask_in_chans")))
    }

    @Test(
        "The reference's checkpoints are recognised, and go to HDF5 and .safetensors and back byte by byte",
        arguments: [
            ("tiny64.pth", "tiny64.h5", "vit_64x4"),
            ("tiny64.safetensors", "tiny64.h5", "vit_64x4"),
            ("tiny96.pth", "tiny96.h5", "vit_96x4"),
        ])
    func roundTrip(_ name: String, _ reference: String, _ short: String) throws {
        let source = try CheckpointImport(try SAMOracle.path(name))
        let oracle = try SAMOracle.open(reference)
        #expect(try source.configuration == configuration(oracle, name: short))
        #expect(source.report == WeightReader.Report())
        try source.write(to: files.path("a.h5"))
        let checkpoint = try Checkpoint.open(files.path("a.h5"))
        #expect(try checkpoint.verify() == [])
        try CheckpointExport.safetensors(of: checkpoint, to: files.path("a.safetensors"))
        let exported = try TensorFile.open(files.path("a.safetensors"))
        #expect(exported.entries.count == source.file.entries.count)
        for tensor in source.state.tensors {
            #expect(exported.entry(named: tensor.name)?.shape == tensor.entry.shape)
            let same =
                try exported.bytes(of: tensor.name) == source.file.bytes(of: tensor.entry.name)
            #expect(same, "\(tensor.name)")
        }
        try CheckpointImport(files.path("a.safetensors")).write(to: files.path("b.h5"))
        let again = try Checkpoint.open(files.path("b.h5"))
        #expect(again.tensors.map(\.sha256) == checkpoint.tensors.map(\.sha256))
    }

    @Test("tiny64.pth through HDF5 gives the reference's embeddings, and at another image size too")
    func embedding() throws {
        try CheckpointImport(try SAMOracle.path("tiny64.pth")).write(to: files.path("tiny64.h5"))
        let model = try SAM.load(checkpoint: files.path("tiny64.h5"))
        let oracle = try SAMOracle.open("tiny64.h5")
        for picture in ["square", "wide", "tall_large"] {
            let found = model.imageEncoder.encode(try oracle.tensor("\(picture)/encoder/input"))
            let result = try SAMOracle.compare(found, oracle, "\(picture)/encoder/embedding")
            #expect(result.isAccepted, "\(result)")
        }
        for size in [160, 352] {
            let oracle = try SAMOracle.open("tiny64_at_\(size).h5")
            let model = try SAM.load(checkpoint: files.path("tiny64.h5"), imageSize: size)
            let found = model.imageEncoder.encode(try oracle.tensor("input"))
            let result = try SAMOracle.compare(found, oracle, "embedding")
            #expect(result.isAccepted, "\(result)")
        }
    }

    @Test("Reduced precision moves the embedding by no more than its rounding suggests")
    func reducedEmbedding() throws {
        let oracle = try SAMOracle.open("tiny64.h5")
        let source = try CheckpointImport(try SAMOracle.path("tiny64.pth"))
        for (precision, limit) in [(CheckpointPrecision.float16, 1e-3), (.bfloat16, 1e-2)] {
            let outcome = try source.write(to: files.path("x.h5"), precision: precision)
            let model = try SAM.load(checkpoint: files.path("x.h5"))
            let found = model.imageEncoder.encode(try oracle.tensor("square/encoder/input"))
            let result = try SAMOracle.compare(found, oracle, "square/encoder/embedding")
            #expect(result.relativeL2 < limit, "\(precision): \(result)")
            let stated = try #require(outcome.rounding).relativeL2
            #expect(stated < result.relativeL2 && stated > result.relativeL2 / 30, "\(stated)")
        }
    }

    @Test(
        "A TinyViT encoder is recognised; without a decoder it is refused with all that is missing")
    func tinyViT() throws {
        var options = CheckpointImport.Options()
        options.imageSize = 256
        let source = try CheckpointImport(try SAMOracle.path("tinyvit.pth"), options: options)
        let oracle = try SAMOracle.open("tinyvit.h5")
        guard case .tinyViT(let encoder) = source.configuration.encoder else {
            Issue.record("recognised as \(source.configuration.name)")
            return
        }
        #expect(source.configuration.imageSize == 256)
        #expect(try encoder.widths == oracle.integers("config_embed_dims"))
        #expect(try encoder.depths == oracle.integers("config_depths"))
        #expect(try encoder.heads == oracle.integers("config_heads"))
        #expect(try encoder.windowSizes == oracle.integers("config_windows"))
        #expect(source.report.misshaped.isEmpty && source.report.unused.isEmpty)
        #expect(!source.report.missing.isEmpty)
        #expect(source.report.missing.allSatisfy { !$0.hasPrefix("image_encoder.") })
        let text = checkpointError { try source.write(to: files.path("x.h5")) }
        #expect(text?.contains("missing") == true)

        // With a decoder by the rule it is whole, and its encoder gives the reference's embedding.
        let rule = DeterministicWeights(
            salt: "decoder", tensors: source.configuration.tensorShapes)
        let names = source.state.tensors.map(\.name)
        var entries = source.state.tensors.map(\.entry)
        for (name, shape) in source.configuration.tensorShapes where !names.contains(name) {
            entries.append(try TensorEntry(name: name, elementType: .float32, shape: shape))
        }
        try Checkpoint.write(
            CheckpointHeader(configuration: source.configuration, weights: .random),
            tensors: entries, to: files.path("x.h5"),
            bytes: { entry in
                if names.contains(entry.name) { return try source.file.bytes(of: entry.name) }
                return try rule.tensor(named: entry.name).withValues { values in
                    Array(UnsafeRawBufferPointer(values))
                }
            })
        let checkpoint = try Checkpoint.open(files.path("x.h5"))
        #expect(checkpoint.tensors.contains { $0.elementType == .int64 })
        let model = try SAM(checkpoint: checkpoint)
        #expect(model.report.unused.isEmpty)
        let found = model.imageEncoder.encode(try oracle.tensor("input"))
        let result = try SAMOracle.compare(found, oracle, "embedding")
        #expect(result.isAccepted, "\(result)")
    }

    @Test("The reference's container variants, which hold no model, are refused in one line")
    func otherModels() throws {
        let folder = try #require(SAMOracle.folder).appendingPathComponent("checkpoints")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".pth") || $0.hasSuffix(".safetensors") }
        #expect(names.count >= 12)
        for name in names {
            let path = folder.appendingPathComponent(name).path
            let text = checkpointError { try CheckpointImport(path).write(to: files.path("x.h5")) }
            #expect(text?.contains(name) == true, "\(name): \(text ?? "taken")")
        }
        #expect(try files.names == [])
    }
}
