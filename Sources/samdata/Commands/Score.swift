import ArgumentParser
import MedicalDatasets
import SafeFiles
import SamdataWorkflow
import SegmentationMetrics
import SegmentationReports

/// `samdata score`: predictions against references, under a named convention.
struct Score: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score predictions against references, under a named convention.",
        discussion: """
            A file against a file, a folder against a folder, or a list of pairs; NIfTI, PNG, TIFF, NPY, NPZ, \
            HDF5 (file.h5:/path) and prepared stores. The reference drives the table: a missing prediction is a row.

            Examples:
              samdata score --reference labelsTs --prediction out --dataset synapse --report report.html
              samdata score --reference gt.nii.gz --prediction pred.nii.gz --metrics dice,hd95,nsd@2mm --spread
              samdata score --reference gt --prediction nuclei --task instances --json scores.json
              samdata score --list conventions

            Exits with 65 when a case could not be compared, and with 1 when --fail-under or --verify finds a difference.
            """)

    @Option(
        help: ArgumentHelp("A file, a folder, a list or a store.", valueName: "PATH"),
        completion: .file())
    var reference: String?

    @Option(
        help: ArgumentHelp("A file, a folder, a list or a store.", valueName: "PATH"),
        completion: .file())
    var prediction: String?

    @Option(
        help: ArgumentHelp(
            "labels, scores, instances, lesions or classes (default: labels, or scores where predictions are probabilities).",
            valueName: "task"))
    var task: MetricTask?

    @Option(
        help: ArgumentHelp(
            "The metrics, comma-separated (default: the task's own; see --list metrics).",
            valueName: "list"))
    var metrics: String?

    @Option(
        help: ArgumentHelp(
            "What every number means; see --list conventions.", valueName: "name"))
    var convention = "standard"

    @Flag(help: "Compute the means under the other conventions too.")
    var spread = false

    @Option(
        help: ArgumentHelp(
            "Set the run beside a published table: published:sam-lst; see --list published.",
            valueName: "published:name"))
    var against: String?

    @Option(
        help: ArgumentHelp("Print metrics, conventions or published tables.", valueName: "what"))
    var list: ListOfNames?

    @Option(
        help: ArgumentHelp(
            "Read the inputs of a score report again and compare hashes and values.",
            valueName: "FILE"), completion: .file(extensions: ["json"]))
    var verify: String?

    @OptionGroup(title: "Label options") var labels: ScoreLabelOptions
    @OptionGroup(title: "Input options") var inputs: ScoreFileOptions
    @OptionGroup(title: "Statistics options") var statistics: ScoreStatisticsOptions
    @OptionGroup(title: "Work") var jobs: JobOptions
    @OptionGroup(title: "Output") var outputs: ReportOutputs

    /// What `--list` prints.
    enum ListOfNames: String, ExpressibleByArgument, CaseIterable {
        case metrics, conventions, published
    }

    func validate() throws {
        if list != nil || verify != nil { return }
        guard let reference, prediction != nil || Self.isList(reference) else {
            throw ValidationError(
                "give --reference and --prediction, or a list of pairs as --reference (or --list, or --verify)"
            )
        }
    }

    func run() throws {
        if let list { return ScoreNames.print(list) }
        if let verify { return try runVerification(of: verify) }
        let configuration = try resolve()
        try outputs.check(against: [configuration.reference, configuration.prediction])
        let progress = Progress(noun: "case", isQuiet: outputs.quiet || !Terminal.isInteractive)
        let outcome = try ScoreRun(configuration).run { text, done, total in
            progress.step(text, done: done, of: total, worked: done)
        }
        try ReportPublishing(outputs).publish(outcome.report, pictures: outcome.pictures)
        let broken = outcome.report.cases.filter { $0.outcome != .scored }
        for entry in broken where !outputs.quiet || entry.outcome == .error {
            Terminal.error("\(entry.id): \(entry.message ?? "not scored")")
        }
        try statistics.checkLimits(outcome.report)
        if !broken.isEmpty { throw ExitCode(FailureKind.data.rawValue) }
    }

    /// The command line as it was parsed, so that a report can be verified.
    private var words: [String] { Words.resolved(Array(CommandLine.arguments.dropFirst())) }

    /// Whether a path is a list of pairs, which stands for both sides.
    private static func isList(_ path: String) -> Bool {
        [".csv", ".tsv", ".txt"].contains(where: path.lowercased().hasSuffix)
    }

    private func resolve() throws -> ScoreConfiguration {
        var configuration = ScoreConfiguration(
            reference: reference ?? "", prediction: prediction ?? reference ?? "")
        configuration.task = task
        configuration.convention = try Convention.named(convention)
        configuration.metrics = try (metrics ?? "").split(separator: ",").map {
            try Metric(parsing: String($0))
        }
        configuration.withSpread = spread
        if let against {
            guard against.hasPrefix("published:") else {
                throw ValidationError(
                    "--against: found `\(against)`, expected published: and a name; see --list published"
                )
            }
            configuration.published = try PublishedTable.named(
                String(against.dropFirst("published:".count))
            ).name
        }
        try inputs.apply(to: &configuration, labels: labels)
        try statistics.apply(to: &configuration)
        configuration.jobs = jobs.count
        configuration.pictures = outputs.report == nil ? 0 : configuration.pictures
        configuration.command = words
        configuration.version = Version.text
        return configuration
    }

    private func runVerification(of path: String) throws {
        let report = try ScoreReportFile.read(path)
        guard let score = try Samdata.parseAsRoot(report.command) as? Self else {
            throw WorkflowError(
                .data,
                "\(path), command: found `\(report.command.joined(separator: " "))`, expected a score"
            )
        }
        var configuration = try score.resolve()
        configuration.jobs = jobs.count
        let outcome = try ScoreVerification(report, configuration: configuration).run()
        if outputs.printsJSON {
            try Terminal.json(outcome)
        } else {
            outcome.differences.forEach { Terminal.result("differs: \($0)") }
            Terminal.result(
                "\(path): \(outcome.files) input files and \(outcome.values) values read again, "
                    + (outcome.differences.isEmpty
                        ? "all as reported" : "\(outcome.differences.count) differ"))
        }
        if !outcome.differences.isEmpty { throw ExitCode(FailureKind.checkFailed.rawValue) }
    }
}

extension MetricTask: ExpressibleByArgument {}
extension ScoreConfiguration.Unit: ExpressibleByArgument {}
