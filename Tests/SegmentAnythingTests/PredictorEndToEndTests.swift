import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// From the bytes of a picture to masks, with all parts of a small model, against double precision.
@Suite(.enabled(if: SAMOracle.isPresent)) struct PredictorEndToEndTests {
    @Test(arguments: [("square", "one_box"), ("wide", "one_point"), ("wide", "one_box")])
    func `a picture and a prompt give the masks of the reference`(
        picture: String, name: String
    ) throws {
        let file = try SAMOracle.open("tiny64.h5")
        func number(_ name: String) throws -> Int { Int(try file.number("config_" + name)) }
        var configuration = try DecoderOracle(tiny: file).configuration
        configuration.encoder = .vit(
            ViTConfiguration(
                width: try number("embed"), depth: try number("depth"),
                heads: try number("heads"), globalBlocks: try file.integers("config_global"),
                windowSize: try number("window")))
        let model = try SAM(
            configuration: configuration,
            source: DeterministicWeights(
                salt: try file.text("det_salt"), tensors: configuration.tensorShapes))
        #expect(model.report == WeightReader.Report())

        let size = try file.integers("original_size_hw", at: "/" + picture)
        let image = InputImage(
            rows: size[0], columns: size[1],
            rgb: try file.readArray("/\(picture)/image_u8", as: UInt8.self))
        let encoded = try model.encode(image)
        let path = "/\(picture)/prompts/\(name)"
        let prompts = try #require(try DecoderOracle.userPrompts(file, path))
        let answers = try encoded.predict(prompts[0], output: .all)
        // The errors of both halves of the model.
        try SAMOracle.expect(
            DecoderOracle.stack(answers.map(\.lowResolutionLogits)),
            matches: path + "/low_res_logits", of: file, factor: 2)
        let masks = try file.readArray(path + "/masks", as: UInt8.self)
        let near = try file.number("pixels_within_1e_4", at: path + "/masks")
        let found = answers.flatMap(\.mask.samples)
        #expect(found.count == masks.count)
        #expect(Double(zip(found, masks).filter { $0 != $1 }.count) <= near)
    }

    @Test(
        arguments: [
            {
                $0.encoder = .vit(ViTConfiguration(width: 64, depth: 4, heads: 5, globalBlocks: []))
            },
            {
                $0.encoder = .vit(ViTConfiguration(width: 64, depth: 4, heads: 0, globalBlocks: []))
            },
            {
                $0.encoder = .vit(
                    ViTConfiguration(width: 64, depth: 4, heads: 4, globalBlocks: [4]))
            },
            {
                $0.encoder = .vit(
                    ViTConfiguration(width: 64, depth: .max, heads: 4, globalBlocks: []))
            },
            { $0.encoder = .tinyViT(TinyViTConfiguration(widths: [64, 128, 160])) },
            { $0.encoder = .tinyViT(TinyViTConfiguration(heads: [2, 4, 7, 10])) },
        ] as [@Sendable (inout SAMConfiguration) -> Void])
    func `an encoder that cannot be is refused before memory is taken`(
        change: @Sendable (inout SAMConfiguration) -> Void
    ) {
        var configuration = PredictorTests.configuration
        change(&configuration)
        let error = #expect(throws: SAMError.self) {
            try SAM(
                configuration: configuration,
                source: DeterministicWeights(salt: "", tensors: [NamedShape]()))
        }
        guard case .configuration? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
