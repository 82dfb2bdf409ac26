import ArgumentParser
import MedicalDatasets
import SafeFiles
import SamdataWorkflow
import SampleStore

/// `samdata prepare`: volumes in, slices with masks and prompts out.
struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn a data set of volumes into slices with masks and prompts.",
        discussion: """
            Cases are written one by one; a second run goes on where the first stopped. The same input, plan and seed give \
            the same bytes for any number of jobs and shards.

            Without --preset: btcv and sample keep the term project's frame, slices and window with the original integers; \
            synapse is prepared as TransUNet does (all slices, float32); other cards give LPS slices with any label.

            Examples:
              samdata prepare btcv --from DIR --to OUT
              samdata prepare synapse --from DIR --to OUT --size 224 --resampling spline-zoom
              samdata prepare --card mine.json --split none --from DIR --to OUT --axis coronal
              samdata prepare synapse --from DIR --to OUT --augment transunet --copies 4
              samdata prepare btcv --from DIR --to OUT --shard 3/8      (then: samdata merge OUT)
            """)

    @Option(
        help: ArgumentHelp("The folder of the store to make.", valueName: "OUT"),
        completion: .directory)
    var to: String

    @OptionGroup(title: "Data set options") var dataset: DatasetOptions

    @Option(
        help: ArgumentHelp(
            "Prepare this part only; may be repeated.", valueName: "train|validation|test"))
    var part: [String] = []

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("Prepare this case only; may be repeated.", valueName: "id"))
    var cases: [String] = []

    @Flag(help: "Go on when cases of the split are not in the folder.")
    var allowMissing = false

    @Option(
        help: ArgumentHelp(
            "Refuse to prepare cases for evaluation that a model trained under this split has seen.",
            valueName: "name|FILE"))
    var trainedUnder: String?

    @Option(
        help: ArgumentHelp(
            "Read this label value as background although the card does not list it; may be repeated.",
            valueName: "value"))
    var ignoreLabel: [Int] = []

    @Option(
        help: ArgumentHelp(
            "Which affine of a NIfTI file to use: automatic, sform or qform.", valueName: "which"))
    var affine = "automatic"

    @Flag(help: "Go on when image and label differ in spacing, direction or origin.")
    var allowGridMismatch = false

    @OptionGroup(title: "Slices") var slices: SliceOptions
    @OptionGroup(title: "Prompts") var promptOptions: PromptOptions
    @OptionGroup(title: "Augmented copies") var augmentOptions: AugmentOptions
    @OptionGroup(title: "Work") var jobs: JobOptions

    @Option(
        help: ArgumentHelp(
            "The most memory the voxels of one file may take, in GiB.", valueName: "GiB"))
    var maxMemory = 4

    @Option(
        help: ArgumentHelp(
            "Prepare one shard, i from 0 to N-1; `samdata merge` finishes the store.",
            valueName: "i/N"))
    var shard: String?

    @Option(
        help: ArgumentHelp(
            "What a bad case does: stop, or skip (recorded; the exit code still says so).",
            valueName: "stop|skip"))
    var onError = "stop"

    @Flag(help: "Print the plan, the counts and the expected size; write nothing.")
    var dryRun = false

    @Flag(help: "Write the plan and stop.")
    var planOnly = false

    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard ["automatic", "sform", "qform"].contains(affine) else {
            throw ValidationError(
                "--affine: found `\(affine)`, expected automatic, sform or qform")
        }
        guard ["stop", "skip"].contains(onError) else {
            throw ValidationError("--on-error: found `\(onError)`, expected stop or skip")
        }
        for part in part where SplitPart(rawValue: part) == nil {
            throw ValidationError(
                "--part: found `\(part)`, expected train, validation or test")
        }
        _ = try number(maxMemory, "--max-memory", 1...1 << 20)
        _ = try Shard.parse(shard)
        _ = try augmentOptions.resolve(hasParts: true)
        _ = try slices.resolve(card: nil)
        _ = try promptOptions.resolve()
    }

    mutating func run() throws {
        let card = try dataset.resolveCard()
        guard card.modality == "CT" || card.modality == "MR" else {
            throw WorkflowError(
                .configuration,
                "\(card.name): \(card.modality) images are described by the card, but this version prepares "
                    + "volumes only; histology comes with a later version")
        }
        let chosen = try dataset.resolveSplit(card: card)
        let (preset, recipe) = try slices.resolve(card: card)
        let prompts = try promptOptions.resolve()
        var configuration = PrepareConfiguration(
            card: card, split: chosen, preset: preset, recipe: recipe, prompts: prompts,
            seed: promptOptions.seed)
        configuration.labelValues = dataset.labelValues
        configuration.ignoredLabelValues = Set(ignoreLabel).sorted()
        configuration.affine = affine
        configuration.allowGridMismatch = allowGridMismatch
        configuration.augmentation = try augmentOptions.resolve(hasParts: chosen != nil)

        var planner = PreparePlanner(card: card, split: chosen)
        planner.parts = part.compactMap(SplitPart.init(rawValue:))
        planner.cases = cases
        planner.maxBytes = maxMemory << 30
        let trained = try trainedUnder.map(DatasetOptions.split)
        configuration.trainedUnder = trained?.name ?? ""
        let planned = try planner.plan(
            root: dataset.from, configuration: configuration, allowMissing: allowMissing)
        if let trained { try planner.refuseOverlap(planned.plan, trainedUnder: trained) }
        if !output.quiet { tell(planned) }

        let layout = StoreLayout(root: to)
        if dryRun {
            try printPlan(planned)
            return
        }
        if planOnly {
            try PrepareRun(plan: planned.plan, card: card, root: dataset.from, layout: layout)
                .establishPlan()
            try printPlan(planned)
            return
        }
        if !card.licence.redistribution, !output.quiet {
            Terminal.say(
                "licence: \(card.licence.name); prepared files of this data set may not be passed on"
            )
        }
        try work(planned.plan, card: card, layout: layout)
    }

    // MARK: - Parts

    private func tell(_ planned: PreparePlanner.Outcome) {
        for finding in planned.findings {
            if finding.severity == .warning {
                Terminal.warn(finding.line)
            } else {
                Terminal.say("\(finding)")
            }
        }
    }

    private struct PlanReport: Encodable {
        var schema = "samdata.prepare-plan/1"
        var layout: String
        var expectedBytes: Int
        var cases: Int
        var parts: [String: Int]
        var plan: PreparePlan
    }

    private func printPlan(_ planned: PreparePlanner.Outcome) throws {
        let plan = planned.plan
        let estimate = try PrepareEstimate(plan: plan, root: dataset.from)
        let parts = Dictionary(grouping: plan.units) { $0.part }.mapValues(\.count)
        if output.json {
            try Terminal.json(
                PlanReport(
                    layout: planned.layout, expectedBytes: estimate.bytes, cases: plan.units.count,
                    parts: parts, plan: plan))
            return
        }
        var table = TextTable(["case", "part", "#slices of the volume", "image", "label"])
        for unit in plan.units {
            table.add([
                unit.id, unit.part, "\(estimate.slices[unit.id] ?? 0)", unit.image, unit.label,
            ])
        }
        table.lines.forEach(Terminal.result)
        let names = parts.keys.sorted().map {
            "\(parts[$0] ?? 0) \($0.isEmpty ? "without a part" : $0)"
        }
        Terminal.result("")
        Terminal.result(
            "\(plan.units.count) cases (\(names.joined(separator: ", "))), layout `\(planned.layout)`"
        )
        let slices = plan.configuration.slices
        if let augmentation = plan.configuration.augmentation {
            Terminal.result(
                "\(plan.units.count { $0.copy != nil }) of them augmented copies by `\(augmentation.recipe.name)`"
            )
        }
        Terminal.result(
            "\(slices.axis) slices in \(slices.orientation) order, rows `\(slices.rows)`, keep "
                + "`\(slices.select)`, pixels `\(slices.pixels)`; prompts: "
                + "\(plan.configuration.prompts.kinds.joined(separator: " "))")
        Terminal.result(
            "at most \(estimate.slices.values.reduce(0, +)) slices, about \(Terminal.bytes(estimate.bytes)) "
                + "if all are kept")
    }

    private func work(_ plan: PreparePlan, card: DatasetCard, layout: StoreLayout) throws {
        var run = PrepareRun(plan: plan, card: card, root: dataset.from, layout: layout)
        run.threads = jobs.count
        run.maxBytes = maxMemory << 30
        run.shard = try Shard.parse(shard)
        run.skipsErrors = onError == "skip"
        try PrepareReporting(layout: layout, output: output, command: "prepare").carryOut(run)
    }
}
