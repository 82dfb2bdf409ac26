/// What a zoom answers where the last position lies beyond the last sample by a rounding error.
///
/// Positions are i * ((n - 1) / (m - 1)), and for some pairs of lengths the last product is one
/// unit in the last place larger than n - 1. SciPy then takes the position for one outside the
/// image and answers 0: **the last row and the last column of a 512 x 512 slice zoomed to 224 x 224
/// are 0**, in the image and in the labels. 224 to 512 and 512 to 128 are not affected.
public enum ZoomEdge: String, Hashable, Sendable, CaseIterable {
    /// 0 there, as SciPy: what data sets prepared with `scipy.ndimage.zoom` contain.
    case scipy = "scipy"
    /// The position is moved back onto the last sample.
    case clamped = "clamped"
}

/// Where the samples of a zoomed axis lie, in units of the input samples.
enum ZoomPositions {
    /// Corners on corners; `nan` for "outside".
    static func cornerAligned(from length: Int, to newLength: Int, edge: ZoomEdge) -> [Double] {
        // SciPy takes a step of 1 where the quotient has no meaning.
        let step = newLength == 1 ? 1 : Double(length - 1) / Double(newLength - 1)
        let last = Double(length - 1)
        return (0..<newLength).map { index in
            let position = Double(index) * step
            if position <= last { return position }
            return edge == .scipy ? .nan : last
        }
    }

    /// Half-pixel centres, `grid_mode` of SciPy, in an image with a margin of `padding` samples
    /// before it.
    static func pixelCentred(from length: Int, to newLength: Int, padding: Int) -> [Double] {
        let step = Double(length) / Double(newLength)
        return (0..<newLength).map { (Double($0) + 0.5) * step - 0.5 + Double(padding) }
    }
}
