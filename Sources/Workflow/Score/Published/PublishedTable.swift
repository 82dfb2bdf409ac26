import SegmentationMetrics
import SegmentationReports

/// A table of a paper that a run can be set beside.
public struct PublishedTable: Hashable, Sendable {
    /// The name after `published:`, for example `sam-lst`.
    public let name: String
    /// The paper and the table, for people.
    public let title: String
    /// The paper and the table in the embedded file.
    let seed: String, table: String
    /// What a run must be like to be comparable.
    let requirement: Requirement
    /// What is wrong or particular about the printed numbers.
    let notes: [String]

    /// What a run must be like to be comparable.
    struct Requirement: Hashable, Sendable {
        /// The split and the number of its test cases.
        let split: String, cases: Int
        /// The convention of distances and empty masks.
        let convention: String
        /// What a row is.
        let unit: ScoreConfiguration.Unit
        /// The Dice of the printed columns.
        var dice = Metric.dice
    }

    /// All tables, in the order of the founding documents.
    public static let all: [PublishedTable] = [
        PublishedTable(
            name: "all-in-sam", title: "All-in-SAM, table II: MoNuSeg, 14 test images", seed: "000",
            table: "II",
            requirement: Requirement(
                split: "monuseg-24-6-14", cases: 14, convention: "standard", unit: .case),
            notes: [
                "Their values are means of three runs; one run stands beside them.",
                "The column ADJ is called adjusted Rand index in the paper; its values fit the per-image pixel Jaccard, "
                    + "so our IoU stands below it.",
                "The column IoU is below Dice / (2 - Dice) in every row, which the mean IoU of the same masks cannot be; "
                    + "ours cannot be compared with it.",
                "bestF1 chooses its threshold on the test images, in the paper and here.",
            ]),
        PublishedTable(
            name: "all-in-sam-labels", title: "All-in-SAM, table I: MoNuSeg, 14 test images",
            seed: "000", table: "I",
            requirement: Requirement(
                split: "monuseg-24-6-14", cases: 14, convention: "standard", unit: .case),
            notes: [
                "The column ADJ mixes two metrics: AJI in the rows of Xie et al., the per-image pixel Jaccard in the "
                    + "others; our IoU stands below it."
            ]),
        PublishedTable(
            name: "sam-lst", title: "SAM-LST, table I: Synapse, 8 organs, 12 test cases",
            seed: "002", table: "I",
            requirement: Requirement(
                split: "synapse-18-12", cases: 12, convention: "synapse", unit: .case),
            notes: [
                "HD95 is printed as mm; the code behind these rows measures voxels of slices resized to 512 x 512.",
                "A hallucinated organ counts as Dice 1 and HD95 0 and a missed one as HD95 0 in that code: "
                    + "`--convention synapse` does the same.",
            ]),
        PublishedTable(
            name: "sam-lst-ablation", title: "SAM-LST, table II: parts of the encoder", seed: "002",
            table: "II",
            requirement: Requirement(
                split: "synapse-18-12", cases: 12, convention: "synapse", unit: .case),
            notes: [
                "HD95 is printed as mm; the code behind these rows measures voxels of slices resized to 512 x 512."
            ]),
        PublishedTable(
            name: "term-project",
            title: "BTCV term project, table 1: SAM ViT-H, 6 validation cases",
            seed: "003", table: "1",
            requirement: Requirement(
                split: "btcv-24-6", cases: 6, convention: "standard", unit: .slice,
                dice: .smoothedDice(1e-5)),
            notes: [
                "mDice is the mean over (slice, organ) records of slices resized to 512 x 512 with 1e-5 added above and "
                    + "below; the mean over organs is lower (0.5142 against 0.6124 for the central point)."
            ]),
        PublishedTable(
            name: "term-project-tuned",
            title: "BTCV term project, table 2: mask decoder tuned, 6 validation cases",
            seed: "003", table: "2",
            requirement: Requirement(
                split: "btcv-24-6", cases: 6, convention: "standard", unit: .slice,
                dice: .smoothedDice(1e-5)),
            notes: [
                "The validation cases were used to choose the checkpoint."
            ]),
        PublishedTable(
            name: "term-project-organs",
            title: "BTCV term project, table 4: organ of a prompted mask, 6 validation cases",
            seed: "003", table: "4",
            requirement: Requirement(
                split: "btcv-24-6", cases: 6, convention: "standard", unit: .case),
            notes: [
                "`Weighted Average` is the share of correct records; the unweighted mean of the 13 organs is 0.7796."
            ]),
    ]

    /// The table of a name.
    ///
    /// - Parameter name: The name after `published:`.
    /// - Returns: The table.
    /// - Throws: ``WorkflowError`` naming all tables when there is none of that name.
    public static func named(_ name: String) throws(WorkflowError) -> PublishedTable {
        if let table = all.first(where: { $0.name == name }) { return table }
        throw WorkflowError(
            .usage,
            "--against: found `published:\(name)`, expected published: and one of "
                + all.map(\.name).joined(separator: ", "))
    }
}
