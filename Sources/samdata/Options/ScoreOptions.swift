import ArgumentParser
import MedicalDatasets
import SamdataWorkflow
import SegmentationMetrics

/// What the values of the label files mean, and which labels are scored.
struct ScoreLabelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The data set whose card names the labels; see `samdata datasets`.", valueName: "name"))
    var dataset: String?

    @Option(
        help: ArgumentHelp("A dataset card of your own (JSON).", valueName: "FILE"),
        completion: .file(extensions: ["json"]))
    var card: String?

    @Option(
        help: ArgumentHelp(
            "With a card: the files hold its raw values, or card-ids.", valueName: "raw|card-ids"))
    var labelValues = "raw"

    @Option(
        help: ArgumentHelp(
            "Names of the values instead of a card: 1=spleen,2=liver, or a JSON file (a dataset.json of nnU-Net too).",
            valueName: "list|FILE"))
    var referenceLabels: String?

    @Option(
        help: ArgumentHelp(
            "Names of the values in the predictions, when they differ from those of the reference.",
            valueName: "list|FILE"))
    var predictionLabels: String?

    @Option(
        help: ArgumentHelp(
            "Score only this label; may be repeated.", valueName: "name"))
    var onlyLabel: [String] = []

    @Option(
        help: ArgumentHelp(
            "Treat this value or label as background on both sides; may be repeated.",
            valueName: "value|name"))
    var ignoreLabel: [String] = []

    @Option(
        help: ArgumentHelp(
            "Score several labels as one mask too: kidneys=left kidney+right kidney; may be repeated.",
            valueName: "name=a+b"))
    var labelGroup: [String] = []

    @Option(
        help: ArgumentHelp(
            "Score the cases of this split only, and call a missing one missing: a built-in name or a JSON file.",
            valueName: "name|FILE"))
    var split: String?

    @Option(
        help: ArgumentHelp(
            "The part of the split (default: test, or validation where the split has no test cases).",
            valueName: "part"))
    var part: SplitPart?

    func validate() throws {
        guard ["raw", "card-ids"].contains(labelValues) else {
            throw ValidationError(
                "--label-values: found `\(labelValues)`, expected raw or card-ids")
        }
        guard dataset == nil || card == nil else {
            throw ValidationError("--dataset and --card name two cards; give one of them")
        }
        guard part == nil || split != nil else {
            throw ValidationError("--part belongs to --split; give both")
        }
    }

    /// The card of `--dataset` or `--card`.
    func resolveCard() throws -> DatasetCard? {
        if let card { return try DatasetCard(contentsOfFile: card) }
        return try dataset.map { try DatasetCard.named($0) }
    }
}

extension SplitPart: ExpressibleByArgument {}

/// Where the results of a scoring or a comparison go.
struct ReportOutputs: ParsableArguments {
    @Option(
        help: ArgumentHelp("A self-contained HTML report.", valueName: "FILE"),
        completion: .file(extensions: ["html"]))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Everything as one JSON document; without FILE, or with -, on stdout.",
            valueName: "FILE"), completion: .file(extensions: ["json"]))
    var json: String?

    @Option(
        help: ArgumentHelp("One line per case and label.", valueName: "FILE"),
        completion: .file(extensions: ["csv"]))
    var csv: String?

    @Option(
        help: ArgumentHelp("The summary as a Markdown table.", valueName: "FILE"),
        completion: .file(extensions: ["md"]))
    var markdown: String?

    @Option(
        help: ArgumentHelp(
            "The summary as a LaTeX table (booktabs).", valueName: "FILE"),
        completion: .file(extensions: ["tex"]))
    var latex: String?

    @Flag(name: .shortAndLong, help: "No progress and no warnings; only the result, and errors.")
    var quiet = false

    /// The files that are written, with the options that name them.
    var files: [(option: String, path: String)] {
        [
            ("--report", report), ("--json", json == "-" ? nil : json), ("--csv", csv),
            ("--markdown", markdown), ("--latex", latex),
        ].compactMap { name, path in path.map { (name, $0) } }
    }

    /// Whether the JSON document goes to stdout instead of the table.
    var printsJSON: Bool { json == "-" }

    func validate() throws {
        let paths = files.map(\.path)
        if let twice = paths.first(where: { path in paths.filter { $0 == path }.count > 1 }) {
            throw ValidationError("\(twice): two results cannot go into one file")
        }
    }

    /// Refuses to write over something that is read.
    func check(against inputs: [String]) throws {
        for (option, path) in files where inputs.contains(path) {
            throw ValidationError(
                "\(option) \(path): the file is an input; choose another name for the result")
        }
    }
}

/// Something that must hold for the exit code to be 0: `dice=0.8`, `dice:liver=0.9`.
struct ScoreFloor: ExpressibleByArgument, Sendable {
    let metric: Metric
    let label: String?
    let limit: Double

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let limit = Double(parts[1]), limit.isFinite else { return nil }
        // A metric may hold a colon of its own (`hd95:pooled`), so the longest metric wins.
        if let metric = try? Metric(parsing: parts[0]) {
            (self.metric, label) = (metric, nil)
        } else if let colon = parts[0].lastIndex(of: ":"),
            let metric = try? Metric(parsing: String(parts[0][..<colon]))
        {
            (self.metric, label) = (metric, String(parts[0][parts[0].index(after: colon)...]))
        } else {
            return nil
        }
        self.limit = limit
    }
}
