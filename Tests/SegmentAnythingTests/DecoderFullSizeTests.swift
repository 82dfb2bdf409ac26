import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// A case of the models of full size.
struct FullSizeCase: CustomTestStringConvertible, Sendable {
    let file: String
    let name: String
    var testDescription: String { "\(file) \(name)" }
    var path: String { "/prompts/\(name)" }

    static let all = [
        FullSizeCase(file: "vit_b_det.h5", name: "one_point"),
        FullSizeCase(file: "vit_b_det.h5", name: "one_box"),
        FullSizeCase(file: "vit_b_det.h5", name: "box_points_mask"),
        FullSizeCase(file: "mobile_sam_det.h5", name: "one_point"),
        FullSizeCase(file: "mobile_sam_det.h5", name: "one_box"),
    ]
}

/// The prompt side at 1024 pixels, from stored embeddings, against double precision.
@Suite(.enabled(if: SAMOracle.isPresent), .serialized) struct DecoderFullSizeTests {
    @Test(arguments: FullSizeCase.all)
    func `answers at 1024 pixels are those of the reference`(example: FullSizeCase) throws {
        let file = try SAMOracle.open(example.file)
        let oracle = try DecoderOracle(.vitB, salt: file.text("det_salt"))
        let size = SliceSize(square: 1024)
        let picture = try oracle.model.encodedImage(
            embedding: file.tensor("/embedding"), frame: InputFrame(original: size, modelSize: 1024)
        )
        var prompts = try #require(try DecoderOracle.userPrompts(file, example.path))
        if try file.attributeNames(at: example.path).contains("mask_salt") {
            prompts[0].mask = DeterministicWeights.uniform(
                salt: try file.text("mask_salt", at: example.path), name: "mask_input",
                shape: [1, 1, 256, 256], amplitude: 6, centre: 0)
        }
        let encoded = try prompts[0].encoded(in: picture.frame, maskSize: 256, index: 0)
        try SAMOracle.expect(
            oracle.promptEncoder.encode(encoded).sparse, matches: example.path + "/sparse",
            of: file)
        let masks = try #require(try picture.predictLowResolution(prompts, output: .all).first)
        try SAMOracle.expect(
            masks.logits, matches: example.path + "/low_res_logits", of: file)
        try SAMOracle.expect(
            Tensor(masks.predictedIoU, shape: [1, 4]), matches: example.path + "/iou_predictions",
            of: file)
        let areas = try file.readArray(example.path + "/mask_area", as: Int64.self)
        let near = try file.readArray(example.path + "/pixels_within_1e_3", as: Int64.self)
        for mask in 0..<4 {
            let answer = picture.prediction(masks, mask: mask)
            // The file counts the pixels that lie ten times as near to 0 as may differ.
            #expect(abs(answer.area - Int(areas[mask])) <= Int(near[mask]))
        }
    }
}
