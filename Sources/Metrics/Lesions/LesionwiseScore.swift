import MedicalImaging

/// Dice and HD95 lesion by lesion, as in BraTS 2023: a small lesion counts as much as a large one.
///
/// Reference parts (26-connected) that come within reach of each other are one lesion. Every predicted part that touches
/// the growth of a lesion belongs to it; a part that touches none is a false positive. Missed lesions and false
/// positives get Dice 0 and a fixed distance. Source: Saluja et al., BraTS 2023 metrics.
public struct LesionwiseScore: Sendable {
    /// One reference lesion.
    public struct Lesion: Sendable {
        /// Its number, from 1, in the order of first voxels of the grown mask.
        public let number: Int
        /// Cubic millimetres.
        public let volume: Double
        /// The numbers of the predicted parts that belong to it, by number; empty when missed.
        public let parts: [Int]
        /// The Dice of the lesion and all its parts.
        public let dice: Double
        /// The distance the closure gave, or the fixed distance when missed; NaN when not counted.
        public let hausdorff95: Double
        /// Whether the lesion is larger than the smallest volume.
        public let isCounted: Bool
    }

    /// The reference lesions, by number.
    public let lesions: [Lesion]
    /// Predicted parts that belong to no lesion.
    public let falsePositives: Int
    /// The rule.
    public let rule: LesionwiseRule
    /// Which masks have voxels.
    public let state: MetricState

    /// Scores one mask.
    ///
    /// - Parameters:
    ///   - prediction: One value per voxel, i fastest; everything but 0 is inside.
    ///   - reference: One value per voxel, i fastest; everything but 0 is inside.
    ///   - grid: Where the voxels lie.
    ///   - rule: How lesions are grouped, dropped and penalised.
    ///   - hausdorff95: The 95th percentile of distances between two masks with voxels, in millimetres. It gets every
    ///     counted and hit lesion with its predicted parts as label 1, cut out with a margin of one voxel; an infinite
    ///     or undefined distance becomes the fixed one.
    /// - Throws: ``MetricError`` when sizes disagree or a number of the rule is negative; errors of the closure.
    /// - Complexity: O(*n*) for *n* voxels, and a cut-out per counted lesion.
    public init(
        prediction: [UInt8], reference: [UInt8], grid: MaskGrid,
        rule: LesionwiseRule = .brats2023Glioma,
        hausdorff95: (LabelPair) throws(MetricError) -> Double
    ) throws(MetricError) {
        _ = try LabelPair(prediction: prediction, reference: reference, grid: grid)
        guard (0...1024).contains(rule.dilation) else {
            throw .invalidArgument(
                name: "dilation", found: "\(rule.dilation)", expected: "0...1024 voxels")
        }
        let shape = grid.shape
        let parts = try ConnectedComponents.label(
            mask: prediction, shape: shape, connectivity: .corner)
        let grown = try ConnectedComponents.label(
            mask: VoxelDilation.grown(reference, shape: shape, steps: rule.dilation),
            shape: shape, connectivity: .corner)
        var groups = grown.labels
        for place in groups.indices where reference[place] == 0 { groups[place] = 0 }

        let reach = try InstanceOverlap(prediction: parts.labels, reference: grown.labels)
        let overlap = try InstanceOverlap(prediction: parts.labels, reference: groups)
        var members = [[Int]](repeating: [], count: grown.count + 1)
        var isTaken = [Bool](repeating: false, count: parts.count + 1)
        for contact in reach.contacts {
            let part = Int(reach.predictions[contact.prediction].id)
            members[Int(reach.references[contact.reference].id)].append(part)
            isTaken[part] = true
        }
        var shared = [UInt64](repeating: 0, count: grown.count + 1)
        for contact in overlap.contacts {
            shared[Int(overlap.references[contact.reference].id)] += contact.intersection
        }
        let boxes = (
            groups: VoxelBox.boxes(of: groups, count: grown.count, shape),
            parts: VoxelBox.boxes(of: parts.labels, count: parts.count, shape)
        )
        let voxel = grid.spacing.i * grid.spacing.j * grid.spacing.k
        var lesions: [Lesion] = []
        for group in overlap.references {
            let number = Int(group.id)
            let volume = Double(group.area) * voxel
            let own = members[number]
            let predicted = own.reduce(0) { $0 + parts.sizes[$1 - 1] }
            let isCounted = volume > rule.smallestVolume
            var distance = isCounted ? rule.missingDistance : .nan
            if isCounted, !own.isEmpty {
                var box = boxes.groups[number]
                for part in own { box.join(boxes.parts[part]) }
                let pair = try box.grown(in: shape).cut(
                    parts.labels, Set(own.map { Int32($0) }), groups, Int32(number), grid)
                let found = try hausdorff95(pair)
                if found.isFinite { distance = found }
            }
            lesions.append(
                Lesion(
                    number: number, volume: volume, parts: own,
                    dice: 2 * Double(shared[number]) / Double(group.area + UInt64(predicted)),
                    hausdorff95: distance, isCounted: isCounted))
        }
        self.lesions = lesions
        falsePositives = (1..<parts.count + 1).filter { !isTaken[$0] }.count
        self.rule = rule
        state = overlap.state
    }

    /// Counted lesions with a predicted part.
    public var truePositives: Int { counted.filter { !$0.parts.isEmpty }.count }
    /// Counted lesions without a predicted part.
    public var falseNegatives: Int { counted.filter(\.parts.isEmpty).count }

    /// The sum of Dice over counted lesions, over their number and that of false positives; 1 when there is neither.
    public var dice: MetricValue {
        let lesions = counted
        let count = lesions.count + falsePositives
        return MetricValue(
            state, count == 0 ? 1 : lesions.reduce(0) { $0 + $1.dice } / Double(count))
    }

    /// The mean distance over counted lesions and false positives in millimetres; 0 when there is neither.
    public var hausdorff95: MetricValue {
        let lesions = counted
        let count = lesions.count + falsePositives
        let sum =
            lesions.reduce(0) { $0 + $1.hausdorff95 }
            + Double(falsePositives) * rule.missingDistance
        return MetricValue(state, count == 0 ? 0 : sum / Double(count))
    }

    private var counted: [Lesion] { lesions.filter(\.isCounted) }
}
