import MedicalImaging

/// Which regions a ``LabelBudget`` keeps of which images.
public struct LabelBudgetPlan: Hashable, Sendable, Codable {
    /// One image of the training set.
    public struct Image: Hashable, Sendable {
        /// The case id.
        public var id: String
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int

        /// Makes an image.
        ///
        /// - Parameters:
        ///   - id: The case id.
        ///   - width: Columns.
        ///   - height: Rows.
        public init(id: String, width: Int, height: Int) {
            self.id = id
            self.width = width
            self.height = height
        }
    }

    /// The kept rectangles of each case in order of drawing; a case without any is zero everywhere.
    public var kept: [String: [PixelRectangle]]
    /// Pixels in the kept regions.
    public var keptPixels: Int
    /// Pixels of all images.
    public var pixels: Int

    /// The achieved share of labelled pixels, 0...1.
    public var fraction: Double { pixels == 0 ? 0 : Double(keptPixels) / Double(pixels) }
}

extension LabelBudget {
    /// Draws the regions.
    ///
    /// Images are ranked by (seed, case id); the first ``images`` are used and regions dealt out to them in turn. A region's
    /// corner is uniform over the places where it fits; regions of an image do not overlap. Nothing depends on the order of
    /// the images, and a case's positions depend only on the seed and its id.
    ///
    /// - Parameters:
    ///   - images: All images of the part, each once.
    ///   - seed: The user's seed.
    /// - Returns: The kept rectangles of every image.
    /// - Throws: ``PatchError`` when there are too few images, an image occurs twice or is smaller than a region, or regions
    ///   cannot be placed without overlap in 10,000 tries.
    public func plan(
        _ images: [LabelBudgetPlan.Image], seed: UInt64
    ) throws(PatchError) -> LabelBudgetPlan {
        try validate()
        let used = self.images ?? min(images.count, regions ?? images.count)
        let wanted = regions ?? used
        guard used <= images.count, !images.isEmpty else {
            throw PatchError(
                "label budget: found \(images.count) images, expected at least \(max(used, 1)); take fewer"
            )
        }
        let keys = images.map {
            PatchKey(seed: seed, slide: $0.id, purpose: "label-budget").seed
        }
        let ranks = images.map {
            PatchKey(seed: seed, slide: $0.id, purpose: "label-budget-images").rank(0)
        }
        let order = images.indices.sorted {
            (ranks[$0], images[$0].id) < (ranks[$1], images[$1].id)
        }
        var plan = LabelBudgetPlan(kept: [:], keptPixels: 0, pixels: 0)
        for (place, n) in order.enumerated() {
            let image = images[n]
            let area = image.width.multipliedReportingOverflow(by: image.height)
            let sum = plan.pixels.addingReportingOverflow(area.partialValue)
            guard image.width >= 1, image.height >= 1, max(image.width, image.height) <= 1 << 31,
                !area.overflow, !sum.overflow
            else {
                throw PatchError(
                    "label budget: \(image.id): found \(image.width)x\(image.height), expected sides from 1 to 2^31"
                )
            }
            plan.pixels = sum.partialValue
            let count = place < used ? wanted / used + (place < wanted % used ? 1 : 0) : 0
            let rectangles = try draw(count, in: image, key: keys[n])
            guard plan.kept.updateValue(rectangles, forKey: image.id) == nil else {
                throw PatchError("label budget: found image \(image.id) twice, expected it once")
            }
            plan.keptPixels += count * side * side
        }
        return plan
    }

    private func draw(
        _ count: Int, in image: LabelBudgetPlan.Image, key: UInt64
    ) throws(PatchError) -> [PixelRectangle] {
        guard count > 0 else { return [] }
        guard image.width >= side, image.height >= side else {
            throw PatchError(
                "label budget: \(image.id): found \(image.width)x\(image.height), expected at least "
                    + "\(side)x\(side); take a smaller side")
        }
        var source = RandomSource(seed: key)
        var rectangles: [PixelRectangle] = []
        for _ in 0..<10_000 {
            let x = source.index(below: image.width - side + 1)
            let y = source.index(below: image.height - side + 1)
            let next = PixelRectangle(x: x, y: y, width: side, height: side)
            if rectangles.contains(where: { $0.overlaps(next) }) { continue }
            rectangles.append(next)
            if rectangles.count == count { return rectangles }
        }
        throw PatchError(
            "label budget: \(image.id): found room for \(rectangles.count) of \(count) regions of "
                + "\(side)x\(side) without overlap; take fewer or smaller ones")
    }
}

extension LabelBudgetPlan {
    /// Sets everything outside the kept rectangles to zero.
    ///
    /// - Parameters:
    ///   - samples: Pixels row by row, the channels of a pixel side by side; also label or instance maps.
    ///   - width: Columns.
    ///   - height: Rows.
    ///   - channels: Samples of a pixel.
    ///   - rectangles: What stays; parts outside the image are ignored.
    /// - Complexity: Linear in the samples.
    @inlinable
    public static func blank<Sample: Numeric>(
        _ samples: inout [Sample], width: Int, height: Int, channels: Int = 1,
        keeping rectangles: [PixelRectangle]
    ) {
        precondition(samples.count == width * height * channels, "samples of the whole image")
        var result = [Sample](repeating: 0, count: samples.count)
        for rectangle in rectangles {
            let x0 = max(0, rectangle.x)
            let x1 = min(width, rectangle.x + rectangle.width)
            guard x0 < x1 else { continue }
            for y in max(
                0, rectangle.y)..<max(0, rectangle.y, min(height, rectangle.y + rectangle.height))
            {
                let row = y * width
                for n in (row + x0) * channels..<(row + x1) * channels { result[n] = samples[n] }
            }
        }
        samples = result
    }
}
