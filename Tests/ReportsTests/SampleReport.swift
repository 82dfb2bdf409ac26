import SegmentationMetrics
import SegmentationReports

/// A small report written by hand: two labels, three cases, a miss, a ghost, and a case whose name is markup.
enum SampleReport {
    static let hostileName = #"<b>&"=1+1"#

    static let dice = MetricEntry(
        id: "dice", title: "Dice", unit: "", direction: .higher, formula: "2TP/(2TP+FP+FN)")
    static let hd95 = MetricEntry(
        id: "hd95", title: "HD95", unit: "mm", direction: .lower, formula: "larger percentile")

    static var score: ScoreReport {
        ScoreReport(
            version: "0.3.0", task: "labels", command: ["samdata", "score", "a/b"],
            dataset: "btcv", split: "test",
            convention: ConventionEntry(
                name: "standard", title: "Standard", library: nil, about: "Ours.",
                surface: "voxels", percentileRule: "directed", meanRule: "mean of label means",
                states: [.init(metrics: "Dice", bothEmpty: "-", miss: "0", ghost: "0")]),
            options: [OptionEntry("metrics", "dice,hd95"), OptionEntry("seed", "1")],
            labels: [
                LabelEntry(id: 1, name: "spleen", color: "#ff0000"),
                LabelEntry(id: 6, name: "liver_all", color: "#00ff00", members: ["a", "b"]),
            ], metrics: [dice, hd95], cases: cases, rows: rows, summaries: summaries,
            spread: ConventionSpread(
                conventions: ["standard", "monai"],
                rows: [
                    .init(label: nil, metric: "hd95", means: [3.75, nil], counts: [2, 0]),
                    .init(label: 1, metric: "hd95", means: [3, 2.125], counts: [1, 1]),
                ],
                values: [.init(case: "0001", label: 1, metric: "hd95", values: [3, 2.125])]),
            published: PublishedComparison(
                source: "p", title: "Table I", columns: ["DSC", "HD95"],
                rows: [
                    .init(method: "A & B", isOurs: false, values: ["79.10", ""]),
                    .init(method: "this run", isOurs: true, values: ["42.50", "3.75"]),
                ], notes: ["Not comparable: 100% made up."]),
            panels: [
                ReportPanel(
                    title: "ROC", xTitle: "FPR", yTitle: "TPR",
                    curves: [.init(name: "c", x: [0, 1], y: [0, 1])]),
                ReportPanel(
                    title: "confusion", xTitle: "p", yTitle: "r",
                    matrix: .init(rows: ["a"], columns: ["a", "b"], counts: [[1, 2]])),
            ],
            findings: [
                ReportFinding(.note, "too few cases"),
                ReportFinding(.error, case: hostileName, "grids disagree"),
            ])
    }

    private static var cases: [CaseEntry] {
        [
            CaseEntry(
                id: "0001", cluster: "0001", outcome: .scored,
                reference: .init(path: "r/0001.nii.gz", sha256: "aa"),
                prediction: .init(path: "p/0001.nii.gz", sha256: "bb"), shape: [4, 5, 6],
                spacing: [0.7, 0.7, 2.5], orientation: "LPS", notes: ["resampled"]),
            CaseEntry(
                id: "0002", cluster: "0002", outcome: .scored,
                reference: .init(path: "r/0002.nii.gz", sha256: "cc"),
                prediction: .init(path: "p/0002.nii.gz", sha256: "dd")),
            CaseEntry(
                id: hostileName, cluster: "3", outcome: .error, message: "grids disagree"),
        ]
    }

    private static var rows: [ScoreRow] {
        [
            ScoreRow(
                case: "0001", label: 1, counts: .init(tp: 9, fp: 1, fn: 1, tn: 109),
                values: [value(0.9), value(3)],
                surface: .init(
                    predictionElements: 8, referenceElements: 8, sumFromPrediction: 1.5,
                    sumFromReference: 2, maximumFromPrediction: 1, maximumFromReference: 3.25),
                worst: .init(
                    voxel: [1, 2, 3], world: [-4.5, 0, 7.25], distance: 3.25, side: "reference")),
            ScoreRow(
                case: "0001", label: 6, counts: .init(tp: 8, fp: 2, fn: 2, tn: 108),
                values: [value(0.8), value(4.5)]),
            ScoreRow(
                case: "0002", label: 1, counts: .init(tp: 0, fp: 3, fn: 0, tn: 117),
                values: [value(0, .ghost), value(.infinity, .ghost)]),
            ScoreRow(
                case: "0002", label: 6, counts: .init(tp: 0, fp: 0, fn: 5, tn: 115),
                values: [value(0, .miss), value(.infinity, .miss)]),
            ScoreRow(case: hostileName, label: 1, values: [failed, failed]),
            ScoreRow(case: hostileName, label: 6, values: [failed, failed]),
        ]
    }

