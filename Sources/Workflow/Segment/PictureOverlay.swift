import MedicalImaging
import SegmentAnything

extension PictureSegmenter.Result {
    /// The picture with masks and prompt drawn on it.
    ///
    /// - Complexity: O(pixels x masks).
    /// - Parameters:
    ///   - image: The picture the masks belong to.
    ///   - prompt: What was asked; `nil` for automatic masks, all of which are drawn, the largest below.
    ///   - title: A line at the top, for example that the weights are random; `nil` for none.
    /// - Returns: A canvas of the picture's size.
    public func overlay(
        on image: InputImage, prompt: SAMPrompt?, title: String? = nil
    ) -> RGBCanvas {
        precondition(image.size == size, "masks of another picture")
        var canvas = RGBCanvas(
            width: size.columns, height: size.rows, color: SheetStyle.background)
        for pixel in 0..<size.rows * size.columns {
            let at = pixel * image.channels
            let last = image.channels - 1
            canvas.blend(
                RGBColor(
                    red: image.samples[at], green: image.samples[at + min(1, last)],
                    blue: image.samples[at + last]), x: pixel % size.columns,
                y: pixel / size.columns)
        }
        let drawn = prompt == nil ? largestFirst : Array(masks.indices.prefix(1))
        for index in drawn { draw(masks[index].mask, number: index, on: &canvas) }
        if let prompt { draw(prompt, on: &canvas) }
        if let title {
            canvas.drawText(title, x: 3, y: 3, scale: 1, color: SheetStyle.rim)
            canvas.drawText(title, x: 2, y: 2, scale: 1, color: RGBColor(hex: 0xFFFFFF))
        }
        return canvas
    }

    /// Tints a mask and draws its border.
    private func draw(_ mask: RunLengthMask, number: Int, on canvas: inout RGBCanvas) {
        let color = RGBColor.standard(forLabel: UInt8(number % 255 + 1))
        let slice = mask.slice()
        for pixel in slice.samples.indices where slice.samples[pixel] != 0 {
            canvas.blend(
                color, x: pixel % size.columns, y: pixel / size.columns,
                opacity: SheetStyle.labelOpacity)
        }
        let contour = MaskContour(
            of: 1, in: slice.samples, width: size.columns, height: size.rows)
        for pixel in contour.pixels {
            canvas.blend(color, x: pixel % size.columns, y: pixel / size.columns)
        }
    }

    private func draw(_ prompt: SAMPrompt, on canvas: inout RGBCanvas) {
        let white = RGBColor(hex: 0xFFFFFF)
        if let box = prompt.box {
            canvas.drawBox(
                x: Int(box.x0), y: Int(box.y0), width: Int(box.x1) - Int(box.x0) + 1,
                height: Int(box.y1) - Int(box.y0) + 1, color: white)
        }
        for point in prompt.points {
            canvas.drawPrompt(
                point.isForeground ? .centre : .background, halfX: 2 * Int(point.x) + 1,
                halfY: 2 * Int(point.y) + 1, color: white)
        }
    }
}
