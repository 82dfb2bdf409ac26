/// Which places of a lattice are candidates, judged on the tissue mask.
public enum TissueRule: Hashable, Sendable, Codable {
    /// Every place.
    case any
    /// The patch shows at least this share of tissue, 0...1.
    case fraction(Double)
    /// There is tissue in a window in the middle. Its half width is the given share (0...0.5) of the stride, in whole mask
    /// pixels, and it must stay clear of a border of the given share (0...0.5) of the mask's sides.
    case window(share: Double, border: Double)

    /// EP-SAM: half width a quarter of the stride, 1 % of the mask kept free.
    public static let epSAM = TissueRule.window(share: 0.25, border: 0.01)

    /// Checks that shares are in range.
    ///
    /// - Throws: ``PatchError`` naming the share.
    public func validate() throws(PatchError) {
        switch self {
        case .any: break
        case .fraction(let least):
            guard least >= 0, least <= 1 else {
                throw PatchError(
                    "patches: least tissue: found \(least), expected a share from 0 to 1")
            }
        case .window(let share, let border):
            guard share >= 0, share <= 0.5, border >= 0, border <= 0.5 else {
                throw PatchError(
                    "patches: tissue window: found shares \(share) and \(border), expected 0 to 0.5"
                )
            }
        }
    }

    /// Whether a place is a candidate.
    ///
    /// - Parameters:
    ///   - place: A place of the lattice.
    ///   - lattice: The lattice.
    ///   - mask: The slide's tissue mask.
    /// - Returns: Whether the rule holds. Under `window` the window of mask pixels is half open, its ends are clipped to the
    ///   mask as in EP-SAM's script, and a window without pixels holds no tissue.
    /// - Complexity: O(mask rows under the patch).
    public func accepts(_ place: PatchPlace, of lattice: PatchLattice, mask: TissueMask) -> Bool {
        switch self {
        case .any:
            return true
        case .fraction(let least):
            return lattice.tissueFraction(at: place, mask: mask) >= least
        case .window(let share, let border):
            func range(_ centre: Double, _ stride: Double, _ scale: Double, _ size: Int)
                -> Range<Int>?
            {
                let middle = Int(centre / scale)
                let half = Int(stride * share / scale)
                let low = max(0, middle - half)
                let high = min(middle + half, size - 1)
                let free = Double(size) * border
                guard Double(low) >= free, Double(high) <= Double(size) - free, low < high else {
                    return nil
                }
                return low..<high
            }
            let half = Double(lattice.recipe.patch) / 2
            let stride = Double(lattice.recipe.stride)
            guard
                let columns = range(
                    (Double(place.storedX) + half) * lattice.downsampleX,
                    stride * lattice.downsampleX, mask.downsampleX, mask.width),
                let rows = range(
                    (Double(place.storedY) + half) * lattice.downsampleY,
                    stride * lattice.downsampleY, mask.downsampleY, mask.height)
            else { return false }
            return mask.count(columns: columns, rows: rows) > 0
        }
    }
}
