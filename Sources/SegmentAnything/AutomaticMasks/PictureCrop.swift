public import MedicalImaging

/// A rectangle of a picture that is segmented on its own.
///
/// - Units: pixels; `x0`, `y0` belong to it, `x1`, `y1` do not.
public struct PictureCrop: Hashable, Sendable {
    /// First column.
    public var x0: Int
    /// First row.
    public var y0: Int
    /// The column after the last.
    public var x1: Int
    /// The row after the last.
    public var y1: Int
    /// 0 for the whole picture, 1 for quarters, and so on.
    public var layer: Int

    /// Makes a crop.
    ///
    /// - Parameters:
    ///   - x0: First column.
    ///   - y0: First row.
    ///   - x1: The column after the last.
    ///   - y1: The row after the last.
    ///   - layer: 0 for the whole picture.
    public init(x0: Int, y0: Int, x1: Int, y1: Int, layer: Int = 0) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
        self.layer = layer
    }

    /// Rows and columns.
    public var size: SliceSize { SliceSize(rows: y1 - y0, columns: x1 - x0) }

    /// The whole picture, then each layer of crops.
    ///
    /// Layer *l* has 2^l crops along each side. Neighbours of layer 1 overlap by `overlap` of the picture's short side, those
    /// of each further layer by half as much.
    ///
    /// - Empty: Crops without pixels, as of a picture narrower than their number, are left out.
    /// - Parameters:
    ///   - size: Size of the picture.
    ///   - layers: Layers beside the whole picture.
    ///   - overlap: Overlap of layer 1 over the short side, 512 / 1500 in the reference.
    /// - Returns: The crops, layer by layer, column after column of crops.
    /// - Source: `generate_crop_boxes` of Segment Anything.
    public static func plan(size: SliceSize, layers: Int, overlap: Double) -> [PictureCrop] {
        precondition((0...8).contains(layers), "0 to 8 layers of crops")
        precondition((0..<1).contains(overlap), "an overlap of less than the short side")
        var crops = [PictureCrop(x0: 0, y0: 0, x1: size.columns, y1: size.rows)]
        let short = Double(min(size.rows, size.columns))
        for layer in 0..<layers {
            let count = 2 << layer
            let shared = Int(overlap * short * (2 / Double(count)))
            /// The first pixel and the length of each crop along a side.
            func pieces(_ length: Int) -> [Range<Int>] {
                let piece = (shared * (count - 1) + length + count - 1) / count
                return (0..<count).map { index in
                    let start = min((piece - shared) * index, length)
                    return start..<min(start + piece, length)
                }
            }
            let rows = pieces(size.rows)
            for columns in pieces(size.columns) where !columns.isEmpty {
                for rows in rows where !rows.isEmpty {
                    crops.append(
                        PictureCrop(
                            x0: columns.lowerBound, y0: rows.lowerBound, x1: columns.upperBound,
                            y1: rows.upperBound, layer: layer + 1))
                }
            }
        }
        return crops
    }

    /// Whether a box of the crop ends at an edge where the picture goes on, so that the object may be cut off there.
    ///
    /// - Parameters:
    ///   - box: In pixels of the crop, corners inclusive.
    ///   - picture: Size of the picture.
    ///   - margin: How near counts as at the edge, 20 pixels in the reference.
    /// - Returns: Whether one of its four sides lies within the margin of the crop's edge, but not of the picture's.
    /// - Source: `is_box_near_crop_edge` of Segment Anything.
    public func cuts(_ box: BoxPrompt, of picture: SliceSize, margin: Float = 20) -> Bool {
        let sides = [
            (box.x0 + Float(x0), x0, 0), (box.y0 + Float(y0), y0, 0),
            (box.x1 + Float(x0), x1, picture.columns), (box.y1 + Float(y0), y1, picture.rows),
        ]
        return sides.contains { side, own, whole in
            abs(side - Float(own)) <= margin && abs(side - Float(whole)) > margin
        }
    }

    /// The pixels of the crop.
    ///
    /// - Parameter image: A picture that the crop lies in.
    /// - Returns: A picture of its own.
    public func cut(_ image: InputImage) -> InputImage {
        precondition(
            x0 >= 0 && y0 >= 0 && x1 <= image.size.columns && y1 <= image.size.rows,
            "a crop outside of the picture")
        guard size != image.size else { return image }
        let channels = image.channels
        var samples: [UInt8] = []
        samples.reserveCapacity(size.rows * size.columns * channels)
        for row in y0..<y1 {
            let line = row * image.size.columns
            samples += image.samples[(line + x0) * channels..<(line + x1) * channels]
        }
        return channels == 3
            ? InputImage(rows: size.rows, columns: size.columns, rgb: samples)
            : InputImage(grey: Slice(rows: size.rows, columns: size.columns, samples: samples))
    }

    /// A mask of the crop at its place in the picture.
    ///
    /// - Parameters:
    ///   - mask: A mask of the crop's size.
    ///   - picture: Size of the picture.
    /// - Returns: A mask of the picture's size, background outside of the crop.
    public func place(_ mask: LabelSlice, in picture: SliceSize) -> LabelSlice {
        guard size != picture else { return mask }
        precondition(mask.size == size, "a mask of another size than the crop")
        var samples = [UInt8](repeating: 0, count: picture.rows * picture.columns)
        for row in 0..<size.rows {
            let from = row * size.columns
            let to = (row + y0) * picture.columns + x0
            samples[to..<to + size.columns] = mask.samples[from..<from + size.columns]
        }
        return LabelSlice(rows: picture.rows, columns: picture.columns, samples: samples)
    }
}
