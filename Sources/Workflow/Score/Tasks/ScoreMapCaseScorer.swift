import MedicalImaging
import SegmentationMetrics
import SegmentationReports

/// Scores the probability map of one case: ranked over all thresholds, calibrated, and as a mask at one threshold.
struct ScoreMapCaseScorer: Sendable {
    /// The metrics, in the order of the table.
    let metrics: [Metric]
    /// The convention of the report, then those of a spread.
    let conventions: [Convention]
    /// Where a probability becomes a mask.
    let threshold: Float
    /// Threads for one case.
    let jobs: Int

    /// The row of a case, and what pools it with others.
    ///
    /// - Parameters:
    ///   - scores: One finite score per voxel.
    ///   - reference: One label per voxel; every label but 0 is positive.
    ///   - grid: Where the voxels lie.
    ///   - id: The case.
    ///   - cluster: Its patient or slide.
    /// - Returns: The row, the ranked scores, and their reliability when a metric needs it.
    /// - Throws: `MetricError` for maps of different sizes.
    func score(
        scores: [Float], reference: [UInt8], grid: MaskGrid, case id: String, cluster: String
    ) throws -> (row: CaseScores.Row, ranking: ScoreRanking, calibration: Calibration?) {
        let ranking = try ScoreRanking(scores: scores, reference: reference, what: id)
        var calibration: Calibration?
        // Scores outside of 0...1 can be ranked all the same; only what needs probabilities has no value.
        if metrics.contains(where: Self.needsCalibration) {
            var table = Calibration()
            do {
                try table.add(scores: scores, reference: reference, what: id)
                calibration = table
            } catch { calibration = nil }
        }
        let plan = MeasurementPlan(
            metrics: metrics.filter { $0.tasks.contains(.labels) }, conventions: conventions)
        let pair = try LabelPair(
            prediction: scores.map { $0 >= threshold ? 1 : 0 },
            reference: reference.map { $0 == 0 ? 0 : 1 }, grid: grid)
        let measurement = plan.measure(pair, labels: [1], jobs: jobs)[0]
        func values(_ convention: Convention) -> [MetricValue] {
            metrics.map { metric in
                Self.value(of: metric, ranking, calibration)
                    ?? convention.value(of: metric, in: measurement)
            }
        }
        let counts = measurement.counts
        let row = CaseScores.Row(
            row: ScoreRow(
                case: id, label: ScoreTask.wholeLabel,
                counts: .init(
                    tp: counts.truePositives, fp: counts.falsePositives,
                    fn: counts.falseNegatives, tn: counts.trueNegatives),
                values: values(conventions[0]).map(ScoreValue.init)),
            cluster: cluster, diagonal: grid.diagonal,
            diagonalInVoxels: grid.inVoxels.diagonal,
            spread: conventions.dropFirst().map(values))
        return (row, ranking, calibration)
    }

    /// A metric that follows from ranked scores or from their reliability; nil when it is one of a mask.
    static func value(
        of metric: Metric, _ ranking: ScoreRanking, _ calibration: Calibration?
    ) -> MetricValue? {
        func defined(_ number: Double) -> MetricValue {
            number.isNaN ? .na : MetricValue(.value, number)
        }
        if calibration == nil, needsCalibration(metric) { return .error }
        switch metric {
        case .auc: return defined(ranking.auc)
        case .averagePrecision: return defined(ranking.averagePrecision)
        case .bestF1: return defined(ranking.bestF1?.f1 ?? .nan)
        case .thresholdF1(let threshold): return defined(ranking.scores(at: Float(threshold)).f1)
        case .expectedCalibrationError: return defined(calibration?.expectedError ?? .nan)
        case .maximumCalibrationError: return defined(calibration?.maximumError ?? .nan)
        case .brier: return defined(calibration?.brier ?? .nan)
        case .logLoss: return defined(calibration?.logLoss ?? .nan)
        default: return nil
        }
    }

    private static func needsCalibration(_ metric: Metric) -> Bool {
        switch metric {
        case .expectedCalibrationError, .maximumCalibrationError, .brier, .logLoss: true
        default: false
        }
    }
}
