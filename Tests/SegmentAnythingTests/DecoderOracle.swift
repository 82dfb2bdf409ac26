import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// The prompt side of a model with the weights of the rule, and how its values lie in the oracle files.
struct DecoderOracle {
    let configuration: SAMConfiguration
    let promptEncoder: PromptEncoder
    let maskDecoder: MaskDecoder
    let model: SAM

    /// An encoder for tests that start from a stored embedding.
    struct NoEncoder: ImageEncoder {
        let shape: [Int]
        func encode(_ input: Tensor) -> Tensor { Tensor(zeros: shape) }
    }

    init(_ configuration: SAMConfiguration, salt: String) throws {
        let shapes =
            configuration.decoder.promptEncoderShapes.map {
                ("prompt_encoder." + $0.name, $0.shape)
            }
            + configuration.decoder.maskDecoderShapes.map { ("mask_decoder." + $0.name, $0.shape) }
        let side = configuration.gridSize
        model = try SAM(
            configuration: configuration,
            source: DeterministicWeights(
                salt: salt, tensors: shapes.map { (name: $0.0, shape: $0.1) }),
            imageEncoder: { _ in NoEncoder(shape: [1, configuration.decoder.width, side, side]) })
        self.configuration = configuration
        promptEncoder = model.promptEncoder
        maskDecoder = model.maskDecoder
    }

    /// The model of one of the small files.
    init(tiny file: HDF5Reader) throws {
        func number(_ name: String) throws -> Int { Int(try file.number("config_" + name)) }
        let decoder = DecoderConfiguration(
            width: try number("dim"), heads: try number("dec_heads"),
            mlpWidth: try number("dec_mlp"), maskTokens: try number("multimask") + 1,
            qualityHeadWidth: try number("iou_hidden"),
            maskPromptChannels: try number("mask_in_chans"))
        try self.init(
            SAMConfiguration(
                name: "tiny", imageSize: try number("image"),
                encoder: .tinyViT(TinyViTConfiguration()), decoder: decoder),
            salt: try file.text("det_salt"))
    }

    /// The picture of a group of the file, from the embedding stored there.
    func image(_ file: HDF5Reader, _ group: String) throws -> DecoderImage {
        maskDecoder.image(
            try file.tensor(group + "/encoder/embedding"), promptEncoder: promptEncoder)
    }

    /// The prompts of a case, in the frame of the model.
    static func modelPrompts(_ file: HDF5Reader, _ path: String) throws -> [EncoderPrompt] {
        let coordinates = try optional(file, path + "/input_point_coords")
        let labels =
            try file.exists(path + "/input_point_labels")
            ? file.readArray(path + "/input_point_labels", as: Int32.self) : []
        let boxes = try optional(file, path + "/input_boxes")
        let mask = try optional(file, path + "/input_mask_input")
        let count = coordinates?.shape[0] ?? boxes?.shape[0] ?? 1
        return try (0..<count).map { index in
            var prompt = EncoderPrompt()
            if let coordinates {
                let points = coordinates.shape[1]
                prompt.points = try (0..<points).map { point in
                    let at = index * points + point
                    return EncoderPrompt.Point(
                        x: coordinates.values[2 * at], y: coordinates.values[2 * at + 1],
                        label: try #require(EncoderPrompt.PointLabel(rawValue: Int(labels[at]))))
                }
            }
            if let boxes { prompt.box = box(boxes.values, index) }
            prompt.mask = mask
            return prompt
        }
    }

    /// The prompts of a case as a user gives them; `nil` when a label is none of a user's.
    static func userPrompts(_ file: HDF5Reader, _ path: String) throws -> [SAMPrompt]? {
        let coordinates = try rounded(file, path + "/original_frame_points")
        let labels =
            try file.exists(path + "/original_frame_labels")
            ? file.readArray(path + "/original_frame_labels", as: Int32.self) : []
        guard labels.allSatisfy({ $0 >= 0 }) else { return nil }
        let boxes = try rounded(file, path + "/original_frame_boxes")
        let mask = try optional(file, path + "/input_mask_input")
        let count = coordinates?.shape[0] ?? boxes?.shape[0] ?? 1
        return (0..<count).map { index in
            var prompt = SAMPrompt()
            if let coordinates {
                let points = coordinates.shape[1]
                prompt.points = (0..<points).map { point in
                    let at = index * points + point
                    return PointPrompt(
                        x: coordinates.values[2 * at], y: coordinates.values[2 * at + 1],
                        isForeground: labels[at] == 1)
                }
            }
            if let boxes { prompt.box = box(boxes.values, index) }
            prompt.mask = mask
            return prompt
        }
    }

    private static func optional(_ file: HDF5Reader, _ path: String) throws -> Tensor? {
        try file.exists(path) ? file.tensor(path) : nil
    }

    /// The same from numbers of another type.
    private static func rounded(_ file: HDF5Reader, _ path: String) throws -> Tensor? {
        guard try file.exists(path) else { return nil }
        let info = try file.info(path)
        let values =
            try info.elementType == .float64
            ? file.readArray(path, as: Double.self).map { Float($0) }
            : file.readArray(path, as: Int64.self).map { Float($0) }
        return Tensor(values, shape: info.shape)
    }

    private static func box(_ values: [Float], _ index: Int) -> BoxPrompt {
        BoxPrompt(
            x0: values[4 * index], y0: values[4 * index + 1], x1: values[4 * index + 2],
            y1: values[4 * index + 3])
    }

    /// Several tensors of one shape as one, with a leading dimension.
    static func stack(_ tensors: [Tensor]) -> Tensor {
        Tensor(tensors.flatMap(\.values), shape: [tensors.count] + (tensors.first?.shape ?? []))
    }

    /// Rows of features as pictures of them: N x C becomes C x N.
    static func channelsFirst(_ rows: Tensor) -> Tensor {
        let (count, width) = (rows.shape[0], rows.shape[1])
        let values = rows.values
        return Tensor(
            (0..<count * width).map { values[$0 % count * width + $0 / count] },
            shape: [width, count])
    }
}
