/// The border of one label in a label slice, along the edges of its pixels.
///
/// A pixel belongs to the border when one of its four neighbours has another value or lies outside the slice.
public struct MaskContour: Hashable, Sendable {
    /// A straight piece of the border between two corners of pixels.
    ///
    /// Pixel (x, y) spans the corners x...x + 1 and y...y + 1. A segment runs with the label on its right:
    /// along the top of a label from left to right, down its right side, and so on.
    public struct Segment: Hashable, Sendable {
        /// The horizontal position of the start, in pixel edges.
        public let x0: Int
        /// The vertical position of the start, in pixel edges.
        public let y0: Int
        /// The horizontal position of the end, in pixel edges.
        public let x1: Int
        /// The vertical position of the end, in pixel edges.
        public let y1: Int
    }

    /// The pieces of the border, each as long as it can be: horizontal ones by row, then vertical ones by column.
    public let segments: [Segment]
    /// The border pixels as positions `y * width + x`, in ascending order.
    public let pixels: [Int]

    /// Finds the border of a label.
    ///
    /// - Complexity: O(*n*) in the pixels of the slice.
    ///
    /// - Parameters:
    ///   - label: The value to look for; a label that does not occur has no segments and no pixels.
    ///   - labels: The slice, row by row; exactly `width * height` values.
    ///   - width: The columns of the slice.
    ///   - height: The rows of the slice.
    public init(of label: UInt8, in labels: [UInt8], width: Int, height: Int) {
        precondition(labels.count == width * height, "a label slice needs width x height values")
        func isLabel(_ x: Int, _ y: Int) -> Bool {
            x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] == label
        }
        var segments: [Segment] = []
        // The end of a run is found one step late, hence the closed range to `width` and `height`.
        for y in 0...height {
            var top: Int?
            var bottom: Int?
            for x in 0...width {
                let (above, below) = (isLabel(x, y - 1), isLabel(x, y))
                if below && !above {
                    top = top ?? x
                } else if let start = top.take() {
                    segments.append(Segment(x0: start, y0: y, x1: x, y1: y))
                }
                if above && !below {
                    bottom = bottom ?? x
                } else if let start = bottom.take() {
                    segments.append(Segment(x0: x, y0: y, x1: start, y1: y))
                }
            }
        }
        for x in 0...width {
            var leading: Int?
            var trailing: Int?
            for y in 0...height {
                let (before, after) = (isLabel(x - 1, y), isLabel(x, y))
                if after && !before {
                    leading = leading ?? y
                } else if let start = leading.take() {
                    segments.append(Segment(x0: x, y0: y, x1: x, y1: start))
                }
                if before && !after {
                    trailing = trailing ?? y
                } else if let start = trailing.take() {
                    segments.append(Segment(x0: x, y0: start, x1: x, y1: y))
                }
            }
        }
        self.segments = segments
        pixels = labels.indices.filter { index in
            let (x, y) = (index % width, index / width)
            return labels[index] == label
                && !(isLabel(x - 1, y) && isLabel(x + 1, y) && isLabel(x, y - 1)
                    && isLabel(x, y + 1))
        }
    }
}
