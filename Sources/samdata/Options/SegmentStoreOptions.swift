import ArgumentParser

/// What `segment` does with a prepared store.
struct SegmentStoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Segment the cases of this prepared store.", valueName: "STORE"),
        completion: .directory)
    var from: String?

    @Option(
        help: ArgumentHelp(
            "The folder of the masks to make, a --prediction of `samdata score`.", valueName: "PRED"
        ), completion: .directory)
    var to: String?

    @Option(
        help: ArgumentHelp(
            "The stored prompts of each record, comma-separated kinds are given together (default: box).",
            valueName: "box|box+5|centre|random3|..."))
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "Segment this part only; may be repeated.", valueName: "train|validation|test"))
    var part: [String] = []

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Segment this case only; may be repeated.", valueName: "id"))
    var cases: [String] = []

    @Option(
        help: ArgumentHelp(
            "Segment one shard, i from 0 to N-1; the shard that ends last writes the manifest.",
            valueName: "i/N"))
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "What a bad case does: stop, or skip (recorded; the exit code still says so).",
            valueName: "stop|skip"))
    var onError: String?

    @Option(
        help: ArgumentHelp(
            "The most memory the voxels of one label map may take, in GiB (default: 4).",
            valueName: "GiB"))
    var maxMemory: Int?

    @Flag(help: "Print the plan and the counts; write nothing.")
    var dryRun = false

    /// The first option that is used although there is no store.
    var strayOption: String? {
        [
            ("--to", to != nil), ("--prompts", prompts != nil), ("--part", !part.isEmpty),
            ("--case", !cases.isEmpty), ("--shard", shard != nil), ("--on-error", onError != nil),
            ("--max-memory", maxMemory != nil), ("--dry-run", dryRun),
        ].first { $0.1 }?.0
    }

    func validate() throws {
        _ = try Shard.parse(shard)
        _ = try number(maxMemory ?? 4, "--max-memory", 1...1 << 20)
        if let onError, !["stop", "skip"].contains(onError) {
            throw ValidationError("--on-error: found `\(onError)`, expected stop or skip")
        }
        if let prompts, kinds.isEmpty || kinds.contains("") {
            throw ValidationError(
                "--prompts: found `\(prompts)`, expected kinds as in box, or box,centre")
        }
    }

    /// The kinds of prompts.
    var kinds: [String] {
        (prompts ?? "box").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
