import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// A case of the small models.
struct TinyCase: CustomTestStringConvertible, Sendable {
    let file: String
    let picture: String
    let name: String
    var testDescription: String { "\(file) \(picture) \(name)" }
    var path: String { "\(picture)/prompts/\(name)" }

    static let all: [TinyCase] =
        [
            "box_and_points", "box_points_mask", "five_boxes", "mask_only", "no_prompt", "one_box",
            "one_point", "points_fg_bg_pad",
        ].map { TinyCase(file: "tiny64.h5", picture: "square", name: $0) }
        + [TinyCase(file: "tiny64.h5", picture: "tall_large", name: "box_and_point")]
        + ["one_box", "one_point"].map {
            TinyCase(file: "tiny64.h5", picture: "wide", name: $0)
        }
        + ["mask_and_box", "one_box", "three_points"].map {
            TinyCase(file: "tiny96.h5", picture: "square", name: $0)
        }
}

/// Prompt encoder, decoder and enlargement of small models, from stored embeddings, against double precision.
@Suite(.enabled(if: SAMOracle.isPresent)) struct DecoderTinyTests {
    @Test func `the cases are all there are`() throws {
        for name in ["tiny64.h5", "tiny96.h5"] {
            let file = try SAMOracle.open(name)
            let found = try file.children(of: "/").flatMap { picture in
                try file.children(of: "/\(picture)/prompts").map { "\(picture)/prompts/\($0)" }
            }
            #expect(Set(found) == Set(TinyCase.all.filter { $0.file == name }.map(\.path)))
        }
    }

    @Test(arguments: ["tiny64.h5", "tiny96.h5"])
    func `the position codes of the grid are those of the reference`(name: String) throws {
        let file = try SAMOracle.open(name)
        let oracle = try DecoderOracle(tiny: file)
        for picture in try file.children(of: "/") {
            try SAMOracle.expect(
                oracle.promptEncoder.densePositionEncoding(), matches: "/\(picture)/dense_pe",
                of: file)
        }
    }

    @Test(arguments: TinyCase.all)
    func `prompts become the tokens and features of the reference`(example: TinyCase) throws {
        let file = try SAMOracle.open(example.file)
        let oracle = try DecoderOracle(tiny: file)
        let prompts = try DecoderOracle.modelPrompts(file, example.path)
        let embeddings = oracle.promptEncoder.encode(prompts)
        let sparse = DecoderOracle.stack(embeddings.map(\.sparse))
        #expect(sparse.shape == (try file.info(example.path + "/sparse").shape))
        if sparse.count > 0 {
            try SAMOracle.expect(sparse, matches: example.path + "/sparse", of: file)
        }
        let expected = try file.tensor(example.path + "/dense")
        let cells = expected.shape[2] * expected.shape[3]
        let dense = embeddings.map { embedding -> Tensor in
            if let dense = embedding.dense { return DecoderOracle.channelsFirst(dense) }
            // Without a mask the file has the same vector for every cell, or once.
            let noMask = oracle.promptEncoder.noMask
            let values = noMask.flatMap { [Float](repeating: $0, count: cells) }
            return Tensor(values, shape: [noMask.count, cells])
        }
        let stacked = DecoderOracle.stack(dense).reshaped(expected.shape)
        try SAMOracle.expect(stacked, matches: example.path + "/dense", of: file)
    }

    @Test(arguments: TinyCase.all)
    func `logits and estimates of all masks are those of the reference`(example: TinyCase) throws {
        let file = try SAMOracle.open(example.file)
        let oracle = try DecoderOracle(tiny: file)
        let image = try oracle.image(file, "/" + example.picture)
        let prompts = oracle.promptEncoder.encode(
            try DecoderOracle.modelPrompts(file, example.path))
        let results = oracle.maskDecoder.predict(image, prompts: prompts, output: .all)
        let logits = DecoderOracle.stack(results.map(\.logits))
        try SAMOracle.expect(logits, matches: example.path + "/low_res_logits", of: file)
        let estimates = results.flatMap(\.predictedIoU)
        try SAMOracle.expect(
            Tensor(estimates, shape: [results.count, 4]),
            matches: example.path + "/iou_predictions",
            of: file)
        // Fewer masks are the same numbers.
        for (output, range) in [(MaskOutput.single, 0..<1), (.multiple, 1..<4)] {
            let some = oracle.maskDecoder.predict(image, prompts: prompts, output: output)
            for (few, all) in zip(some, results) {
                #expect(few.predictedIoU == Array(all.predictedIoU[range]))
                #expect(few.logits.values == range.flatMap { all.logits(of: $0).values })
            }
        }
    }

    @Test(arguments: TinyCase.all)
    func `masks of the user's prompts differ from the reference only where logits are near 0`(
        example: TinyCase
    ) throws {
        let file = try SAMOracle.open(example.file)
        let oracle = try DecoderOracle(tiny: file)
        guard let prompts = try DecoderOracle.userPrompts(file, example.path) else { return }
        let group = "/" + example.picture
        let size = try file.integers("original_size_hw", at: group)
        let frame = try InputFrame(
            original: SliceSize(rows: size[0], columns: size[1]),
            modelSize: oracle.configuration.imageSize)
        #expect(
            [frame.resized.rows, frame.resized.columns]
                == (try file.integers("input_size_hw", at: group)))
        let picture = try oracle.model.encodedImage(
            embedding: file.tensor(group + "/encoder/embedding"), frame: frame)
        let answers = try picture.predict(prompts, output: .all)
        let low = try file.tensor(example.path + "/low_res_logits")
        let masks = try file.readArray(example.path + "/masks", as: UInt8.self)
        let stored = try file.info(example.path + "/masks").shape
        let areas = try file.integers("area", at: example.path + "/masks")
        let pixels = frame.original.count
        let upscaling = MaskUpscaling(frame: frame, side: low.shape[2])
        // Of the five boxes the file keeps the masks of two.
        for index in 0..<stored[0] * stored[1] {
            let answer = answers[index / stored[1]][index % stored[1]]
            let logits = upscaling.logits(answer.lowResolutionLogits).values
            let expected = masks[index * pixels..<(index + 1) * pixels]
            var differing = 0
            for (pixel, value) in expected.enumerated() where answer.mask.samples[pixel] != value {
                differing += 1
                #expect(abs(logits[pixel]) < 1e-4, "pixel \(pixel)")
            }
            #expect(abs(answer.area - areas[index]) <= differing)
            #expect(answer.area == answer.mask.samples.reduce(0) { $0 + Int($1) })
            #expect(answer.runLengths.area == answer.area)
        }
    }

    @Test(arguments: ["box_points_mask", "one_box", "points_fg_bg_pad"])
    func `logits at the size of the picture are those of the reference`(name: String) throws {
        let file = try SAMOracle.open("tiny64.h5")
        let path = "/square/prompts/\(name)"
        let low = try file.tensor(path + "/low_res_logits")
        let expected = try file.tensor(path + "/mask_logits")
        let frame = try InputFrame(
            original: SliceSize(rows: expected.shape[2], columns: expected.shape[3]),
            modelSize: 256)
        let upscaling = MaskUpscaling(frame: frame, side: low.shape[3])
        let masks = LowResolutionMasks(
            logits: low.reshaped(Array(low.shape.dropFirst())), predictedIoU: [])
        let enlarged = (0..<4).map { upscaling.logits(masks.logits(of: $0)) }
        try SAMOracle.expect(
            DecoderOracle.stack(enlarged), matches: path + "/mask_logits", of: file)
    }

    @Test(arguments: TinyCase.all)
    func `what is inside the decoder is what is inside the reference`(example: TinyCase) throws {
        let file = try SAMOracle.open(example.file)
        let inside = example.path + "/decoder"
        guard try file.exists(inside) else { return }
        let oracle = try DecoderOracle(tiny: file)
        let decoder = oracle.maskDecoder
        let geometry = decoder.geometry
        let (width, positions) = (geometry.width, geometry.positions)
        let image = try oracle.image(file, "/" + example.picture)
        let prompt = try #require(
            oracle.promptEncoder.encode(try DecoderOracle.modelPrompts(file, example.path)).first)
        func tensor(_ values: UnsafePointer<Float>, _ rows: Int, _ columns: Int) -> Tensor {
            Tensor(
                Array(UnsafeBufferPointer(start: values, count: rows * columns)),
                shape: [rows, columns])
        }
        var layers: [Tensor] = []
        decoder.withTransformed(
            image, prompt, masks: width / 8, isParallel: true,
            trace: { _, space in layers.append(tensor(space.image, positions, width)) }
        ) { space, blocks in
            let tokens = tensor(space.current, space.tokens, width)
            #expect(throws: Never.self) {
                for (index, keys) in layers.enumerated() {
                    try SAMOracle.expect(keys, matches: inside + "/layer_\(index)/keys", of: file)
                }
                try SAMOracle.expect(layers[1], matches: inside + "/image_out", of: file)
                try SAMOracle.expect(tokens, matches: inside + "/tokens_out", of: file)
                for index in 0..<4 {
                    let weights = decoder.hypernetworks[index](space.current + (1 + index) * width)
                    try SAMOracle.expect(
                        Tensor(weights, shape: [1, width / 8]), matches: inside + "/hyper_\(index)",
                        of: file)
                }
                // One mask for each channel shows the features themselves.
                let units = (0..<width / 8).map { channel in
                    (0..<width / 8).map { Float($0 == channel ? 1 : 0) }
                }
                let side = 4 * geometry.side
                var features = Tensor(zeros: [width / 8, side, side])
                features.withMutableValues { values in
                    guard let base = values.baseAddress else { return }
                    nonisolated(unsafe) let output = base
                    blocks { block, scratch in
                        let range = geometry.range(of: block)
                        decoder.upscaling(
                            space.image + range.lowerBound * width, range: range, masks: units,
                            into: output, scratch: scratch)
                    }
                }
                try SAMOracle.expect(features, matches: inside + "/upscaled", of: file)
            }
        }
        #expect(layers.count == 2)
    }
}
