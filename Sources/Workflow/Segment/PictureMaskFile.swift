import MedicalImaging
import PNGCodec
import SampleStore
import SegmentAnything

extension PictureSegmenter.Result {
    /// The best mask as a PNG file: 255 for object, 0 for background.
    ///
    /// - Returns: The bytes; without a mask the picture is black.
    /// - Throws: `PNGError` when the picture is too large for a PNG.
    public func maskPNG() throws -> [UInt8] {
        let samples =
            masks.first?.mask.slice(label: 255).samples
            ?? [UInt8](repeating: 0, count: size.rows * size.columns)
        return try PNG.encode(
            PNGPicture(
                width: size.columns, height: size.rows, channels: 1, samples: .bytes(samples)))
    }

    /// All masks as a PNG file of numbers: 1 is the first mask, 0 is no mask.
    ///
    /// Of masks that overlap the smaller one is on top.
    ///
    /// - Returns: The bytes, with 8 bits for up to 255 masks and 16 for up to 65535.
    /// - Throws: `PNGError` when the picture is too large for a PNG, ``WorkflowError`` for more masks.
    public func numbersPNG() throws -> [UInt8] {
        guard masks.count <= 65535 else {
            throw WorkflowError(
                .data,
                "found \(masks.count) masks, expected at most 65535 in a PNG; write them as JSON (-o x.json)"
            )
        }
        var numbers = [UInt16](repeating: 0, count: size.rows * size.columns)
        for index in largestFirst {
            let slice = masks[index].mask.slice()
            for pixel in slice.samples.indices where slice.samples[pixel] != 0 {
                numbers[pixel] = UInt16(index + 1)
            }
        }
        let samples: PNGPicture.Samples =
            masks.count > 255 ? .words(numbers) : .bytes(numbers.map { UInt8($0) })
        return try PNG.encode(
            PNGPicture(width: size.columns, height: size.rows, channels: 1, samples: samples))
    }

    /// Indices of the masks, the largest area first, equal ones in their order.
    var largestFirst: [Int] {
        let areas = masks.map(\.mask.area)
        return masks.indices.sorted {
            areas[$0] == areas[$1] ? $0 < $1 : areas[$0] > areas[$1]
        }
    }
}

/// Masks of a picture as JSON, with the field names of Segment Anything's automatic masks.
///
/// Boxes are x, y, width and height as the reference gives them: width is the last column minus the first, so a single pixel
/// has the width 0.
public struct PictureMaskDocument: Encodable, Sendable {
    /// Run lengths as COCO compresses them.
    public struct Segmentation: Encodable, Sendable {
        /// Rows and columns.
        public var size: [Int]
        /// The compressed run lengths.
        public var counts: String
    }

    /// A mask.
    public struct Entry: Encodable, Sendable {
        /// The mask.
        public var segmentation: Segmentation
        /// Number of object pixels.
        public var area: Int
        /// x, y, width, height.
        public var bbox: [Float]
        /// The model's own estimate of its IoU with the truth; `nil` when it is no number.
        public var predictedIoU: Float?
        /// How little the mask depends on the threshold.
        public var stabilityScore: Float
        /// The point that led to it; only for automatic masks.
        public var pointCoords: [[Float]]?
        /// x, y, width, height of the part of the picture it was found in; only for automatic masks.
        public var cropBox: [Int]?

        enum CodingKeys: String, CodingKey {
            case segmentation, area, bbox
            case predictedIoU = "predicted_iou"
            case stabilityScore = "stability_score"
            case pointCoords = "point_coords"
            case cropBox = "crop_box"
        }
    }

    /// The schema, `samdata.picture-masks/1`.
    public var schema = "samdata.picture-masks/1"
    /// The name of the model's architecture.
    public var model: String
    /// Identifies architecture and weights.
    public var modelSHA256: String
    /// `imported`, or `random`: then the masks mean nothing.
    public var weights: String
    /// Rows and columns of the picture.
    public var size: [Int]
    /// What a user should know, one line each.
    public var notes: [String]
    /// The masks, best first.
    public var masks: [Entry]

    /// Makes the document.
    ///
    /// - Parameters:
    ///   - result: The masks.
    ///   - model: The model they come from.
    public init(_ result: PictureSegmenter.Result, model: SegmentationModel) {
        self.model = model.name
        modelSHA256 = model.digest
        weights = model.isRandom ? "random" : "imported"
        size = [result.size.rows, result.size.columns]
        notes = model.isRandom ? [SegmentationModel.randomNote] : []
        masks = result.masks.map { mask in
            let box = mask.mask.box ?? (0, 0, 1, 1)
            return Entry(
                segmentation: Segmentation(
                    size: [mask.mask.rows, mask.mask.columns], counts: mask.mask.cocoString),
                area: mask.mask.area,
                bbox: [Float(box.x), Float(box.y), Float(box.width - 1), Float(box.height - 1)],
                predictedIoU: mask.predictedIoU.isFinite ? mask.predictedIoU : nil,
                stabilityScore: mask.stability, pointCoords: mask.point.map { [[$0.x, $0.y]] },
                cropBox: mask.crop.map { [$0.x0, $0.y0, $0.x1 - $0.x0, $0.y1 - $0.y0] })
        }
    }
}
