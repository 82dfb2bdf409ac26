import ArgumentParser
import MedicalDatasets
import SafeFiles
import SamdataWorkflow
import SampleStore

/// The store a command works on.
struct StoreArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The folder of a prepared store.", valueName: "OUT"),
        completion: .directory)
    var store: String

    var layout: StoreLayout { StoreLayout(root: store) }
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress and no warnings; only the result, and errors.")
    var quiet = false
}

/// How many threads work.
struct JobOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Threads that work on a case (default: one per core). Never changes a byte of the output.",
            valueName: "n"))
    var jobs: Int?

    var count: Int { jobs ?? Processor.activeCount }

    func validate() throws {
        if let jobs, jobs < 1 || jobs > 1024 {
            throw ValidationError("--jobs: found \(jobs), expected 1 to 1024")
        }
    }
}

/// Which data set, where it lies, and how its files are read.
struct DatasetOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The data set; see `samdata datasets`.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp("The folder of the data set.", valueName: "DIR"),
        completion: .directory)
    var from: String

    @Option(
        help: ArgumentHelp(
            "The split, whose slice counts are checked: a built-in name, a JSON file, or none (default: the card's own).",
            valueName: "name|FILE|none"))
    var split: String?

    @Option(
        help: ArgumentHelp(
            "A dataset card of your own (JSON) instead of a built-in one.", valueName: "FILE"),
        completion: .file(extensions: ["json"]))
    var card: String?

    @Option(
        help: ArgumentHelp(
            "What the values of the label files stand for: raw (the original values, translated by the card) or "
                + "card-ids (the files already hold the card's ids).", valueName: "raw|card-ids"))
    var labelValues = "raw"

    func validate() throws {
        guard ["raw", "card-ids"].contains(labelValues) else {
            throw ValidationError(
                "--label-values: found `\(labelValues)`, expected raw or card-ids")
        }
    }

    var encoding: LabelEncoding { labelValues == "card-ids" ? .cardIDs : .raw }

    /// The card of a name or of `--card`.
    func resolveCard() throws -> DatasetCard {
        if let card { return try DatasetCard(contentsOfFile: card) }
        guard let name else {
            throw ValidationError(
                "name a data set (\(DatasetCard.builtIn.map(\.name).joined(separator: ", "))) or give --card FILE"
            )
        }
        return try DatasetCard.named(name)
    }

    /// The split of a name, a file or `none`; the card's own when nothing is named.
    func resolveSplit(card: DatasetCard) throws -> DatasetSplit? {
        guard let name = split ?? card.defaultSplit, name != "none" else { return nil }
        return try Self.split(name)
    }

    /// The split of a built-in name or a file.
    static func split(_ name: String) throws -> DatasetSplit {
        name.hasSuffix(".json") || name.contains("/")
            ? try DatasetSplit(contentsOfFile: name) : try DatasetSplit.named(name)
    }
}