    private static var summaries: [ScoreSummary] {
        let ghost = ScoreSummary.States(value: 1, ghost: 1, error: 1)
        let miss = ScoreSummary.States(value: 1, miss: 1, error: 1)
        return [
            ScoreSummary(
                scope: .label, label: 1, metric: "dice", n: 2, mean: 0.45, sd: 0.6364,
                states: ghost,
                worst: [
                    .init(case: "0002", value: value(0, .ghost)),
                    .init(case: "0001", value: value(0.9)),
                ]),
            ScoreSummary(
                scope: .label, label: 6, metric: "dice", n: 2, mean: 0.4, sd: 0.5657,
                interval: .init(low: 0.1, high: 0.7, level: 0.95, method: "percentile bootstrap"),
                states: miss, worst: [.init(case: "0002", value: value(0, .miss))]),
            ScoreSummary(
                scope: .label, label: 1, metric: "hd95", n: 1, mean: 3, penalisedMean: 51.5,
                penalisedCount: 2, states: ghost,
                worst: [
                    .init(case: "0002", value: value(.infinity, .ghost)),
                    .init(case: "0001", value: value(3)),
                ]),
            ScoreSummary(
                scope: .label, label: 6, metric: "hd95", n: 1, mean: 4.5, states: miss,
                worst: [.init(case: "0001", value: value(4.5))]),
            ScoreSummary(
                scope: .overall, metric: "dice", n: 4, mean: 0.425,
                states: .init(value: 2, miss: 1, ghost: 1, error: 2),
                worst: [.init(case: "0002", value: value(0, .ghost))]),
            ScoreSummary(
                scope: .overall, metric: "hd95", n: 2, mean: 3.75,
                states: .init(value: 2, miss: 1, ghost: 1, error: 2),
                worst: [.init(case: "0001", value: value(3))]),
            ScoreSummary(scope: .pooled, metric: "dice", n: 2, mean: 0.7083),
        ]
    }

    private static func value(_ number: Double, _ state: MetricState = .value) -> ScoreValue {
        ScoreValue(MetricValue(state, number))
    }

    private static var failed: ScoreValue { ScoreValue(.error) }

    static var compare: CompareReport {
        CompareReport(
            version: "0.3.0",
            models: [
                .init(name: "unet", sha256: "11", convention: "standard", cases: 12),
                .init(name: "sam_b", sha256: "22", convention: "standard", cases: 12),
            ], metrics: [dice, hd95], labels: [LabelEntry(id: 1, name: "spleen", color: "#ff0000")],
            seed: 1, resamples: 1000,
            pairs: [
                .init(
                    a: "unet", b: "sam_b", label: 1, labelName: "spleen", metric: "dice", n: 12,
                    meanA: 0.9, meanB: 0.85, meanDifference: 0.05,
                    interval: .init(low: -0.01, high: 0.11, level: 0.95, method: "percentile"),
                    medianDifference: 0.04, hodgesLehmann: 0.045, p: 0.0425, holm: 0.085,
                    test: "exact", effect: 0.61, wins: 8, ties: 1, losses: 3,
                    turnsUnder: ["monai", "nnunet"]),
                .init(
                    a: "unet", b: "sam_b", label: nil, labelName: nil, metric: "dice", n: 12,
                    meanA: 0.9, meanB: 0.92, meanDifference: -0.02, interval: nil,
                    medianDifference: nil, hodgesLehmann: nil, p: 0.00001, holm: 0.00002,
                    test: "exact", effect: -1, wins: 0, ties: 0, losses: 12),
                .init(
                    a: "unet", b: "sam_b", label: 1, labelName: "spleen", metric: "hd95", n: 0,
                    meanA: nil, meanB: nil, meanDifference: nil, interval: nil,
                    medianDifference: nil, hodgesLehmann: nil, p: nil, holm: nil, test: nil,
                    effect: nil, wins: 0, ties: 0, losses: 0),
            ],
            rankings: [
                .init(
                    metric: "dice", n: 12, means: [0.9, 0.92], rankOfMean: [2, 1],
                    meanRank: [1.75, 1.25], friedman: 3, friedmanP: 0.0833,
                    firstShare: [0.25, 0.75],
                    ordersAgree: false)
            ], findings: [ReportFinding(.warning, "0007 is missing in sam_b")])
    }
}
