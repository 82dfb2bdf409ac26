import MedicalImaging

extension Slice where Sample == UInt8 {
    /// The number of pixels of every label id.
    ///
    /// - Returns: 256 counts; index 0, the background, is not counted and stays 0.
    /// - Complexity: O(*n*); background is skipped eight pixels at a time.
    public func labelAreas() -> [Int] { RegionFinder.extents(of: self).map(\.area) }
}
