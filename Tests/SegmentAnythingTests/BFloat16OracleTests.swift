import HDF5
import MedicalImaging
import Tensors
import Testing

@testable import SegmentAnything

/// The bfloat16 mode at full size: how far its embeddings and masks are from double precision.
///
/// Limits are those that the reference's own reduced precision, an autocast to bfloat16, is judged by.
@Suite(.enabled(if: SAMOracle.isPresent), .serialized) struct BFloat16OracleTests {
    struct Model: CustomTestStringConvertible, Sendable {
        let file: String
        let configuration: SAMConfiguration
        /// The most that the embedding may be off, relative to its Euclidean norm.
        let allowed: Double
        var testDescription: String { configuration.name }
    }

    static let models = [
        Model(file: "vit_b_det.h5", configuration: .vitB, allowed: 1e-2),
        Model(file: "mobile_sam_det.h5", configuration: .mobileSAM, allowed: 2.5e-2),
    ]

    @Test(arguments: models)
    func `embedding and masks at 1024 pixels are as near as the reference's own`(
        model: Model
    ) throws {
        let file = try SAMOracle.open(model.file)
        let sam = try SAM(
            configuration: model.configuration,
            source: DeterministicWeights(
                salt: try file.text("det_salt"), tensors: model.configuration.tensorShapes),
            precision: .bfloat16)
        let embedding = sam.imageEncoder.encode(ViTPicture.input(salt: "img-full-a", size: 1024))
        var result = OracleComparison(
            name: "embedding", found: embedding.values,
            expected: try file.readArray("/embedding", as: Float.self))
        result.allowedL2 = min(
            model.allowed, try file.number("bf16_autocast_rel_l2_err", at: "/embedding"))
        result.allowedLargest = try file.number("bf16_autocast_max_abs_err", at: "/embedding")
        if SAMOracle.printsErrors { print("oracle \(model.file)\tbfloat16 \(result)") }
        #expect(result.isAccepted, "\(result)")
        // Otherwise this is not the mode that is tested.
        #expect(result.relativeL2 > 1e-3)

        let frame = try InputFrame(original: SliceSize(square: 1024), modelSize: 1024)
        let picture = try sam.encodedImage(embedding: embedding, frame: frame)
        let upscaling = MaskUpscaling(frame: frame, side: 256)
        for name in try file.children(of: "/prompts") {
            let path = "/prompts/\(name)"
            var prompts = try #require(try DecoderOracle.userPrompts(file, path))
            if try file.attributeNames(at: path).contains("mask_salt") {
                prompts[0].mask = DeterministicWeights.uniform(
                    salt: try file.text("mask_salt", at: path), name: "mask_input",
                    shape: [1, 1, 256, 256], amplitude: 6, centre: 0)
            }
            let masks = try #require(try picture.predictLowResolution(prompts, output: .all).first)
            let logits = try file.readArray(path + "/low_res_logits", as: Float.self)
            let allowed = try file.readArray(path + "/mask_iou_with_bf16_encoder", as: Double.self)
            for mask in 0..<4 {
                let exact = upscaling.mask(
                    Tensor(Array(logits[mask << 16..<(mask + 1) << 16]), shape: [256, 256]))
                let found = picture.prediction(masks, mask: mask).mask
                let overlap = Self.overlap(found.samples, exact.slice.samples)
                if SAMOracle.printsErrors {
                    print(
                        "oracle \(model.file)\tbfloat16 \(name)/\(mask): mask IoU \(overlap) "
                            + "(reference \(allowed[mask]))")
                }
                #expect(overlap >= allowed[mask] - 0.005, "\(name) \(mask)")
            }
        }
    }

    /// Intersection over union of two masks.
    static func overlap(_ a: [UInt8], _ b: [UInt8]) -> Double {
        var (both, either) = (0, 0)
        for (x, y) in zip(a, b) {
            both += x != 0 && y != 0 ? 1 : 0
            either += x != 0 || y != 0 ? 1 : 0
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }
}
