import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// Draws both masks of one label on the slice where they differ most, for the report.
struct OverlayPainter {
    /// What is shown behind the outlines: one brightness per voxel of the slice; nil for a dark ground.
    typealias Background = (_ slice: Int) throws -> [UInt8]?

    /// The label as a mask of 0 and 1, on both sides.
    let pair: LabelPair
    /// The grid of the reference in the world; nil for pictures and arrays.
    let world: Grid?
    let background: Background

    /// A picture of the worst slice.
    ///
    /// - Parameters:
    ///   - row: The row it belongs to.
    ///   - label: The name of the label.
    ///   - metric: The title of the metric whose value is bad.
    ///   - value: The value as text.
    /// - Returns: The picture; nil when both masks are empty.
    /// - Throws: `PNGError` when the picture cannot be encoded, and errors of the background.
    func picture(
        of row: ScoreRow, label: String, metric: String, value: String
    ) throws -> OverlayPicture? {
        guard let k = row.slice ?? worstSlice() else { return nil }
        let shape = pair.grid.shape
        let plane = shape.i * shape.j
        let start = shape.k == 1 ? 0 : k * plane
        let frame = displayFrame
        func shown(_ mask: [UInt8]) -> [UInt8] {
            frame.turned(Array(mask[start..<start + plane]), storedColumns: shape.i)
        }
        let (prediction, reference) = (shown(pair.prediction), shown(pair.reference))
        let crop = Crop(
            around: [prediction, reference], width: frame.columns, height: frame.rows)
        guard let crop else { return nil }
        let behind = try background(k).map { frame.turned($0, storedColumns: shape.i) }
        var canvas = RGBCanvas(
            width: crop.width, height: crop.height,
            color: RGBColor(red: 24, green: 26, blue: 32))
        for y in 0..<crop.height {
            for x in 0..<crop.width {
                let index = (crop.y + y) * frame.columns + crop.x + x
                if let behind {
                    let grey = behind[index]
                    canvas.blend(RGBColor(red: grey, green: grey, blue: grey), x: x, y: y)
                }
                if let color = Self.tint(prediction[index] != 0, reference[index] != 0) {
                    canvas.blend(color, x: x, y: y, opacity: behind == nil ? 150 : 70)
                }
            }
        }
        return OverlayPicture(
            case: row.case, label: label, metric: metric, value: value, place: place(k),
            png: try canvas.png(), width: crop.width, height: crop.height, pixelWidth: 1,
            pixelHeight: frame.aspect,
            outlines: [
                outline("reference", crop.cut(reference, columns: frame.columns), crop),
                outline("prediction", crop.cut(prediction, columns: frame.columns), crop),
            ])
    }

    /// The colours of the report: both masks, only the reference, only the prediction.
    private static func tint(_ isPredicted: Bool, _ isTrue: Bool) -> RGBColor? {
        switch (isPredicted, isTrue) {
        case (true, true): RGBColor(red: 150, green: 150, blue: 160)
        case (false, true): RGBColor(red: 0, green: 114, blue: 178)
        case (true, false): RGBColor(red: 213, green: 94, blue: 0)
        case (false, false): nil
        }
    }

    private func outline(_ name: String, _ mask: [UInt8], _ crop: Crop) -> OverlayPicture.Outline {
        let contour = MaskContour(of: 1, in: mask, width: crop.width, height: crop.height)
        return OverlayPicture.Outline(
            name: name, segments: contour.segments.map { [$0.x0, $0.y0, $0.x1, $0.y1] })
    }

    /// The slice with the most voxels that only one of the masks has; the one with the most voxels when they agree.
    private func worstSlice() -> Int? {
        let plane = pair.grid.shape.i * pair.grid.shape.j
        var best: (slice: Int, wrong: Int, any: Int)?
        for k in 0..<pair.grid.shape.k {
            var (wrong, any) = (0, 0)
            for index in k * plane..<(k + 1) * plane {
                wrong += pair.prediction[index] != pair.reference[index] ? 1 : 0
                any += pair.prediction[index] | pair.reference[index] != 0 ? 1 : 0
            }
            if any > 0, best.map({ (wrong, any) > ($0.wrong, $0.any) }) ?? true {
                best = (k, wrong, any)
            }
        }
        return best?.slice
    }

    private func place(_ k: Int) -> String {
        guard pair.grid.dimensions == 3 else { return "" }
        guard let world, world.orientation.axis(alongWorld: 2) == 2 else { return "slice k = \(k)" }
        let middle = VoxelPosition(
            i: Double(world.shape.i - 1) / 2, j: Double(world.shape.j - 1) / 2, k: Double(k))
        let z = (world.affine.world(at: middle).z * 10).rounded() / 10
        return "slice k = \(k), z = \(z) mm"
    }

    private var displayFrame: DisplayFrame {
        let shape = pair.grid.shape
        let frame = CaseFrame(
            rows: shape.j, columns: shape.i, pixelToWorld: world?.affine ?? .identity,
            spacing: pair.grid.spacing)
        return world == nil || pair.grid.dimensions == 2
            ? DisplayFrame(stored: frame) : DisplayFrame(radiological: frame)
    }

    /// The part of a slice around both masks, with a margin.
    private struct Crop {
        let x: Int, y: Int, width: Int, height: Int

        init?(around masks: [[UInt8]], width: Int, height: Int) {
            var (left, right, top, bottom) = (width, -1, height, -1)
            for mask in masks {
                for (index, value) in mask.enumerated() where value != 0 {
                    left = min(left, index % width)
                    right = max(right, index % width)
                    top = min(top, index / width)
                    bottom = max(bottom, index / width)
                }
            }
            guard right >= 0 else { return nil }
            let side = max(right - left + 1, bottom - top + 1)
            let margin = max(12, side / 4)
            x = max(0, left - margin)
            y = max(0, top - margin)
            self.width = min(width, right + 1 + margin) - x
            self.height = min(height, bottom + 1 + margin) - y
        }

        func cut(_ mask: [UInt8], columns: Int) -> [UInt8] {
            var part: [UInt8] = []
            part.reserveCapacity(width * height)
            for row in y..<y + height {
                part += mask[row * columns + x..<row * columns + x + width]
            }
            return part
        }
    }
}
