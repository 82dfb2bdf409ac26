import MedicalDatasets
import SegmentationMetrics
import SegmentationReports
import Synchronization

/// Scores every case of a reference and makes the report.
///
/// Cases are read and measured on several threads, each on its own; what comes out does not depend on how many. A case
/// that cannot be read or compared becomes a row with the state error, and the others go on.
public struct ScoreRun: Sendable {
    /// What a run gives.
    public struct Outcome: Sendable {
        /// Everything that was found.
        public let report: ScoreReport
        /// The worst rows as pictures, the worst first.
        public let pictures: [OverlayPicture]
    }

    /// Tells how far a run is: what was done, how many are done, how many there are.
    public typealias Progress = (_ text: String, _ done: Int, _ total: Int) -> Void

    let configuration: ScoreConfiguration
    let reader: ScoreImageReader

    /// Makes a run.
    ///
    /// - Parameter configuration: What it is asked to do.
    public init(_ configuration: ScoreConfiguration) {
        self.configuration = configuration
        reader = ScoreImageReader(configuration.inputs)
    }

    /// Scores.
    ///
    /// - Parameter progress: Called on one thread at a time, after every case.
    /// - Returns: The report and its pictures.
    /// - Throws: ``WorkflowError`` when nothing can be scored: sources that are not there, cases that cannot be paired,
    ///   labels that cannot be resolved. What is wrong with a single case is in the report.
    public func run(progress: @escaping Progress) throws -> Outcome {
        switch configuration.task {
        case .classes: return Outcome(report: try ClassScorer(configuration).report(), pictures: [])
        case .lesions:
            return Outcome(report: try LesionScorer(configuration).report(), pictures: [])
        default: break
        }
        let pairing = try ScorePairing.pairs(
            reference: configuration.reference, prediction: configuration.prediction,
            options: configuration.inputs)
        let preview = ScorePreview(pairing.cases, reader: reader)
        let task = try configuration.task ?? preview.task()
        let metrics =
            configuration.metrics.isEmpty ? Metric.defaults(for: task) : configuration.metrics
        for metric in metrics where !metric.tasks.contains(task) && !metric.tasks.contains(.labels)
        {
            throw WorkflowError(
                .usage,
                "--metrics: found `\(metric)`, which is not of task \(task.rawValue), expected some of "
                    + Metric.listed(for: task).map(\.description).joined(separator: ", "))
        }
        let conventions = [configuration.convention] + spreadConventions(for: task)
        let labels = task == .labels ? try preview.labels() : nil
        let scorer = CaseScorer(
            configuration: configuration, reader: reader, task: task, labels: labels,
            metrics: metrics, conventions: conventions, cached: preview.cached,
            jobs: max(1, configuration.jobs / max(1, pairing.cases.count)))
        let counter = ProgressCounter(total: pairing.cases.count, progress)
        let results = try ParallelLoop.map(
            count: pairing.cases.count, threads: configuration.jobs
        ) { index in
            let scores = scorer.score(pairing.cases[index])
            counter.step("scored \(pairing.cases[index].id)")
            return scores
        }
        let assembly = ReportAssembly(
            configuration: configuration, task: task, labels: labels, metrics: metrics,
            conventions: conventions)
        let report = try assembly.report(results, findings: pairing.findings)
        let pictures =
            task == .labels && configuration.pictures > 0
            ? try WorstPictures(report: report, scorer: scorer, cases: pairing.cases).pictures(
                configuration.pictures)
            : []
        return Outcome(report: report, pictures: pictures)
    }

    /// The conventions a spread shows beside the one of the report.
    private func spreadConventions(for task: MetricTask) -> [Convention] {
        guard configuration.withSpread else { return [] }
        let candidates: [Convention] =
            task == .instances
            ? [.standard, .hovernet, .stardist, .cellpose, .panoptica]
            : [
                .standard, .surfel, .medpy, .monai, .deepmind, .reloaded, .synapse, .panoptica,
                .segMetrics,
            ]
        return candidates.filter { $0 != configuration.convention }
    }
}

/// Counts cases across threads.
private final class ProgressCounter: Sendable {
    private let total: Int
    private let state: Mutex<Int>
    private let progress: Unchecked

    /// A closure that is only called under the lock.
    private struct Unchecked: @unchecked Sendable {
        let call: ScoreRun.Progress
    }

    init(total: Int, _ progress: @escaping ScoreRun.Progress) {
        self.total = total
        state = Mutex(0)
        self.progress = Unchecked(call: progress)
    }

    func step(_ text: String) {
        state.withLock { done in
            done += 1
            progress.call(text, done, total)
        }
    }
}
