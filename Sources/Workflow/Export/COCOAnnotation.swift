import MedicalImaging
import SamplePreparation

/// One region of a slice as COCO writes it.
struct COCOAnnotation: Encodable, Sendable {
    var id = 0
    var imageID = 0
    var categoryID: Int
    var segmentation: Segmentation
    var area: Int
    /// First column and row, number of columns and rows.
    var box: [Int]
    var isCrowd = 0
    /// 0 for the whole organ; parts count from 1; of an instance its number.
    var component: Int
    var promptBoxes: [String: [Float]]
    var promptPoints: [String: PromptTable.Row.Points]

    struct Segmentation: Encodable, Sendable {
        var counts: String
        /// Rows, columns.
        var size: [Int]
    }

    enum CodingKeys: String, CodingKey {
        case id, segmentation, area, component
        case imageID = "image_id"
        case categoryID = "category_id"
        case box = "bbox"
        case isCrowd = "iscrowd"
        case promptBoxes = "prompt_boxes"
        case promptPoints = "prompt_points"
    }

    private init(_ mask: RunLengthMask, label: UInt8, component: Int, row: PromptTable.Row?) {
        categoryID = Int(label)
        segmentation = Segmentation(counts: mask.cocoString, size: [mask.rows, mask.columns])
        area = mask.area
        box = mask.box.map { [$0.x, $0.y, $0.width, $0.height] } ?? [0, 0, 0, 0]
        self.component = component
        promptBoxes = row?.boxNumbers ?? [:]
        promptPoints = row?.pointNumbers ?? [:]
    }

    /// Every region of a slice, labels and parts ascending, also those too small to have prompts.
    static func all(
        in slice: LabelSlice, unit: RegionUnit, rows: [PromptTable.Row]
    ) -> [COCOAnnotation] {
        func row(_ label: UInt8, _ component: Int) -> PromptTable.Row? {
            rows.first { $0.record.label == label && $0.record.component == component }
        }
        return RunLengthMask.masks(of: slice).sorted { $0.key < $1.key }.flatMap { label, mask in
            if unit == .organ {
                return [COCOAnnotation(mask, label: label, component: 0, row: row(label, 0))]
            }
            // Instances that no map tells apart are parts over corners.
            let parts = LabelParts(of: label, in: slice, diagonal: unit != .component4)
            return (1..<(parts.count + 1)).map { number in
                COCOAnnotation(
                    parts.mask(of: number), label: label, component: number,
                    row: row(label, number))
            }
        }
    }

    /// Every instance of a picture, labels and numbers ascending, with the prompts of the record of that number.
    static func all(
        in instances: [InstanceMasks.Instance], rows: [PromptTable.Row]
    ) -> [COCOAnnotation] {
        struct Key: Hashable {
            var label: UInt8
            var component: Int
        }
        let table = Dictionary(
            rows.map { (Key(label: $0.record.label, component: $0.record.component), $0) },
            uniquingKeysWith: { first, _ in first })
        return instances.map {
            COCOAnnotation(
                $0.mask, label: $0.label, component: Int($0.number),
                row: table[Key(label: $0.label, component: Int($0.number))])
        }
    }
}
