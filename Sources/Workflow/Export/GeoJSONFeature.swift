import MedicalImaging
import SampleStore

/// One outlined region as QuPath reads it.
struct GeoJSONFeature: Encodable, Sendable {
    var type = "Feature"
    var geometry: Geometry
    var properties: Properties

    struct Geometry: Encodable, Sendable {
        /// Polygons, each with its outer ring first; rings closed, `[x, y]` in level-0 pixels from the corner of the picture.
        var polygons: [[[[Double]]]]

        private enum CodingKeys: String, CodingKey { case type, coordinates }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            if polygons.count == 1 {
                try container.encode("Polygon", forKey: .type)
                try container.encode(polygons[0], forKey: .coordinates)
            } else {
                try container.encode("MultiPolygon", forKey: .type)
                try container.encode(polygons, forKey: .coordinates)
            }
        }
    }

    struct Properties: Encodable, Sendable {
        /// `detection` for an instance, `annotation` for a region.
        var objectType: String
        var classification: Classification
        /// The position of the patch in the lattice of the picture.
        var patch: Int
        /// The number of the instance in its patch; absent for a region.
        var instance: Int?
    }

    struct Classification: Encodable, Sendable {
        var name: String
        /// Red, green, blue.
        var color: [Int]
    }

    /// The regions of one patch: its instances where it has them, else the connected parts of its labels.
    ///
    /// Labels, then instances ascending; the parts of a label in the order of their first pixels.
    static func all(
        at position: Int, of reader: CaseFileReader, _ patches: StoredPatches,
        classes: [Int: LabelClass]
    ) throws -> [GeoJSONFeature] {
        let slice = try reader.label(at: position)
        let labels = slice.samples
        let numbers = try reader.instances(at: position)
        func feature(_ label: UInt8, _ polygons: [PlanePolygon], instance: Int?) -> GeoJSONFeature {
            let entry = classes[Int(label)]
            return GeoJSONFeature(
                geometry: Geometry(
                    polygons: polygons.map { polygon in
                        ([polygon.outer] + polygon.holes).map { ring in
                            (ring + ring.prefix(1)).map {
                                let place = patches.levelZero($0, of: position)
                                return [place.x, place.y]
                            }
                        }
                    }),
                properties: Properties(
                    objectType: instance == nil ? "annotation" : "detection",
                    classification: Classification(
                        name: entry?.name ?? "label \(label)",
                        color: entry?.colorNumbers ?? [0, 0, 0]),
                    patch: patches.latticeIndices[position], instance: instance))
        }
        let outlines = MaskOutline.all(
            in: numbers ?? labels.map { UInt32($0) }, rows: slice.rows, columns: slice.columns)
        guard let numbers else {
            return outlines.flatMap { outline in
                outline.polygons.map {
                    feature(UInt8(truncatingIfNeeded: outline.value), [$0], instance: nil)
                }
            }
        }
        var labelOf: [UInt32: UInt8] = [:]
        for (number, label) in zip(numbers, labels) where number != 0 && labelOf[number] == nil {
            labelOf[number] = label
        }
        return outlines.map { outline in
            (label: labelOf[outline.value] ?? 0, outline)
        }.sorted { ($0.label, $0.1.value) < ($1.label, $1.1.value) }.map { label, outline in
            feature(label, outline.polygons, instance: Int(outline.value))
        }
    }
}

extension LabelClass {
    /// Red, green and blue of `#RRGGBB`; `nil` for another text.
    fileprivate var colorNumbers: [Int]? {
        guard color.utf8.count == 7, color.hasPrefix("#"),
            let number = UInt32(color.dropFirst(), radix: 16)
        else { return nil }
        return [Int(number >> 16), Int(number >> 8 & 255), Int(number & 255)]
    }
}
