import Foundation
import SafeFiles
import TensorFiles
import Tensors
import Testing

@testable import SegmentAnything

@Suite("Import of checkpoints")
struct CheckpointImportTests {
    let files: CheckpointTestFiles

    init() throws { files = try CheckpointTestFiles() }

    private func recognised(_ configuration: SAMConfiguration) -> SAMConfiguration? {
        var shapes: [String: [Int]] = [:]
        for (name, shape) in configuration.tensorShapes { shapes[name] = shape }
        return ArchitectureRecognition(shapes: shapes).configuration()
    }

    @Test("Published architectures are recognised from names and shapes alone, at any image size")
    func published() {
        for configuration in SAMConfiguration.published {
            #expect(recognised(configuration) == configuration)
        }
        for size in [224, 256, 512, 1536] {
            var configuration = SAMConfiguration.vitB
            configuration.imageSize = size
            #expect(recognised(configuration) == configuration, "\(size) pixels")
        }
        #expect(recognised(CheckpointTestFiles.mini) == CheckpointTestFiles.mini)
    }

    @Test("Published models have the published number of parameters")
    func parameters() {
        // Of ViT-L and ViT-H the encoder's number is published; prompt encoder and decoder are those of ViT-B.
        let decoder = 6_220 + 4_058_340
        #expect(
            SAMConfiguration.published.map(\.parameterCount) == [
                89_670_912 + decoder, 308_278_272 + decoder, 637_026_048 + decoder, 10_130_092,
            ])
    }

    @Test("A training checkpoint in half precision becomes a checkpoint with the same values")
    func training() throws {
        let source = try CheckpointImport(CheckpointTestFiles.fixture("mini.pth"))
        #expect(source.configuration == CheckpointTestFiles.mini)
        #expect(source.report == WeightReader.Report())
        let kept = try source.write(to: files.path("half.h5"), licence: "CC0-1.0")
        #expect(kept.tensors == 138 && kept.values == 12713 && kept.rounding == nil)
        let half = try Checkpoint.open(files.path("half.h5"))
        #expect(half.precision == .float16)
        #expect(half.header.licence == "CC0-1.0")
        #expect(half.header.sourceFile == "mini.pth")
        #expect(
            try half.header.sourceSHA256
                == FileReading.sha256(of: CheckpointTestFiles.fixture("mini.pth")))
        #expect(half.header.method.contains("without the prefix module."))
        try source.write(to: files.path("wide.h5"), precision: .float32)
        let wide = try Checkpoint.open(files.path("wide.h5"))
        #expect(wide.precision == .float32 && wide.header.rounding == nil)
        for (name, shape) in CheckpointTestFiles.mini.tensorShapes {
            let exact = try CheckpointTestFiles.miniWeights.tensor(named: name).values
            let expected = exact.map { Float(Float16($0)) }
            #expect(try half.tensor(named: name).values == expected, "\(name)")
            #expect(try wide.tensor(named: name).values == expected, "\(name)")
            #expect(half.shape(of: name) == shape)
        }
        // The fixture's folder is nobody's business.
        let bytes = String(decoding: try files.bytes("half.h5"), as: UTF8.self)
        #expect(!bytes.contains("Fixtures"))
    }

    @Test(
        "Exported and imported again, every byte of every tensor and the architecture are the same")
    func roundTrip() throws {
        for precision in CheckpointPrecision.allCases {
            try files.writeMini(precision: precision)
            let first = try Checkpoint.open(files.path("mini.h5"))
            try CheckpointExport.safetensors(of: first, to: files.path("mini.safetensors"))
            let source = try CheckpointImport(files.path("mini.safetensors"))
            #expect(source.configuration == first.configuration)
            try source.write(to: files.path("again.h5"))
            let again = try Checkpoint.open(files.path("again.h5"))
            #expect(again.tensors.map(\.sha256) == first.tensors.map(\.sha256))
            #expect(again.precision == precision)
            #expect(again.configuration.name == "vit_4x2-random")
            #expect(again.header.weights == .random, "random weights stay random")
            #expect(again.header.licence == first.header.licence)
        }
    }

    @Test("Missing, unused and mis-shaped tensors are reported together, and nothing is written")
    func misfit() throws {
        let other =
            CheckpointTestFiles.mini.tensorShapes.compactMap {
                entry -> (String, [Int])? in
                switch entry.name {
                case "mask_decoder.iou_token.weight", "prompt_encoder.no_mask_embed.weight": nil
                case "image_encoder.neck.1.bias": (entry.name, [17])
                default: (entry.name, entry.shape)
                }
            } + [("side.extra", [3])]
        let entries = try other.map {
            try TensorEntry(name: $0.0, elementType: .float32, shape: $0.1)
        }
        var writer = try SafetensorsWriter(path: files.path("x.safetensors"), tensors: entries)
        for entry in writer.order {
            try writer.write([UInt8](repeating: 0, count: entry.byteCount), of: entry.name)
        }
        try writer.finish()
        let source = try CheckpointImport(files.path("x.safetensors"))
        #expect(
            source.report.missing
                == ["mask_decoder.iou_token.weight", "prompt_encoder.no_mask_embed.weight"])
        #expect(source.report.unused == ["side.extra"])
        #expect(
            source.report.misshaped
                == [.init(name: "image_encoder.neck.1.bias", found: [17], expected: [16])])
        let text = try #require(checkpointError { try source.write(to: files.path("x.h5")) })
        #expect(text.contains("2 missing") && text.contains("1 of another shape"))
        #expect(text.contains("1 unused") && text.contains("vit_4x2"))
        #expect(try files.names == ["x.safetensors"])
    }

    @Test("A value that float16 cannot hold is refused by name, and bfloat16 takes it")
    func overflow() throws {
        let shapes = CheckpointTestFiles.mini.tensorShapes
        let entries = try shapes.map {
            try TensorEntry(name: $0.name, elementType: .float32, shape: $0.shape)
        }
        var writer = try SafetensorsWriter(path: files.path("x.safetensors"), tensors: entries)
        for entry in writer.order {
            let value: Float = entry.name == "image_encoder.neck.1.bias" ? 70_000 : 0.25
            let values = [Float](repeating: value, count: entry.elementCount)
            try writer.write(values.withUnsafeBytes { Array($0) }, of: entry.name)
        }
        try writer.finish()
        let source = try CheckpointImport(files.path("x.safetensors"))
        let text = checkpointError { try source.write(to: files.path("x.h5"), precision: .float16) }
        #expect(text?.contains("image_encoder.neck.1.bias") == true)
        #expect(text?.contains("bfloat16") == true)
        #expect(try files.names == ["x.safetensors"])
        let outcome = try source.write(to: files.path("x.h5"), precision: .bfloat16)
        #expect(try #require(outcome.rounding).largest == 144)
    }

    @Test(
        "Absurd shapes of a source are refused or reported in one line, and none stops the process")
    func absurdShapes() throws {
        let sound = CheckpointTestFiles.mini.tensorShapes
        let absurd: [(String, [Int])] = [
            ("image_encoder.pos_embed", [1, 1 << 40, 1 << 10, 4]),
            ("image_encoder.pos_embed", [1, 0, 0, 0]), ("image_encoder.pos_embed", []),
            ("image_encoder.patch_embed.proj.weight", [4, 3, 7, 7]),
            ("image_encoder.patch_embed.proj.weight", [0, 3, 16, 16]),
            ("image_encoder.patch_embed.proj.weight", [16384, 3, 16, 16]),
            ("image_encoder.blocks.0.attn.rel_pos_h", [3, 3]),
            ("image_encoder.blocks.0.attn.rel_pos_h", [0, 0]),
            ("image_encoder.blocks.0.attn.rel_pos_h", [4, 2]),
            ("image_encoder.blocks.999999999999999999999.x", [1]),
            ("image_encoder.blocks.1023.x", [1]), ("image_encoder.blocks.9999.x", [1]),
            ("image_encoder.blocks.0.mlp.lin1.weight", [1, 4]),
            ("image_encoder.neck.0.weight", [1, 4, 1, 1]),
            ("image_encoder.neck.0.weight", [12, 4, 1, 1]),
            ("mask_decoder.mask_tokens.weight", [16384, 16]),
            ("mask_decoder.transformer.layers.0.mlp.lin1.weight", [1, 16]),
            ("prompt_encoder.mask_downscaling.3.weight", [3, 1, 2, 2]),
        ]
        for (name, shape) in absurd {
            var shapes: [String: [Int]] = [:]
            for entry in sound { shapes[entry.name] = entry.shape }
            shapes[name] = shape
            guard let found = ArchitectureRecognition(shapes: shapes).configuration() else {
                continue
            }
            let text = checkpointError { try found.validate() }
            if text == nil {
                let report = found.report(of: shapes)
                #expect(report != WeightReader.Report(), "\(name) \(shape) fits")
            }
        }
    }

    @Test("Files that hold other things are refused by what they hold")
    func otherFiles() throws {
        let entries = [
            try TensorEntry(
                name: "vision_encoder.pos_embed", elementType: .uint8, shape: [1])
        ]
        var writer = try SafetensorsWriter(path: files.path("hf.safetensors"), tensors: entries)
        try writer.write([0], of: "vision_encoder.pos_embed")
        try writer.finish()
        let renamed = checkpointError { _ = try CheckpointImport(files.path("hf.safetensors")) }
        #expect(renamed?.contains("transformers") == true)
        try files.writeMini()
        let hdf5 = checkpointError { _ = try CheckpointImport(files.path("mini.h5")) }
        #expect(hdf5?.contains("expected a .pth or .safetensors file") == true)
        let pth = checkpointError {
            _ = try Checkpoint.open(CheckpointTestFiles.fixture("mini.pth"))
        }
        #expect(pth?.contains("samdata checkpoint import") == true)
        let missing = checkpointError { _ = try CheckpointImport(files.path("none.pth")) }
        #expect(missing?.contains("none.pth") == true)
    }
}
