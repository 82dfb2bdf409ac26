import SegmentationMetrics
import SegmentationReports

/// The curves of a score map.
enum ScorePanels {
    /// The most points of a curve: enough for a picture.
    private static let limit = 400

    /// ROC, precision and recall, and reliability over all pixels.
    static func panels(_ ranking: ScoreRanking, _ calibration: Calibration?) -> [ReportPanel] {
        var panels: [ReportPanel] = []
        if ranking.positives > 0, ranking.negatives > 0 {
            let points = ranking.rocPoints(limit: limit)
            panels.append(
                ReportPanel(
                    title: "Receiver operating characteristic, all pixels",
                    xTitle: "false positive rate", yTitle: "recall",
                    curves: [
                        .init(name: "scores", x: points.map(\.x), y: points.map(\.y))
                    ]))
        }
        if ranking.positives > 0 {
            let points = ranking.precisionRecallPoints(limit: limit)
            panels.append(
                ReportPanel(
                    title: "Precision and recall, all pixels", xTitle: "recall",
                    yTitle: "precision",
                    curves: [.init(name: "scores", x: points.map(\.x), y: points.map(\.y))]))
        }
        if let bins = calibration?.bins.filter({ $0.count > 0 }), !bins.isEmpty {
            panels.append(
                ReportPanel(
                    title: "Reliability, all pixels", xTitle: "mean score",
                    yTitle: "share of positives",
                    curves: [
                        .init(
                            name: "scores", x: bins.map(\.meanScore), y: bins.map(\.positiveShare)),
                        .init(name: "perfect", x: [0, 1], y: [0, 1]),
                    ]))
        }
        return panels
    }
}
