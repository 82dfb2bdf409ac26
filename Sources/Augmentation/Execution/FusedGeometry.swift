/// A transform that ``PlanePass`` carries out together with others.
protocol FusedGeometry: PlaneGeometry, SampleTransform {
    /// Adds the transform to a pass that takes geometry, and moves the prompts; the pixels follow when the pass is run.
    ///
    /// - Parameters:
    ///   - pass: The pass.
    ///   - sample: The sample; extent, points and boxes without a map are moved. Unchanged when an error is thrown.
    /// - Throws: ``AugmentationError`` when the transform is not drawn, or a parameter is out of bounds or does not fit.
    func add(
        to pass: inout PlanePass, of sample: inout AugmentationSample
    ) throws(AugmentationError)
}

extension FusedGeometry {
    /// Carries the transform out by itself.
    func applyAlone(to sample: inout AugmentationSample) throws(AugmentationError) {
        try sample.checkPlanes(for: Self.name)
        var pass = PlanePass(extent: sample.extent)
        try add(to: &pass, of: &sample)
        pass.hasGeometry = true
        pass.run(on: &sample)
    }
}

extension AugmentationSample {
    /// The longest side the kernels can position.
    private static var longestSide: Int { 1 << 18 }

    /// Throws when a plane has more pixels than the kernels can count.
    func checkPlanes(for transform: String) throws(AugmentationError) {
        let (count, overflow) = extent.rows.multipliedReportingOverflow(by: extent.columns)
        guard !overflow, count <= Int(Int32.max),
            max(extent.rows, extent.columns) <= Self.longestSide
        else {
            throw .unsuitable(
                transform: transform, found: "\(extent.rows) x \(extent.columns) pixels",
                expected: "at most \(Self.longestSide) rows and columns and 2^31 - 1 pixels")
        }
    }
}
