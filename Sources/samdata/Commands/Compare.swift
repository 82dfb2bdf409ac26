import ArgumentParser
import SamdataWorkflow
import SegmentationMetrics

/// `samdata compare`: two or more score reports, case by case.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two or more score reports case by case.",
        discussion: """
            Paired differences with intervals, Wilcoxon signed-rank tests corrected by Holm over all comparisons, wins \
            and losses, and the order of the models with its stability under resampling.

            Example:
              samdata score --reference gt --prediction ours --json ours.json
              samdata score --reference gt --prediction theirs --json theirs.json
              samdata compare ours.json theirs.json --report compare.html

            A large p does not say that two models are equal: look at the interval. With reports made with --spread, a \
            difference whose sign turns under another convention is named.
            """)

    @Argument(
        help: ArgumentHelp("JSON reports of `samdata score --json`.", valueName: "FILE"),
        completion: .file(extensions: ["json"]))
    var reports: [String]

    @Option(
        help: ArgumentHelp(
            "The names of the models, comma-separated (default: the file names).",
            valueName: "list"))
    var names: String?

    @Option(
        help: ArgumentHelp(
            "The metrics, comma-separated (default: all that every report has).", valueName: "list")
    )
    var metrics: String?

    @Flag(help: "Compare reports made under different conventions all the same.")
    var allowDifferentConventions = false

    @Option(help: ArgumentHelp("The seed of the bootstrap.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp("Resamples of every interval; 0 for no intervals.", valueName: "n"))
    var resamples = 10_000

    @OptionGroup(title: "Output") var outputs: ReportOutputs

    func validate() throws {
        guard reports.count > 1 else {
            throw ValidationError("found \(reports.count) report, expected two or more")
        }
        guard (0...10_000_000).contains(resamples) else {
            throw ValidationError("--resamples: found \(resamples), expected 0 to 10000000")
        }
        if let names, names.split(separator: ",").count != reports.count {
            throw ValidationError(
                "--names: found \(names.split(separator: ",").count) names, expected \(reports.count), one per report"
            )
        }
    }

    func run() throws {
        try outputs.check(against: reports)
        let given = names?.split(separator: ",").map(String.init)
        let models = try reports.enumerated().map { index, path in
            try CompareRun.Model(path: path, name: given?[index])
        }
        var comparison = CompareRun(models: models)
        comparison.metrics = try (metrics ?? "").split(separator: ",").map {
            try Metric(parsing: String($0))
        }
        comparison.seed = seed
        comparison.resamples = resamples
        comparison.allowsDifferentConventions = allowDifferentConventions
        comparison.version = Version.text
        try ReportPublishing(outputs).publish(try comparison.run())
    }
}
